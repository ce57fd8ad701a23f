"""The parts of a computation without what is around them: bullets, emphasis, delimiters."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from transforms.translate.replies.fences import is_rule

# `1. `, `(a) `, `- `, `- 1. `, `1.$x$`, `Condition 1: `
_BULLET = re.compile(
    r"\s*(?:[-*+•·▪◦–]\s+)?(?:(?:\(?(?:\d{1,3}\s?|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,3}\\\.)(?:\s+|(?=[$\\*]))|[-*+•·▪◦–]\s+"
    r"|\\item\s+|(?:\*\*)?condition \d{1,3}(?:\*\*)?\s*[:：](?:\*\*)?\s*)",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(r"\s*\\(?:begin|end)\{(?:itemize|enumerate)\}\s*")
_INLINE = re.compile(r"(?:^|[;,.]?\s+)(?:\((\d{1,2})\)|(\d{1,2})[.)])\s+")
_ABSENT = {"", "n/a", "na", "none", "none needed", "none required", "no conditions", "not applicable", "-", "—", "..."}
LONGEST_TITLE = 200  # characters of a line that is a title by its place alone
_PAIRS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"), ("``", "``"), ("`", "`"), ("**", "**"), ("*", "*"))
_PREFIX = re.compile(
    r"[\s*_>`~=]*(?:#\d{1,3}(?!\d)[\s*_:：.)–—-]*"
    r"|#*[\s*_]*(?:(?:\(?\d{1,3}[.)]|\d{1,3}(?=\s*[:：.)–—-]|\s*\Z))[\s*_:：.)–—-]*)?)"
)
_STARS = re.compile(r"(?<!\w)(?:\*\*|__)|(?:\*\*|__)(?!\w)")


def title(text: str, *, generic: bool) -> str:
    """The title's words; a generic heading may begin with a number."""
    text = _PREFIX.sub("", text.strip(), count=1) if generic else text.strip()
    text = _STARS.sub("", text.lstrip(" \t*_#=:：.)|—–-").rstrip(" \t*_#=")).strip(" \t*#:：")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    return "" if re.fullmatch(r"(?:the )?computations?", text, re.IGNORECASE) else text


def conditions(lines: Sequence[str]) -> tuple[str, ...]:
    """One of each item or, without a list, of each line; what goes on from the line before stays with it."""
    lines = [line for line in _split_inline(lines) if not is_rule(line) and not _ENVIRONMENT.fullmatch(line)]
    listed = any(_BULLET.match(line) for line in lines)
    items: list[str] = []
    blank = True
    for line in lines:
        bullet = _BULLET.match(line)
        if not line.strip():
            blank = True
            continue
        if bullet:
            items.append(line[bullet.end() :].strip())
        elif listed and items and (not blank or line[:1] in " \t" or _is_open(items[-1])):
            items[-1] = f"{items[-1]} {line.strip()}".strip()
        elif not (listed and not items and line.rstrip().endswith((":", "："))):
            items.append(line.strip())
        blank = False
    return tuple(item for item in items if not is_absent(item))


def item(text: str) -> str:
    """One condition without its bullet or number."""
    bullet = _BULLET.match(text)
    return text[bullet.end() if bullet else 0 :].strip()


def _split_inline(lines: Sequence[str]) -> Iterator[str]:
    """`Conditions: 1. a 2. b` as the lines of a list."""
    for number, line in enumerate(lines):
        marks = list(_INLINE.finditer(line)) if number == 0 and len(line) < 2000 else []
        if len(marks) > 1 and [int(mark[1] or mark[2]) for mark in marks] == list(range(1, len(marks) + 1)):
            ends = [*(mark.start() for mark in marks[1:]), len(line)]
            yield from (f"- {line[mark.end() : end]}" for mark, end in zip(marks, ends, strict=True))
        else:
            yield line


def _is_open(item: str) -> bool:
    """Whether a formula goes on after it."""
    return item.count("$$") % 2 == 1 or item.count(r"\[") > item.count(r"\]")


def formula(lines: Sequence[str]) -> str:
    """The first paragraph without the delimiters around the whole of it."""
    rest = iter(lines)
    text = _text(rest)
    if text.endswith((":", "：")):
        text = _text(rest) or text  # "The result is:" says nothing yet
    bullet = re.match(r"(?:[*•]\s+|(?:[-–]|\d{1,2}[.)])\s+(?=[$`]|\\[(\[]|\*\*))", text)
    return "" if is_absent(text) else bare(text[bullet.end() :] if bullet else text)


def _text(lines: Iterator[str]) -> str:
    return textwrap.dedent("\n".join(_paragraph(lines))).strip()


def _paragraph(lines: Iterator[str]) -> Iterator[str]:
    """A display formula may hold blank lines."""
    closing: str | None = None
    begun = False
    for line in lines:
        blank = not line.strip() or is_rule(line)
        if blank and begun and closing is None:
            return
        if blank:
            continue
        begun = True
        yield line
        rest = line
        if closing is None:
            opening = next((mark for mark in ("$$", r"\[") if line.lstrip().startswith(mark)), None)
            closing = {"$$": "$$", r"\[": r"\]"}[opening] if opening else None
            rest = line.lstrip()[2:]
        if closing and closing in rest:
            closing = None


def bare(text: str) -> str:
    """The text without delimiters around it, however many there are."""
    for _ in range(4):
        inner = _inner(text)
        if inner is None:
            return text
        text = inner
    return text


def _inner(text: str) -> str | None:
    end = text.rstrip(".,;") if text.endswith((".", ",", ";")) else text
    for opening, closing in _PAIRS:
        inner = end[len(opening) : -len(closing)]
        if (
            end.startswith(opening)
            and end.endswith(closing)
            and len(end) > len(opening + closing)
            and not end.endswith("\\" + closing)
            and not _delimits(inner, "**" if opening == "**" else opening[0], closing)
        ):
            return inner.strip()
    return None


def _delimits(inner: str, mark: str, closing: str) -> bool:
    """Whether a delimiter stands in it, outside braces: there are then two formulas, not one."""
    if closing[0] == "\\":
        return closing in inner
    depth = 0
    for part in re.finditer(rf"\\.|[{{}}]|{re.escape(mark)}", inner, re.DOTALL):
        depth += (part[0] == "{") - (part[0] == "}")
        if part[0] == mark and depth <= 0:
            return True
    return False


def is_absent(text: str) -> bool:
    """Whether the text says that there is nothing."""
    words = text.strip(" .*_()$\n").lower()
    return words in _ABSENT or words == r"\[\]"
