"""Formulas that sympy's `pprint` lays out over several lines, as one line that the parser of formulas reads."""

import re
from collections.abc import Sequence
from itertools import pairwise

_BAR = "─-"
_HIGH, _HIGH_END = re.compile(r"[⎛⎡].*[⎝⎣]|/\|*\\"), re.compile(r"[⎞⎤].*[⎠⎦]|\\\|*/")
_BARS = re.compile(r"(?<!\S)-+(?!\S)|─+")
_OPERAND = re.compile(r"[\w)\]]")
_MATRIX = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦[]", " "))


def block(rows: Sequence[str]) -> tuple[str, int] | None:
    """The value laid out at the start of these rows, as one line, and how many rows it takes; None if there is none."""
    if (size := _matrix(rows)) > 1:
        cells = (row.translate(_MATRIX).split() for row in rows[:size])
        return "[" + ", ".join("[" + ", ".join(row) + "]" for row in cells if row) + "]", size
    size = next((i for i, row in enumerate(rows) if not row.strip()), len(rows))
    if size < 2 or size > 20 or not _is_layout(rows[:size]):
        return None
    width = max(map(len, rows[:size]))
    return _line([row.ljust(width) for row in rows[:size]]), size


def _matrix(rows: Sequence[str]) -> int:
    """How many rows a matrix between high brackets takes."""
    rows = [row.strip() for row in rows]
    if rows[0][:1] == "⎡":
        return next((i + 1 for i, row in enumerate(rows) if row[:1] == "⎣"), 0)
    alike = (
        row[:1] == "[" and row[-1:] == "]" and len(row) == len(rows[0]) and not re.search(r"[,\[\]]", row[1:-1])
        for row in rows
    )
    size = next((i for i, same in enumerate(alike) if not same), len(rows))
    return size if re.search(r"\S\s+\S|^\[\s*\]$", " ".join(rows[1:size])) else 0


def _is_layout(rows: Sequence[str]) -> bool:
    """Whether there are fractions or raised exponents in the rows."""
    for above, row in pairwise(rows):
        bars = re.fullmatch(r"[\s+-]*-[\s+-]*", row) and len(rows) > 2 and not re.search(r":|[A-Za-z]{3}\s|=", above)
        if bars or re.search(r"[─╱╲⎛⎜⎝]|\\/", row):
            return True
        if any(sign == "/" and row[i : i + 1] in ("\\", "|") for i, sign in enumerate(above)):
            return True
        if _is_raised(above, row):
            return True
    return any(map(_has_bar, rows, rows[1:], rows[2:]))


def _is_raised(above: str, row: str) -> bool:
    """Whether the row above holds exponents, and nothing else but numerators of fractions."""
    if re.search(r"[:=]|[A-Za-z]{3}", above):
        return False
    bars = [found.span() for found in _BARS.finditer(row)]
    runs = [run.span() for run in re.finditer(r"\S+", above)]
    free = [(start, end) for start, end in runs if not any(left <= start and end <= right for left, right in bars)]
    beside = (start and row[start - 1 : start].strip() for start, _ in free)
    return not any(row[start:end].strip() for start, end in free) and any(beside)


def _has_bar(above: str, row: str, below: str) -> bool:
    """Whether one number stands over another, with a short bar between them."""
    bars = (found.span() for found in _BARS.finditer(row))
    return any(_OPERAND.search(above[start:end]) and _OPERAND.search(below[start:end]) for start, end in bars)


def _line(rows: Sequence[str]) -> str:
    """Reads from left to right along the base line; what stands above it is a power, below it an index."""
    rows = [row for row in rows if row.strip()]
    if len(rows) < 2:
        return rows[0].strip() if rows else ""
    left = min(len(row) - len(row.lstrip()) for row in rows)
    rows = [row[left:] for row in rows]
    base = _base(rows)
    found: list[str] = []
    at, width = 0, len(rows[0])
    while at < width:
        sign = rows[base][at]
        column = "".join(row[at] for row in rows)
        if sign in _BAR and (end := _bar_end(rows, base, at)):
            above, below = ([row[at:end] for row in part] for part in (rows[:base], rows[base + 1 :]))
            found.append(f"(({_line(above)})/({_line(below)}))")
            at = end
        elif (high := _HIGH.search(column)) and high.start() <= base < high.end() and (end := _high_end(rows, at)):
            found.append(f"({_line([row[at + 1 : end] for row in rows[high.start() : high.end()]])})")
            at = end + 1
        elif (root := re.match(r"\s*(?:╲|\\)", column)) and at + 1 < width and rows[base][at + 1] in "╱/":
            at, inner = _root(rows, at, root.end() - 1)
            found.append(rf"\sqrt{{{inner}}}")
        elif sign == " " and column.strip():
            end = next((i for i in range(at, width) if rows[base][i] != " "), width)
            above, below = ([row[at:end] for row in part] for part in (rows[:base], rows[base + 1 :]))
            found.append(f"^({raised})" if (raised := _line(above)) else "_{" + _line(below) + "}")
            at = end
        else:
            found.append(sign)
            at += 1
    return "".join(found).strip()


def _base(rows: Sequence[str]) -> int:
    """The row of the base line: that of the first sign, or the middle of a high bracket."""
    first = [i for i, row in enumerate(rows) if row[0] != " "]
    bars = [i for i in first if rows[i][0] in _BAR and _bar_end(rows, i, 0)]
    if bars:
        return bars[0]
    return first[len(first) // 2]


def _bar_end(rows: Sequence[str], base: int, at: int) -> int:
    """Where a fraction's bar ends; 0 if it is a sign."""
    end = at
    while end < len(rows[base]) and rows[base][end] == rows[base][at]:
        end += 1
    above, below = (any(row[at:end].strip() for row in part) for part in (rows[:base], rows[base + 1 :]))
    return end if above and below else 0


def _high_end(rows: Sequence[str], at: int) -> int:
    """Where a high bracket is closed; 0 if it is not."""
    depth = 0
    for i in range(at, len(rows[0])):
        signs = "".join(row[i] for row in rows)
        depth += bool(_HIGH.search(signs)) - bool(_HIGH_END.search(signs))
        if depth == 0:
            return i
    return 0


def _root(rows: Sequence[str], at: int, bottom: int) -> tuple[int, str]:
    """The column behind a root, and what stands under it."""
    top = next(i for i, row in enumerate(rows) if "_" in row[at:])
    start = rows[top].index("_", at)
    end = start
    while end < len(rows[top]) and rows[top][end] == "_":
        end += 1
    return end, _line([row[start:end].replace("╱", " ") for row in rows[top + 1 : bottom + 1]])
