"""Comparisons of everything but single numbers, drawn: roots, points, matrices, sets, intervals, systems, words."""

import datetime
from fractions import Fraction
from random import Random

import sympy

from tests.transforms.execute.comparisons.dressing import (
    Case,
    dress,
    label,
    missed,
    missed_entries,
    numpy_cells,
    numpy_row,
    show,
)


def entries(rng: Random, count: int) -> list[int]:
    """Small integers, not all the same."""
    while True:
        values = [rng.randint(-9, 12) for _ in range(count)]
        if len(set(values)) > 1:
            return values


def two(rng: Random, wrong: bool, values: list[int]) -> tuple[list[int], list[int]]:
    """Stated and printed entries: the same, or one side with a slip."""
    if not wrong:
        return values, values
    other = missed_entries(rng, values)
    return (other, values) if rng.random() < 0.5 else (values, other)


def roots(rng: Random, wrong: bool) -> Case:
    """Two or three roots, in any order on both sides; a slip changes, loses or adds one."""
    values = rng.sample(range(-12, 13), rng.choice((2, 2, 3)))
    shown = list(values)
    if wrong:
        new = rng.choice([v for v in range(-30, 30) if v not in values])
        place = rng.randrange(len(shown))
        lost = shown[:place] + shown[place + 1 :]
        shown = rng.choice((lost, [*shown, new], [*lost, new]))
    if wrong and rng.random() < 0.5 and len(shown) > 1:
        values, shown = shown, values
    rng.shuffle(shown)
    x = rng.choice("xxxtn")
    each = [f"{x} = {v}" for v in values]
    kind, text = rng.choice(
        (
            ("roots", f"${', '.join(each)}$"),
            ("roots", " or ".join(f"${e}$" for e in each)),
            ("roots", f"${x} = {', '.join(map(str, values))}$"),
            ("roots", f"The solutions are {', '.join(f'${e}$' for e in each[:-1])} and ${each[-1]}$."),
            ("set", dress(rng, rf"\{{{', '.join(map(str, values))}\}}")),
            ("set", rf"${x} \in \{{{', '.join(map(str, values))}\}}$"),
        )
    )
    joined = ", ".join(map(str, shown))
    floats = [float(v) for v in shown]
    forms = [f"[{joined}]", f"{{{joined}}}", str(floats), "\n".join(f"{x} = {v}" for v in floats)]
    forms += [numpy_row(floats), str([{sympy.Symbol(x): v} for v in shown]), f"Solutions: [{joined}]"]
    return Case(kind, text, rng.choice(forms), label(wrong))


def plusminus(rng: Random, wrong: bool) -> Case:
    """`a ± √b`: code prints both, exactly or as floats."""
    a, b = rng.randint(-6, 6), rng.choice((2, 3, 4, 5, 7, 9, 10, 16))
    c, d = (a, b)
    while wrong and (c, d) == (a, b):
        c, d = rng.choice(((-a, b), (a, b + 1), (a + 1, b), (a, 4 * b)))
    root = sympy.sqrt(b)
    text = rf"{a if a else ''} \pm {sympy.latex(root)}".strip()
    text = rng.choice((dress(rng, text), f"$x = {text}$", f"$x={text}$"))
    both = [c - sympy.sqrt(d), c + sympy.sqrt(d)]
    if wrong and rng.random() < 0.2:
        both = [a + root]
    rng.shuffle(both)
    floats = [float(v) for v in both]
    forms = (str(both), str(floats), str(sympy.FiniteSet(*both)), "\n".join(f"x = {v}" for v in floats))
    return Case("plusminus", text, rng.choice(forms), label(wrong))


def point(rng: Random, wrong: bool) -> Case:
    """A point or a vector: order matters."""
    values, shown = two(rng, wrong, entries(rng, rng.choice((2, 2, 3))))
    joined, column = ", ".join(map(str, values)), r" \\ ".join(map(str, values))
    kind, text = rng.choice(
        (
            ("point", dress(rng, f"({joined})")),
            ("point", dress(rng, rf"\left({joined}\right)")),
            ("point", f"The vertex is at ({joined})."),
            ("vector", dress(rng, rf"\langle {joined} \rangle")),
            ("vector", dress(rng, rf"\begin{{pmatrix}} {column} \end{{pmatrix}}")),
            ("vector", dress(rng, rf"\begin{{bmatrix}} {column} \end{{bmatrix}}")),
        )
    )
    floats = [float(v) for v in shown]
    forms = [str(tuple(shown)), str(tuple(floats)), f"Point{len(shown)}D({', '.join(map(str, shown))})"]
    if kind == "vector":
        forms = [numpy_row(shown), numpy_row(floats), str(shown), str(sympy.Matrix(shown))]
    return Case(kind, text, rng.choice(forms), label(wrong))


