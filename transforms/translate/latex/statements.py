r"""The statements of a formula: chains of members joined by `=` or `\approx`, row by row, part by part."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.translate.latex.lexer import Group, Item, Unreadable, parse, tidy

EQUAL, APPROXIMATE, CONGRUENT = "=", "≈", "≡"

_RELATIONS = {
    "=": EQUAL,
    r"\approx": APPROXIMATE,
    r"\simeq": APPROXIMATE,
    r"\doteq": APPROXIMATE,
    r"\thickapprox": APPROXIMATE,
    r"\equiv": CONGRUENT,
}
_PARTS = r", ; \qquad \Rightarrow \implies \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \therefore \because"
# Between two of these a chain of equalities says what it says: 1 + 4 + 9 = 14 < 20.
_ORDER = r"< > \lt \gt \le \leq \leqslant \leqq \ge \geq \geqslant \geqq \ne \neq \ll \gg"
# A chain with one of these says something else than that two things are equal.
_OTHERS = r"""
    : \not \in \notin \mid \sim \cong \propto
    \to \rightarrow \longrightarrow \mapsto \subset \subseteq \cup \cap \perp \parallel \colon \coloneqq
    \forall \exists \evaluated \{ \}
"""
_WITH_ROWS = """
    align align* aligned alignedat alignat alignat* gather gather* gathered split eqnarray eqnarray* multline multline*
    equation equation* cases array
"""
_SEPARATORS = frozenset(_PARTS.split())
_ORDERS = frozenset(_ORDER.split())
_OTHER_RELATIONS = frozenset(_OTHERS.split())
_CONTINUES = frozenset([*_RELATIONS, *_ORDERS, *_SEPARATORS, "+", "-", r"\cdot", r"\times", "*", "/"])
_REMARKS = frozenset([r"\text", r"\mbox", r"\textrm", r"\hbox", r"\because"])
_ROWS = frozenset(_WITH_ROWS.split())
_SYSTEMS = frozenset(["cases", "array"])
_ROW_END = re.compile(r"\\\\|\\(?:begin|end)\s*\{[a-z]+\*?\}(?:\{[lcr|]*\})?")


@dataclass(frozen=True, slots=True)
class Member:
    """One side of a relation, as LaTeX and as items."""

    latex: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Members joined by relations (one fewer); a statement of a single member states nothing."""

    members: tuple[Member, ...]
    relations: tuple[str, ...]


def statements(latex: str) -> tuple[Statement, ...]:
    """What a formula states, in order; raises Unreadable if its tokens make no tree, not even row by row."""
    text = tidy(latex)
    chains: list[list[Item]] = []
    for row in _readable_rows(text):
        for number, part in enumerate(_split(row, _SEPARATORS)):
            if number == 0 and chains and part and part[0].text in _RELATIONS:
                chains[-1].extend(part)
            elif part:
                chains.append(list(part))
            elif number == 0 and not row:
                chains.append([])  # what follows an unreadable row does not go on with what stood before it
    parts = (part for chain in chains for part in _between_orders(chain))
    return tuple(found for part in parts if (found := _statement(part, text)))


def _readable_rows(text: str) -> Iterator[tuple[Item, ...]]:
    """The rows of the text; of a text whose delimiters do not match, those that do by themselves, () for others."""
    try:
        yield from _rows(parse(text))
        return
    except Unreadable as error:
        ends = [*_ROW_END.finditer(text)]
        if not ends:
            raise error
    start = 0
    for end in [*(match.span() for match in ends), (len(text), len(text))]:
        yield from _row_alone(text, start, end[0])
        start = end[1]


def _row_alone(text: str, start: int, end: int) -> Iterator[tuple[Item, ...]]:
    try:
        rows = [*_rows(parse(" " * start + text[start:end]))]  # the places of items are those in the whole text
    except Unreadable:
        rows = [()]
    yield from rows


def _between_orders(chain: Sequence[Item]) -> Iterator[list[Item]]:
    """The chain cut at `<`, `\\le` and the like, unless a part begins or ends with a relation."""
    parts = list(_split(chain, _ORDERS))
    if len(parts) > 1 and not all(part and part[-1].text not in _RELATIONS for part in parts):
        return
    yield from parts


