"""The account of a build or a stage as a table that is legible in a terminal of 80 columns and in a log."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from pipelines.counts import StageCount

PAGES, DOCUMENTS, COMPUTATIONS = "pages", "documents", "computations"
_UNITS = {"read": PAGES, "select": PAGES, "extract": PAGES, "execute": COMPUTATIONS, "assemble": COMPUTATIONS}


def funnel_table(counts: Sequence[StageCount], seconds: Mapping[str, float]) -> Table:
    """One line for each stage, and below it one for each reason of dropping, the most frequent first.

    Args:
        counts: the stages in order.
        seconds: time by stage, where it is known; a pipeline of several stages has only one for all of them.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("stage", no_wrap=True)
    for name in ("in", "out", "dropped", "kept", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("unit", overflow="crop")  # the one column that may be cut where all is too wide
    for count in counts:
        dropped = sum(count.dropped.values())
        row = (f"{count.rows_in:,}", f"{count.rows_out:,}", f"{dropped:,}", share(count.rows_out, count.rows_in))
        table.add_row(count.stage, *row, format_seconds(seconds.get(count.stage)), unit(count.stage), style="bold")
        for reason, rows in sorted_reasons(count.dropped):
            table.add_row(f"  {reason}", "", "", f"{rows:,}", style="dim")
    return table


def sorted_reasons(dropped: Mapping[str, int]) -> list[tuple[str, int]]:
    """The reasons with their numbers, the most frequent first, equal ones by name."""
    return sorted(dropped.items(), key=lambda item: (-item[1], item[0]))


def unit(stage: str) -> str:
    """What a stage counts: documents become computations, and these documents again."""
    return _UNITS.get(stage, DOCUMENTS)


def share(part: int, whole: int) -> str:
    """A percentage with one decimal that says 0 % and 100 % only where that is exact; "" of nothing."""
    if whole == 0:
        return ""
    percent = 100 * part / whole
    if part and percent < 0.1:
        return "<0.1%"
    if part != whole and percent >= 99.95:
        return ">99.9%"
    return f"{percent:.1f}%"


def format_seconds(seconds: float | None) -> str:
    """Tenths up to a hundred seconds, whole seconds above; "" where unknown."""
    if seconds is None:
        return ""
    return f"{seconds:,.1f}" if seconds < 100 else f"{seconds:,.0f}"
