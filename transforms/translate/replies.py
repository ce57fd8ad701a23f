"""A model's answer, read as the computations in it, with what could not be used by cause."""

import re
from dataclasses import dataclass

from transforms.translate.config import Language

_START = re.compile(
    r"^[ \t>#*_]*computation[ \t]*#?\d+[ \t]*[:.)\-–—]*(?P<title>[^\n]*)$", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(
    r"^[ \t>#*_]*(?:\d+[.)][ \t]*)?[*_]*"
    r"(?P<name>conditions?(?: needed)?|(?:computation )?expression|(?:computation )?result"
    r"|(?:[\w+ ]{0,20} )?code(?: snippet)?)[ \t]*[*_]*[ \t]*:[*_]*[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(
    r"^[ \t]*(?P<ticks>`{3,})[ \t]*(?P<language>[^\n`]*)\n(?P<code>.*?)(?P<end>^[ \t]*(?P=ticks)[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s*")
_NONE = re.compile(r"\W*none\W*", re.IGNORECASE)
_ALIASES: dict[Language, tuple[str, ...]] = {
    "python": ("python", "python3", "py", ""),
    "matlab": ("matlab", "octave", ""),
    "mathematica": ("mathematica", "wolfram", "wl", ""),
    "lean": ("lean", "lean4", ""),
}


@dataclass(frozen=True, slots=True)
class Block:
    """One computation of an answer."""

    title: str
    conditions: tuple[str, ...]
    expression: str
    result: str
    code: str


def parse_reply(text: str, language: Language, *, structured: bool = False) -> tuple[list[Block], list[str]]:
    """The usable computations in order, and the cause for each one that is not; `none` is no problem."""
    if _NONE.fullmatch(text):
        return [], []
    starts = list(_START.finditer(text))
    if not starts:
        parts = [("", text)] if _FIELD.search(text) else []
    else:
        ends = [*(start.start() for start in starts[1:]), len(text)]
        parts = [(start["title"], text[start.end() : end]) for start, end in zip(starts, ends, strict=True)]
    read = [_block(title, body, language) for title, body in parts]
    problems = [item for item in read if isinstance(item, str)]
    return [item for item in read if isinstance(item, Block)], problems if parts else ["no computation"]


def _block(title: str, body: str, language: Language) -> Block | str:
    """The block, or what is wrong with it."""
    code = _code(body, language)
    if isinstance(code, str) and not code:
        return "no code"
    if code is None:
        return "cut off"
    fields = _fields(_FENCE.sub("\n", body))
    for name in ("expression", "result"):
        if not fields.get(name):
            return f"no {name}"
    conditions = tuple(
        _ITEM.sub("", line).strip() for line in fields.get("conditions", "").splitlines() if line.strip()
    )
    return Block(_plain(title), conditions, _formula(fields["expression"]), _formula(fields["result"]), code)


def _fields(body: str) -> dict[str, str]:
    """The first text under each header."""
    headers = list(_FIELD.finditer(body))
    fields: dict[str, str] = {}
    ends = [*(header.start() for header in headers), len(body)][1:]
    for header, end in zip(headers, ends, strict=True):
        fields.setdefault(_kind(header["name"]), body[header.end() : end].strip())
    return fields


def _kind(name: str) -> str:
    return next((kind for kind in ("conditions", "expression", "result") if kind[:9] in name.lower()), "code")


def _code(body: str, language: Language) -> str | None:
    """The first fenced program in the language, "" without one, None if the answer ends inside it."""
    for fence in _FENCE.finditer(body):
        if fence["language"].strip().lower() in _ALIASES[language]:
            return (fence["code"].strip("\n") + "\n" if fence["code"].strip() else "") if fence["end"] else None
    headers = [header for header in _FIELD.finditer(body) if _kind(header["name"]) == "code"]
    unfenced = body[headers[0].end() :].strip("\n") if headers else ""
    return unfenced + "\n" if unfenced.strip() and "```" not in unfenced else ""


def _formula(text: str) -> str:
    """A field's first paragraph without the delimiters around it."""
    text = text.split("\n\n")[0].strip().strip("*").strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"), ("`", "`")):
        inner = text[len(opening) : -len(closing)]
        if (
            text.startswith(opening)
            and text.endswith(closing)
            and len(text) > len(opening + closing)
            and opening not in inner
        ):
            return inner.strip()
    return text


def _plain(title: str) -> str:
    return title.strip().strip("*_#: ").strip()
