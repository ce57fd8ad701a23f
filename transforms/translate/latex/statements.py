r"""The statements of a formula: chains of members joined by `=` or `\approx`, row by row, part by part."""

from collections.abc import Iterable, Iterator, Sequence
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
_PARTS = r", ; \qquad \Rightarrow \implies \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \therefore"
# A chain with one of these says something else than that two things are equal.
_OTHERS = r"""
    : < > \lt \gt \le \leq \leqslant \ge \geq \geqslant \ne \neq \not \in \notin \mid \sim \cong \propto
    \to \rightarrow \mapsto \ll \gg \subset \subseteq \cup \cap \perp \parallel \colon \coloneqq
    \pm \mp \forall \exists \evaluated \{ \}
"""
_WITH_ROWS = """
    align align* aligned alignedat alignat alignat* gather gather* gathered split eqnarray eqnarray* multline multline*
    equation equation* cases array
"""
_SEPARATORS = frozenset(_PARTS.split())
_OTHER_RELATIONS = frozenset(_OTHERS.split())
_ROWS = frozenset(_WITH_ROWS.split())
_SYSTEMS = frozenset(["cases", "array"])


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
    """What a formula states, in order; raises Unreadable if its tokens make no tree."""
    text = tidy(latex)
    chains: list[list[Item]] = []
    for row in _rows(parse(text)):
        for number, part in enumerate(_split(row, _SEPARATORS)):
            if number == 0 and chains and part and part[0].text in _RELATIONS:
                chains[-1].extend(part)
            elif part:
                chains.append(list(part))
    return tuple(found for chain in chains if (found := _statement(chain, text)))


def _rows(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    r"""The items row by row: rows of an environment like aligned, or those that a bare `\\` ends."""
    row: list[Item] = []
    for item in items:
        if item.text in (r"\{", r"\evaluated") and any(isinstance(i, Group) and i.kind in _SYSTEMS for i in items):
            continue  # the brace of a system
        if isinstance(item, Group) and item.kind in _ROWS:
            yield from ([tuple(row)] if row else [])
            row = []
            yield from _rows(item.items[1:] if _has_columns(item) else item.items)
        elif item.text == r"\\":
            yield tuple(row)
            row = []
        elif item.text != "&":
            row.append(item)
    yield tuple(row)


def _has_columns(group: Group) -> bool:
    first = group.items[0] if group.items else None
    return group.kind in ("array", "alignat", "alignat*", "alignedat") and isinstance(first, Group)


def _split(items: Iterable[Item], separators: frozenset[str]) -> Iterator[list[Item]]:
    part: list[Item] = []
    for item in items:
        if item.text in separators:
            yield part
            part = []
        else:
            part.append(item)
    yield part


def _statement(chain: Sequence[Item], text: str) -> Statement | None:
    """The chain as a statement, None if it has another relation than equality or an empty member."""
    if any(item.text in _OTHER_RELATIONS for item in chain):
        return None
    parts = list(_split(chain, frozenset(_RELATIONS)))
    if len(parts) < 2 or not all(parts[1:]):
        return None
    relations = tuple(_RELATIONS[item.text] for item in chain if item.text in _RELATIONS)
    if not parts[0]:  # "= 55" continues the prose before it
        parts, relations = parts[1:], relations[1:]
    members = tuple(_member(part, text) for part in parts)
    return Statement(members, relations) if relations else None


def _member(part: Sequence[Item], text: str) -> Member:
    """The part without the punctuation after it and the braces around it."""
    while part and part[-1].text in (".", ",", ";"):
        part = part[:-1]
    if not part:
        raise Unreadable("an empty member")
    if len(part) == 1 and isinstance(part[0], Group) and part[0].kind == "{":
        return _member(part[0].items, text)
    return Member(text[part[0].start : part[-1].end], tuple(part))
