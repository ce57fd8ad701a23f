"""The computations of a reply as they are written: which lines and which fenced code stand under which header."""

from dataclasses import dataclass, field, replace

from transforms.translate.replies import fields
from transforms.translate.replies.fences import Fence, Line, is_rule, split
from transforms.translate.replies.headers import Header, Heading, Kind, Start

_NEAR = 4  # lines with text between a heading and the parts of its computation


@dataclass(frozen=True, slots=True)
class Placed:
    """Fenced code and the kind of part in which it stands."""

    fence: Fence
    under: Kind | None


@dataclass(slots=True)
class Draft:
    """A computation as it is written."""

    title: str
    explicit: bool  # a line of its own begins it
    listed: bool = False  # that line is an item of a list
    parts: dict[Kind, list[str]] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)  # lines before the first part
    fences: list[Placed] = field(default_factory=list)
    code_name: str = ""  # the words of the header of the code
    marked: bool = False  # the header of its conditions is an item of a list
    strong: bool = False  # one of the headers has a strong name
    weak: frozenset[Kind] = frozenset()  # the parts whose header has another name
    place: str = ""  # its number, as written
    last: bool = False

    @property
    def has_code(self) -> bool:
        """Whether there is something under a header for code, or fenced."""
        return bool(self.fences) or any(line.strip() for line in self.parts.get("code", ()))

    @property
    def counts(self) -> bool:
        """Whether this is a computation, whole or not, rather than one in a table of contents or other words."""
        if self.fences or "expression" in self.parts:
            return True
        if "conditions" in self.parts and (self.explicit or self.strong or len(self.parts) > 1):
            return True  # "Assumptions: none" alone is a remark
        if not self.explicit or self.listed or self.title.strip("*_`. ").lower() in ("none", "n/a"):
            return False
        return self.last or bool(self.parts) or any(map(str.strip, self.before))


def drafts(answer: str) -> list[Draft]:
    """The computations in order, without the text around them."""
    reader = _Reader()
    for item in split(answer):
        if isinstance(item, Fence):
            reader.fence(item)
        else:
            reader.line(item)
    if reader.found:
        reader.found[-1].last = True
    places: set[str] = set()
    kept = []
    for draft in reader.found:
        # A number again, with nothing under it, is in a summary.
        if draft.counts and (draft.fences or draft.parts or draft.place not in places):
            kept.append(draft)
            places.update({draft.place} - {""})
    return kept


