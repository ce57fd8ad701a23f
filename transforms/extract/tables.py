"""Tables of a page: the grid of their cells, and how it is drawn."""

from collections.abc import Iterator

from lxml.etree import _Element

from transforms.extract.tree import own_children

_PARTS = frozenset(["thead", "tbody", "tfoot"])
_NO_CELLS = frozenset(["colgroup", "col", "caption"])
_LAYOUT_ROLES = frozenset(["presentation", "none"])
_MAX_SPAN = 50  # columns; a wider span is no table's
_MAX_LINES = 5  # of a cell that is drawn
_MAX_CELL = 600  # characters

Span = tuple[int, int]  # columns, rows


def rows(table: _Element) -> list[list[tuple[_Element, Span]]] | None:
    """The rows of a table, each cell with its span; None for a table of layout: it holds tables, or more than rows."""
    if table.get("role") in _LAYOUT_ROLES or next(table.iterdescendants("table"), None) is not None:
        return None
    found = list(_rows_of(table))
    if any(row.tag != "tr" for row in found) or next(table.iterdescendants("caption"), None) is not None and not found:
        return None
    return [[(cell, (_span(cell, "colspan"), _span(cell, "rowspan"))) for cell in own_children(row)] for row in found]


def draw(grid: list[list[tuple[str, Span]]]) -> str:
    """Rows between bars, the first as the header; "" where that would be no table: one column or row, long cells.

    What a cell spans beyond its own place stays empty.
    """
    if any(len(text) > _MAX_CELL or text.count("\n") >= _MAX_LINES for row in grid for text, _ in row):
        return ""
    placed = _placed(grid)
    used = sorted({column for row in placed for column, text in row.items() if text})
    lines = [[row.get(column, "") for column in used] for row in placed if any(row.values())]
    if len(used) < 2 or not lines:
        return ""
    if len(lines) == 1:
        return " ".join(filter(None, lines[0])) if all("\n" not in cell for cell in lines[0]) else ""
    drawn = ["| " + " | ".join(map(_one_line, line)) + " |" for line in lines]
    drawn.insert(1, "|" + "---|" * len(used))
    return "\n".join(drawn)


def _placed(grid: list[list[tuple[str, Span]]]) -> list[dict[int, str]]:
    """Each row as column → text, with the columns that cells of rows above reach into left out."""
    placed: list[dict[int, str]] = []
    reaching: dict[int, int] = {}  # column → rows that a cell above still takes
    for row in grid:
        cells: dict[int, str] = {}
        taken = {column for column, left in reaching.items() if left > 0}
        reaching = {column: left - 1 for column, left in reaching.items() if left > 1}
        column = 0
        for text, (wide, high) in row:
            while column in taken:
                column += 1
            cells[column] = text
            if high > 1:
                reaching.update(dict.fromkeys(range(column, column + wide), high - 1))
            column += wide
        placed.append(cells)
    return placed


def _rows_of(table: _Element) -> Iterator[_Element]:
    for child in own_children(table):
        if child.tag in _PARTS:
            yield from own_children(child)
        elif child.tag not in _NO_CELLS:
            yield child


def _span(cell: _Element, attribute: str) -> int:
    value = (cell.get(attribute) or "").strip()
    return min(int(value), _MAX_SPAN) if value.isascii() and value.isdigit() and int(value) > 0 else 1


def _one_line(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
