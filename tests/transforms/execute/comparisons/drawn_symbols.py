"""Comparisons of expressions, drawn: polynomials, identities, derivatives, integrals, functions, equations."""

import re
from collections.abc import Callable
from random import Random

import sympy
from sympy import Expr, Symbol, cos, exp, log, sin, tan

from tests.transforms.execute.comparisons.dressing import Case, dress, label

C, C1, C2 = sympy.symbols("C C1 C2")


def differ(first: Expr, second: Expr) -> bool:
    """Whether two expressions in one variable take different values at a few points."""
    names = sorted((first - second).free_symbols, key=str)
    for shift in (0, 0.4, 1.1):
        place = {name: 0.7 + shift + 0.31 * i for i, name in enumerate(names)}
        if abs(complex((first - second).subs(place).evalf())) > 1e-6:
            return True
    return False


def polynomial(rng: Random, names: str) -> Expr:
    """A polynomial in one or two variables, given as a sum or as a product."""
    x, y = Symbol(names[0]), Symbol(names[-1])
    a, b, c, d = (rng.choice([n for n in range(-7, 8) if n]) for _ in range(4))
    if len(names) > 1:
        linear, mixed = a * x + b * y, a * x**2 * y + b * x * y**2
        return rng.choice((linear, mixed, linear**2, linear * (x + c * y), a * x**2 + b * x * y + c * y**2 + d))
    linear, quartic = a * x + b, a * x**4 + b * x**2 + c * x + d
    quadratic, cubic = (x + a) * (x + b), (x + a) * (x**2 + b * x + c)
    return rng.choice((linear, quartic, linear**2, quadratic, cubic, a * x**3 + b * x + c))


def slip(rng: Random, value: Expr) -> Expr:
    """Another expression that a slip makes of a sum: a coefficient, a sign, an exponent, a term."""
    while True:
        terms = list(sympy.Add.make_args(sympy.expand(value)))
        place = rng.randrange(len(terms))
        names = sorted(value.free_symbols, key=str)
        match rng.randrange(5):
            case 0:
                terms[place] = -terms[place]
            case 1:
                terms[place] = terms[place] * rng.choice((2, 3, 10))
            case 2:
                terms[place] = terms[place] + terms[place] / terms[place].as_coeff_Mul()[0]
            case 3 if len(terms) > 1:
                del terms[place]
            case _:
                terms[place] = terms[place] * rng.choice(names)
        other = sympy.Add(*terms)
        if other.free_symbols == value.free_symbols and differ(other, value):
            return other


def both(rng: Random, wrong: bool, value: Expr) -> tuple[Expr, Expr]:
    """Stated and printed: the same, or one of the two with a slip."""
    if not wrong:
        return value, value
    other = slip(rng, value)
    return (other, value) if rng.random() < 0.5 else (value, other)


def shape(rng: Random, value: Expr) -> Expr:
    """The same expression in another form."""
    return rng.choice((value, sympy.expand(value), sympy.factor(value)))


def written(rng: Random, value: Expr) -> str:
    """LaTeX as sympy writes it, or tightened as authors write it: `3x^2`, `(x - 1)`, `\\sin(2x)`."""
    text = str(sympy.latex(value, ln_notation=True))
    for command in (r"\sin", r"\cos", r"\tan", r"\ln"):
        text = text.replace(rf"{command}{{\left(", rf"{command}\left(").replace(r" \right)}", r"\right)")
    if rng.random() < 0.7:
        text = text.replace(r"\left(", "(").replace(r"\right)", ")").replace(" )", ")").replace(") (", ")(")
        text = re.sub(r"(\d) ([a-z(])", r"\1\2", re.sub(r"\^\{(\w)\}", r"^\1", text))
        text = re.sub(r"(?<![a-z\\])([a-z]) (?=[a-z](?![a-z]))", r"\1", re.sub(r"(^|\{)- ", r"\1-", text))
    return text


