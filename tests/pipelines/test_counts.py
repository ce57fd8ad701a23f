import pytest

from pipelines.counts import StageCount, account, total
from pipelines.errors import ConservationError


def test_every_row_is_accounted_for_along_a_chain() -> None:
    dropped = {("read", "empty"): 1, ("select", "not_math"): 4, ("classify", "empty"): 1}
    counts = account(("read", "select", "classify"), {"read": 12, "select": -2, "classify": 2}, dropped, 6)
    rows = [(c.stage, c.rows_in, c.rows_out) for c in counts]
    assert rows == [("read", 12, 11), ("select", 9, 5), ("classify", 7, 6)]


@pytest.mark.parametrize("leaving", [5, 7])
def test_lost_and_invented_rows_are_found(leaving: int) -> None:
    with pytest.raises(ConservationError, match="6 rows should have come out"):
        account(("filter",), {"filter": 8}, {("filter", "language"): 2}, leaving)


def test_a_drop_by_a_stage_that_did_not_run_is_found() -> None:
    with pytest.raises(ConservationError, match="does not have"):
        account(("filter",), {"filter": 1}, {("dedup", "near_duplicate"): 1}, 1)


def test_total_adds_reasons_stage_by_stage() -> None:
    one = StageCount(stage="filter", rows_in=5, rows_out=3, dropped={"language": 2})
    two = StageCount(stage="filter", rows_in=4, rows_out=2, dropped={"language": 1, "not_math": 1})
    assert total([[one], [two]]) == [
        StageCount(stage="filter", rows_in=9, rows_out=5, dropped={"language": 3, "not_math": 1})
    ]
