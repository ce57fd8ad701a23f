r"""MathML to LaTeX: the author's LaTeX where the markup carries it, else the markup converted.

Each element is converted after its children, without recursion, into a `Piece` (piece.py): tokens (tokens.py), rows
and their fences (rows.py), scripts and limits (scripts.py), tables (tables.py), the rest (layout.py). The table of
elements is in convert.py: to add one, add a row.
"""

from transforms.extract.mathml.formula import from_math, presentation

__all__ = ["from_math", "presentation"]
