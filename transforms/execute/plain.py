r"""Numbers and lines as plain text: what can be compared without evaluating anything.

Safe in a worker: nothing here takes more than linear time, or computes with a number longer than `_LONGEST`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

_LONGEST = 400  # digits, and decimal exponent
_RELATIVE = Fraction(1, 10**8)  # the noise of floating point and of quadrature
_ABSOLUTE = Fraction(1, 10**4)
_ZERO = Fraction(1, 10**12)  # what is printed for nought after floating point, however few its digits
_EPSILON = Fraction(1, 10**15)
_NOISY_DIGITS = 9  # only a number printed with as many digits may carry noise
_MANY_DIGITS = 7  # so many digits that are right are no accident: numpy shows eight

_DECIMAL = r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?P<point>\.(?P<places>\d*))?"
_TIMES_TEN = r"(?:\\times|\\cdot|[×*·]| x) ?10(?:\^|\*\*)"
_POWER = rf"(?:[eE](?P<e>[+-]?\d+)|{_TIMES_TEN}(?:\{{(?P<braced>[+-]?\d+)\}}|(?P<bare>[+-]?\d+)))?"
_NUMBER = re.compile(rf"{_DECIMAL}{_POWER}(?P<more>\.\.\.|…|\\[lc]?dots)?(?P<percent>%?)")
_RATIO = re.compile(r"([+-]?)(?:\\[dt]?frac\{([+-]?\d+)\}\{(\d+)\}|([+-]?\d+)/(\d+))")
_STYLE = re.compile(
    r"\\(?:left|right|displaystyle|textstyle|[bB]igg?[lr]?|limits|boldsymbol|mathrm(?=\{e\}))(?![a-zA-Z])|\\!|\$|(?<=\d)\\,(?=\d{3})"
)
_SPACE = re.compile(r"(?:\s|~|(?<!\\)\\(?:quad|qquad)(?![a-zA-Z])|(?<!\\)\\[,;: ])+")
_BESIDE = re.compile(r"(?<![\w.,]) | (?![\w.])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: `place` is the value of one unit in its last digit, None if it is exact."""

    value: Fraction
    place: Fraction | None = None
    digits: int = 0
    percent: bool = False
    cut: bool = False  # written with dots after its digits: they need not be rounded


def squeeze(text: str) -> str:
    r"""The text without what changes no meaning: dollar signs, `\left`, a full stop at its end, most of its spaces."""
    text = text.replace(r"\$", "").replace("{,}", ",").replace(r"\%", "%").replace("−", "-")
    text = _SPACE.sub(" ", _STYLE.sub("", text))
    return ended(_BESIDE.sub("", text))


def ended(text: str) -> str:
    """The text without what ends a sentence; dots that say that more follows stay."""
    for _ in range(2):
        text = text.rstrip(" ;,\n\t")
        text = text if text.endswith("..") else text.rstrip(".")
    return text.rstrip()


def number(text: str, approximate: bool = False) -> Number | None:
    r"""Reads `28.27`, `1,234`, `1/3`, `\frac{1}{3}`, `1.2e-5`, `3 \times 10^{8}`, `50\%`; None for all else.

    An integer is exact, or known to its last digit that is not 0 if it is only `approximate`.
    """
    text = squeeze(text).lstrip("€£")
    if len(text) > _LONGEST:
        return None
    if ratio := _RATIO.fullmatch(text):
        sign, *parts = ratio.groups()
        above, below = (int(part) for part in parts if part is not None)
        return Number(Fraction(above, below) * (-1 if sign == "-" else 1)) if below else None
    found = _NUMBER.fullmatch(text)
    return _decimal(found, approximate) if found and (found["whole"] or found["places"]) else None


def _decimal(found: re.Match[str], approximate: bool) -> Number | None:
    places = found["places"] or ""
    digits = found["whole"].replace(",", "") + places
    exponent = int(found["e"] or found["braced"] or found["bare"] or 0)
    if abs(exponent) > _LONGEST:
        return None
    place = Fraction(10) ** (exponent - len(places))
    value = int(digits) * place * (-1 if found["sign"] == "-" else 1)
    if found["point"] is None and not found["more"]:
        zeros = len(digits) - len(digits.rstrip("0")) if value else 0
        inexact = approximate or found["e"] is not None
        place_or_none = place * 10**zeros if inexact else None
    else:
        place_or_none = place
    return Number(value, place_or_none, len(digits.lstrip("0")), bool(found["percent"]), bool(found["more"]))


def same_number(stated: Number, printed: Number, rounded: bool) -> bool:
    """Whether the printed number is the stated one, to the digits that were stated.

    `rounded` says that the code rounds what it prints: only then may the printed number have fewer digits.
    """
    if stated.percent != printed.percent:
        other = Number(printed.value * 100, printed.place and printed.place * 100, printed.digits)
        if printed.percent:
            other = Number(printed.value / 100, printed.place and printed.place / 100, printed.digits)
        return _close(stated, printed, rounded) or _close(stated, other, rounded)
    return _close(stated, printed, rounded)


def _close(stated: Number, printed: Number, rounded: bool) -> bool:
    distance = abs(stated.value - printed.value)
    if not distance:
        return True
    if stated.place is not None:
        reach = stated.place if stated.cut else stated.place / 2
        # One rounded digit says nothing of a number as small as it (0.0 for 0.04, 0.00 for 0.001).
        if stated.value and distance <= min(reach, abs(stated.value) / 2) * (1 + _RELATIVE):
            return True
    if printed.place is None:
        return False
    if rounded and printed.value and distance <= printed.place / 2 * (1 + _RELATIVE):
        return True
    return stated.place is None and _is_noise(stated.value, printed, distance)


def _is_noise(exact: Fraction, printed: Number, distance: Fraction) -> bool:
    if not exact and distance <= _ZERO:
        return True
    if printed.digits >= _MANY_DIGITS and exact.denominator != 1 and printed.place and distance <= printed.place / 2:
        return True
    return printed.digits >= _NOISY_DIGITS and distance <= (_noise(exact) if exact else _RELATIVE)


def _noise(exact: Fraction) -> Fraction:
    """How far from an exact value floating point and quadrature may end; a wrong integer is further away."""
    noise = _RELATIVE * abs(exact)
    return max(min(noise, _ABSOLUTE), _EPSILON * abs(exact)) if exact.denominator == 1 else noise


def quick(stated: str, printed: str, rounded: bool, approximate: bool = False) -> bool | None:
    """Compares two texts where that is trivial: letter for letter, or as plain numbers; None where it is not."""
    if squeeze(stated) == squeeze(printed):
        return True
    left, right = number(stated, approximate), number(printed)
    return None if left is None or right is None else same_number(left, right, rounded)


def lines(stdout: str) -> list[str]:
    """The lines that are not blank."""
    return [line.strip() for line in stdout.splitlines() if line.strip()]
