"""Compares a stated result with what was printed, as a mathematician would. It runs inside the sandbox."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.execute.compare.lines import Part, parts, together
from transforms.execute.compare.python import symbol_name
from transforms.execute.compare.reader import read
from transforms.execute.compare.same import same
from transforms.execute.compare.values import Group, Value
from transforms.execute.compare.words import labelled

_FEW_PARTS = 8
_TELLING = 4  # digits or signs that no value has by chance


@dataclass(frozen=True)
class Outcome:
    """Equal, different, or (None) not comparable; by what that was found; the number of the line that is equal."""

    equal: bool | None
    how: str
    line: int | None = None


def compare(stated: str, printed: str, rounded: bool) -> Outcome:
    """Compares a stated result with all of a snippet's output; `rounded` says that the code rounds what it prints."""
    try:
        value = _read_stated(stated)
    except Exception:  # sympy raises all kinds at odd input
        return Outcome(None, "not comparable")
    search = _Search(value, rounded, parts(printed))
    equal, line = search.run()
    how = {True: "equal", False: "different", None: "not comparable"}[equal]
    return Outcome(equal, how, line)


def _read_stated(text: str) -> Value:
    """The value of a statement, which may be a sentence: `The area is $28.27$ cm.`"""
    label, value = labelled(text.strip())
    if not value or not re.search(r"[A-Za-z]{3}|\b(?:is|are)\b", label):
        return read(text, stated=True)
    return read(value, stated=True)


@dataclass(frozen=True)
class _Search:
    """Looks for a value in the parts of an output, likeliest first: what decides ends the search."""

    stated: Value
    rounded: bool
    parts: Sequence[Part]

    def run(self) -> tuple[bool | None, int | None]:
        """The verdict and the line that is equal."""
        groups = (self._named(), self._answers(), self._last())
        for group in groups:
            equal, line = self._decided(group)
            if equal is not None:
                if equal or self._together():
                    return True, line if equal else None
                return self._elsewhere()
        return (True, None) if self._together() else (None, None)

    def _decided(self, found: Iterable[Part]) -> tuple[bool | None, int | None]:
        for part in found:
            equal = self._verdict(part.text)
            if equal is not None:
                return equal, part.line
        return None, None

    def _verdict(self, text: str) -> bool | None:
        try:
            return same(self.stated, read(text, stated=False), self.rounded)
        except Exception:
            return None

    def _named(self) -> list[Part]:
        """Parts that have the stated value's name, last first."""
        name = symbol_name(self.stated.name)
        if not name or isinstance(self.stated, Group):
            return []
        return [part for part in reversed(self.parts) if symbol_name(_name(part)).casefold() == name.casefold()]

    def _answers(self) -> list[Part]:
        return [part for part in reversed(self.parts) if part.is_answer]

    def _last(self) -> list[Part]:
        rest = [part for part in reversed(self.parts) if not part.is_check] or list(reversed(self.parts))
        return rest[: 1 if len(rest) > _FEW_PARTS else 3]

    def _together(self) -> bool:
        """Several values, printed each on a line of its own."""
        if not isinstance(self.stated, Group):
            return False
        return any(self._verdict(", ".join(texts)) for texts in together(self.parts, len(self.stated.items)))

    def _elsewhere(self) -> tuple[bool | None, int | None]:
        """Where the answer should be stands another value: the stated one may be before it, or be there by chance."""
        found = next((part for part in self.parts[-_FEW_PARTS:] if self._verdict(part.text)), None)
        if found is None:
            return False, None
        return (True, found.line) if telling(self.stated) and len(self.parts) <= _FEW_PARTS else (None, None)


def _name(part: Part) -> str:
    found = re.match(r"\s*([A-Za-z]\w*(?:\([^()]*\))?)\s*=(?!=)", part.text)
    return found[1] if found else part.label


def telling(value: Value) -> bool:
    """Whether a value is so particular that it does not stand in an output by chance."""
    if isinstance(value, Group):
        return len(value.items) > 1
    return len(re.sub(r"^\D*0+|0+\D*$|\W", "", value.text)) >= _TELLING
