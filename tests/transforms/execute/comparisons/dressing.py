"""What the drawn comparisons share: the record, how each side is dressed, and how real errors look."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random


@dataclass(frozen=True)
class Case:
    """A stated result, what the code printed, and whether a careful referee finds that the second confirms the first.

    `label` is `right`, `wrong` or `none` (not comparable); `rounded` says that the code rounds what it prints.
    """

    kind: str
    stated: str
    printed: str
    label: str
    rounded: bool = False


STATED = ("${}$", "${}$", "${}$", "{}", r"\({}\)", r"\[ {} \]", "$${}$$", r"$\boxed{{{}}}$", "The answer is ${}$.")
PRINTED = ("{}", "{}", "{}", "{}", "Result: {}", "The answer is {}", "Computing...\n{}", "answer = {}", "{}\n", "-> {}")
JUNK = (
    "",
    "\n",
    "None",
    "<function f at 0x7f6cf277e660>",
    "<matplotlib.lines.Line2D object at 0x7f1a2b3c4d50>",
    "<generator object <genexpr> at 0x7f2b8c0d6f10>",
    "Figure(640x480)",
    "Done.",
    "Computing...",
    "Please enter a value:",
    "----------",
    'Traceback (most recent call last):\n  File "<string>", line 7, in <module>\nZeroDivisionError: division by zero',
    "Error: list index out of range",
)


def dress(rng: Random, latex: str) -> str:
    """A formula as a page writes it: delimited in one of many ways, or bare."""
    return rng.choice(STATED).format(latex)


def show(rng: Random, text: str) -> str:
    """A value as a snippet prints it: bare, or after a label that holds no number."""
    return rng.choice(PRINTED).format(text)


def missed(rng: Random, number: int) -> int:
    """Another integer that a slip makes of this one."""
    while True:
        digits = list(str(abs(number)))
        place = rng.randrange(len(digits))
        match rng.randrange(6):
            case 0:
                other = number + rng.choice((-1, 1))
            case 1:
                other = -number
            case 2:
                other = number * 10
            case 3:
                other = number // 10 if number % 10 == 0 else number + rng.choice((-2, 2))
            case 4:
                digits[place] = rng.choice("0123456789")
                other = int("".join(digits)) * (1 if number >= 0 else -1)
            case _:
                digits[place - 1], digits[place] = digits[place], digits[place - 1]
                other = int("".join(digits)) * (1 if number >= 0 else -1)
        if other != number:
            return other


def missed_decimal(rng: Random, number: Decimal) -> Decimal:
    """Another decimal with as many places: last digit off, a digit changed, sign, or a power of ten."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    unit = Decimal(1).scaleb(exponent)
    while True:
        match rng.randrange(4):
            case 0:
                other = number + rng.choice((-1, 1)) * unit
            case 1:
                other = -number
            case 2:
                other = (number * rng.choice((Decimal(10), Decimal("0.1")))).quantize(unit)
            case _:
                other = missed(rng, int(number.scaleb(-exponent))) * unit
        if other != number:
            return other


def missed_entries(rng: Random, entries: list[int]) -> list[int]:
    """Other entries in as many places: one missed, or two swapped."""
    other = list(entries)
    if len(set(entries)) > 1 and rng.random() < 0.4:
        first, second = rng.sample(range(len(entries)), 2)
        other[first], other[second] = other[second], other[first]
    if other == entries:
        place = rng.randrange(len(entries))
        other[place] = missed(rng, other[place])
    return other


def thousands(rng: Random, number: int) -> str:
    """An integer with one of the separators that LaTeX authors use."""
    return f"{number:,}".replace(",", rng.choice((",", ",", "{,}", r"\,")))


def parted(rng: Random, wrong: bool, value: int) -> tuple[int, int]:
    """What is stated and what is printed of an integer: the same, or one of the two missed."""
    if not wrong:
        return value, value
    other = missed(rng, value)
    return (other, value) if rng.random() < 0.5 else (value, other)


def label(wrong: bool) -> str:
    """The label of a drawn case."""
    return "wrong" if wrong else "right"


def numpy_cells(values: list[int] | list[float]) -> list[str]:
    """Numbers as numpy prints them in an array: a common width, `1.` for a whole float."""
    if all(isinstance(value, int) for value in values):
        texts = [str(value) for value in values]
    else:
        texts = [f"{value:.8f}".rstrip("0") for value in values]
        places = max(len(text.split(".")[1]) for text in texts)
        texts = [text + " " * (places - len(text.split(".")[1])) for text in texts]
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def numpy_row(values: list[int] | list[float]) -> str:
    """A one-dimensional array as numpy prints it."""
    return "[" + " ".join(numpy_cells(values)) + "]"
