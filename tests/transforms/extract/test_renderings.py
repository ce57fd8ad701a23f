r"""Renderings without LaTeX, made from our own formulas by KaTeX and MathJax (renderings.json), and hostile ones.

renderings.json: LaTeX → renderer and version → what it writes. The SVG there has no drawings of its glyphs.
"""

from transforms.extract.records_for_tests import nothing  # noqa: F401
