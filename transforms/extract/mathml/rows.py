r"""Rows: pieces side by side, and the fences around some of them."""

from collections.abc import Sequence
from itertools import accumulate

from lxml.etree import _Element

from transforms.extract.mathml.piece import Piece, joined
from transforms.extract.mathml.tables import fenced_table, table_latex
from transforms.extract.mathml.tokens import text
from transforms.extract.symbols import spelled, to_latex
from transforms.extract.tree import name

_OPEN = frozenset("([{⟨⌊⌈⟦⟮⎰〈〈⦃⌜⌞")
_CLOSE = frozenset(")]}⟩⌋⌉⟧⟯⎱〉〉⦄⌝⌟")
_BARS = frozenset(["|", "∣", "‖", "∥", "||", "❘"])
_DELIMITERS = {
    "|": "|", "∣": "|", "❘": "|", "‖": r"\|", "∥": r"\|", "||": r"\|", "<": r"\langle", ">": r"\rangle", "": ".",
}  # fmt: skip
_CAN_STRETCH = _OPEN | _CLOSE | frozenset("/\\↑↓↕⇑⇓⇕")


def row(pieces: Sequence[Piece]) -> Piece:
    """Pieces side by side as one piece; one alone stays what it is."""
    pieces = [piece for piece in pieces if piece.latex or piece.token is not None or piece.table]
    if len(pieces) == 1:
        return pieces[0]
    pairs = _pairs(pieces)
    pieces, whole = _fenced(pieces, pairs)
    if len(pieces) == 1:
        return pieces[0]
    pieces = [Piece(table_latex(piece.table), True, True) if piece.table else piece for piece in pieces]
    return Piece(joined(pieces), atom=whole, tall=any(piece.tall for piece in pieces))


def delimiter(char: str) -> str:
    r"""A fence as LaTeX wants it after `\left`; "." where there is none, or where LaTeX knows none."""
    if char in _DELIMITERS:
        return _DELIMITERS[char]
    latex = to_latex(char)
    return latex if char in _CAN_STRETCH else "."


def between(opener: str, inner: Piece, closer: str) -> Piece:
    r"""A piece in fences: plain ones, or `\left` and `\right` where it is tall or one of the two is missing."""
    if inner.table and (matrix := fenced_table(inner.table, opener, closer)):
        return Piece(matrix, atom=True, tall=True)
    if inner.stack:
        return _binomial(inner, delimiter(opener), delimiter(closer))
    if inner.table:
        inner = Piece(table_latex(inner.table), True, True)
    left, right = delimiter(opener), delimiter(closer)
    plain_left, plain_right = (_plain(char) for char in (opener, closer))
    lost = (left == "." and opener) or (right == "." and closer)
    if (inner.tall or left == "<" or right == ">") and not lost and (left, right) != (".", "."):
        return Piece(spelled([f"\\left{left}", inner.latex, f"\\right{right}"]), atom=True, tall=True)
    return Piece(spelled([plain_left, inner.latex, plain_right]), atom=bool(closer))


def _plain(char: str) -> str:
    return _DELIMITERS[char] if char in _DELIMITERS and char else to_latex(char)


def _binomial(inner: Piece, left: str, right: str) -> Piece:
    top, bottom = inner.stack or ("", "")
    if (left, right) == ("(", ")"):
        return Piece(f"\\binom{{{top}}}{{{bottom}}}", True, True)
    left, right = ("" if fence == "." else fence for fence in (left, right))
    return Piece(f"\\genfrac{{{left}}}{{{right}}}{{0pt}}{{}}{{{top}}}{{{bottom}}}", True, True)


def _char(piece: Piece) -> str | None:
    """The character of a piece that is one `mo`, None if it is something else."""
    return text(piece.token) if piece.token is not None and name(piece.token) == "mo" else None


def _is_fence(token: _Element) -> bool:
    return token.get("fence") == "true" or token.get("stretchy") == "true"


def _pairs(pieces: Sequence[Piece]) -> dict[int, int]:
    """Where fences that belong together stand: the index of the left one to that of the right one."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    bars: list[int] = []
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        char = _char(piece)
        if char is None or (char == "" and piece.token is not None and not _is_fence(piece.token)):
            continue
        form = piece.token.get("form") if piece.token is not None else None
        if char in _BARS:
            bars.append(index)
        if char in _OPEN or (char in _BARS and form == "prefix") or (char == "" and index < last):
            waiting.append(index)
        elif waiting and (char in _CLOSE or char == "" or (char in _BARS and (form == "postfix" or index == last))):
            pairs[waiting.pop()] = index
    if not pairs and bars == [0, last] and last:
        pairs[0] = last
    return pairs


def _fenced(pieces: Sequence[Piece], pairs: dict[int, int]) -> tuple[list[Piece], bool]:
    r"""The pieces with `\left`, `\right` and matrices in place, and whether the whole row is one pair of fences."""
    heights = [0, *accumulate(int(piece.tall or piece.table is not None) for piece in pieces)]
    out: list[Piece] = []
    closers: dict[int, str] = {}
    index = 0
    while index < len(pieces):
        piece, close = pieces[index], pairs.get(index)
        if close == index + 2 and (pieces[index + 1].table or pieces[index + 1].stack):
            out.append(between(_char(piece) or "", pieces[index + 1], _char(pieces[close]) or ""))
            index = close
        elif close is not None and heights[close] > heights[index + 1] and _stretches(piece, pieces[close]):
            left, right = delimiter(_char(piece) or ""), delimiter(_char(pieces[close]) or "")
            out.append(Piece(f"\\left{left}", atom=True))
            closers[close] = f"\\right{right}"
        elif index in closers:
            out.append(Piece(closers[index], atom=True, tall=True))
        elif (table := _after(pieces, index)) is not None and index not in pairs:
            out.append(table)
            index += 1
        elif (split := _open_ended(pieces, index, pairs, heights)) is not None:
            out = [Piece(r"\left."), *out, split]
        elif piece.latex:
            out.append(_middle(piece, bool(closers)))
        index += 1
    return out, pairs.get(0) == len(pieces) - 1


def _stretches(left: Piece, right: Piece) -> bool:
    tokens = [piece.token for piece in (left, right) if piece.token is not None]
    fixed = any(token.get("stretchy") == "false" or token.get("maxsize") for token in tokens)
    known = all((char := _char(piece)) == "" or delimiter(char or "") != "." for piece in (left, right))
    return not fixed and known and any(_char(piece) for piece in (left, right))


def _middle(piece: Piece, inside: bool) -> Piece:
    if inside and _char(piece) in _BARS and piece.token is not None and _is_fence(piece.token):
        return piece._replace(latex=f"\\middle{delimiter(_char(piece) or '')}")
    return piece


def _after(pieces: Sequence[Piece], index: int) -> Piece | None:
    """A table after a fence that nothing closes: cases."""
    if index + 1 < len(pieces) and (table := pieces[index + 1].table) and _char(pieces[index]) in {"{", "["}:
        return between(_char(pieces[index]) or "", Piece(table=table), "")
    return None


def _open_ended(pieces: Sequence[Piece], index: int, pairs: dict[int, int], heights: list[int]) -> Piece | None:
    r"""A stretched fence that ends its row alone: KaTeX leaves out the other one, `\left.`."""
    piece = pieces[index]
    alone = index == len(pieces) - 1 and index not in pairs.values() and (_char(piece) or "") in _BARS | _CLOSE
    if alone and piece.token is not None and _is_fence(piece.token) and heights[index] and not pairs:
        return Piece(f"\\right{delimiter(_char(piece) or '')}", atom=True, tall=True)
    return None
