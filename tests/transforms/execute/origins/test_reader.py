"""What a snippet computes, and what it only writes down: forms that we thought of, and snippets that others wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from transforms.execute.origins import Origin, computed, read_code

HERE = Path(__file__).parent


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _is_computed(code: str, result: str, lines: int = 1) -> bool:
    return computed(read_code(code).candidates(lines - 1, lines), result)


FORMS = _rows(HERE / "forms.jsonl")
SNIPPETS = [row for row in _rows(HERE.parent / "snippets.jsonl") if row["label"] in ("trivial", "verified")]


@pytest.mark.parametrize("row", FORMS, ids=[row["code"] for row in FORMS])
def test_forms(row: dict[str, Any]) -> None:
    assert _is_computed(row["code"], row["result"], row["lines"]) is (row["label"] == "verified")


@pytest.mark.parametrize(("label", "floor"), [("trivial", 0.99), ("verified", 0.97)])
def test_snippets_that_others_wrote(label: str, floor: float) -> None:
    rows = [row for row in SNIPPETS if row["label"] == label]
    wrong = [r["id"] for r in rows if _is_computed(r["code"], r["result"], r["lines"]) is (label == "trivial")]
    assert len(wrong) <= (1 - floor) * len(rows), wrong


@pytest.mark.parametrize("code", ["", "x = 5", "print()", "print('')", "# print(5)"])
def test_nothing_is_printed(code: str) -> None:
    assert read_code(code).prints == ()


def test_each_line_is_judged_alone() -> None:
    reading = read_code("print(2 * 3 + 1)\nprint('a', end=' ')\nprint(55)\nprint('a\\nb')")
    assert reading.prints[:2] == (Origin(("+", "2", "3", "1"), operated=True), Origin(("55",)))
    assert len(reading.prints) == 4


def test_lines_behind_a_loop_are_the_last_ones() -> None:
    reading = read_code("print(1)\nfor i in range(999):\n    print(i * i)\nprint(863.84)")
    assert (reading.prints, reading.loose, reading.tail) == ((Origin(("1",)),), (None,), (Origin(("863.84",)),))


@pytest.mark.parametrize(
    ("code", "rounded"),
    [("print(round(x, 2))", True), ("print(f'{x:.2f}')", True), ("print('%.2f' % x)", True), ("print(x)", False)],
)
def test_rounding_is_seen(code: str, rounded: bool) -> None:
    assert read_code(code).rounded is rounded


ODD = {
    "no Python": "print(",
    "null": "\0",
    "brackets": "(" * 500,
    "signs": "-" * 20000 + "1",
    "stars": "print(*a, **b)",
    "delete": "x[0] = 1; del x",
    "sum": "x = " + "+".join(["1"] * 900),
    "calls": "".join(f"def f{i + 1}(x): return f{i}(x) + f{i}(x) + f{i}(x)\n" for i in range(30)) + "f30(1)",
    "recursion": "def f(n): return f(n - 1) + f(f(n))\nf(9)",
    "loops": "".join("    " * i + f"for i{i} in [1, 2, 3, 4, 5, 6, 7, 8, 9]:\n" for i in range(15))
    + "    " * 15
    + "x = 1",
    "doubling": "a = [1]\n" + "a = a + a\n" * 200 + "print(a)",
    "sharing": "a = [1]\n" + "a = [a, a]\n" * 200 + "print(a)",
    "itself": "a = [1]\na.append(a)\nprint(a)",
    "text": "a = 'ab'\n" + "a = f'{a}{a}'\n" * 200 + "print(a)",
    "source": "s = 'exec(s); exec(s); exec(s)'\nexec(s)",
    "blocks": "".join("    " * i + f"if f({i}):\n" for i in range(90)) + "    " * 90 + "x = 1",
    "objects": "class A:\n    def __init__(self): self.a = A(); self.b = A()\nA()",
    "generators": "def g():\n    yield from g()\n    yield from g()\nprint(list(g()))",
    "lines": "print('1\\n' * 10)\n" * 3000,
    "tables": "".join(f"print({[10**36 + n * 100 + m for m in range(40)]})\n" for n in range(150)),
    "numbers": "print([0] * 10**9, 'ab' * 10**9, range(10**100), 10**10**10)",
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("odd", ODD)
def test_odd_code_is_no_error_and_hides_nothing(odd: str) -> None:
    found, reading = read_code(ODD[odd]), read_code(f"{ODD[odd]}\nprint(863.84)")
    if odd in ("no Python", "null", "brackets", "signs", "blocks"):
        assert found is reading is None
    else:
        assert found is not None
        assert reading is not None
        assert len(found.to_json()) < 30_000
        assert (reading.tail or reading.prints)[-1] == Origin(("863.84",))


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("#" + "a" * 300_000 + "\nprint(863.84)", "python"),
        ("".join(" " * n + "if 1:\n" for n in range(95)) + " " * 95 + "print(863.84)", "python"),
        ("x=1;" * 60_000 + "disp(863.84)", "octave"),
    ],
)
def test_what_is_not_read_to_its_end_is_not_read(code: str, language: str) -> None:
    assert read_code(code, language) is None
