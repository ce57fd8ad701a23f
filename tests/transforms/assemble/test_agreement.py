"""Whether a model's results and those of the embedded translator agree."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.assemble.agreement import agreements
from transforms.records import Computation, Document


def agreement(text: str, expression: str, result: str) -> str:
    [found] = agreements(Document("d", text), [Computation("c", "d", "print(1)\n", result, expression=expression)])
    return found


@pytest.mark.parametrize(
    ("text", "expression", "result", "expected"),
    [
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "6", "agrees"),
        (r"$2 \cdot 3 = 6$", r"2 \times 3", "6", "agrees"),
        (r"$2 \cdot 3 = 6$", r"2\cdot 3 = 6", "6", "agrees"),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "6.0", "agrees"),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "7", "differs"),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 4", "8", ""),
        (r"$2 \cdot 3 = 6$", "x", "6", ""),
        (r"$2 \cdot 3 = 6$", "", "", ""),
        (r"$2 \cdot 3 = 6$ and $\0 + 1$", r"\0", r"\0", ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", r"\0", ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "10^{10^{10}}", ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "9" * 5_000, ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "x = 6", ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "6 metres", ""),
        (r"$2 \cdot 3 = 6$", r"2 \cdot 3", "1/0", ""),
        (r"$2 \cdot 3 = 6$", r"\unreadable{", "6", ""),
        (r"$2 \cdot 3 = 6$", "2 " * 100_000, "6", ""),
        ("no formula", r"2 \cdot 3", "6", ""),
        ("", r"2 \cdot 3", "6", ""),
    ],
)
def test_agreement(text: str, expression: str, result: str, expected: str) -> None:
    assert agreement(text, expression, result) == expected


def test_without_the_document_nothing_is_known() -> None:
    assert agreements(None, [Computation("c", "d", "print(1)\n", "6", expression=r"2 \cdot 3")]) == [""]


def test_without_computations_nothing_is_computed() -> None:
    start = time.process_time()
    assert agreements(Document("d", r"$2 \cdot 3 = 6$ " * 5_000), []) == []
    assert time.process_time() - start < 0.1


@settings(deadline=None, max_examples=50)
@given(st.text(st.sampled_from("$\\{}^_=+-*/0123xy abcdfrac\n"), max_size=40), st.text(max_size=20))
def test_whatever_a_model_writes(expression: str, result: str) -> None:
    assert agreement(r"We have $2 \cdot 3 = 6$ and $\frac{1}{2} + 1 = \frac{3}{2}$.", expression, result) in (
        "agrees",
        "differs",
        "",
    )
