"""Lists of a page: marks and numbers as the page shows them, definitions after a colon."""

import re
from collections.abc import Callable, Iterator

from lxml.etree import _Element

from transforms.extract.tree import own_children

Write = Callable[[_Element], str]

_LISTS = frozenset(["ul", "ol", "dir", "menu"])
_MARK = re.compile(r"(?:-|\d+\.|[A-Za-z]\.|[ivxlcdmIVXLCDM]{2,8}\.) ")
_ROMAN = (("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10),
          ("ix", 9), ("v", 5), ("iv", 4), ("i", 1))  # fmt: skip


def items(element: _Element, write: Write) -> str:
    """One item a line, what else is in it below, further in."""
    lines = []
    marks = _marks(element)
    for item in own_children(element):
        text = items(item, write) if item.tag in _LISTS else write(item)  # written once, or nesting doubles the time
        if item.tag in _LISTS or (_MARK.match(text) and _only_lists(item)):  # its own marks are enough
            lines.append(_indented(text, "  "))
            if item.tag not in _LISTS:
                next(marks)
        elif text:
            lines.append(_marked(text, _mark_of(item, next(marks))))
    return "\n".join(lines)


def definitions(element: _Element, write: Write) -> str:
    """Terms on lines of their own, each definition after a colon."""
    blocks: list[str] = []
    for child in _terms(element):
        text = write(child)
        if not text:
            continue
        block = _marked(text, ": ") if child.tag == "dd" else text
        separator = "\n" if blocks and child.tag == "dd" else "\n\n"
        blocks.append(separator + block)
    return "".join(blocks).strip("\n")


def _terms(element: _Element) -> Iterator[_Element]:
    for child in own_children(element):
        if child.tag == "div":
            yield from own_children(child)
        else:
            yield child


def _only_lists(item: _Element) -> bool:
    """Whether an item holds nothing but lists."""
    texts = (item.text, *(child.tail for child in item))
    return not any((text or "").strip() for text in texts) and all(child.tag in _LISTS for child in own_children(item))


def _marked(text: str, mark: str) -> str:
    """The text after its mark; a list in it follows without a blank line."""
    text = re.sub(rf"\n\n(?={_MARK.pattern})", "\n", text)
    return mark + _indented(text, " " * len(mark)).lstrip(" ")


def _indented(text: str, margin: str) -> str:
    return "\n".join(margin + line if line else line for line in text.split("\n"))


def _marks(element: _Element) -> Iterator[str]:
    """The marks of a list's items: `-`, or numbers from `start` on in the list's `type`."""
    if element.tag != "ol":
        while True:
            yield "- "
    number, step = _number(element.get("start"), 1), 1
    if element.get("reversed") is not None:
        number, step = _number(element.get("start"), len(own_children(element))), -1
    while True:
        yield f"{_written(number, element.get('type') or '1')}. "
        number += step


def _mark_of(item: _Element, mark: str) -> str:
    value = item.get("value")
    return f"{value.strip()}. " if value and value.strip().isdigit() and mark != "- " else mark


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value.strip()) else default


def _written(number: int, kind: str) -> str:
    """A number as `1`, `a` or `iv`, as browsers do for `type`."""
    if kind in {"a", "A"} and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if kind == "a" else letter.upper()
    if kind in {"i", "I"} and 1 <= number < 4000:
        roman, rest = "", number
        for letters, value in _ROMAN:
            roman, rest = roman + letters * (rest // value), rest % value
        return roman if kind == "i" else roman.upper()
    return str(number)