def matrix(rng: Random, wrong: bool) -> Case:
    """A matrix of integers or of halves: code prints numpy's, sympy's or Python's form."""
    rows, columns, divisor = rng.choice((2, 2, 3)), rng.choice((2, 2, 3)), rng.choice((1, 1, 2))
    values, shown = two(rng, wrong, entries(rng, rows * columns))
    cells = [Fraction(v, divisor) for v in values]
    texts = [str(c) if rng.random() < 0.5 else sympy.latex(sympy.Rational(c)) for c in cells]
    lines = [texts[i : i + columns] for i in range(0, len(texts), columns)]
    name = rng.choice("pb") + "matrix"
    body = r" \\ ".join(" & ".join(line) for line in lines)
    floats = [v / divisor for v in shown]
    grid = [floats[i : i + columns] for i in range(0, len(floats), columns)]
    padded = numpy_cells(floats)
    printed = [" ".join(padded[i : i + columns]) for i in range(0, len(padded), columns)]
    exact = sympy.Matrix(rows, columns, [sympy.Rational(v, divisor) for v in shown])
    forms = ("[[" + "]\n [".join(printed) + "]]", str(exact), str(grid), sympy.latex(exact))
    return Case("matrix", dress(rng, rf"\begin{{{name}}} {body} \end{{{name}}}"), rng.choice(forms), label(wrong))


def complexes(rng: Random, wrong: bool) -> Case:
    """A complex number: Python's `j`, sympy's `I`."""
    real, imaginary = (rng.choice((-1, 1)) * rng.randint(2, 19) for _ in range(2))
    (a, b), (c, d) = two(rng, wrong, [real, imaginary])
    if 0 in (a, b, c, d):
        return complexes(rng, wrong)
    floats = sympy.Float(c) + sympy.Float(d) * sympy.I
    forms = (str(complex(c, d)), str(c + d * sympy.I), str(floats), f"z = {complex(c, d)}")
    text = rng.choice((f"{a} {'+' if b > 0 else '-'} {abs(b)}i", f"{a}{b:+}i"))
    return Case("complex", dress(rng, text), rng.choice(forms), label(wrong))


def interval(rng: Random, wrong: bool) -> Case:
    """An interval, or two outside a gap, stated as such or as an inequality; a slip is in an end or its openness."""
    x = sympy.Symbol("x", real=True)
    low = rng.randint(-9, 8)
    high = low + rng.randint(1, 9)
    shape = rng.choice(("between", "above", "below", "outside"))
    open_low, open_high = rng.random() < 0.5, rng.random() < 0.5

    def region(lo: int, hi: int, lo_open: bool, hi_open: bool) -> sympy.Set:
        below, above = sympy.Interval(-sympy.oo, lo, True, lo_open), sympy.Interval(hi, sympy.oo, hi_open, True)
        inner = sympy.Interval(lo, hi, lo_open, hi_open)
        return {"between": inner, "above": above, "below": below, "outside": sympy.Union(below, above)}[shape]

    true = region(low, high, open_low, open_high)
    slips = [region(low, high, not open_low, not open_high), region(low - 1, high + 1, open_low, open_high)]
    slips += [region(-high, -low, open_low, open_high), true.complement(sympy.S.Reals)]
    shown = rng.choice([s for s in slips if s != true]) if wrong else true
    left_low, right_low = "()" if open_low else "[]"
    left_high, right_high = "()" if open_high else "[]"
    at_most = [rng.choice((r"\le", r"\leq", "≤")) if closed else "<" for closed in (not open_low, not open_high)]
    at_least = ">" if open_high else rng.choice((r"\ge", r"\geq", "≥"))
    under, over = rf"(-\infty, {low}{right_low}", rf"{left_high}{high}, \infty)"
    texts = {
        "between": (f"{left_low}{low}, {high}{right_high}", f"{low} {at_most[0]} x {at_most[1]} {high}"),
        "above": (over, f"x {at_least} {high}"),
        "below": (under, f"x {at_most[0]} {low}"),
        "outside": (rf"{under} \cup {over}", rf"x {at_most[0]} {low} \text{{ or }} x {at_least} {high}"),
    }
    which = rng.randrange(2)
    kind, printed = ("interval", "inequality")[which], rng.choice((str(shown), str(shown.as_relational(x))))
    return Case(kind, dress(rng, texts[shape][which]), printed, label(wrong))


