"""Values in every dress: what is printed equals itself as it is stated, and differs when it is damaged."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.execute.compare import compare

x, y = sympy.symbols("x y")
atoms = st.one_of(
    st.integers(-9, 9).map(sympy.Integer),
    st.fractions(-5, 5, max_denominator=9).map(lambda value: sympy.Rational(value.numerator, value.denominator)),
    st.sampled_from([x, y, sympy.pi, sympy.sqrt(2), sympy.sqrt(3)]),
)
formulas = st.recursive(
    st.one_of(atoms, atoms.map(sympy.sin), atoms.map(sympy.exp)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] * two[1]),
        st.tuples(inner, st.integers(1, 3)).map(lambda two: two[0] ** two[1]),
    ),
    max_leaves=5,
)
dresses = st.sampled_from(
    [str, sympy.latex, sympy.pretty, lambda value: sympy.pretty(value, use_unicode=False), "Answer: {}".format]
)
rationals = st.fractions(-99, 99, max_denominator=20)
vectors = st.lists(rationals, min_size=2, max_size=4, unique=True)


@pytest.mark.pipeline  # takes long
@given(formulas, dresses)
@settings(max_examples=200, deadline=None)
def test_a_formula_equals_itself(formula: sympy.Expr, dress: object) -> None:
    assert callable(dress)
    assert compare(sympy.latex(formula), dress(formula), rounded=False).equal is True


@pytest.mark.pipeline  # takes long
@given(formulas, dresses, st.sampled_from([1, sympy.Rational(1, 3), x]))
@settings(max_examples=200, deadline=None)
def test_a_damaged_formula_is_not_accepted(formula: sympy.Expr, dress: object, damage: sympy.Expr) -> None:
    assert callable(dress)
    assert compare(sympy.latex(formula), dress(formula + damage), rounded=False).equal is not True


def _stated(values: list[Fraction], form: str) -> str:
    parts = [sympy.latex(sympy.Rational(value.numerator, value.denominator)) for value in values]
    match form:
        case "matrix":
            return r"\begin{pmatrix}" + r" \\ ".join(parts) + r"\end{pmatrix}"
        case "set":
            return rf"\left\{{{', '.join(parts)}\right\}}"
        case "roots":
            return r" \text{ or } ".join(f"x = {part}" for part in parts)
    return rf"\left({', '.join(parts)}\right)"


def _printed(values: list[Fraction], form: str) -> str:
    match form:
        case "numpy":
            return f"[{' '.join(f'{float(value):.8f}' for value in values)}]"
        case "Matrix":
            return f"Matrix([{', '.join(f'[{value}]' for value in values)}])"
        case "fractions":
            return str(values)
        case "solutions":
            return str([{x: sympy.Rational(value.numerator, value.denominator)} for value in values])
        case "lines":
            return "\n".join(map(str, values))
    return f"({', '.join(map(repr, map(float, values)))})"


stated_forms = st.sampled_from(["matrix", "set", "roots", "tuple"])
printed_forms = st.sampled_from(["numpy", "Matrix", "fractions", "solutions", "lines", "tuple"])


@pytest.mark.pipeline  # takes long
@given(vectors, stated_forms, printed_forms)
@settings(max_examples=200, deadline=None)
def test_several_values_equal_themselves(values: list[Fraction], stated: str, printed: str) -> None:
    assert compare(_stated(values, stated), _printed(values, printed), rounded=False).equal is True


@pytest.mark.pipeline  # takes long
@given(vectors, st.integers(0, 3), st.sampled_from(["change", "lose", "add"]), stated_forms, printed_forms)
@settings(max_examples=200, deadline=None)
def test_several_values_differ_when_one_does(
    values: list[Fraction], place: int, damage: str, stated: str, printed: str
) -> None:
    place %= len(values)
    other = [*values[:place], *([] if damage == "lose" else [values[place] + 100]), *values[place + 1 :]]
    other += [values[place]] if damage == "add" else []
    assert compare(_stated(values, stated), _printed(other, printed), rounded=False).equal is not True


LATEX = r"\frac { } ( ) [ ] \sqrt ^ _ , ; = \pm \cup < \le \pi \begin{pmatrix} \end{pmatrix} & \\ | \text{or} $ \in"
PLAIN = "x y 1 2.5 % e i C ' \" : Matrix( {x: 1} - * np. ! ⎡ ─ -- / **"
pieces = st.sampled_from([*LATEX.split(), *PLAIN.split(), " ", "\n"])


@given(st.lists(pieces, max_size=14).map("".join), st.lists(pieces, max_size=14).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_odd(stated: str, printed: str) -> None:
    compare(stated, printed, rounded=False)