class _Reader:
    """What was read so far."""

    def __init__(self) -> None:
        self.found: list[Draft] = []
        self.section: Kind | None = None  # the part in which a fence stands
        self.part: list[str] = []  # the lines of the part that text goes on
        self.heading: Heading | None = None
        self.since_heading = 0

    def fence(self, fence: Fence) -> None:
        if self.found:
            self.found[-1].fences.append(Placed(fence, self.section))
        self.part, self.heading = [], None

    def line(self, line: Line) -> None:
        says = line.says
        if isinstance(says, Start) and self._starts(says):
            self._begin(Draft(says.title, True, says.marked and not says.emphatic, place=says.place))
        elif isinstance(says, Start) and not says.place and self.found:
            self._open(Header("expression", "computation", says.title, False, says.marked, says.emphatic))
        elif isinstance(says, Header) and not self._is_item(says):
            self._header(says)
        else:
            self._text(line)

    def _text(self, line: Line) -> None:
        """A line of a part; a heading or a rule divides paragraphs, and a heading may be the title of what follows."""
        divides = is_rule(line.text)
        item = self.section == "conditions" or not self._may_begin()
        if isinstance(line.says, Heading) and not (line.says.loose and item):
            comment = self.section == "code" and line.says.hash and not line.text.lstrip().startswith("##")
            self.heading, self.since_heading = replace(line.says, loose=line.says.loose or comment), 0
            divides = divides or line.says.hash
        elif line.text.strip():
            self.since_heading += 1
            if self.heading and (self.since_heading > _NEAR or self.heading.loose):
                self.heading = None
        # What of unfenced code is code, `program` decides. Few blank lines are kept: parts are looked at often.
        text = line.text if self.section == "code" or not divides else ""
        if text.strip() or not self.part or self.part[-1]:
            self.part.append(text if text.strip() else "")

    def _may_begin(self) -> bool:
        return not self.found or self.found[-1].has_code

    def _starts(self, start: Start) -> bool:
        """Whether a computation begins, and this is not a condition or the expression of the last one."""
        if start.place:
            return not (self.section == "conditions" and start.marked and not start.emphatic and not self._is_marked())
        last = self.found[-1] if self.found else None
        return last is None or last.has_code or "result" in last.parts

    def _is_marked(self) -> bool:
        return bool(self.found) and self.found[-1].marked

    def _is_item(self, header: Header) -> bool:
        """Whether this is a condition: `- Formula: ...`, `Given data: ...` among the conditions; or a line of code."""
        if header.equals and self.section == "code" and not self.found[-1].fences:
            return True
        if self.section != "conditions" or not self.found:
            return False
        weak = not header.strong and not header.emphatic
        if weak and header.marked and not self._is_marked():
            return True
        if weak and header.name in ("formula", "equation") and self.found[-1].strong:
            return True
        only = not self.found[-1].parts.keys() - {"conditions", "title"} and not self.found[-1].fences
        return header.kind == "conditions" and only and any(map(str.strip, self.part))

    def _header(self, header: Header) -> None:
        if header.kind == "title":
            if self._may_begin() or "conditions" in self.found[-1].parts:
                self._begin(Draft(header.rest, False))
            elif not self.found[-1].title.strip("* _:"):
                self.found[-1].title = header.rest
        elif self._begins(header):
            self._begin(Draft(self._title(), False))
            self._open(header)
        else:
            self._open(header)

    def _begins(self, header: Header) -> bool:
        """Whether the header belongs to a new computation."""
        if not self.found:
            return header.kind != "aside"
        last = self.found[-1]
        begun = last.explicit or last.strong or last.fences or last.parts.keys() & {"conditions", "expression"}
        if header.kind in ("conditions", "expression") and last.parts and not begun:
            return True  # what came before, such as a heading "Answer", was none
        if header.kind not in last.parts:
            return self.heading is not None and "expression" in last.parts and last.has_code and header.kind != "aside"
        if header.kind == "conditions":
            return bool(last.fences or last.parts.keys() - {"conditions"})
        # A second expression or whatever part came first: models keep to an order, if not to ours.
        again = header.kind == "expression" or header.kind == next(kind for kind in last.parts if kind != "aside")
        return header.kind != "aside" and last.has_code and (again or self.heading is not None)

    def _title(self) -> str:
        return fields.title(self.heading.line, generic=True) if self.heading else ""

    def _begin(self, draft: Draft) -> None:
        self.found.append(draft)
        self.section, self.part, self.heading = None, draft.before, None

    def _open(self, header: Header) -> None:
        """The first part of a kind counts, or the first with a strong name; what follows another is dropped."""
        draft = self.found[-1] if self.found else Draft("", False)
        if self.heading and not draft.parts and not draft.title.strip("* _:"):
            draft.title = self._title()
        self.section, self.heading = header.kind, None
        self.part = [header.rest]
        surer = header.strong and header.kind in draft.weak and not draft.has_code
        if surer or not any(map(str.strip, draft.parts.get(header.kind, ()))):
            draft.parts[header.kind] = self.part
            draft.weak = draft.weak - {header.kind} if header.strong else draft.weak | {header.kind}
        draft.strong = draft.strong or header.strong
        if header.kind == "conditions":
            draft.marked = header.marked
        elif header.kind == "code":
            draft.code_name = draft.code_name or header.name