def system(rng: Random, wrong: bool) -> Case:
    """Several unknowns: code prints a mapping, a tuple or a line for each."""
    names = rng.choice(("xy", "xyz", "ab", "mn"))
    values, shown = two(rng, wrong, entries(rng, len(names)))
    each = [f"{name} = {value}" for name, value in zip(names, values, strict=True)]
    joined = ", ".join(map(str, values))
    texts = (
        f"${', '.join(each)}$",
        ", ".join(f"${e}$" for e in each),
        f"${', '.join(each[:-1])}$ and ${each[-1]}$",
        r"$\begin{cases} " + r" \\ ".join(each) + r" \end{cases}$",
        f"$({', '.join(names)}) = ({joined})$",
    )
    pairs = list(zip(names, shown, strict=True))
    mapping = "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}"
    lines = "\n".join(f"{name} = {float(value)}" for name, value in pairs)
    forms = (mapping, f"[{mapping}]", str(tuple(shown)), f"{{{tuple(shown)}}}", lines, lines.replace("\n", ", "))
    return Case("system", rng.choice(texts), rng.choice(forms), label(wrong))


def lines(rng: Random, wrong: bool) -> Case:
    """Several labelled lines, or a sentence that names its input: the labelled result decides."""
    given, asked = rng.randint(2, 20), rng.randint(100, 999)
    shown = missed(rng, asked) if wrong else asked
    forms = (
        f"Input: {given}\nResult: {shown}",
        f"n = {given}\nf(n) = {shown}",
        f"For n = {given} the result is {shown}",
        f"Checking n = {given}...\n{shown}",
        f"Step 1: {asked - asked % 7 + 1001}\nStep 2: {asked % 89 + 2003}\nFinal: {shown}",
    )
    return Case("lines", dress(rng, str(asked)), rng.choice(forms), label(wrong))


def dates(rng: Random, wrong: bool) -> Case:
    """A date: code prints it in ISO form or in words."""
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=rng.randrange(3000))
    shown = day + datetime.timedelta(days=rng.choice((-1, 1, 7, 30, 365))) if wrong else day
    month = f"{day:%B}"
    american = f"{month} {day.day}, {day.year}"
    text = rng.choice((american, f"{day.day} {month} {day.year}", rf"\text{{{american}}}"))
    forms = (str(shown), f"{shown:%B %d, %Y}", f"The date is {shown}", f"{shown} 00:00:00")
    return Case("date", text, rng.choice(forms), label(wrong))


WORDS = (
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("equilateral", "isosceles", "scalene"),
    ("acute", "obtuse", "right-angled"),
    ("convergent", "divergent"),
    ("converges", "diverges"),
    ("independent", "dependent"),
    ("rational", "irrational"),
    ("increasing", "decreasing"),
    ("injective", "not injective"),
    ("minimum", "maximum", "saddle point"),
    ("ellipse", "hyperbola", "parabola"),
    ("Alice", "Bob", "Carol"),
)
YES, NO = ("Yes", "yes", "True", "true", r"\text{Yes}", "Yes."), ("No", "no", "False", "false", r"\text{No}", "No.")
FLAGS = (*((word, "True") for word in YES), *((word, "False") for word in NO))
LIMITS = ((r"\infty", "oo"), (r"+\infty", "oo"), (r"\infty", "inf"), (r"-\infty", "-oo"), (r"-\infty", "-inf"))


def words(rng: Random, wrong: bool) -> Case:
    """A word for an answer."""
    group = rng.choice(WORDS)
    word, other = rng.sample(group, 2)
    shown = other if wrong else word
    text = rng.choice((word, word.capitalize(), rf"\text{{{word}}}", f"{word}."))
    printed = rng.choice((shown, shown.capitalize(), f"Answer: {shown}", f"Result: {shown}"))
    return Case("text", text, printed, label(wrong))


def flags(rng: Random, wrong: bool) -> Case:
    """Yes or no."""
    text, value = rng.choice(FLAGS)
    shown = {"True": "False", "False": "True"}[value] if wrong else value
    forms = (shown, shown, f"np.{shown}_", {"True": "Yes", "False": "No"}[shown], f"Result: {shown}")
    return Case("boolean", text, rng.choice(forms), label(wrong))


def limits(rng: Random, wrong: bool) -> Case:
    """An infinite limit; a slip turns its sign or makes it finite."""
    text, value = rng.choice(LIMITS)
    turned = value[1:] if value.startswith("-") else "-" + value
    shown = rng.choice((turned, str(rng.randint(-9, 9)))) if wrong else value
    return Case("infinity", dress(rng, text), show(rng, shown), label(wrong))


OBJECTS = (
    roots,
    roots,
    plusminus,
    point,
    point,
    matrix,
    matrix,
    complexes,
    interval,
    interval,
    system,
    system,
    lines,
    dates,
    words,
    flags,
    limits,
)
