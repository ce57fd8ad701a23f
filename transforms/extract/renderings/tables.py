"""Tables as `mtable`, put together from cells that know where they stand."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.renderings.build import node


class Cell(NamedTuple):
    """What stands in a table: how far down (in any unit), in which column, and what it is."""

    down: float
    column: int
    items: list[_Element]


class Columns(NamedTuple):
    """The columns of a table: alignments (`l`, `c`, `r`), blanks and lines before each, and how far down lines are."""

    aligns: Sequence[str]
    gaps: Sequence[bool]
    lines: Sequence[int] = ()
    rules: Sequence[float] = ()


_ALIGNS = {"l": "left", "c": "center", "r": "right"}
_SAME_ROW = 0.2  # em: less is the same row


def table(cells: Sequence[Cell], columns: Columns) -> _Element:
    """An `mtable` of these cells; a cell that is missing is empty."""
    downs: list[float] = []
    for down in sorted({cell.down for cell in cells}):
        if not downs or down - downs[-1] > _SAME_ROW:
            downs.append(down)
    width = len(columns.aligns)
    rows = [node("mtr", *(node("mtd") for _ in range(width))) for _ in downs]
    for cell in cells:
        nearest = min(range(len(downs)), key=lambda index: abs(downs[index] - cell.down))
        rows[nearest][cell.column].extend(cell.items)
    found = node("mtable", *rows, **_attributes(columns, downs))
    sides = _sides(columns, downs)
    if len(sides) == len(_SIDES):
        found.set("frame", "solid")
        return found
    return node("menclose", found, notation=" ".join(sides)) if sides else found


_SIDES = ("top", "bottom", "left", "right")


def _sides(columns: Columns, downs: Sequence[float]) -> list[str]:
    """The sides of a table along which lines stand."""
    if not downs:
        return []
    has = (
        any(rule < downs[0] for rule in columns.rules),
        any(rule > downs[-1] for rule in columns.rules),
        0 in columns.lines,
        len(columns.aligns) in columns.lines,
    )
    return [side for side, drawn in zip(_SIDES, has, strict=True) if drawn]


def _attributes(columns: Columns, downs: Sequence[float]) -> dict[str, str]:
    count = len(columns.aligns)
    found = {"columnalign": " ".join(_ALIGNS.get(align, "center") for align in columns.aligns)}
    if count > 1:
        found["columnspacing"] = " ".join("1em" if gap else "0em" for gap in columns.gaps[1:])
        if any(0 < line < count for line in columns.lines):
            found["columnlines"] = " ".join("solid" if i in columns.lines else "none" for i in range(1, count))
    between = [any(above < rule < below for rule in columns.rules) for above, below in pairwise(downs)]
    if any(between):
        found["rowlines"] = " ".join("solid" if line else "none" for line in between)
    return found


def labelled(items: list[_Element], labels: Sequence[Cell]) -> list[_Element]:
    """Items with the numbers that stand beside them: one for each line of a table, or one for all."""
    lines = items[-1] if items and items[-1].tag == "mtable" else None
    if lines is not None:
        order = sorted(labels, key=lambda label: label.down)
        for row, beside in zip(lines, order, strict=False):
            if beside.items:
                row.tag = "mlabeledtr"
                row.insert(0, node("mtd", *beside.items))
        return items
    label = [item for one in labels for item in one.items]
    return [node("mtable", node("mlabeledtr", node("mtd", *label), node("mtd", *items)))] if label else items