def _rows(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    r"""The items row by row: rows of an environment like aligned, or those that a bare `\\` ends."""
    row: list[Item] = []
    items = _unwrapped(items)
    for place, item in enumerate(items):
        if item.text in (r"\rightarrow", r"\to") and not row and place < len(items) - 1:
            continue  # "→ 3 + 4 = 7" goes on from the line before
        if item.text in (r"\{", r"\evaluated") and any(isinstance(i, Group) and i.kind in _SYSTEMS for i in items):
            continue  # the brace of a system
        if isinstance(item, Group) and _holds_rows(item):
            yield from (_columns(row) if row else [])
            row = []
            yield from _rows(item.items[1:] if _has_columns(item) else item.items)
        elif item.text == r"\\":
            yield from _columns(row)
            row = []
        else:
            row.append(item)
    yield from _columns(row)


def _columns(row: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The row without its `&`, cut where one of them begins another statement; remarks at the end are left out."""
    column: list[Item] = []
    for cell in _split(row, frozenset("&")):
        if not cell:
            continue
        stated = any(item.text in _RELATIONS for item in column) and column[-1].text not in _CONTINUES
        if stated and cell[0].text not in _CONTINUES:
            if cell[0].text in _REMARKS:
                break
            yield tuple(column)
            column = []
        column += cell
    yield tuple(column)


def _unwrapped(items: Sequence[Item]) -> Sequence[Item]:
    """The items without braces around all of them, as Wikipedia's formulas have."""
    while len(items) == 1 and isinstance(items[0], Group) and items[0].kind == "{":
        items = items[0].items
    return items


def _holds_rows(group: Group) -> bool:
    """Whether the rows of an environment are statements: those of a matrix are where each has a relation."""
    if group.kind == "matrix":
        rows = list(_split(group.items, frozenset([r"\\"])))
        return all(any(item.text in _RELATIONS for item in row) for row in rows if row)
    return group.kind in _ROWS


def _has_columns(group: Group) -> bool:
    first = group.items[0] if group.items else None
    return group.kind in ("array", "alignat", "alignat*", "alignedat") and isinstance(first, Group)


def _split(items: Sequence[Item], separators: frozenset[str]) -> Iterator[list[Item]]:
    part: list[Item] = []
    for place, item in enumerate(items):
        if item.text in separators and not _between_digits(items, place):
            yield part
            part = []
        else:
            part.append(item)
    yield part


def _between_digits(items: Sequence[Item], place: int) -> bool:
    """Whether a comma stands between digits: it may be a decimal point, separate thousands, or values of a list."""
    return items[place].text == "," and all(
        0 <= near < len(items) and items[near].text[-1:].isdecimal() for near in (place - 1, place + 1)
    )


def _statement(chain: Sequence[Item], text: str) -> Statement | None:
    """The chain as a statement, None if it has another relation than equality or an empty member."""
    if any(item.text in _OTHER_RELATIONS for item in chain):
        return None
    parts = list(_split(chain, frozenset(_RELATIONS)))
    if len(parts) < 2 or not all(parts[1:]):
        return None
    relations = tuple(_RELATIONS[item.text] for item in chain if item.text in _RELATIONS)
    known = next((place for place, part in enumerate(parts) if _is_list(part)), len(parts))
    parts, relations = parts[: known + 1], relations[:known]  # 3, 4y = 5: nobody knows what is 5
    if parts and not parts[0]:  # "= 55" continues the prose before it
        parts, relations = parts[1:], relations[1:]
    members = tuple(_member(part, text) for part in parts)
    return Statement(members, relations) if relations else None


def _is_list(part: Sequence[Item]) -> bool:
    return any(_between_digits(part, place) for place in range(len(part)))


def _member(part: Sequence[Item], text: str) -> Member:
    """The part without the punctuation after it and the braces around it."""
    while part and part[-1].text in (".", ",", ";"):
        part = part[:-1]
    if not part:
        raise Unreadable("an empty member")
    if len(part) == 1 and isinstance(part[0], Group) and part[0].kind == "{":
        return _member(part[0].items, text)
    return Member(text[part[0].start : part[-1].end], tuple(part))
