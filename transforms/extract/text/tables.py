"""Tables of a page: the grid of their cells, and how it is drawn."""

from collections.abc import Iterator

from lxml.etree import _Element

from transforms.extract.tree import own_children

_PARTS = frozenset(["thead", "tbody", "tfoot"])
_NO_CELLS = frozenset(["colgroup", "col", "caption"])
_LAYOUT_ROLES = frozenset(["presentation", "none"])
_MAX_SPAN = 50  # columns or rows; a wider span is no table's
_MAX_COLUMNS = 100
_MAX_LINES = 5  # of a cell that is drawn
_MAX_CELL = 600  # characters

Span = tuple[int, int]  # columns, rows


def is_grid(table: _Element) -> bool:
    """Whether a table has rows and nothing else; one that holds tables is layout."""
    if table.get("role") in _LAYOUT_ROLES or next(table.iterdescendants("table"), None) is not None:
        return False
    return all(row.tag == "tr" for row in _rows_of(table))


def rows(table: _Element) -> list[list[_Element]]:
    """The cells of a grid."""
    return [own_children(row) for row in _rows_of(table)]


def span(cell: _Element) -> Span:
    """How many columns and rows a cell takes."""
    return _number(cell.get("colspan")), _number(cell.get("rowspan"))


def draw(grid: list[list[tuple[str, Span]]]) -> str:
    """Rows between bars, the first as the header; "" where that would be no table: one column or row, long cells.

    What a cell spans beyond its own place stays empty.
    """
    if any(len(text) > _MAX_CELL or text.count("\n") >= _MAX_LINES for row in grid for text, _ in row):
        return ""
    if any(sum(wide for _, (wide, _) in row) > _MAX_COLUMNS for row in grid):
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


def _number(value: str | None) -> int:
    value = (value or "").strip()
    return (
        min(int(value), _MAX_SPAN) if value.isascii() and value.isdigit() and 0 < len(value) < 5 and value != "0" else 1
    )


def _one_line(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
