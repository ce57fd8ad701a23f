"""What is known of a snippet's prints: the reader inside the sandbox writes it, the worker judges by it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from transforms.execute.origins.atoms import MOST_ATOMS, TELLING, atoms_of_text, significant, weight

_LONGEST_STATED = 2000
_MOST_CHARACTERS = 8000  # of all atoms
_LONGEST_JSON = 1 << 18  # characters; a reading that the reader writes is shorter
_MOST_PRINTS = 50
_LONGEST_ATOM = 60
_PLUS_MINUS = r"\pm"
_CONSTANT = re.compile(r"\+\s*[CK]\s*\$?\s*$")
_NEUTRAL = ("0", "1", "-1")


@dataclass(frozen=True, slots=True)
class Origin:
    """Numbers and names that a value is written with; `operated` if any arithmetic stands between them."""

    atoms: tuple[str, ...] = ()
    operated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What each line that a snippet prints is written with (None: it is computed); whether the code rounds anything.

    Between the lines that surely come first (`prints`) and last (`tail`), those in `loose` come any number of times.
    """

    prints: tuple[Origin | None, ...] = ()
    rounded: bool = False
    loose: tuple[Origin | None, ...] = ()
    tail: tuple[Origin | None, ...] = ()

    @classmethod
    def of_lines(cls, lines: Sequence[tuple[Origin | None, bool]], rounded: bool) -> "Reading":
        """A reading of lines in their order, each with whether it may come any number of times; of bounded size."""
        uncertain = [position for position, (_, loose) in enumerate(lines) if loose]
        origins = _bounded([origin for origin, _ in lines])
        first, last = (uncertain[0], uncertain[-1] + 1) if uncertain else (len(lines), len(lines))
        if len(lines) > 2 * _MOST_PRINTS and not uncertain:
            first = last = _MOST_PRINTS
        first, last = min(first, _MOST_PRINTS), max(last, len(lines) - _MOST_PRINTS)
        loose = list(dict.fromkeys(origins[first:last]))
        loose = loose if len(loose) <= _MOST_PRINTS else [*loose[:_MOST_PRINTS], None]
        return cls(tuple(origins[:first]), rounded, tuple(loose), tuple(origins[last:]))

    def candidates(self, line: int | None, lines: int) -> Sequence[Origin | None]:
        """What the line of this number, among so many, may be; all that was printed, if nobody can say."""
        everything = (*self.prints, *self.loose, *self.tail)
        if line is None:
            return everything
        if not self.loose and lines == len(everything):
            return (everything[line],)
        last = everything if not self.loose else self.tail
        if lines - line <= min(len(last), line + 1 if not self.loose else lines):
            return (last[line - lines],)
        return (self.prints[line],) if line < len(self.prints) else everything

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        """Reads what `to_json` wrote; anything else is an empty reading."""
        try:
            found = json.loads(text) if len(text) <= _LONGEST_JSON else {}
            prints, loose, tail = (
                tuple(map(_origin, found[name][: _MOST_PRINTS + 1])) for name in ("prints", "loose", "tail")
            )
            return cls(prints, found["rounded"] is True, loose, tail)
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls()


def _bounded(origins: list[Origin | None]) -> list[Origin | None]:
    """The same, without the atoms of the first ones if they are too many."""
    left = _MOST_CHARACTERS
    found: list[Origin | None] = []
    for origin in reversed(origins):  # the answer is among the last ones
        left -= sum(map(len, origin.atoms)) if origin else 0
        found.append(origin if left > 0 or origin is None else None if origin.operated else Origin())
    return found[::-1]


def _origin(found: Any) -> Origin | None:
    if found is None:
        return None
    atoms = [atom for atom in found["atoms"][:MOST_ATOMS] if isinstance(atom, str)]
    return Origin(tuple(atom[:_LONGEST_ATOM] for atom in atoms), found["operated"] is True)


def _written_out(origin: Origin | None, stated: str) -> bool:
    """Whether these are the digits of the stated result, too many for chance."""
    return origin is not None and origin.atoms == atoms_of_text(stated) and weight(origin.atoms) >= TELLING


def computed(candidates: Sequence[Origin | None], stated: str) -> bool:
    """Whether a line that is equal to the stated result, and may be any of these, is computed."""
    if len(candidates) > 1 and any(_written_out(origin, stated) for origin in candidates):
        return False
    return not candidates or any(origin is None or not shows(origin, stated) for origin in candidates)


def shows(origin: Origin, stated: str) -> bool:
    """Whether a value of this origin, which is equal to the stated result, is only the stated result written down."""
    return not origin.operated or any(_same_atoms(origin.atoms, atoms_of_text(text)) for text in _spellings(stated))


def _spellings(stated: str) -> Iterator[str]:
    """The stated result, without its name, the constant of integration, and the sign for plus and minus."""
    stated = stated[:_LONGEST_STATED]
    yield stated
    short = _CONSTANT.sub("", stated.replace(r"\approx", "=").rpartition("=")[2])
    yield short
    if _PLUS_MINUS in short:
        yield f"{short.replace(_PLUS_MINUS, '+')}, {short.replace(_PLUS_MINUS, '-')}"


def _same_atoms(found: Sequence[str], stated: Sequence[str]) -> bool:
    if Counter(found) == Counter(stated):
        return True
    numbers = [atom for atom in stated if significant(atom)]
    if len(numbers) == 1 and significant(numbers[0]) >= TELLING and numbers[0] in found:
        return True
    left, right = (Counter(atom for atom in atoms if atom not in _NEUTRAL) for atoms in (found, stated))
    if abs(len(found) - len(stated)) > 1:  # x/2 and (1/2)x, but not 1/(1/x)
        return False
    return left == right and any(not significant(atom) and atom not in _NEUTRAL for atom in left)
