"""The nodes that AsciiMath is read into: presentation MathML, with its brackets, fences and matrices."""

from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element

from transforms.extract.asciimath import symbols
from transforms.extract.tree import name

_STRIPPED = {("(", ")"), ("[", "]"), ("{", "}")}


def make(tag: str, *children: _Element, text: str = "") -> _Element:
    """An element of MathML."""
    element = etree.Element(tag)
    element.text = text
    element.extend(children)
    return element


def group(nodes: Sequence[_Element]) -> _Element:
    """Several nodes as one."""
    return nodes[0] if len(nodes) == 1 else make("mrow", *nodes)


def constant(word: str) -> _Element:
    """The node of a symbol that takes no argument; what has its scripts under and over it is marked `limits`."""
    if char := symbols.LARGE.get(word):
        node = make("mo", text=char)
        node.set("limits", "")
        return node
    if word in symbols.LIMITS:
        node = make("mo", text=word)
        node.set("limits", "")
        return node
    if char := symbols.IDENTIFIERS.get(word):
        return make("mi", text=char)
    if word in symbols.DIFFERENTIALS:
        return make("mrow", *(make("mi", text=letter) for letter in word))
    if words := symbols.WORDS.get(word):
        return make("mtext", text=words)
    return make("mo", text=symbols.SIGNS.get(word, word))


def fenced(left: str, content: list[_Element], right: str) -> _Element:
    """Brackets with their content; rows in brackets of one kind, with as many cells each, are a matrix."""
    if right != "}" and (table := _matrix(content)) is not None:
        content = [table]
    marks = [make("mo", text=mark) if mark else None for mark in (left, right)]
    nodes = [node for node in (marks[0], *content, marks[1]) if node is not None]
    return make("mrow", *nodes)


def _matrix(content: list[_Element]) -> _Element | None:
    rows = content[::2]
    if len(rows) < 2 or len(content) % 2 == 0 or any(comma.text != "," for comma in content[1::2]):
        return None
    cells = [_split_at_commas(list(row)[1:-1]) for row in rows if _brackets(row) in {("(", ")"), ("[", "]")}]
    if len(cells) != len(rows) or len({len(row) for row in cells}) != 1:
        return None
    return make("mtable", *(make("mtr", *(make("mtd", *cell) for cell in row)) for row in cells))


def _split_at_commas(nodes: list[_Element]) -> list[list[_Element]]:
    cells: list[list[_Element]] = [[]]
    for node in nodes:
        if name(node) == "mo" and node.text == ",":
            cells.append([])
        else:
            cells[-1].append(node)
    return cells


def _brackets(node: _Element) -> tuple[str, str] | None:
    if name(node) != "mrow" or len(node) < 2 or name(node[0]) != "mo" or name(node[-1]) != "mo":
        return None
    return (node[0].text or "", node[-1].text or "")


def bare(node: _Element) -> _Element:
    """A node without the brackets that only hold it together."""
    if _brackets(node) in _STRIPPED and not (len(node) == 3 and name(node[1]) == "mtable"):
        return group(list(node)[1:-1])
    return node


def unwrapped(node: _Element) -> Sequence[_Element]:
    """The nodes of a row."""
    return list(node) if name(node) == "mrow" else [node]
