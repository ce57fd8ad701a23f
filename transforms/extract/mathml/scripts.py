r"""Scripts, limits, accents, braces and arrows with labels."""

import re
from collections.abc import Sequence

from lxml.etree import _Element

from transforms.extract.mathml.piece import NOTHING, Piece, argument, base
from transforms.extract.mathml.rows import row
from transforms.extract.mathml.tokens import text
from transforms.extract.tree import name

# Marks over a base: the command for one letter, the command for something wider.
_OVER = {
    "^": ("hat", "widehat"), "~": ("tilde", "widetilde"), "→": ("vec", "overrightarrow"), "ˇ": ("check", "widecheck"),
    "¯": ("bar", "overline"), "‾": ("overline", "overline"), "←": ("overleftarrow", "overleftarrow"),
    "↔": ("overleftrightarrow", "overleftrightarrow"), "˙": ("dot", "dot"), "¨": ("ddot", "ddot"), "⃛": ("dddot",
    "dddot"), "⃜": ("ddddot", "ddddot"), "˘": ("breve", "breve"), "´": ("acute", "acute"), "`": ("grave", "grave"),
    "˚": ("mathring", "mathring"), "⏞": ("overbrace", "overbrace"), "⎴": ("overbracket", "overbracket"), "⇀": ("vec",
    "overrightharpoon"), "⏠": ("overgroup", "overgroup"),
}  # fmt: skip
_UNDER = {
    "¯": "underline", "⏟": "underbrace", "→": "underrightarrow", "←": "underleftarrow", "↔": "underleftrightarrow",
    "⎵": "underbracket", "⏡": "undergroup",
}  # fmt: skip
_SAME = {
    "ˆ": "^", "\u0302": "^", "⌃": "^", "∧": "^", "˜": "~", "∼": "~", "\u0303": "~", "⃗": "→", "⟶": "→", "⇢": "→",
    "\u20d6": "←", "\u20e1": "↔", "ˉ": "¯", "\u0304": "¯", "−": "¯", "-": "¯", "_": "¯", "―": "‾", "\u0305": "‾",
    "─": "‾", "̲": "¯", "\u0331": "¯", "⎯": "‾", "—": "‾", "–": "‾", "\u0307": "˙", ".": "˙", "\u0308": "¨",
    "..": "¨", "...": "⃛", "⋯": "⃛", "…": "⃛", "˙˙": "¨", "\u030c": "ˇ", "\u0306": "˘", "\u0301": "´", "ˊ": "´",
    "\u0300": "`", "ˋ": "`", "\u030a": "˚", "°": "˚", "︷": "⏞", "︸": "⏟", "\u20d1": "⇀", "⎺": "‾",
}  # fmt: skip
_ARROWS = {
    "→": "xrightarrow", "⟶": "xrightarrow", "←": "xleftarrow", "⟵": "xleftarrow", "↔": "xleftrightarrow",
    "⇒": "xRightarrow", "⟹": "xRightarrow", "⇐": "xLeftarrow", "⇔": "xLeftrightarrow", "↦": "xmapsto",
    "↪": "xhookrightarrow", "↩": "xhookleftarrow", "⇌": "xrightleftharpoons", "⇋": "xleftrightharpoons",
    "⇀": "xrightharpoonup",
}  # fmt: skip
_LIMITS = frozenset([
    "\\sum", "\\prod", "\\coprod", "\\bigcup", "\\bigcap", "\\bigvee", "\\bigwedge", "\\bigoplus", "\\bigotimes",
    "\\bigodot", "\\biguplus", "\\bigsqcup", "\\lim", "\\limsup", "\\liminf", "\\varlimsup", "\\varliminf",
    "\\varinjlim", "\\varprojlim", "\\injlim", "\\projlim", "\\max", "\\min", "\\sup", "\\inf", "\\det", "\\gcd",
    "\\Pr",
])  # fmt: skip
_INTEGRALS = frozenset(["\\int", "\\iint", "\\iiint", "\\iiiint", "\\oint", "\\oiint", "\\oiiint"])
_NAME = re.compile(r"\\(?:operatorname|mathrm)\{([A-Za-z\\, -]+)\}|\\[,;: ]|\\([a-z]+)")
_NAMED = re.compile(r"(?:\\(?:operatorname|mathrm)\{[A-Za-z\\, -]+\}(?:\\,)?)+(?:\\(?:max|min|sup|inf|lim))?")
_LIMIT_VARIANTS = {"overline": "varlimsup", "underline": "varliminf", "overrightarrow": "varinjlim"}
_LIMIT_VARIANTS |= {
    "vec": "varinjlim",
    "bar": "varlimsup",
    "underrightarrow": "varinjlim",
    "underleftarrow": "varprojlim",
}
_RELATIONS = frozenset(["=", ":=", "≡", "≈", "∼", "<", ">", "≤", "≥"])  # what stands over them is no accent
_BRACES = ("\\overbrace{", "\\underbrace{", "\\overbracket{", "\\underbracket{")


