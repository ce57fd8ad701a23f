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
    """Several values: `set` without order, `tuple` with it, `list` with or without; `dots` says that more follow."""

    kind: str
    items: "tuple[Value, ...]"
    name: str = ""
    dots: bool = False


Value: TypeAlias = Leaf | Group
