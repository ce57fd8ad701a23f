r"""What a converted element is to the element around it."""

from collections.abc import Sequence
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.symbols import spelled


class Table(NamedTuple):
    """The rows of a table as LaTeX cells, before anybody knows which environment they belong in.

    `columns` is a column specification such as `r|l`, `lines` the rows before which a line stands, `tags` the equation
    numbers of the rows, "" for none.
    """

    rows: tuple[tuple[str, ...], ...]
    columns: str
    lines: frozenset[int] = frozenset()
    tags: tuple[str, ...] = ()
    small: bool = False

    @property
    def first(self) -> tuple[str, ...]:
        """The cells of the first row; none of an empty table."""
        return self.rows[0] if self.rows else ()


class Piece(NamedTuple):
    r"""LaTeX with what its parent must know.

    `atom`: may carry a script without braces; `tall`: higher than a line, so that fences around it are stretched;
    `token`: the token element, where the piece is that alone; `font`: the command, where the piece is `\mathbf{…}` and
    its neighbours of the same font can join it; `stack`: what a fraction without a line is made of, `table`: a table;
    `level`: how strongly its operator binds in Content MathML, the higher the stronger.
    """

    latex: str = ""
    atom: bool = False
    tall: bool = False
    token: _Element | None = None
    font: str = ""
    table: Table | None = None
    stack: tuple[str, str] | None = None
    level: int = 9


NOTHING = Piece()
_JOINING = frozenset(["mathrm", "mathbf", "mathit", "mathsf", "mathtt", "text", "textbf", "textit", "texttt", "textsf"])


def joined(pieces: Sequence[Piece]) -> str:
    r"""Pieces in a row: `\mathrm{a}\mathrm{b}` becomes `\mathrm{ab}`, and a script gets a base of its own."""
    parts: list[str] = []
    font, atom = "", False
    for piece in pieces:
        if not piece.latex:
            continue
        same = piece.font == font and font in _JOINING
        if font and not same:
            parts.append("}")
        if piece.latex[0] in "^_'" and not atom:
            parts.append("{}")
        if piece.font:
            inner = piece.latex[len(piece.font) + 2 : -1]
            parts.append(inner if same else f"\\{piece.font}{{{inner}")
        else:
            parts.append(piece.latex)
        font, atom = piece.font, piece.atom or (atom and set(piece.latex) == {"'"})
    return spelled([*parts, "}" if font else ""])


def argument(piece: Piece) -> str:
    """A piece in braces, as the argument of a command or as a script."""
    return f"{{{piece.latex.strip()}}}"


def option(latex: str) -> str:
    r"""An optional argument, nothing for nothing; in braces of its own where a bracket or a brace could end it."""
    return f"[{{{latex}}}]" if "]" in latex or latex.startswith("{") else f"[{latex}]" if latex else ""


def base(piece: Piece) -> str:
    """A piece that takes a script: in braces unless it is one letter, one command or one group."""
    return piece.latex if piece.atom else argument(piece)