def sub(element: _Element, body: Piece, script: Piece) -> Piece:
    """`msub`."""
    return _scripted(body, script, None)


def sup(element: _Element, body: Piece, script: Piece) -> Piece:
    """`msup`."""
    return _scripted(body, None, script)


def subsup(element: _Element, body: Piece, lower: Piece, upper: Piece) -> Piece:
    """`msubsup`."""
    return _scripted(body, lower, upper)


def over(element: _Element, body: Piece, mark: Piece) -> Piece:
    """`mover`: an accent, a limit, the label of a brace or arrow, or something set over the base."""
    return _accent(body, mark) or _limits(body, None, mark) or _arrow(body, None, mark) or _set(body, None, mark)


def under(element: _Element, body: Piece, mark: Piece) -> Piece:
    """`munder`."""
    return _accent_under(body, mark) or _limits(body, mark, None) or _arrow(body, mark, None) or _set(body, mark, None)


def underover(element: _Element, body: Piece, lower: Piece, upper: Piece) -> Piece:
    """`munderover`."""
    found = _limits(body, lower, upper) or _arrow(body, lower, upper)
    if found is None and (accented := _accent(body, upper)):
        found = under(element, accented, lower)
    if found is None and (accented := _accent_under(body, lower)):
        found = over(element, accented, upper)
    return found or _set(body, lower, upper)


def multiscripts(element: _Element, pieces: Sequence[Piece], names: Sequence[str]) -> Piece:
    """`mmultiscripts`: pairs of scripts after the base and, behind `mprescripts`, before it."""
    if not pieces:
        return NOTHING
    divide = names.index("mprescripts") if "mprescripts" in names else len(pieces)
    before, after = pieces[divide + 1 :], pieces[1:divide]
    prefix = "".join(_scripts(*pair) and "{}" + _scripts(*pair) for pair in _pairs(before))
    suffix = [scripts for pair in _pairs(after) if (scripts := _scripts(*pair))]
    return Piece(f"{prefix}{base(pieces[0])}{'{}'.join(suffix)}", tall=pieces[0].tall, atom=not prefix and not suffix)


