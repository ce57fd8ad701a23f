"""What a text can mean: a number or formula, several values, or words."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy

from transforms.execute import plain


@dataclass(frozen=True)
class Leaf:
    """One number, formula, truth value, set of numbers or relation, in sympy; or words, if both are None.

    `name` is what stood before its equals sign, `unit` what stood behind it.
    """

    text: str
    expression: Any = None
    number: plain.Number | None = None
    name: str = ""
    unit: str = ""

    @property
    def value(self) -> Any:
        """What it is to sympy; None for words."""
        if self.number:
            return sympy.Rational(self.number.value.numerator, self.number.value.denominator)
        return self.expression


@dataclass(frozen=True)
class Group:
    """Several values: `set` without order, `tuple` with it, `list` with or without, `dict` with a name for each.

    `ratio`s and `quantity`s (2 h 20 min) are single values in parts; `dots` says that more values follow, before the
    last `tail` of those that are written.
    """

    kind: str
    items: "tuple[Value, ...]"
    name: str = ""
    dots: bool = False
    tail: int = 0


Value: TypeAlias = Leaf | Group
