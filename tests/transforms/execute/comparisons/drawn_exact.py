"""Comparisons of exact numbers, drawn: integers, fractions, radicals, logarithms, residues, ratios."""

import math
from collections.abc import Callable
from fractions import Fraction
from random import Random

import sympy

from tests.transforms.execute.comparisons.dressing import Case, dress, label, missed, parted, show, thousands


def giant(rng: Random, wrong: bool) -> Case:
    """An integer of many digits, exact on both sides: one digit decides."""
    kind, value = "magnitude", 2 ** rng.randint(40, 120)
    if rng.random() < 0.5:
        kind, value = "combinatorics", math.factorial(rng.randint(9, 25))
    stated, shown = parted(rng, wrong, value)
    text = rng.choice((str(stated), thousands(rng, stated), f"${thousands(rng, stated)}$"))
    return Case(kind, text, rng.choice((str(shown), f"{shown:,}", f"Result: {shown}")), label(wrong))


def integer(rng: Random, wrong: bool) -> Case:
    """An integer, stated bare, with separators, as an assignment or a count."""
    value = rng.choice((rng.randint(2, 99), rng.randint(1000, 9999999), -rng.randint(2, 500)))
    stated, shown = parted(rng, wrong, value)
    forms = [("assignment", f"$x = {stated}$"), ("assignment", dress(rng, str(stated)))]
    if abs(stated) > 999:
        forms = [("thousands", dress(rng, thousands(rng, stated))), ("thousands", thousands(rng, stated))]
    if stated > 0:
        forms += [("prose", f"There are {stated} of them."), ("units", rf"{stated} \text{{ apples}}")]
    kind, text = rng.choice(forms)
    printed = rng.choice((f"{shown}", f"{float(shown)}", show(rng, f"{shown}"), f"[{shown}]", f"x = {shown}"))
    return Case(kind, text, printed, label(wrong))


def fraction(rng: Random, wrong: bool) -> Case:
    """A fraction or a mixed number, as LaTeX or plain; code prints it exactly or as a float."""
    while True:
        value = Fraction(rng.choice((-1, 1, 1)) * rng.randint(1, 60), rng.randint(2, 24))
        top, bottom = value.numerator, value.denominator
        slips = (1 / value, -value, Fraction(top + 1, bottom), Fraction(top, bottom + 1), value - 1)
        shown = rng.choice(slips) if wrong else value
        if value.denominator > 1 and (shown != value) == wrong:
            break
    whole, rest = divmod(abs(value.numerator), value.denominator)
    sign, command, d = ("-" if value < 0 else ""), rng.choice((r"\frac", r"\dfrac", r"\tfrac")), value.denominator
    k = rng.choice((1, 1, 1, 2, 3))
    texts = [dress(rng, rf"{sign}{command}{{{abs(value.numerator) * k}}}{{{d * k}}}"), dress(rng, f"{value}")]
    if whole:  # the plain form stays out of math mode, which would swallow its space
        texts += [dress(rng, rf"{sign}{whole}{command}{{{rest}}}{{{d}}}"), f"{sign}{whole} {rest}/{d}"]
    exact = sympy.Rational(shown)
    printed = rng.choice((str(shown), repr(float(shown)), repr(shown), str(exact.evalf()), sympy.latex(exact)))
    return Case("fraction", rng.choice(texts), show(rng, printed), label(wrong))


def repeating(rng: Random, wrong: bool) -> Case:
    """A decimal with a bar; code prints the fraction or a float."""
    lead, block = rng.choice(("", "", "1", "58")), str(rng.choice((3, 6, 27, 45, 142857, 18, 7)))
    nines = int("9" * len(block)) * 10 ** len(lead)
    value = Fraction(int(lead or 0), 10 ** len(lead)) + Fraction(int(block), nines)
    shown = rng.choice((value * 10, -value, value + Fraction(1, 9), 1 / value, value + 1)) if wrong else value
    text = rf"0.{lead}\overline{{{block}}}"
    return Case("repeating", dress(rng, text), show(rng, rng.choice((str(shown), repr(float(shown))))), label(wrong))


