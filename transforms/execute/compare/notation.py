r"""Mathematical text before it is read: many spellings become one, and parts are cut at the outermost level.

Everything here takes linear time.
"""

import re
from collections.abc import Iterator

from transforms.execute import plain

_SIGNS = str.maketrans(
    {
        **{"−": "-", "–": "-", "×": r"\times ", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "∕": "/", "√": r"\sqrt "},
        **{"≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ", "±": r"\pm ", "∓": r"\mp "},
        **{"∞": r"\infty ", "∈": r"\in ", "∪": r"\cup ", "∩": r"\cap ", "∅": r"\emptyset ", "ℝ": r"\mathbb{R}"},
        **{"⟨": "(", "⟩": ")", "→": r"\to ", "⇒": r"\to ", "ⅈ": "i", "ⅉ": "i", "ℯ": "e", "°": r"^\circ ", "\xa0": " "},
        **{"½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "⅓": r"\frac{1}{3}", "⅔": r"\frac{2}{3}"},
        **{"ℤ": r"\mathbb{Z}", "∖": r"\setminus ", "∧": r"\land ", "∨": r"\lor ", "…": r"\ldots ", "’": "'"},
        **{"π": r"\pi ", "θ": r"\theta ", "λ": r"\lambda ", "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma "},
        **{
            "δ": r"\delta ",
            "φ": r"\phi ",
            "ω": r"\omega ",
            "μ": r"\mu ",
            "σ": r"\sigma ",
            "ρ": r"\rho ",
            "τ": r"\tau ",
        },
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ", "0123456789+-nx")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\d)\\,(?=\d{3})|\{,\}(?=\d{3})|\\\$|\\!"), ""),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\\%"), "%"),
    (
        re.compile(
            r"\\(?:left|right|displaystyle|textstyle|limits|middle|[bB]igg?[lrm]?|hline|phantom\{[^{}]*\})(?![a-zA-Z])\.?"
        ),
        "",
    ),
    (re.compile(r"(?<!\\)\\[,;:> ]|~|\$"), " "),
    (re.compile(r"\\[dtc]frac(?![a-zA-Z])"), r"\\frac"),
    (re.compile(r"\\(?:leqslant|leqq|leq)(?![a-zA-Z])"), r"\\le "),
    (re.compile(r"\\(?:geqslant|geqq|geq)(?![a-zA-Z])"), r"\\ge "),
    (re.compile(r"\\(?:neq|not\s*=)(?![a-zA-Z])"), r"\\ne "),
    (re.compile(r"\\lt(?![a-zA-Z])"), "<"),
    (re.compile(r"\\gt(?![a-zA-Z])"), ">"),
    (re.compile(r"\\(?:lbrace(?![a-zA-Z])|\{)"), "{"),
    (re.compile(r"\\(?:rbrace(?![a-zA-Z])|\})"), "}"),
    (re.compile(r"\\langle(?![a-zA-Z])"), "("),
    (re.compile(r"\\rangle(?![a-zA-Z])"), ")"),
    (re.compile(r"\\(?:[lr]vert|vert)(?![a-zA-Z])"), "|"),
    (re.compile(r"\\(?:hat|vec|mathbf|boldsymbol)\s*\{\\?([ijk])(?:math)?\}"), r"\\unit\1 "),
    (re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|hat|bar|mathcal|mathit)\s*\{(\\?[a-zA-Z]+)\}"), r"\1"),
    (re.compile(r"\\(?:mathrm|text|operatorname)\s*\{([eid])\}"), r"\1"),
    (re.compile(r"\\operatorname\*?\s*\{([a-zA-Z]{2,})\}"), r"\\\1 "),
    (re.compile(r"\\(?:mathrm|mbox|textrm|textbf|textit|textnormal)\s*\{"), r"\\text{"),
    (re.compile(r"(?:(?<=^)|(?<=\s))\*\*([^*]+)\*\*(?=\s|$|[.,])"), r"\1"),
    (re.compile(r"(?<=\d)\s*x\s*(?=10\s*(?:\^|\*\*))"), r"\\times "),
    (re.compile(r"\\sqrt\s*(\d+(?:\.\d+)?)"), r"\\sqrt{\1}"),
)
_WHOLE = (
    re.compile(r"\\boxed\{(?P<inner>.*)\}", re.DOTALL),
    re.compile(r"\\[\[(](?P<inner>.*)\\[\])]", re.DOTALL),
    re.compile(r"\\begin\{(?:align|aligned|equation|gather|gathered)\*?\}(?P<inner>.*)\\end\{\w+\*?\}", re.DOTALL),
)
_REPEATING = re.compile(
    r"(?<![\d.])(?P<whole>\d{0,30})\.(?P<lead>\d{0,30})(?:\\(?:overline|bar|dot)\s*\{?(?P<block>\d{1,30})\}?|\((?P<bracket>\d{1,30})\)(?![\d^]))"
)
_LEVELS = re.compile(r"\\(?:begin|end)(?![a-zA-Z])|[(\[{)\]}]")
_UP = ("(", "[", "{", r"\begin")


def tidy(text: str) -> str:
    r"""The text without delimiters and style, with one spelling for each sign."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ]+", lambda found: "^{" + found[0].translate(_RAISED) + "}", text)
    text = re.sub("[₀₁₂₃₄₅₆₇₈₉]+", lambda found: "_{" + found[0].translate(_LOWERED) + "}", text)
    text = text.translate(_SIGNS).strip()
    for whole in _WHOLE:
        if found := whole.fullmatch(text.strip("$ .")):
            text = found["inner"].replace("&", "") if text.lstrip("$ ").startswith(r"\begin") else found["inner"]
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    text = _REPEATING.sub(_repeated, text.strip())
    return plain.ended(text)


def _repeated(found: re.Match[str]) -> str:
    """A decimal that repeats as a fraction: `0.1\\overline{6}`, `0.(3)`."""
    whole, lead, block = found["whole"] or "0", found["lead"], found["block"] or found["bracket"]
    nines = (10 ** len(block) - 1) * 10 ** len(lead)
    return rf"\frac{{{int(whole + lead + block) - int(whole + lead)}}}{{{nines}}}"


def cut(text: str, separator: re.Pattern[str]) -> list[str]:
    """Parts and separators in turn, split where no bracket or environment is open; odd items are the separators."""
    pieces, start = [], 0
    for found in outermost(text, separator):
        pieces += [text[start : found.start()], found[0]]
        start = found.end()
    return [*pieces, text[start:]]


def outermost(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches outside all brackets and environments."""
    brackets = list(_LEVELS.finditer(text))
    depth = at = 0
    for found in pattern.finditer(text):
        while at < len(brackets) and brackets[at].start() < found.start():
            depth += 1 if brackets[at][0] in _UP else -1
            at += 1
        if depth == 0:
            yield found


def closing(text: str) -> int:
    """Where the bracket at the start of the text is closed, by a bracket of any shape; -1 if it is not."""
    depth = 0
    for found in _LEVELS.finditer(text):
        depth += 1 if found[0] in _UP else -1
        if depth == 0:
            return found.start()
    return -1
