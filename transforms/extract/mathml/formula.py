r"""The formula of a `<math>` element: its annotation or `alttext` where there is one, else its markup converted."""

import re

from lxml.etree import _Element

from transforms.extract.latex import Found, cleaned, has_tex
from transforms.extract.mathml.convert import convert
from transforms.extract.mathml.tables import finished
from transforms.extract.tree import name, text_of

_TEX_ENCODINGS = frozenset([
    "application/x-tex", "application/x-latex", "application/latex", "text/x-tex", "latex", "tex",
])  # fmt: skip


def from_math(math: _Element) -> Found | None:
    """The formula of a `<math>` element, whatever its prefix; None if it is empty."""
    display = "block" in (math.get("display"), math.get("mode")) or math.get("mode") == "display"
    for element in math.iter():
        if name(element) == "annotation" and (element.get("encoding") or "").strip().lower() in _TEX_ENCODINGS:
            text = text_of(element).strip()
            if text:
                return cleaned(text, display=display)
    alttext = (math.get("alttext") or "").strip()
    latex = alttext if alttext and not _is_sentence(alttext) else presentation(math)
    return cleaned(latex, display=display) if latex.strip(" ~") else None


def _is_sentence(alttext: str) -> bool:
    """Whether an `alttext` speaks instead of being LaTeX: "Alternative text not available", "x squared"."""
    return not has_tex(alttext) and len(re.findall(r"[A-Za-z]{3,}", alttext)) >= 2


def presentation(element: _Element) -> str:
    """The markup of an element as LaTeX; annotations and `alttext` are not looked at."""
    return finished(convert(element)).strip()
