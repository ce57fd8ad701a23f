"""The figures of each extractor as rows, and the rows as tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from tests.quality import code_blocks, formulas, prose, renderer, renderings
from tests.quality.pages import RealPage, run


@dataclass(frozen=True)
class Row:
    """What one extractor makes of the pages; shares are of formulas, words or blocks."""

    name: str
    pages_per_second: float
    math_pages_per_second: float
    formulas: float
    mean_of_kinds: float
    worst_kind: float
    precision: float
    display_right: float
    inline_right: float
    text_kept: float
    boilerplate_left: float
    code_verbatim: float
    code_fenced: float
    language_right: float
    kinds: dict[str, tuple[int, int, int]]
    modes: dict[str, tuple[int, int, int, int]]  # kind → display right, display, inline right, inline
    kept_by_source: dict[str, float]
    left_by_source: dict[str, float]
    renderings: dict[str, renderings.Share]  # kind → formulas equal by structure, and all


def measure(pages: Sequence[RealPage], names: Sequence[str]) -> list[Row]:
    """A row for each extractor, ours first if it is among them."""
    labelled = prose.label(pages)
    return [_row(name, pages, labelled) for name in names]


def _row(name: str, pages: Sequence[RealPage], labelled: prose.Labelled) -> Row:
    texts = run(name, pages)
    kept, modes = formulas.kept(pages, texts), formulas.modes(pages, texts)
    text, code = prose.measure(pages, labelled, texts), code_blocks.measure(pages, texts)
    return Row(
        name,
        len(pages) / texts.seconds,
        sum(known.truth["label"] == "math" for known in pages) / texts.math_seconds,
        kept.recall,
        kept.mean,
        kept.worst,
        kept.precision,
        modes.display_right.total() / max(1, modes.display.total()),
        modes.inline_right.total() / max(1, modes.inline.total()),
        text.total(text.content),
        text.total(text.boilerplate),
        code.verbatim / max(1, code.blocks),
        code.fenced / max(1, code.blocks),
        code.named_right / max(1, code.named),
        kept.kinds,
        {
            kind: (modes.display_right[kind], modes.display[kind], modes.inline_right[kind], modes.inline[kind])
            for kind in sorted(modes.display.keys() | modes.inline.keys())
        },
        {source: share.value for source, share in text.content.items()},
        {source: share.value for source, share in text.boilerplate.items()},
        renderings.measure(pages, texts),
    )


_FIGURES = {
    "pages per CPU-second": "pages_per_second",
    "math pages per CPU-second": "math_pages_per_second",
    "formulas kept": "formulas",
    "  mean over kinds": "mean_of_kinds",
    "  worst kind (10 pages)": "worst_kind",
    "  precision": "precision",
    "display stays display": "display_right",
    "inline stays inline": "inline_right",
    "text kept (words)": "text_kept",
    "boilerplate left (words)": "boilerplate_left",
    "code kept verbatim": "code_verbatim",
    "  in a fence": "code_fenced",
    "  language right": "language_right",
}


def peers_table(rows: Sequence[Row]) -> Table:
    """One line a figure, one column an extractor."""
    table = _table("", *(row.name for row in rows))
    for title, attribute in _FIGURES.items():
        digits = 1 if "second" in title else 3
        table.add_row(title, *(f"{getattr(row, attribute):.{digits}f}" for row in rows))
    return table


def kinds_table(rows: Sequence[Row]) -> Table:
    """Formulas kept by kind of markup."""
    table = _table("formulas kept by kind", "pages", "formulas", *(row.name for row in rows))
    for kind, (_, total, pages) in sorted(rows[0].kinds.items(), key=lambda item: -item[1][1]):
        shares = (f"{row.kinds[kind][0] / total:.3f}" for row in rows)
        table.add_row(kind + ("*" if kind in formulas.scorer().RENDERED else ""), str(pages), str(total), *shares)
    table.caption = "* no LaTeX in the page: judged by equivalence of structure, not here"
    return table


def renderings_table(rows: Sequence[Row]) -> Table:
    """Formulas equal by rendered structure, for the kinds that hold only a rendering."""
    table = _table("equal by structure", "formulas", *(row.name for row in rows))
    for kind, share in rows[0].renderings.items():
        shares = (row.renderings.get(kind) for row in rows)
        table.add_row(kind, str(share.all), *(f"{s.equal / max(1, s.all):.3f}" if s else "" for s in shares))
    table.caption = renderer.why_not()
    return table


def modes_table(row: Row) -> Table:
    """Display and inline by kind of markup, for one extractor."""
    table = _table(f"{row.name}: right by markup", "display", "of", "inline", "of")
    for kind, (display_right, display, inline_right, inline) in row.modes.items():
        shares = (
            f"{right / total:.3f}" if total else ""
            for right, total in ((display_right, display), (inline_right, inline))
        )
        table.add_row(kind, next(shares), str(display), next(shares), str(inline))
    return table


def sources_table(rows: Sequence[Row]) -> Table:
    """The sources where most of the text is lost, or most boilerplate left, by the first extractor."""
    table = _table("by source, worst first", *(f"{row.name} {what}" for row in rows[:2] for what in ("kept", "left")))
    first = rows[0]

    def badness(source: str) -> float:
        return min(first.kept_by_source.get(source, 1.0), 1 - _number(first.left_by_source.get(source)))

    for source in sorted(first.kept_by_source, key=badness)[:16]:
        figures = (
            f"{_number(share.get(source)):.3f}"
            for row in rows[:2]
            for share in (row.kept_by_source, row.left_by_source)
        )
        table.add_row(source, *figures)
    return table


def _number(share: float | None) -> float:
    return 0.0 if share is None or share != share else share


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
