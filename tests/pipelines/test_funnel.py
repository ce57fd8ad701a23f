import io

import pytest
from rich.console import Console

from pipelines.counts import StageCount
from pipelines.funnel import format_seconds, funnel_table, share


def _log(counts: list[StageCount], seconds: dict[str, float], width: int = 80) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=width).print(funnel_table(counts, seconds))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_log_holds_each_stage_and_its_reasons_the_most_frequent_first() -> None:
    counts = [
        StageCount(stage="read", rows_in=906, rows_out=905, dropped={"empty": 1}),
        StageCount(stage="select", rows_in=905, rows_out=500, dropped={"error": 5, "not_math": 400}),
        StageCount(stage="execute", rows_in=1200, rows_out=1200),
    ]
    lines = _log(counts, {"select": 12.34, "execute": 1234.5})
    assert [line.split() for line in lines] == [
        ["stage", "in", "out", "dropped", "kept", "seconds", "unit"],
        ["read", "906", "905", "1", "99.9%", "pages"],
        ["empty", "1"],
        ["select", "905", "500", "405", "55.2%", "12.3", "pages"],
        ["not_math", "400"],
        ["error", "5"],
        ["execute", "1,200", "1,200", "0", "100.0%", "1,234", "computations"],
    ]


def test_no_number_of_a_large_build_is_cut_at_80_columns() -> None:
    rows = 987_654_321
    count = StageCount(stage="decontaminate_final", rows_in=rows, rows_out=rows - 1, dropped={"contaminated": 1})
    lines = _log([count], {"decontaminate_final": 12_345_678.0})
    assert max(map(len, lines)) <= 80
    for number in ("decontaminate_final", "987,654,321", "987,654,320", ">99.9%", "12,345,678"):
        assert number in lines[1]


def test_a_log_has_no_colours() -> None:
    assert not any("\x1b" in line for line in _log([StageCount(stage="read", rows_in=1, rows_out=1)], {}))


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, ""),
        (0, 5, "0.0%"),
        (1, 100_000, "<0.1%"),
        (1, 3, "33.3%"),
        (99_999, 100_000, ">99.9%"),
        (7, 7, "100.0%"),
    ],
)
def test_share_says_all_or_nothing_only_where_that_is_exact(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


@pytest.mark.parametrize(("seconds", "text"), [(None, ""), (0.04, "0.0"), (99.94, "99.9"), (1234.5, "1,234")])
def test_seconds(seconds: float | None, text: str) -> None:
    assert format_seconds(seconds) == text
