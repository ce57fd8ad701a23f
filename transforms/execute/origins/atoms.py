"""The numbers and names that a text is written with."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from transforms.execute.origins import names

_LONGEST = 2000  # characters of a text; what is longer is no single answer
_LONGEST_NUMBER = 40
MOST_ATOMS = 40
TELLING = 4  # digits of a number that no arithmetic meets by chance
_KNOWN = names.ELEMENTARY | names.SPELLINGS.keys() | {"pi", "oo"}
_TOKEN = re.compile(r"(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|\\([a-zA-Z]+)|([a-zA-Z]+)")
SUM = "+"  # the atom of every addition and subtraction
_SUM = re.compile(r"(?<=[\w)}\]!])(?<!\d[eE])[-+−]")
_HEAVY = re.compile(r"\d|[*^/\\]|(?<![a-zA-Z])[a-zA-Z](?![a-zA-Z])")


def atoms_of_text(text: str) -> tuple[str, ...]:
    """The atoms of a stated result or of a printed text, in order, in one spelling."""
    text = re.sub(r"(?<=\d),(?=\d{3})|\{,\}", "", text[:_LONGEST])
    text = re.sub(r"(frac)\s*(\d)\s*(?=\d)", r"\1 \2 ", text)  # \frac12
    atoms: list[str] = []
    for digits, command, word in _TOKEN.findall(text):
        if digits:
            atoms.append(number(digits))
        elif command and command not in names.NOTATION:
            atoms.append(spelled(command))
        elif word and word not in names.NOTATION:
            atoms += [spelled(word)] if word in _KNOWN else map(spelled, word)
    atoms += [SUM] * len(_SUM.findall(re.sub(r"\s", "", text)))
    return tuple(atoms[:MOST_ATOMS])


def number(text: str) -> str:
    """A number in one spelling: `50`, `50.0` and `5e1` are the same."""
    try:
        amount = Decimal(text) if len(text) < _LONGEST_NUMBER else Decimal("nan")
        return (
            format(amount.normalize(), "f")
            if amount.is_finite() and abs(amount.adjusted()) < _LONGEST_NUMBER
            else text[:_LONGEST_NUMBER]
        )
    except InvalidOperation:
        return text[:_LONGEST_NUMBER]


def spelled(name: str) -> str:
    """A name in one spelling."""
    return names.SPELLINGS.get(name, name)


def significant(atom: str) -> int:
    """How many digits of a number say something; 0 for a name."""
    return len(atom.replace(".", "").strip("0")) if atom[:1].isdigit() or atom[:1] == "." else 0


def weight(atoms: Iterable[str]) -> int:
    """How much these atoms say: what is light may be chosen by a condition, what is heavy is known beforehand."""
    return sum(significant(atom) or 1 for atom in atoms)


def weight_of_text(text: str) -> int:
    """The same for a text, whose words say nothing (`yes`, `no solution`)."""
    return len(_HEAVY.findall(text[:_LONGEST]))
