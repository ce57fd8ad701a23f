"""What a build would run, and what is done already."""

from collections.abc import Sequence

from rich.table import Table

from pipelines.workspace import State


def plan_table(states: Sequence[State], calls: int | None) -> Table:
    """One line for each stage; `calls` are the model calls still to make, None where nobody can know yet."""
    table = Table(box=None, pad_edge=False)
    for name in ("stage", "folder", "state", "in", "out"):
        table.add_column(name, overflow="fold")
    for state in states:
        counts = state.summary.counts if state.summary else ()
        rows_in, rows_out = (f"{counts[0].rows_in:,}", f"{counts[-1].rows_out:,}") if counts else ("", "")
        table.add_row(state.step.name, state.folder.rsplit("/", 1)[-1], _progress(state), rows_in, rows_out)
    table.caption = "model calls still to make: " + (
        "known when decontaminate is done" if calls is None else f"{calls:,}"
    )
    return table


def _progress(state: State) -> str:
    if state.summary:
        return "done"
    if state.partitions is None:
        return "to do"
    return f"{state.done} of {state.partitions} partitions" if state.done else f"to do, {state.partitions} partitions"
