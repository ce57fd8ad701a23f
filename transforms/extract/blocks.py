"""Formulas that a content system cut into paragraphs: put together again before the text is read."""

import re

from lxml import etree
from lxml.etree import _Element

from transforms.extract.tree import name, text_of, texts

_OPENERS = etree.XPath(r"""//text()[contains(., "\begin{") or contains(., "\[") or contains(., "$$")]""")
_MARKS = re.compile(r"(?<!\\)(?:\\(begin|end)\s*\{([A-Za-z]+\*?)\}|(\\\[)|(\\\])|(\$\$))")
_PIECES = frozenset(["p", "div", "br", "blockquote"])
_MAX_PIECES = 40
_MAX_LENGTH = 20_000


def join_split_formulas(tree: _Element) -> None:
    """Makes one paragraph of those that a display formula opens and closes in."""
    for owner in dict.fromkeys(owner for _, owner in texts(tree, _OPENERS)):
        if name(owner) in _PIECES and owner.getparent() is not None:
            pieces = _following(owner)
            for piece in pieces:
                _append(owner, piece)


def _following(owner: _Element) -> list[_Element]:
    """The elements after this one up to that which closes what it has opened; none if nothing is open."""
    text = text_of(owner)
    if len(text) > _MAX_LENGTH or (owner.tail or "").strip() or not (unclosed := _open(text)):
        return []
    pieces: list[_Element] = []
    sibling = owner.getnext()
    while sibling is not None and len(pieces) < _MAX_PIECES:
        if isinstance(sibling.tag, str):
            if name(sibling) not in _PIECES or any(name(child) in _PIECES - {"br"} for child in sibling):
                return []
            added = text_of(sibling) + (sibling.tail or "")
            if unclosed in added and unclosed != "$$":  # it begins again: the first one was none
                return []
            text += "\n" + added
        pieces.append(sibling)
        if len(text) > _MAX_LENGTH:
            return []
        if not _open(text):
            return pieces if "\\" in text else []
        sibling = sibling.getnext()
    return []


def _open(text: str) -> str:
    """The delimiter that is still open at the end of a text, "" if none is."""
    opened = ""
    for mark in _MARKS.finditer(text):
        if not opened:
            opened = "" if mark[1] == "end" or mark[4] else mark[0]
        elif (
            (mark[5] and opened == "$$")
            or (mark[4] and opened == r"\[")
            or (mark[1] == "end" and opened.startswith(r"\begin") and f"{{{mark[2]}}}" in opened)
        ):
            opened = ""
    return opened


def _append(owner: _Element, piece: _Element) -> None:
    """Moves what a paragraph holds, and what follows it, to the end of another one."""
    tail = piece.tail
    if not isinstance(piece.tag, str):
        return
    last = owner[-1] if len(owner) else None
    text = "\n" + (piece.text or "")
    if last is None:
        owner.text = (owner.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    for child in list(piece):
        owner.append(child)
    if tail and tail.strip():
        last = owner[-1] if len(owner) else None
        if last is None:
            owner.text = (owner.text or "") + tail
        else:
            last.tail = (last.tail or "") + tail
    piece.tail = None
    parent = piece.getparent()
    if parent is not None:
        parent.remove(piece)
