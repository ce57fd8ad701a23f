"""Conservation, order and the text of assembled rows."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.assemble.config import AssembleConfig
from transforms.assemble.rows import assemble
from transforms.records import Computation, Document, Dropped, Translated, Verdict
from transforms.text_format import code_spans, formulas

PAIRED = AssembleConfig()
SEPARATED = AssembleConfig(layout="separated")
DOCUMENT = Document(
    id="d", text="whole page", url="http://a.example/", title="Areas", language="en", license="CC0", origin="w:1",
    macros=r"\newcommand{\R}{\mathbb{R}}", math_score=0.75, coarse_score=0.5, num_tokens=999, num_formulas=99,
)  # fmt: skip
AREA = Computation(
    id="c1",
    document_id="d",
    index=1,
    title="Area of a disk",
    conditions=("the radius is $r = 3$", "it costs $5 a ticket"),
    expression=r"\pi r^2",
    result="28.27",
    code="import math\nprint(math.pi * 3**2)\n",
    status="ok",
    stdout="28.274333882308138\n",
    stderr="a warning",
    seconds=0.25,
    verdict="verified",
    reason="equal",
)
TEXT = r"""**Area of a disk**

Given:

- the radius is $r = 3$
- it costs \$5 a ticket

Compute: $\pi r^2$

Result: $28.27$

```python
import math
print(math.pi * 3**2)
```"""


def _split(computations: list[Computation], config: AssembleConfig) -> tuple[list[Translated], list[Dropped]]:
    made = list(assemble(computations, DOCUMENT, config))
    return [r for r in made if isinstance(r, Translated)], [r for r in made if isinstance(r, Dropped)]


def test_a_row_reads_as_a_step_and_its_code() -> None:
    (row,) = assemble([AREA], DOCUMENT, PAIRED)
    assert isinstance(row, Translated)
    assert row.text == TEXT
    assert row.num_formulas == len(formulas(TEXT)) == 3
    assert row.num_tokens is not None
    assert 40 < row.num_tokens < 80
    assert row.computations == (replace(AREA, seconds=None, stderr=""),)


def test_a_row_has_what_is_known_of_its_document() -> None:
    (row,) = assemble([AREA], DOCUMENT, PAIRED)
    assert isinstance(row, Translated)
    assert row.source == "translated"
    assert row.id not in ("d", "c1")
    for name in ("url", "title", "language", "license", "origin", "macros", "math_score", "coarse_score"):
        assert getattr(row, name) == getattr(DOCUMENT, name)


def test_a_missing_document_is_no_obstacle() -> None:
    (row,) = assemble([AREA], None, PAIRED)
    (known,) = assemble([AREA], DOCUMENT, PAIRED)
    assert isinstance(row, Translated)
    assert isinstance(known, Translated)
    assert (row.id, row.text, row.url) == (known.id, known.text, "")


def test_rows_do_not_depend_on_the_order_of_the_computations() -> None:
    others = [replace(AREA, id=f"c{i}", index=i % 3, title=f"Step {i}") for i in range(7)]
    first = list(assemble(others, DOCUMENT, PAIRED))
    assert list(assemble(others[::-1], DOCUMENT, PAIRED)) == first
    (row,) = first
    assert isinstance(row, Translated)
    assert [c.id for c in row.computations] == ["c0", "c3", "c6", "c1", "c4", "c2", "c5"]
    assert row.text.index("Step 0") < row.text.index("Step 3") < row.text.index("Step 1") < row.text.index("Step 5")


@pytest.mark.parametrize("verdict", ["trivial", "contradicted", "unverified", ""])
def test_a_verdict_that_is_not_kept_is_the_reason(verdict: str) -> None:
    (dropped,) = assemble([replace(AREA, verdict=verdict, reason="because")], DOCUMENT, PAIRED)
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("c1", "assemble", verdict or "unverified")
    detail = json.loads(dropped.detail)
    assert detail["document_id"] == "d"
    assert (detail["expression"], detail["result"]) == (r"\pi r^2", "28.27")
    assert detail["stdout"] == AREA.stdout
    assert detail["why"] == ("because" if verdict else "not executed")


def test_the_configuration_names_the_verdicts() -> None:
    both = [AREA, replace(AREA, id="c2", verdict="trivial"), replace(AREA, id="c3", verdict="unverified")]
    rows, dropped = _split(both, AssembleConfig(keep=(Verdict.VERIFIED, Verdict.TRIVIAL)))
    assert [[c.id for c in row.computations] for row in rows] == [["c1", "c2"]]
    assert [d.id for d in dropped] == ["c3"]


def test_separated_rows_hold_the_same_steps_and_codes() -> None:
    (paired,) = assemble([AREA], DOCUMENT, PAIRED)
    rows, _ = _split([AREA], SEPARATED)
    assert isinstance(paired, Translated)
    assert "\n\n".join(row.text for row in rows) == paired.text
    assert [len(row.computations) for row in rows] == [1, 0]
    assert rows[1].text.startswith("```python\n")


def test_equal_snippets_get_rows_of_their_own() -> None:
    rows, _ = _split([AREA, AREA], SEPARATED)
    assert len({row.id for row in rows}) == 4


verdicts = st.sampled_from(["verified", "trivial", "contradicted", "unverified", "", "other"])
texts = st.text(max_size=30)


@given(
    st.lists(
        st.builds(
            Computation,
            id=texts,
            document_id=st.just("d"),
            code=texts,
            result=texts,
            index=st.integers(0, 3),
            title=texts,
            conditions=st.tuples(texts),
            expression=texts,
            verdict=verdicts,
            seconds=st.just(1.0),
        ),
        max_size=5,
    ),
    st.sampled_from([PAIRED, SEPARATED]),
)
def test_every_computation_is_used_once_or_dropped(computations: list[Computation], config: AssembleConfig) -> None:
    rows, dropped = _split(computations, config)
    used = [c.id for row in rows for c in row.computations]
    assert sorted(used + [d.id for d in dropped]) == sorted(c.id for c in computations)
    assert len(rows) == (len(used) * 2 if config.layout == "separated" else bool(used))


@given(texts, texts, texts, texts)
def test_no_dollar_of_the_prose_swallows_the_code(title: str, condition: str, expression: str, result: str) -> None:
    odd = replace(AREA, title=title, conditions=(condition,), expression=expression, result=result)
    (row,) = assemble([odd], DOCUMENT, PAIRED)
    assert isinstance(row, Translated)
    fences = [row.text[start:end] for start, end in code_spans(row.text) if row.text[start:end].startswith("```python")]
    assert fences == ["```python\nimport math\nprint(math.pi * 3**2)\n```"]


@pytest.mark.parametrize(
    ("result", "shown"),
    [("28.27", "$28.27$"), ("$28.27$", "$28.27$"), ("no real solution", "no real solution"), (r"\$5", r"\$5"),
     (r"5 \text{ cm}", r"$5 \text{ cm}$"), ("x = 2, y = 3", "$x = 2, y = 3$"), ("$x$ or $y$", "$x$ or $y$")],
)  # fmt: skip
def test_a_result_is_a_formula_unless_it_is_words(result: str, shown: str) -> None:
    (row,) = assemble([replace(AREA, result=result)], DOCUMENT, PAIRED)
    assert isinstance(row, Translated)
    assert f"Result: {shown}\n" in row.text
