"""Comparisons of numbers, drawn: rounded, with units, as money, shares and powers of ten."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from random import Random

from tests.transforms.execute.comparisons.dressing import Case, dress, label, missed_decimal, parted, show

UNITS = (
    (r"\text{ cm}^2", "square cm"),
    (r"\text{ m}", "m"),
    (r"\ \mathrm{m/s}", "m/s"),
    (r"\text{ kg}", "kg"),
    (r"\text{ hours}", "hours"),
    (r"\text{ cm}^3", "cm^3"),
    (r"~\mathrm{N}", "N"),
    (r"\text{ square feet}", "square feet"),
)
FLOATS = ("{!r}", "{!r}", "np.float64({!r})", "[{!r}]", "Result: {!r}", "Computing...\n{!r}", "The answer is {!r}")


def measured(rng: Random) -> float:
    """A number with more digits than anyone states, from the formulas that pages compute with."""
    n, m = rng.randint(2, 60), rng.randint(2, 9)
    return rng.choice(
        (
            math.pi * n * n / 4,
            math.sqrt(n * n + m),
            n * math.exp(-m / 7),
            n / 7 + m / 13,
            1000 * n * (1 + m / 97) ** 7,
            n * math.sin(m) + 0.1,
            math.log(n * m + 1),
            -n * math.cos(m / 11),
        )
    )


def rounded(rng: Random, least: int = 1) -> tuple[float, Decimal]:
    """A value and its rounding to a number of places: at least two digits, and no tie within reach of a float."""
    while True:
        value, places = measured(rng), rng.randint(least, 4)
        exact, unit = Decimal(repr(value)), Decimal(1).scaleb(-places)
        near = exact.quantize(unit, ROUND_HALF_EVEN)
        off = abs(exact - near) / unit
        if Decimal("0.02") < off < Decimal("0.48") and abs(near) > 12 * unit:
            return value, near


def told(rng: Random, wrong: bool) -> tuple[Decimal, float]:
    """A stated rounding and a printed value; the rounding is right, or one of the two has a slip."""
    value, near = rounded(rng)
    if wrong:
        slip = missed_decimal(rng, near)
        if rng.random() < 0.5:
            return slip, value
        return near, value + float(slip - near)
    return near, value


def decimal(rng: Random, wrong: bool) -> Case:
    """A decimal, stated bare, with a name, with `≈`, with a unit, as money or in a sentence."""
    stated, value = told(rng, wrong)
    printed = rng.choice(FLOATS).format(value)
    latex, unit = rng.choice(UNITS)
    match rng.randrange(7):
        case 0:
            kind, text = "rounding", dress(rng, f"{stated}")
        case 1:
            kind, text = "approximate", dress(rng, rf"\approx {stated}")
        case 2:
            kind, text = "approximate", f"approximately {stated}"
        case 3:
            kind, text = "assignment", f"${rng.choice('xtAVd')} = {stated}$"
        case 4:
            kind, text = "thousands" if abs(stated) > 999 else "rounding", f"{stated:,}"
        case 5:
            kind, text = "units", dress(rng, f"{stated}{latex}")
            printed = rng.choice((printed, f"{value!r} {unit}", f"The value is {value!r} {unit}"))
        case _:
            kind, text = "prose", f"The value is about {stated}."
    return Case(kind, text, printed, label(wrong))


def currency(rng: Random, wrong: bool) -> Case:
    """An amount in cents; code prints the float or a formatted amount."""
    cents, shown = parted(rng, wrong, rng.randint(101, 9999999))
    sign, seen = ("-" if cents < 0 else ""), ("-" if shown < 0 else "")
    amount, value = Decimal(abs(cents)).scaleb(-2), Decimal(abs(shown)).scaleb(-2)
    text = rng.choice((rf"{sign}\${amount:,}", rf"${sign}\${amount:,}$", rf"${sign}\${amount}$", f"{sign}€{amount}"))
    mark = "€" if "€" in text else "$"
    printed = rng.choice((f"{seen}{float(value)!r}", f"{seen}{mark}{value:,}", f"Total: {seen}{mark}{value}"))
    return Case("currency", text, printed, label(wrong))


def percent(rng: Random, wrong: bool) -> Case:
    """A percentage; code prints the percentage, the share, or either with a sign."""
    while True:
        tenths = rng.randint(11, 999)
        stated, shown = parted(rng, wrong, tenths)
        if not wrong or (stated > 0 and shown * 100 != stated and stated * 100 != shown):
            break
    text = rng.choice((rf"{stated / 10}\%", rf"${stated / 10}\%$", f"{stated / 10}%", f"{stated / 10} percent"))
    if shown / 10 < 1 or shown == stated * 10:  # without a sign "0.9" could be a share of 90 %
        return Case("percent", text, f"{shown / 10}%", label(wrong))
    printed = rng.choice((f"{shown / 10}", f"{shown / 1000}", f"{shown / 10}%", f"The rate is {shown / 10}%"))
    return Case("percent", text, printed, label(wrong))


def scientific(rng: Random, wrong: bool) -> Case:
    """A mantissa and an exponent; what is printed has more digits."""
    places, exponent = rng.randint(1, 3), rng.choice((-34, -19, -12, -9, -7, -5, -4, 5, 6, 8, 12, 23, 30))
    unit = 10**places
    mantissa = rng.randint(unit + 1, 10 * unit - 2)
    hidden = mantissa + rng.uniform(-0.4, 0.4)
    other, power = mantissa, exponent
    if wrong:
        slips = ((mantissa + rng.choice((-1, 1)), exponent), (mantissa, exponent + rng.choice((-1, 1))))
        other, power = rng.choice((*slips, (mantissa, -exponent), (-mantissa, exponent)))
    text = f"{other / unit:.{places}f}"
    forms = (rf"${text} \times 10^{{{power}}}$", rf"{text}\cdot 10^{{{power}}}", f"{text}e{power}")
    value = float(f"{hidden:.7f}e{exponent - places}")
    printed = rng.choice((repr(value), f"{value:.6e}", f"Result: {value!r}", f"np.float64({value!r})"))
    return Case("scientific" if abs(exponent) < 12 else "magnitude", rng.choice(forms), printed, label(wrong))


def truncated(rng: Random, wrong: bool) -> Case:
    """Leading digits and an ellipsis; a slip is never in the last digit, where a rounding could excuse it."""
    value, places = abs(measured(rng)) + 1, rng.randint(3, 7)
    text = str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_DOWN))
    if wrong:
        place = rng.choice([i for i, c in enumerate(text[:-2]) if c.isdigit()])
        text = text[:place] + rng.choice([c for c in "123456789" if c != text[place]]) + text[place + 1 :]
    return Case("truncated", dress(rng, text + rng.choice((r"\ldots", r"\dots", "..."))), repr(value), label(wrong))


def coarser(rng: Random, wrong: bool) -> Case:
    """Fewer digits printed than stated: confirmed only where the code rounds, and rounds to the right value."""
    value, near = rounded(rng)
    full = Decimal(repr(value)).quantize(near.scaleb(-3))
    if not wrong:
        return Case("coarser_output", dress(rng, str(full)), show(rng, str(near)), "right", rounded=True)
    evident = rng.random() < 0.7
    shown = missed_decimal(rng, near) if evident else near
    return Case("coarser_output", dress(rng, str(full)), show(rng, str(shown)), "wrong", rounded=evident)


def power(rng: Random, wrong: bool) -> Case:
    """A length, an area or a volume: the number is right, and the power of its unit is or is not."""
    value, near = rounded(rng)
    unit, (first, second) = rng.choice(("cm", "m", "km", "ft")), rng.sample((1, 2, 3), 2)
    marks = {1: "", 2: "^2", 3: "^3"}
    text = rng.choice(
        (rf"${abs(near)} \text{{ {unit}}}{marks[first]}$", rf"{abs(near)} \, \mathrm{{{unit}}}{marks[first]}")
    )
    shown = marks[second] if wrong else marks[first]
    printed = rng.choice((f"{abs(value)!r} {unit}{shown}", f"The result is {abs(value)!r} {unit}{shown}"))
    return Case("units", text, printed, label(wrong))


NUMBERS = (decimal, decimal, currency, percent, scientific, truncated, power, coarser)