def expression(rng: Random, wrong: bool) -> Case:
    """A polynomial, factored or expanded on either side."""
    names = rng.choice(("x", "x", "t", "n", "xy", "ab"))
    value = polynomial(rng, names)
    stated, shown = both(rng, wrong, value)
    shown = shape(rng, shown)
    forms = [str(shown), str(shown), sympy.latex(shown), f"Result: {shown}"]
    if len(names) == 1:
        forms.append(str(sympy.Poly(shown, Symbol(names))))
    return Case("symbolic", dress(rng, written(rng, shape(rng, stated))), rng.choice(forms), label(wrong))


x = Symbol("x")
IDENTITIES: tuple[tuple[tuple[str, ...], tuple[Expr, ...]], ...] = (
    ((r"\sin 2x", r"2\sin x\cos x", r"2 \sin(x) \cos(x)"), (sin(2 * x), 2 * sin(x) * cos(x))),
    ((r"\cos 2x", r"1 - 2\sin^2 x", r"\cos^2(x) - \sin^2(x)"), (cos(2 * x), cos(x) ** 2 - sin(x) ** 2)),
    ((r"\sec^2 x", r"1 + \tan^2 x", r"\frac{1}{\cos^2 x}"), (tan(x) ** 2 + 1, sympy.sec(x) ** 2, cos(x) ** -2)),
    ((r"\tan x", r"\frac{\sin x}{\cos x}"), (tan(x), sin(x) / cos(x))),
    ((r"\cot x", r"\frac{1}{\tan x}"), (sympy.cot(x), cos(x) / sin(x), 1 / tan(x))),
    ((r"\sin^2 x", r"\frac{1 - \cos 2x}{2}", r"1 - \cos^2 x"), (sin(x) ** 2, sympy.Rational(1, 2) - cos(2 * x) / 2)),
    ((r"\cos^2 x", r"\frac{1 + \cos 2x}{2}"), (cos(x) ** 2, 1 - sin(x) ** 2)),
    ((r"e^{2x}", r"(e^x)^2"), (exp(2 * x),)),
    ((r"e^{-x}", r"\frac{1}{e^x}"), (exp(-x),)),
    ((r"\ln(x^3)", r"3\ln x"), (3 * log(x),)),
    ((r"\frac{e^x + e^{-x}}{2}", r"\cosh x"), (sympy.cosh(x), exp(x) / 2 + exp(-x) / 2)),
    ((r"\sqrt{x^2 + 1}",), (sympy.sqrt(x**2 + 1),)),
    ((r"\frac{1}{x} - \frac{1}{x+1}", r"\frac{1}{x(x+1)}"), (1 / (x * (x + 1)), 1 / x - 1 / (x + 1))),
)


def identity(rng: Random, wrong: bool) -> Case:
    """A function in one of its forms on either side."""
    (latex, values), other = rng.sample(IDENTITIES, 2)
    if wrong:
        values = rng.choice((other[1], tuple(-v for v in values), tuple(2 * v for v in values)))
    return Case("trig", dress(rng, rng.choice(latex)), str(rng.choice(values)), label(wrong))


def primitive(rng: Random) -> Expr:
    """A function worth a derivative."""
    a, b = rng.randint(2, 7), rng.randint(2, 5)
    return rng.choice(
        (
            a * x**b + b * x,
            sin(a * x),
            b * cos(a * x),
            x * exp(a * x),
            exp(-(x**2)) * b,
            x**b * log(x),
            a * x**b + sin(x),
            exp(a * x) * sin(b * x),
            x / (x + a),
            sympy.sqrt(x**2 + a),
        )
    )


