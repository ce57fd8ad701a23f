"""The numbers and names that a text is written with."""

import re
from decimal import Decimal, InvalidOperation

from transforms.execute import vocabulary


def atoms_of_text(text: str) -> tuple[str, ...]:
    """The atoms of a stated result or of a printed text, in order, in one spelling."""
    text = re.sub(r"(?<=\d),(?=\d{3})|\{,\}", "", text)
    text = re.sub(r"(frac)\s*(\d)\s*(?=\d)", r"\1 \2 ", text)  # \frac12
    atoms: list[str] = []
    for digits, command, word in re.findall(r"(\d+\.?\d*|\.\d+)|\\([a-zA-Z]+)|([a-zA-Z]+)", text):
        if digits:
            atoms.append(number(digits))
        elif command and command not in vocabulary.NOTATION:
            atoms.append(vocabulary.SPELLINGS.get(command, command))
        elif word and word not in vocabulary.NOTATION:
            known = word in vocabulary.SPELLINGS or word in vocabulary.ELEMENTARY or word in ("pi", "oo")
            atoms += (
                [vocabulary.SPELLINGS.get(word, word)]
                if known
                else [vocabulary.SPELLINGS.get(letter, letter) for letter in word]
            )
    return tuple(atoms)


def number(text: str) -> str:
    """A number in one spelling: `50`, `50.0` and `5e1` are the same."""
    try:
        return format(Decimal(text).normalize(), "f") if len(text) < 50 else text
    except InvalidOperation:
        return text
