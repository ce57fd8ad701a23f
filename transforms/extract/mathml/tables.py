r"""Tables: matrices, cases, aligned equations, arrays with lines, numbered rows."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from lxml.etree import _Element

from transforms.extract.mathml.piece import Piece, Table
from transforms.extract.tree import classes, name

_MATRICES = {
    ("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("{", "}"): "Bmatrix", ("|", "|"): "vmatrix", ("∣", "∣"): "vmatrix",
    ("‖", "‖"): "Vmatrix", ("∥", "∥"): "Vmatrix", ("||", "||"): "Vmatrix",
}  # fmt: skip
_DELIMITERS = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": r"\{", "}": r"\}", "|": "|", "∣": "|", "‖": r"\|", "∥": r"\|",
    "": ".", "⟨": r"\langle ", "⟩": r"\rangle ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ",
    "⌉": r"\rceil ", "⟦": r"\llbracket ", "⟧": r"\rrbracket ", "||": r"\|",
}  # fmt: skip
_RELATION = re.compile(r"(?:\{\})?(?:[=<>]|\\(?:[lg]eq(?:slant)?|neq|approx|equiv|to|implies|iff|in|sim|Rightarrow)\b)")
_BREAK = r" \\ "
_MOST_COLUMNS = 100


def cell(element: _Element, piece: Piece) -> Piece:
    """`mtd`: its content, and how many columns it takes."""
    latex = table_latex(piece.table) if piece.table else piece.latex.strip()
    return Piece(latex, table=Table(((latex, *[""] * _span(element)),), _align(element)))


def line(element: _Element, cells: Sequence[Piece]) -> Piece:
    """`mtr`; the first cell of `mlabeledtr` is the number of the equation."""
    labelled = name(element) == "mlabeledtr" and len(cells) > 1
    tag = _tag(cells[0].latex) if labelled else ""
    kept = [*cells[labelled:]]
    if not labelled and len(kept) > 1 and "tml-tag" in _classes_inside(element):
        tag, kept = _tag(kept[-1].latex), kept[1:-1]
    tables = [piece.table or Table(((piece.latex.strip(),),), "") for piece in kept]
    latex = tuple(part for table in tables for part in table.rows[0])
    columns = "".join(table.columns[:1] or "-" for table in tables)
    return Piece(" & ".join(latex), table=Table((latex,), _align(element) or columns, tags=(tag,)))


def table(element: _Element, lines: Sequence[Piece]) -> Piece:
    """`mtable`, not yet in an environment: that depends on the fences around it."""
    tables = [piece.table or Table(((piece.latex.strip(),),), "", tags=("",)) for piece in lines]
    rows = tuple(_trimmed(each.rows[0]) for each in tables)
    tags = tuple((each.tags or ("",))[0] for each in tables)
    width = min(max(map(len, rows), default=0), _MOST_COLUMNS)
    votes = [each.columns for each in tables]
    columns = _columns(element.get("columnalign") or "", votes, width)
    lined = {index + 1 for index in range(len(rows) - 1) if _is_lined(element.get("rowlines"), index)}
    small = element.get("data-mjx-smallmatrix") == "true" or "tml-small" in classes(element)
    small = small or (element.get("rowspacing") == "0.1em" and width == 1)  # KaTeX's \substack
    marks = ["|" if _is_lined(element.get("columnlines"), index) else "" for index in range(width - 1)]
    specification = "".join(a + b for a, b in zip_longest(columns, marks, fillvalue=""))
    if (element.get("frame") or "none") != "none":
        specification, lined = f"|{specification}|", lined | {0, len(rows)}
    made = Table(rows, specification, frozenset(lined), tags, small)
    return Piece(table=made, atom=True, tall=True, latex=" ")


def _is_lined(lines: str | None, index: int) -> bool:
    """Whether an attribute such as `rowlines="none solid"`, whose last word goes on, draws the line at an index."""
    words = (lines or "none").split() or ["none"]
    return words[min(index, len(words) - 1)] != "none"


def fenced_table(table: Table, opener: str, closer: str) -> str:
    """A table between fences; "" if LaTeX has no such fences."""
    ruled = bool(table.lines) or "|" in table.columns
    if (environment := _MATRICES.get((opener, closer))) and set(table.columns) <= {"c"} and not ruled:
        return _environment(environment, table)
    if (opener, closer) == ("{", "") and len(table.columns) <= 2 and "r" not in table.columns and not ruled:
        return _environment("cases", table)
    if opener in _DELIMITERS and closer in _DELIMITERS and (opener or closer):
        return f"\\left{_DELIMITERS[opener]}{table_latex(table)}\\right{_DELIMITERS[closer]}"
    return ""


def table_latex(table: Table) -> str:
    """A table without fences in the environment that its alignment asks for."""
    if len(table.rows) == 1 and len(table.rows[0]) <= 1 and not table.lines and "|" not in table.columns:
        return _numbered(table.rows[0][0] if table.rows[0] else "", table.tags[:1])
    return _environment(*_chosen(table))


def finished(piece: Piece) -> str:
    r"""The LaTeX of a whole formula: here, and only here, an equation may have a `\tag`."""
    if piece.table is None or not any(piece.table.tags):
        return table_latex(piece.table) if piece.table else piece.latex
    table = piece.table
    if len(table.rows) == 1:
        return f"{''.join(table.rows[0])} \\tag{{{table.tags[0]}}}"
    marks = [f" \\tag{{{tag}}}" if tag else "" for tag in table.tags]
    rows = tuple((*row[:-1], row[-1] + mark) for row, mark in zip(table.rows, marks, strict=True))
    environment = "gather*" if len(table.columns) == 1 else "align*"
    return _environment(environment, table._replace(rows=rows, tags=()))


def _chosen(table: Table) -> tuple[str, Table]:
    columns = table.columns
    if table.lines or "|" in columns:
        return "array", table
    if table.small:
        return ("substack" if len(columns) == 1 else "smallmatrix"), table
    aligned = len(columns) >= 2 and columns == ("rl" * len(columns))[: len(columns)]
    relations = [bool(_RELATION.match(row[1])) for row in table.rows if len(row) > 1 and row[1]]
    if aligned or (columns == "ll" and relations and all(relations)):
        return "aligned", table
    return ("matrix" if set(columns) <= {"c"} else "array"), table


def _environment(environment: str, table: Table) -> str:
    rows = [" & ".join(cells) for cells in table.rows]
    if any(table.tags):
        rows = [_numbered(row, (tag,)) for row, tag in zip(rows, table.tags, strict=True)]
    rows = [f"{{}}{row}" if row[:1] in {"[", "*"} else row for row in rows]  # else an option of the \\ before it
    if environment == "substack":
        return f"\\substack{{{_BREAK.join(rows)}}}"
    parts = [("\\hline " if index in table.lines else "") + row for index, row in enumerate(rows)]
    body = _BREAK.join(parts) + (r" \\ \hline" if len(rows) in table.lines else "")
    specification = f"{{{table.columns}}}" if environment == "array" else ""
    return f"\\begin{{{environment}}}{specification} {body} \\end{{{environment}}}"


def _numbered(latex: str, tags: Sequence[str]) -> str:
    return f"{latex} \\qquad \\text{{({tags[0]})}}" if tags and tags[0] else latex


def _tag(latex: str) -> str:
    """The number of an equation from its label: `\text{(1)}`."""
    inner = re.sub(r"\\text\{([^{}]*)\}", r"\1", latex).strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1].strip()
    return inner.replace("~", " ") if inner.count("{") == inner.count("}") else ""


def _classes_inside(row: _Element) -> list[str]:
    last = row[-1] if len(row) else row
    return [each for child in last if isinstance(child.tag, str) for each in classes(child)]


def _span(element: _Element) -> int:
    """How many more columns a cell takes."""
    span = element.get("columnspan") or element.get("colspan") or ""
    return min(int(span), _MOST_COLUMNS) - 1 if span.isdecimal() and int(span) > 1 else 0


def _align(element: _Element) -> str:
    """The alignment of a cell, or of the cells of a row, as letters of a column specification."""
    named = element.get("columnalign") or element.get("style") or " ".join(classes(element))
    words = re.findall(r"(?<![a-z-])(?:ltx_align_|tml-|text-align:\s*)?(left|right|center)(?![a-z-])", named)
    return "".join(word[0] for word in words)


def _columns(own: str, votes: Sequence[str], width: int) -> str:
    letters = "".join(word[0] for word in own.split() if word in {"left", "right", "center"})
    if letters:
        return (letters + letters[-1] * width)[:width]
    seen = list(zip_longest(*(vote[:width] for vote in votes), fillvalue="-"))
    columns = "".join(next((letter for letter in column if letter in "lrc"), "c") for column in seen)
    return (columns + "c" * width)[:width]


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a row without the empty ones at its end."""
    end = len(cells)
    while end > 1 and not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])
