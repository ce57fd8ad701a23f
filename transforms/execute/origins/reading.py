"""What is known of a snippet's prints: the reader inside the sandbox writes it, the worker judges by it."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from transforms.execute.origins.atoms import atoms_of_text

_LONGEST_JSON = 1 << 18  # characters; a reading that the reader writes is shorter
_MOST_PRINTS = 100
_MOST_ATOMS = 50
_LONGEST_ATOM = 50
_NEUTRAL = ("0", "1")


@dataclass(frozen=True, slots=True)
class Origin:
    """Numbers and names that a value is written with; `operated` if any arithmetic stands between them."""

    atoms: tuple[str, ...] = ()
    operated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """For each print, in order, what it is written with (None: it is computed); whether the code rounds anything."""

    prints: tuple[Origin | None, ...] = ()
    rounded: bool = False

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        """Reads what `to_json` wrote; anything else is an empty reading."""
        try:
            found = json.loads(text) if len(text) <= _LONGEST_JSON else {}
            return cls(tuple(map(_origin, found["prints"])), bool(found["rounded"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls()


def _origin(found: Any) -> Origin | None:
    return None if found is None else Origin(tuple(map(str, found["atoms"])), bool(found["operated"]))


def shows(origin: Origin, stated: str) -> bool:
    """Whether a value of this origin, which is equal to the stated result, is only the stated result written down."""
    if not origin.operated:
        return True
    atoms = atoms_of_text(stated)
    left, right = (Counter(a for a in these if a not in _NEUTRAL) for these in (origin.atoms, atoms))
    return left == right if right else Counter(origin.atoms) == Counter(atoms)