def derivative(rng: Random, wrong: bool) -> Case:
    """A derivative; a slip is the function itself, a sign, or a lost factor."""
    function = primitive(rng)
    value = sympy.diff(function, x)
    other = value
    while wrong and not differ(other, value):
        other = rng.choice((function, -value, value * rng.choice((2, 3)), value / rng.choice((2, 3)), value + function))
    name = rng.choice(("", "", "f'(x) = ", r"\frac{dy}{dx} = ", "y' = "))
    shown = rng.choice((other, sympy.expand(other), sympy.factor(other)))
    stated = rng.choice((value, sympy.factor(value), sympy.expand(value)))
    printed = rng.choice((f"{shown}", f"{shown}", f"Derivative: {shown}", sympy.latex(shown)))
    return Case("derivative", dress(rng, name + written(rng, stated)), printed, label(wrong))


def integral(rng: Random, wrong: bool) -> Case:
    """An antiderivative with its constant, which sympy leaves out; a slip never is another constant."""
    value = primitive(rng)
    other = value
    while wrong and not differ(sympy.diff(other, x), sympy.diff(value, x)):
        other = rng.choice((sympy.diff(value, x), -value, value * rng.choice((2, 3)), value / 2, value + x))
    constant = rng.choice((" + C", " + C", " + c", "+C"))
    shown = rng.choice((other, sympy.expand(other)))
    printed = rng.choice((f"{shown}", f"{shown} + C", f"Integral: {shown}", sympy.latex(shown)))
    return Case("integral", dress(rng, written(rng, value) + constant), printed, label(wrong))


def function(rng: Random, wrong: bool) -> Case:
    """A named function, whose variable the code may call otherwise."""
    stated, shown = both(rng, wrong, polynomial(rng, "x"))
    other = Symbol(rng.choice("xxt"))
    name = rng.choice("fgh")
    text = f"{name}({other}) = {written(rng, shape(rng, stated).subs(x, other))}"
    shown = shape(rng, shown)
    printed = rng.choice((f"{shown}", f"{name}(x) = {shown}", f"{shown}"))
    return Case("function", dress(rng, text), printed, label(wrong))


def relation(rng: Random, wrong: bool) -> Case:
    """`y = …`, as code prints it: `Eq`, an equation, or the right side."""
    stated, shown = both(rng, wrong, polynomial(rng, "x"))
    text = f"y = {written(rng, shape(rng, stated))}"
    shown = shape(rng, shown)
    return Case("function", dress(rng, text), rng.choice((f"y = {shown}", f"Eq(y, {shown})", f"{shown}")), label(wrong))


def solution(rng: Random, wrong: bool) -> Case:
    """The general solution of a differential equation: the names of the constants are free, the rates are not."""
    a, b = rng.sample([n for n in range(-4, 5) if n], 2)
    c, d = (a, b)
    if wrong:
        rates = [n for n in range(-5, 6) if n]
        c, d = rng.choice([(p, q) for p in rates for q in rates if p not in (a, q) and {p, q} != {a, b}])
    k = rng.choice(("C", "c", "A", "C_1"))
    pairs: tuple[tuple[str, Callable[[int, int], Expr]], ...] = (
        (rf"y = {k} {written(rng, exp(a * x))}", lambda p, _: C1 * exp(p * x)),
        (
            rf"y = C_1 {written(rng, exp(a * x))} + C_2 {written(rng, exp(b * x))}",
            lambda p, q: C1 * exp(p * x) + C2 * exp(q * x),
        ),
        (
            rf"y = c_1 {written(rng, exp(a * x))} + c_2 {written(rng, exp(b * x))}",
            lambda p, q: C1 * exp(q * x) + C2 * exp(p * x),
        ),
    )
    text, form = rng.choice(pairs)
    shown = form(c, d)
    printed = rng.choice((f"Eq(y(x), {shown})", f"y(x) = {shown}", f"{shown}"))
    return Case("function", dress(rng, text), printed, label(wrong))


SYMBOLS = (
    expression,
    expression,
    expression,
    identity,
    derivative,
    derivative,
    integral,
    integral,
    function,
    relation,
    solution,
)
