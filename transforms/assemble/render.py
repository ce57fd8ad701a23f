"""A computation as readable text in the text format: the reasoning step, and its code behind a fence."""

import re

from transforms.records import Computation
from transforms.text_format import delimit, escape_dollars, fence, formulas

_WORD = re.compile(r"[^\W\d_]{3,}")
_DOLLARS = re.compile(r"(\${1,2})(.*[^\\$])\1", re.DOTALL)
_LATEX = re.compile(r"[\\^_{}]")


def step(computation: Computation) -> str:
    """Title, conditions, expression and result, as far as they are given."""
    title = _prose(computation.title)
    conditions = [text for condition in computation.conditions if (text := _prose(condition))]
    expression = _formula(computation.expression)
    parts = (
        f"**{title}**" if title else "",
        "Given:\n\n" + "\n".join(f"- {condition}" for condition in conditions) if conditions else "",
        f"Compute: {expression}" if expression else "",
        f"Result: {_result(computation.result)}",
    )
    return "\n\n".join(part for part in parts if part)


def code(computation: Computation) -> str:
    """The fenced code."""
    return fence(computation.code, computation.language)


def _formula(latex: str) -> str:
    bare = _bare(latex)
    return _prose(latex) if "$" in bare else delimit(bare, display=False)


def _result(result: str) -> str:
    """As a formula, unless it is words (`no real solution`)."""
    bare = _bare(result)
    is_words = _WORD.search(bare) and not _LATEX.search(bare)
    return _prose(result) if is_words else _formula(result)


def _bare(latex: str) -> str:
    """Without the dollar signs around it."""
    inside = _DOLLARS.fullmatch(latex.strip())
    return (inside[2] if inside else latex).strip()


def _prose(text: str) -> str:
    """One line of prose, whose dollar signs are escaped unless every one of them delimits a formula."""
    text = " ".join(text.split())
    outside, end = [], 0
    for formula in formulas(text):
        outside.append(text[end : formula.start])
        end = formula.end
    outside.append(text[end:])
    return text if all(escape_dollars(part) == part for part in outside) else escape_dollars(text)
