"""The lines of a reply, with its fenced code as a whole, whether the model closed the fence or not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.translate.replies.headers import Header, Heading, Start, recognise

_OPENING = re.compile(r"(?P<before>[^`~]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)")
_ONE_LINE = re.compile(
    r"(?P<before>[^`~]*)(?P<mark>`{3,})[ \t]*(?:(?P<info>[\w+#]{1,20})[ \t]+)?(?P<code>[^`\s][^`]*)`{3,}\s*"
)
_MARK = re.compile(r"[\s>]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
_MARKER = re.compile(r"(?:[\s>]|[-*+•]\s|\(?\w{1,3}[.)]\s)*")
_CODE_AFTER_TAG = re.compile(r"(?P<info>[\w.+-]+)[ \t]+(?P<code>(?:import|from|print|def|syms|clc|clear|open)\b.*)")
_CLOSED_AND_MORE = re.compile(r"([ \t]*`{3,})[ \t]*(?P<more>[*#]+[^`]+)")
# Between a part and the next one on the same line.
_NEXT_HEADER = re.compile(
    r"[ \t](?=\*\*(?:Conditions Needed|Computation (?:Expression|Result)|(?:[A-Z]\w{0,15} ){0,2}Code Snippet)[:：*])"
)
_OTHER_MARK = re.compile(
    r"\s*(?:\[(?P<tag>PYTHON|MATLAB)\]|<(?:pre><)?code(?: class=\"language-(?P<language>\w+)\")?>"
    r"|\\begin\{(?:lstlisting|verbatim|minted)\}(?:\[[^\]]*\])?(?:\{(?P<minted>\w+)\})?"
    r"|(?P<end>\[/(?:PYTHON|MATLAB)\]|</code>(?:</pre>)?|\\end\{(?:lstlisting|verbatim|minted)\}))\s*"
)
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})")
# A reply as a whole is wrapped in one of these.
_WRAPPERS = {"", "markdown", "md", "text", "txt", "plaintext"}


@dataclass(frozen=True, slots=True)
class Fence:
    """Fenced text without the fence's indentation; not closed if the reply ends in it."""

    info: str
    code: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line outside code, and what it announces."""

    text: str
    says: Header | Start | Heading | None


class _Opening(NamedTuple):
    """The line that begins a fence: what stands before, the mark, the info, code. Without a mark it ends there too."""

    before: str
    mark: str
    info: str
    code: str | None


def is_rule(line: str) -> bool:
    """Whether the line is a horizontal rule."""
    return line[:1] in " \t-*_=" and _RULE.fullmatch(line[:200]) is not None


def split(text: str) -> Iterator[Line | Fence]:
    """The reply in order."""
    lines = list(_separate(text.split("\n")))
    begun = False
    place = 0
    while place < len(lines):
        opening = _opening(lines[place])
        if opening is None:
            line = Line(lines[place], recognise(lines[place]))
            begun = begun or isinstance(line.says, Header | Start)
            yield line
            place += 1
            continue
        place += 1
        if _MARKER.fullmatch(opening.before) is None:
            yield Line(opening.before, recognise(opening.before))
            begun = True
        if not opening.mark:
            yield Fence(opening.info, opening.code or "", True)
        elif not _wraps(opening.info, begun):
            fence, place = _fence(lines, place, opening)
            yield fence


def _separate(lines: Iterable[str]) -> Iterator[str]:
    """A header after the end of a fence or after a part gets its own line; other ways to mark code become fences."""
    for line in lines:
        if (closing := _CLOSED_AND_MORE.fullmatch(line)) and isinstance(recognise(closing["more"]), Header | Start):
            yield from closing.groups()
        elif found := _OTHER_MARK.fullmatch(line):
            yield "```" if found["end"] else f"```{found['tag'] or found['language'] or found['minted'] or ''}"
        elif len(parts := _NEXT_HEADER.split(line)) > 1 and isinstance(recognise(parts[0]), Header | Start):
            yield from parts
        else:
            yield line


def _wraps(info: str, begun: bool) -> bool:
    """Whether the fence holds an answer rather than code: it is then as if it were not there."""
    tag = info.strip().lower()
    return tag in ("markdown", "md") or (not begun and tag in _WRAPPERS)


def _opening(line: str) -> _Opening | None:
    if "```" not in line and "~~~" not in line:
        return None
    if (one := _ONE_LINE.fullmatch(line)) and _may_precede(one["before"]):
        return _Opening(one["before"], "", one["info"] or "", one["code"].strip())
    found = _OPENING.fullmatch(line)
    if not found or not _may_precede(found["before"]):
        return None
    if code := _CODE_AFTER_TAG.fullmatch(found["info"].strip()):
        return _Opening(found["before"], found["mark"], code["info"], code["code"])
    return _Opening(found["before"], found["mark"], found["info"], None)


def _may_precede(before: str) -> bool:
    if _MARKER.fullmatch(before[:80]) or before.rstrip("*_ ").endswith((":", "：")):
        return True
    return isinstance(recognise(before), Header)


def _fence(lines: Sequence[str], place: int, opening: _Opening) -> tuple[Fence, int]:
    """The fence whose first line of content is at the place, and where the reply goes on."""
    before, mark, info, code = opening
    end, after, closed = _end(lines, place, mark)
    content = [*([] if code is None else [code]), *lines[place:end]]
    if after == end and content and content[-1].rstrip().endswith(mark):
        content[-1] = content[-1].rstrip().rstrip(mark[0])
    while closed and after == end and content and (not content[-1].strip(" \t" + mark[0]) or is_rule(content[-1])):
        content.pop()  # it was closed by what follows
    closing = lines[end] if after > end else ""
    # The fence's own indentation, or that of its end where the beginning stands after other words.
    indent = before if not before.strip(" \t>") else re.sub(r"[`~].*", "", closing)
    return Fence(info.strip(), _dedent(content, indent), closed), after


def _dedent(lines: Sequence[str], indent: str) -> str:
    """The lines without the indentation and the quote marks of their fence."""
    if ">" in indent:
        lines = [re.sub(r"^[ \t]*> ?", "", line) for line in lines]
        indent = indent.rpartition(">")[2][1:]
    width = len(indent)
    return "\n".join(line[min(width, len(line) - len(line.lstrip(" \t"))) :] for line in lines)


def _end(lines: Sequence[str], start: int, mark: str) -> tuple[int, int, bool]:
    """Where the content ends, where the reply goes on, and whether the fence ends before the reply does."""
    tail = None  # a line of code with the closing mark at its own end
    for place in range(start, len(lines)):
        line = lines[place]
        if mark not in line:
            continue
        found = _MARK.fullmatch(line)
        if found and found["mark"].startswith(mark):
            if not re.search(r"\w", found["info"]) and not _opens(lines, start, place):
                return place, place + 1, True
            return _unclosed(lines, start, place, tail)
        if tail is None and line.rstrip().endswith(mark) and line.count(mark) == 1:
            tail = place
    return _unclosed(lines, start, len(lines), tail)


def _unclosed(lines: Sequence[str], start: int, end: int, tail: int | None) -> tuple[int, int, bool]:
    if tail is not None:
        return tail + 1, tail + 1, True
    for place in range(start, end):
        if _ends_code(lines, place, end):
            return place, place, True
    return end, end, end < len(lines)


def _ends_code(lines: Sequence[str], place: int, end: int) -> bool:
    """Whether the line begins the next computation, or announces the fence that follows, so that no code can go on."""
    says = recognise(lines[place])
    comment = lines[place].startswith("# ")
    if isinstance(says, Header) and not comment:
        if says.kind in ("conditions", "aside") and end < len(lines):
            return True
        return says.kind == "conditions" and says.strong and _field_follows(lines, place + 1, end, 12)
    if isinstance(says, Start) and says.place and says.emphatic and not comment:
        return True
    begins = isinstance(says, Start) or (isinstance(says, Heading) and not says.loose)
    return begins and _field_follows(lines, place + 1, end, 2)


def _field_follows(lines: Sequence[str], start: int, end: int, within: int) -> bool:
    near = [recognise(line) for line in lines[start : min(end, start + within)] if not line.startswith("# ")]
    return any(isinstance(says, Header) and (says.strong or says.emphatic) for says in near)


def _opens(lines: Sequence[str], start: int, place: int) -> bool:
    """Whether what looks like the end of a fence begins the next one, as the one before was never closed."""
    last = next((line for line in reversed(lines[max(start, place - 3) : place]) if line.strip()), "")
    says = recognise(last)
    if isinstance(says, Header) and says.kind == "aside" and not says.rest:
        return not last.startswith("# ")
    if not (isinstance(says, Header) and says.kind == "code" and says.strong):
        return False
    return any(
        isinstance(says, Start) or (isinstance(says, Header) and says.kind == "conditions")
        for says in map(recognise, lines[start:place])
    )
