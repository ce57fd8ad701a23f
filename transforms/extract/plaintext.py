"""The delimited formulas of a tree's plain text, also where an element or two stand in the middle of one."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from transforms.extract import delimiters
from transforms.extract.delimiters import BREAK, WALL, Dialect
from transforms.extract.latex import Found
from transforms.extract.tree import name, texts
from transforms.extract.vault import Vault

# Elements that a formula in plain text may run across, and what Markdown made them of.
_SPLITS = {"br": "", "wbr": "", "em": "_", "i": "_", "strong": "**", "b": "**"}
_CODE = re.compile(r"(?<![`\\])`(?!\s)([^`\n$]{1,200})`(?!`)")
_MARK = re.compile(f"[{BREAK}{WALL}]")
_CANDIDATES = etree.XPath(
    r"""//text()[contains(., "$") or contains(., "\") or contains(., "`") or contains(., "[/")]"""
)


def protect_text(tree: _Element, vault: Vault, dialect: Dialect) -> None:
    """Replaces delimited formulas, and code between backticks, by the vault's tokens."""
    for owner in dict.fromkeys(owner for _, owner in texts(tree, _CANDIDATES)):
        _protect_run(owner, vault, dialect)


def _protect_run(parent: _Element, vault: Vault, dialect: Dialect) -> None:
    """One run of text: that of an element and of its children's tails."""
    children = list(parent)
    marks = [BREAK if name(child) in _SPLITS and len(child) == 0 else WALL for child in children]
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


def _pieces(run: str, children: list[_Element], vault: Vault, dialect: Dialect) -> Iterator[str | _Element]:
    """The run's new content in order: texts, and those children that no formula has taken."""
    rest = iter(children)
    at = 0
    for match in delimiters.find(run, dialect):
        yield from _prose(run[at : match.start], rest, vault)
        latex = re.sub(BREAK, lambda _: _unsplit(next(rest)), match.found.latex)
        yield vault.formula(Found(latex, match.found.display))
        at = match.end
    yield from _prose(run[at:], rest, vault)


def _prose(run: str, rest: Iterator[_Element], vault: Vault) -> Iterator[str | _Element]:
    for index, text in enumerate(_MARK.split(run)):
        if index:
            yield next(rest)
        yield _CODE.sub(lambda code: code[0] if vault.key in code[0] else vault.inline_code(code[1]), text)


def _unsplit(child: _Element) -> str:
    """What stood in the author's source where Markdown, or an editor, made an element."""
    mark = _SPLITS[name(child)]
    return f"{mark}{child.text or ''}{mark}" if mark else "\n"
