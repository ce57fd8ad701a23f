"""The delimited formulas of a tree's plain text, also where an element or two stand in the middle of one."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.etree import _Element

from transforms.extract import delimiters
from transforms.extract.blocks import join_split_formulas
from transforms.extract.delimiters import BREAK, WALL, Dialect
from transforms.extract.latex import Found
from transforms.extract.macros import definitions_in_prose
from transforms.extract.tree import INLINE, classes, name, own_children, text_of, texts
from transforms.extract.vault import Vault

# Elements that a formula in plain text may run across, and what Markdown, or an editor, made them of.
_SPLITS = {
    "br": "\n", "wbr": "", "em": "_", "i": "_", "strong": "**", "b": "**", "span": "", "font": "", "u": "", "nobr": "",
    "a": "", "big": "", "small": "", "bdi": "", "var": "",
}  # fmt: skip
_MAX_SPLIT = 2_000  # characters in such an element
_CODE = re.compile(r"(?<![`\\])`(?!\s)([^`\n$]{1,200})`(?!`)")
_OPENERS, _CLOSERS = ("$", r"\(", r"\["), ("$", r"\)", r"\]")
_MARK = re.compile(f"[{BREAK}{WALL}]")
_DELIMITER = re.compile(r"\$|\\[(\[)\]]|\\begin")
_SUBSCRIPTED = re.compile(r"[\w}\])|'*!]\Z")
_IGNORED = frozenset([
    "tex2jax_ignore", "mathjax_ignore", "asciimath2jax_ignore", "no-mathjax", "nomathjax", "no-katex",
])  # fmt: skip
_PROCESSED = frozenset(["tex2jax_process", "mathjax_process", "asciimath2jax_process"])
_SWITCHES = etree.XPath("//*[contains(@class, '_ignore') or contains(@class, 'no-') or contains(@class, 'nomathjax')]")


def protect_text(tree: _Element, vault: Vault, dialect: Dialect) -> None:
    """Replaces delimited formulas, and code between backticks, by the vault's tokens."""
    join_split_formulas(tree)
    switched = dialect.renderer and any(
        not _IGNORED.isdisjoint(classes(element)) for element in cast("list[_Element]", _SWITCHES(tree))
    )
    for owner in dict.fromkeys(owner for _, owner in texts(tree, _candidates(dialect))):
        if not (switched and _is_ignored(owner)):
            _protect_run(owner, vault, dialect)


@lru_cache(maxsize=256)
def _candidates(dialect: Dialect) -> etree.XPath:
    """The text nodes that may hold a delimiter."""
    marks = ["$", "\\", "`", "[/", "</", "\u00ab"]
    marks += [mark for mark in delimiters.grammar_of(dialect).pairs if not any(known in mark for known in marks)]
    quoted = (f"'{mark}'" if '"' in mark else f'"{mark}"' for mark in marks if not ('"' in mark and "'" in mark))
    return etree.XPath(f"//text()[{' or '.join(f'contains(., {mark})' for mark in quoted)}]")


def _is_ignored(element: _Element) -> bool:
    """Whether the nearest element that says so tells the renderer to leave its text alone."""
    for ancestor in (element, *element.iterancestors()):
        words = classes(ancestor)
        if not _PROCESSED.isdisjoint(words):
            return False
        if not _IGNORED.isdisjoint(words):
            return True
    return False


def _protect_run(parent: _Element, vault: Vault, dialect: Dialect) -> None:
    """One run of text: that of an element and of its children's tails."""
    _unwrap_whole_formulas(parent)
    children = list(parent)
    marks = [BREAK if _may_stand_within(child) else WALL for child in children]
    texts = [parent.text or "", *(mark + (child.tail or "") for mark, child in zip(marks, children, strict=True))]
    pieces: list[str | _Element] = list(_pieces("".join(texts), children, vault, dialect))
    kept = [piece for piece in pieces if not isinstance(piece, str)]
    for child in children:
        child.tail = None
    for child in set(children).difference(kept):
        parent.remove(child)
    last: _Element | None = None
    content: list[str] = []
    for piece in [*pieces, parent]:
        if isinstance(piece, str):
            content.append(piece)
            continue
        if last is None:
            parent.text = "".join(content)
        else:
            last.tail = "".join(content)
        last, content = piece, []


def _unwrap_whole_formulas(parent: _Element) -> None:
    """`$<span>x</span>$` is `$x$`."""
    before = parent.text or ""
    wrapped = False
    for child in parent:
        tail = child.tail or ""
        plain = not len(child) and _SPLITS.get(name(child)) == "" and _may_stand_within(child)
        if plain and before.rstrip().endswith(_OPENERS) and tail.lstrip().startswith(_CLOSERS):
            child.tag, wrapped = INLINE, True
        before = tail
    if wrapped:
        etree.strip_tags(parent, INLINE)


def _may_stand_within(element: _Element, depth: int = 3) -> bool:
    """Whether a formula may run across an element: one of `_SPLITS` without a delimiter of its own."""
    if name(element) not in _SPLITS or not depth:
        return False
    if len(element) > 4 or not all(_may_stand_within(child, depth - 1) for child in element):
        return False
    text = text_of(element)
    return len(text) <= _MAX_SPLIT and not _DELIMITER.search(text)


def _pieces(run: str, children: list[_Element], vault: Vault, dialect: Dialect) -> Iterator[str | _Element]:
    """The run's new content in order: texts, and those children that no formula has taken."""
    rest = iter(children)
    at = 0
    for match in delimiters.find(run, dialect):
        yield from _prose(run[at : match.start], rest, vault, dialect)
        latex = re.sub(BREAK, lambda mark: _unsplit(next(rest), mark.string[: mark.start()]), match.found.latex)
        yield vault.formula(Found(latex, match.found.display))
        at = match.end
    yield from _prose(run[at:], rest, vault, dialect)


def _prose(run: str, rest: Iterator[_Element], vault: Vault, dialect: Dialect) -> Iterator[str | _Element]:
    for index, text in enumerate(_MARK.split(run)):
        if index:
            yield next(rest)
        if dialect.renderer and "\\" in text:
            definitions, text = definitions_in_prose(text)
            vault.macros.update(dict.fromkeys(definitions))
        yield _CODE.sub(lambda code: code[0] if vault.key in code[0] else vault.inline_code(code[1]), text)


def _unsplit(child: _Element, before: str) -> str:
    """What stood in the author's source where Markdown, or an editor, made an element."""
    mark = _SPLITS[name(child)]
    content = child.text or ""
    for inner in own_children(child):
        content += _unsplit(inner, content) + (inner.tail or "")
    if mark == "\n":
        return mark
    styled = mark == "_" and len(content) <= 3 and content.isalnum() and not _SUBSCRIPTED.search(before)
    return content if styled else f"{mark}{content}{mark}"
