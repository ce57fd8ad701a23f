"""A reading on its way out of the sandbox, and how the worker judges by it."""

import pytest

from transforms.execute.origins import Origin, Reading, computed
from transforms.execute.origins.reading import shows

FIVE, SEVEN = Origin(("5",)), Origin(("7",))


def test_a_reading_travels_as_json() -> None:
    reading = Reading((Origin(("2", "x"), operated=True), None, FIVE), True, (None,), (SEVEN,))
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "1", '{"prints": 5, "rounded": 1}', "[" * 100000, "x" * 10**6, '{"prints": [5]}', "NaN"],
)
def test_garbage_is_an_empty_reading(text: str) -> None:
    assert Reading.from_json(text) == Reading()


def test_a_reading_is_bounded() -> None:
    text = Reading((Origin(("5" * 1000,) * 1000),) * 60).to_json()
    (first, *others) = Reading.from_json(text).prints or (None,)
    assert first is None or (len(first.atoms) < 100 and len(first.atoms[0]) < 100 and len(others) < 60)


@pytest.mark.parametrize(
    ("atoms", "stated"),
    [
        ("3 x 2", "3x^2"),
        ("3 x 2", "f'(x) = 3x^2"),
        ("1 3", r"\frac{1}{3}"),
        ("1 3", r"\frac13"),
        ("sin x", r"\sin x + C"),
        ("1 5 + 2 1 5 + 2", r"x = \frac{1 \pm \sqrt{5}}{2}".replace(r"\sqrt", "")),
        ("863.84 5 5 + +", "863.84"),
        ("1 2 x", r"\frac{x}{2}"),
    ],
)
def test_the_stated_answer_in_another_notation(atoms: str, stated: str) -> None:
    assert shows(Origin(tuple(atoms.split()), operated=True), stated)


@pytest.mark.parametrize(
    ("atoms", "stated"),
    [("3 17 4 +", "55"), ("5 5 +", "0"), ("x x", "x^2"), ("2 x 3 x +", "5x"), ("1 2", "2"), ("pi", "3.14")],
)
def test_a_small_computation(atoms: str, stated: str) -> None:
    assert not shows(Origin(tuple(atoms.split()), operated=True), stated)


@pytest.mark.parametrize("stated", ["", "$", "\\" * 10**6, "1" * 10**6, "{" * 10**6, "+ C" * 10**5, "= " * 10**6])
@pytest.mark.timeout(10)
def test_odd_statements(stated: str) -> None:
    assert not shows(Origin(("5", "7"), operated=True), stated)


@pytest.mark.parametrize(
    ("reading", "line", "lines", "candidates"),
    [
        (Reading((FIVE, None)), 0, 2, (FIVE,)),
        (Reading((FIVE, None)), None, 2, (FIVE, None)),
        (Reading((None, FIVE)), 5, 6, (FIVE,)),  # a matrix, then the answer
        (Reading((FIVE, None)), 0, 6, (FIVE,)),
        (Reading((FIVE, None)), 3, 9, (FIVE, None)),
        (Reading((SEVEN,), False, (None,), (FIVE,)), 8, 9, (FIVE,)),
        (Reading((SEVEN,), False, (None,), (FIVE,)), 0, 9, (SEVEN,)),
        (Reading((SEVEN,), False, (None,), (FIVE,)), 4, 9, (SEVEN, None, FIVE)),
        (Reading(), 0, 1, ()),
    ],
)
def test_which_print_made_a_line(
    reading: Reading, line: int | None, lines: int, candidates: tuple[Origin | None, ...]
) -> None:
    assert tuple(reading.candidates(line, lines)) == candidates


def test_what_is_computed() -> None:
    assert computed((), "5")  # written by something other than print
    assert computed((None,), "5")
    assert computed((None, FIVE), "5")
    assert not computed((FIVE,), "5")
    assert not computed((None, Origin(("863.84",))), "863.84")  # too many digits for chance