Form = Callable[[int, int], tuple[str, str]]
SURDS: tuple[tuple[str, Form], ...] = (
    ("radicals", lambda a, b: (rf"{a}\sqrt{{{b}}}", f"{a}*sqrt({b})")),
    ("radicals", lambda a, b: (rf"\frac{{{a}+\sqrt{{{b}}}}}{{2}}", f"({a}+sqrt({b}))/2")),
    ("radicals", lambda a, b: (rf"\sqrt{{{a * a * b}}}", f"sqrt({a * a * b})")),
    ("radicals", lambda a, b: (rf"\sqrt[3]{{{a}}} - {b}", f"cbrt({a}) - {b}")),
    ("pi", lambda a, b: (rf"\frac{{{a}\pi}}{{{b}}}", f"{a}*pi/{b}")),
    ("pi", lambda a, b: (rf"{a} - {b}\pi", f"{a} - {b}*pi")),
    ("pi", lambda a, b: (rf"{a}\pi^{{{b}}}", f"{a}*pi**{b}")),
    ("e", lambda a, b: (rf"{a}e^{{-{b}}}", f"{a}*exp(-{b})")),
    ("e", lambda a, b: (rf"\frac{{e^{{{b}}} - 1}}{{{a}}}", f"(exp({b}) - 1)/{a}")),
    ("logs", lambda a, b: (rf"{a}\ln {b}", f"{a}*log({b})")),
    ("logs", lambda a, b: (rf"\frac{{\ln {b}}}{{\ln {a}}}", f"log({b})/log({a})")),
    ("logs", lambda a, b: (rf"\log_{{{a}}} {b}", f"log({b}, {a})")),
    ("logs", lambda a, b: (rf"\ln\left(\frac{{{b}}}{{{a}}}\right)", f"log(Rational({b}, {a}))")),
    ("trig", lambda a, b: (rf"{a}\cos\frac{{\pi}}{{{b}}}", f"{a}*cos(pi/{b})")),
    ("trig", lambda a, b: (rf"\arctan\frac{{{b}}}{{{a}}}", f"atan(Rational({b}, {a}))")),
)


def surd(rng: Random, wrong: bool) -> Case:
    """An exact number that is no fraction: code prints it in sympy's form or as a float."""
    kind, form = rng.choice(SURDS)
    while True:
        a, b = rng.randint(2, 12), rng.randint(2, 9)
        slips = ((a + 1, b), (b, a), (a, b + 1), (-a, b), (a + 10, b))
        latex, source = form(a, b)
        value = sympy.sympify(source)
        other = sympy.sympify(form(*rng.choice(slips))[1]) if wrong else value
        other = rng.choice((other, other, -other)) if wrong else other
        if other.is_finite and other.is_real and abs(float(other - value)) > (1e-6 if wrong else -1) and other != 0:
            break
    if kind in {"pi", "e"} and rng.random() < 0.2:
        latex += rf" \approx {float(value):.4f}"
    printed = rng.choice((str(other), repr(float(other)), str(other.evalf()), str(other), sympy.latex(other)))
    return Case(kind, dress(rng, latex), show(rng, printed), label(wrong))


def counted(rng: Random, wrong: bool) -> Case:
    """Binomials, factorials, residues, ratios and angles: the forms that state an integer otherwise."""
    n = rng.randint(4, 12)
    k = rng.randint(2, n - 2)
    match rng.randrange(5):
        case 0:
            kind, value = "combinatorics", math.comb(n, k)
            binomial = rf"\binom{{{n}}}{{{k}}}"
            text = rng.choice((binomial, f"{binomial} = {value}", rf"\frac{{{n}!}}{{{k}!\,{n - k}!}}"))
        case 1:
            kind, value = "combinatorics", math.factorial(n)
            text = rng.choice((f"{n}!", f"{n}! = {value}", f"{n}! = {value:,}"))
        case 2:
            kind, value = "modular", k
            text = rng.choice((rf"{k} \pmod{{{n}}}", rf"x \equiv {k} \pmod{{{n}}}", rf"{k} \pmod {n}"))
            shown = rng.choice([r for r in range(n) if r != k]) if wrong else k
            return Case(kind, dress(rng, text), rng.choice((f"{shown}", f"Remainder: {shown}")), label(wrong))
        case 3:
            kind, value, text = "angle", n * 15, rf"{n * 15}^\circ"
            shown = missed(rng, value) if wrong else value
            shown += 1 if wrong and (shown - value) % 360 == 0 else 0  # not the same direction after a turn
            forms = (f"{float(shown)}", f"{shown}", f"{float(shown)} degrees", repr(math.radians(shown)))
            return Case(kind, dress(rng, text), rng.choice(forms[: 3 if abs(shown) > 700 else 4]), label(wrong))
        case _:
            kind, value, text = "chain", n + k, f"{n} + {k} = {n + k}"
    shown = missed(rng, value) if wrong else value
    return Case(kind, dress(rng, text), show(rng, f"{shown}"), label(wrong))


def ratio(rng: Random, wrong: bool) -> Case:
    """A ratio of two integers; code prints it, the fraction or the quotient."""
    a, b = rng.choice([(a, b) for a in range(1, 13) for b in range(2, 13) if math.gcd(a, b) == 1])
    p, q = rng.choice(((b, a), (a + 1, b), (a, b + 1))) if wrong else (a, b)
    text = rng.choice((f"{a}:{b}", f"${a}:{b}$", f"{a} : {b}"))
    forms = (f"{p}:{q}", f"The ratio is {p}:{q}", f"{Fraction(p, q)}", repr(p / q))
    printed = rng.choice(forms[:2] if (p, q) == (b, a) else forms)  # a bare quotient may be meant the other way round
    return Case("ratio", text, printed, label(wrong))


EXACT = (giant, integer, fraction, repeating, surd, surd, counted, counted, ratio)