def _pairs(scripts: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    padded = [*scripts, NOTHING]
    return [(padded[i], padded[i + 1]) for i in range(0, len(scripts), 2)]


def _scripted(body: Piece, lower: Piece | None, upper: Piece | None) -> Piece:
    scripts = _scripts(lower or NOTHING, upper or NOTHING)
    if not scripts:
        return body
    body = row([body]) if body.table is None else row([body, body._replace(latex="", table=None)])
    latex = "{}" if not body.latex.strip() else base(body)
    return Piece(latex + scripts, tall=body.tall)


def _scripts(lower: Piece, upper: Piece) -> str:
    below, above = _script(lower), _script(upper)
    primes = above.replace("\\prime", "'").replace(" ", "")
    raised = primes if primes and set(primes) == {"'"} else f"^{{{above}}}" if above else ""
    if raised.startswith("^{'"):
        raised = raised.replace("'", "\\prime ")
    return (f"_{{{below}}}" if below else "") + raised


def _script(piece: Piece) -> str:
    """What stands in a script; `^{\\circ}` alone, which is raised already, without its own raising."""
    latex = row([piece, NOTHING]).latex.strip() if piece.table is None else _rows(piece)
    inner = latex[2:-1] if latex.startswith(("^{", "_{")) and latex.endswith("}") else ""
    return inner if inner and "{" not in inner and "}" not in inner else latex


def _rows(piece: Piece) -> str:
    table = piece.table
    if table is not None and len(table.columns) == 1 and set(table.columns) <= {"c", "l"} and not table.lines:
        return row([piece._replace(table=table._replace(small=True, columns="c")), Piece("{}")]).latex.removesuffix(
            "{}"
        )
    return row([piece, Piece("{}")]).latex.removesuffix("{}")


def _mark(piece: Piece) -> str:
    if piece.token is None:
        return ""
    mark = text(piece.token)
    return _SAME.get(mark, mark)


def _accent(body: Piece, mark: Piece) -> Piece | None:
    commands = _OVER.get(_mark(mark))
    if commands is None or not body.latex.strip() or (_is_limit(body) and body.latex != "\\lim"):
        return None
    if _char(body) in _ARROWS or _char(body) in _RELATIONS:
        return None
    narrow, wide = commands
    token = mark.token
    stretched = token is not None and token.get("stretchy") == "true"
    command = narrow if body.atom and not stretched and not body.latex.startswith("\\text{") else wide
    if body.latex == "\\lim":
        return Piece(f"\\{_LIMIT_VARIANTS[command]}", True) if command in _LIMIT_VARIANTS else None
    return Piece(f"\\{command}{argument(body)}", not command.endswith(("brace", "bracket")), body.tall)


def _accent_under(body: Piece, mark: Piece) -> Piece | None:
    command = _UNDER.get({"‾": "¯"}.get(_mark(mark), _mark(mark)))
    if command is None or not body.latex.strip() or (_is_limit(body) and body.latex != "\\lim"):
        return None
    if body.latex == "\\lim":
        return Piece(f"\\{_LIMIT_VARIANTS[command]}", True) if command in _LIMIT_VARIANTS else None
    return Piece(f"\\{command}{argument(body)}", not command.endswith(("brace", "bracket")), body.tall)


def _is_limit(body: Piece) -> bool:
    return body.latex in _LIMITS or body.latex.startswith("\\operatorname*")


def _limits(body: Piece, lower: Piece | None, upper: Piece | None) -> Piece | None:
    r"""Limits of an operator, `\limits` where it does not take them by itself, or the label of a brace."""
    latex = body.latex.strip()
    if latex in _INTEGRALS:
        latex += "\\limits"
    elif latex.startswith(_BRACES):
        if not (upper is None if latex.startswith("\\under") else lower is None):
            return None
    elif lower is not None and _NAMED.fullmatch(latex):
        latex = f"\\operatorname*{{{_NAME.sub(lambda match: match[1] or match[2] or match[0], latex)}}}"
    elif not _is_limit(body):
        return None
    return Piece(latex + _scripts(lower or NOTHING, upper or NOTHING), tall=True)


def _char(piece: Piece) -> str | None:
    return text(piece.token) if piece.token is not None and name(piece.token) == "mo" else None


def _arrow(body: Piece, lower: Piece | None, upper: Piece | None) -> Piece | None:
    """An arrow that is as long as its labels."""
    command = _ARROWS.get(_char(body) or "")
    if command is None or body.token is None or body.token.get("stretchy") == "false":
        return None
    below = _script(lower) if lower else ""
    option = f"[{{{below}}}]" if "]" in below else f"[{below}]" if below else ""
    return Piece(f"\\{command}{option}{{{_script(upper) if upper else ''}}}", tall=True)


def _set(body: Piece, lower: Piece | None, upper: Piece | None) -> Piece:
    latex = body.latex.strip()
    above, below = (_script(piece) if piece else "" for piece in (upper, lower))
    if above:
        latex = f"\\overset{{{above}}}{{{latex}}}"
    if below:
        latex = f"\\underset{{{below}}}{{{latex}}}"
    return Piece(latex, tall=True) if above or below else body
