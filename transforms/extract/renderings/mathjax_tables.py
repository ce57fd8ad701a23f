"""How MathJax's tables are laid out: alignment and lines from styles, and cells that stand by columns."""

import re
from collections.abc import Callable, Sequence

from lxml.etree import _Element

from transforms.extract.renderings.build import node, number
from transforms.extract.renderings.mathjax_nodes import between, height, kind, parts
from transforms.extract.renderings.tables import Cell, Columns, table
from transforms.extract.tree import name

_ALIGN = re.compile(r"text-align:\s*(left|right|center)")
_FRAME = re.compile(r"\bborder:[^;]*(?:solid|dashed)")
_LINE = {side: re.compile(rf"border-{side}[^;]*(?:solid|dashed)") for side in ("left", "right", "top", "bottom")}


def layout(element: _Element, rows: Sequence[Sequence[_Element]]) -> dict[str, str]:
    """The attributes of an `mtable` whose cells are these, as far as the rendering shows them."""
    width = max(map(len, rows), default=0)
    if not width:
        return {}
    columns = [[row[index] for row in rows if index < len(row)] for index in range(width)]
    if width > 1 and all(map(_begins_blank, columns[1::2])):  # MathJax puts an empty node before what is aligned
        aligns = ["right" if index % 2 == 0 else "left" for index in range(width)]
        gaps = ["0em" if index % 2 else "2em" for index in range(1, width)]
        return {"columnalign": " ".join(aligns), "columnspacing": " ".join(gaps)}
    found = {"columnalign": " ".join(map(_alignment, columns))}
    lines = {
        "columnlines": [_has_line(columns[i], "right") or _has_line(columns[i + 1], "left") for i in range(width - 1)],
        "rowlines": [_has_line(rows[i], "bottom") or _has_line(rows[i + 1], "top") for i in range(len(rows) - 1)],
    }
    _draw(element, rows, lines)
    if _has_frame(element):
        found["frame"] = "solid"
    return found | {
        key: " ".join("solid" if line else "none" for line in drawn) for key, drawn in lines.items() if any(drawn)
    }


def _has_frame(element: _Element) -> bool:
    return any(
        one.get("data-frame") == "true" or (kind(one) != "box" and _FRAME.search(one.get("style") or ""))
        for one in between(element)
    )


def _begins_blank(column: list[_Element]) -> bool:
    firsts = [found[0].element for cell in column if (found := parts(cell))]
    for index, first in enumerate(firsts):
        while kind(first) in {"mstyle", "mrow"} and (inner := parts(first)):
            first = inner[0].element
        firsts[index] = first
    return bool(firsts) and all(kind(first) == "mi" and not len(first) and not first.text for first in firsts)


def _alignment(column: list[_Element]) -> str:
    found = [match[1] for cell in column if (match := _ALIGN.search(cell.get("style") or ""))]
    return found[0] if found else "center"


def _has_line(cells: Sequence[_Element], side: str) -> bool:
    return bool(cells) and all(_LINE[side].search(cell.get("style") or "") for cell in cells)


def _draw(element: _Element, rows: Sequence[Sequence[_Element]], lines: dict[str, list[bool]]) -> None:
    """Adds the lines that SVG draws into a table."""
    for line in element:
        if name(line) != "line" or not line.get("data-line"):
            continue
        if line.get("data-line") == "v":
            before = sum(_left(cell) < number(line.get("x1")) for cell in max(rows, key=len))
            key = "columnlines"
        else:
            before = sum(
                height(parent) > number(line.get("y1")) for row in rows if (parent := _parent(row)) is not None
            )
            key = "rowlines"
        if 0 < before <= len(lines[key]):
            lines[key][before - 1] = True


def _left(cell: _Element) -> float:
    match = re.search(r"translate\(\s*(-?[\d.]+)", cell.get("transform") or "")
    return number(match[1]) if match else 0.0


def _parent(row: Sequence[_Element]) -> _Element | None:
    return row[0].getparent() if row else None


def columns_of_cells(cells: Sequence[_Element], convert: Callable[[_Element], _Element]) -> _Element:
    """A table of HTML-CSS: each column is a box, each cell a box in it; a cell with an anchor is a label."""
    columns: dict[_Element, int] = {}
    found: list[Cell] = []
    labels: list[Cell] = []
    for cell in cells:
        box = cell.getparent()
        column = box.getparent() if box is not None else None
        if box is None or column is None:
            continue
        down, items = -height(box), list(convert(cell))
        if (cell.get("id") or "").startswith("mjx-eqn"):
            labels.append(Cell(down, 0, items))
        else:
            found.append(Cell(down, columns.setdefault(column, len(columns)), items))
    result = table(found, Columns(["c"] * len(columns), [True] * len(columns)))
    downs = sorted({cell.down for cell in found})
    for label in labels:
        row = result[min(range(len(result)), key=lambda index: abs(downs[min(index, len(downs) - 1)] - label.down))]
        row.tag = "mlabeledtr"
        row.insert(0, node("mtd", *label.items))
    return result
