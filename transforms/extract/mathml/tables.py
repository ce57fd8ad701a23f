r"""Tables: matrices, cases, aligned equations, arrays with lines, numbered rows."""

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TypeVar

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
_GAP = re.compile(r"\s*\\q?quad\Z")  # tex4ht ends a cell so
_DRAWN_RIGHT, _DRAWN_BELOW = (re.compile(f"border-{side}:[^;]*(?:solid|dashed)") for side in ("right", "bottom"))
_COLUMN = re.compile(r"[lrc-]\|?")
_PLAIN = re.compile(r"[^\\{}^_$&#%]*")
_LABEL = re.compile(r"(?:\\text\{[^\\{}^_]*\}|[^\\{}^_])*")
_MOST_COLUMNS = 100
_T = TypeVar("_T")


def cell(element: _Element, piece: Piece) -> Piece:
    """`mtd`: its content, and how many columns it takes."""
    latex = piece.latex.strip()
    style = (element.get("style") or "").replace(" ", "")
    column = (_align(element)[:1] or "-") + ("|" if _DRAWN_RIGHT.search(style) else "")
    below = frozenset([1] if _DRAWN_BELOW.search(style) else [])
    return Piece(latex, table=Table(((latex, *[""] * _span(element)),), column, below))


def line(element: _Element, cells: Sequence[Piece]) -> Piece:
    """`mtr`; the first cell of `mlabeledtr` is the number of the equation."""
    labelled = name(element) == "mlabeledtr" and len(cells) > 1
    tag = _tag(cells[0].latex) if labelled else ""
    kept = list(cells[labelled:])
    if not labelled and len(kept) > 1 and "tml-tag" in _classes_inside(element):
        tag, kept = _tag(kept[-1].latex), kept[1:-1]
    tables = [piece.table or Table(((piece.latex.strip(),),), "") for piece in kept]
    latex = tuple(_GAP.sub("", part) for table in tables for part in table.first)
    default = _align(element) or "-"
    default += default[-1] * len(tables)
    columns = "".join((table.columns or "-").replace("-", default[index]) for index, table in enumerate(tables))
    below = frozenset([1] if tables and all(table.lines for table in tables) else [])
    return Piece(" & ".join(latex), table=Table((latex,), columns, below, tags=(tag,)))


def table(element: _Element, lines: Sequence[Piece]) -> Piece:
    """`mtable`: in the environment of its alignment, unless the fences around it make another of its rows."""
    given = [piece.table or Table(((piece.latex.strip(),),), "", tags=("",)) for piece in lines]
    tables = _trimmed(given, lambda each: not any(map(_is_shown, each.first)) and not any(each.tags))
    rows = tuple(tuple(_trimmed(each.first, lambda latex: not _is_shown(latex))) for each in tables)
    tags = tuple((each.tags or ("",))[0] for each in tables)
    width = min(max(map(len, rows), default=0), _MOST_COLUMNS)
    votes = [_COLUMN.findall(each.columns)[:width] for each in tables]
    columns = _columns(element.get("columnalign") or "", votes, width)
    lined = {index + 1 for index in range(len(rows) - 1) if _is_lined(element.get("rowlines"), index)}
    lined |= {index + 1 for index, each in enumerate(tables) if each.lines}
    drawn = {index for vote in votes for index, column in enumerate(vote) if "|" in column}
    small = element.get("data-mjx-smallmatrix") == "true" or "tml-small" in classes(element)
    small = small or (element.get("rowspacing") == "0.1em" and width == 1)  # KaTeX's \substack
    drawn |= {index for index in range(width - 1) if _is_lined(element.get("columnlines"), index)}
    marks = ["|" if index in drawn else "" for index in range(width)]
    specification = "".join(a + b for a, b in zip_longest(columns, marks, fillvalue=""))
    if (element.get("frame") or "none") != "none":
        specification, lined = f"|{specification}|", lined | {0, len(rows)}
    made = Table(rows, specification, frozenset(lined), tags, small)
    return Piece(table_latex(made), atom=True, tall=True, table=made)


def _is_lined(lines: str | None, index: int) -> bool:
    """Whether an attribute such as `rowlines="none solid"`, whose last word goes on, draws the line at an index."""
    words = (lines or "none").split() or ["none"]
    return words[min(index, len(words) - 1)] != "none"


def framed_table(piece: Piece, sides: Sequence[str]) -> Piece | None:
    """A table with lines along some of its sides; None where there is no table, or where these are no sides."""
    if piece.table is None or not set(sides) <= {"top", "bottom", "left", "right"}:
        return None
    table = piece.table
    columns = f"{'|' * ('left' in sides)}{table.columns}{'|' * ('right' in sides)}"
    lines = {0} if "top" in sides else set()
    lines |= {len(table.rows)} if "bottom" in sides else set()
    made = table._replace(columns=columns, lines=table.lines | lines)
    return piece._replace(table=made, latex=table_latex(made))


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
    if piece.table is None or not any(piece.table.tags) or not all(map(_PLAIN.fullmatch, piece.table.tags)):
        return piece.latex
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
    r"""A row with its number beside it, where there can be no `\tag`."""
    number = tags[0] if tags else ""
    label = f"\\text{{({number})}}" if _PLAIN.fullmatch(number) else f"({number})"
    return f"{latex} \\qquad {label}" if number else latex


def _tag(latex: str) -> str:
    r"""The number of an equation from its label: `\text{(1)}`."""
    if _LABEL.fullmatch(latex):
        latex = latex.replace("\\text{", "").replace("}", "").replace("~", " ")
    latex = latex.strip()
    return latex[1:-1].strip() if latex.startswith("(") and latex.endswith(")") else latex


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


def _columns(own: str, votes: Sequence[Sequence[str]], width: int) -> str:
    """The alignment of the columns: what their cells say, else what the table says, whose last word goes on."""
    letters = "".join(word[0] for word in own.split() if word in {"left", "right", "center"}) or "c"
    letters += letters[-1] * width
    seen = zip_longest(*votes, fillvalue="-")
    columns = "".join(
        next((unit[0] for unit in column if unit[0] != "-"), letters[index]) for index, column in enumerate(seen)
    )
    return (columns + letters[len(columns) :])[:width]


def _is_shown(latex: str) -> bool:
    """Whether a cell holds more than spaces: tex4ht writes the gaps between columns as cells."""
    return bool(latex) and latex not in {"\\qquad", "\\quad", "~"}


def _trimmed(parts: Sequence[_T], is_empty: Callable[[_T], bool]) -> Sequence[_T]:
    """All up to the last that is not empty, and at least one."""
    end = len(parts)
    while end > 1 and is_empty(parts[end - 1]):
        end -= 1
    return parts[:end]
