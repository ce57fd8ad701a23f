"""What a build would run, and what is done already."""

from collections.abc import Sequence

from rich.table import Table

from pipelines.calls import translations
from pipelines.config import CorpusConfig
from pipelines.workspace import State


def plan_table(config: CorpusConfig, states: Sequence[State]) -> Table:
    """One line for each stage, and the model calls that are still to make."""
    table = Table(box=None, pad_edge=False, caption_justify="left")
    for name in ("stage", "folder", "state", "in", "out"):
        table.add_column(name, overflow="fold")
    for state in states:
        counts = state.summary.counts if state.summary else ()
        rows_in, rows_out = (f"{counts[0].rows_in:,}", f"{counts[-1].rows_out:,}") if counts else ("", "")
        table.add_row(state.step.name, state.folder.rsplit("/", 1)[-1], _describe(state), rows_in, rows_out)
    table.caption = f"model calls still to make: {_calls(config, states)}"
    return table


def _describe(state: State) -> str:
    if state.summary:
        return "done"
    if state.pending is None:
        return "to do"
    return f"to do, {len(state.pending)} partitions"


def _calls(config: CorpusConfig, states: Sequence[State]) -> str:
    pending = next((state.pending for state in states if state.step.name == "translate"), ())
    return (
        "known when decontaminate is done" if pending is None else f"{sum(1 for _ in translations(config, pending)):,}"
    )
