"""A reply in JSON, as models write it: with text around, escapes left out, and an end that is cut off.

The items are decoded one by one, so that a broken or cut-off one costs no other, and it is known which were whole:
a reader of partial JSON (`pydantic_core.from_json`) does not tell.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from transforms.translate.config import Language
from transforms.translate.replies import fields
from transforms.translate.replies.block import Block, Problem
from transforms.translate.replies.drafts import Draft, Placed
from transforms.translate.replies.fences import Fence, split
from transforms.translate.replies.finish import block_or_problem
from transforms.translate.replies.headers import Kind, Start, named, recognise
from transforms.translate.replies.mend import from_python, mend, mend_code, mend_latex
from transforms.translate.replies.program import holds_code, program, tidy

# Numbers stay as they are written; strings may hold raw line feeds.
_DECODER = json.JSONDecoder(strict=False, parse_float=str, parse_int=str, parse_constant=str)
_LIST = re.compile(r'"computations"\s*:\s*(?P<list>\[?)', re.IGNORECASE)
_TOP = re.compile(r'(?P<list>\[)\s*(?=\{|\][\s`]*\Z)|(?=\{\s*")|(?P<list_>\{)\s*(?=\}[\s`]*\Z)')
_OBJECT = re.compile(r"\{\s*([\"'])computations\1\s*:", re.IGNORECASE)
_AT_ONCE = re.compile(r"\s*(?:`{3,}\w*\s*)?[\[{]")
_BETWEEN = re.compile(r"[\s,]*")
_PYTHON = re.compile(r"\s*(?:`{3,}\w*\s*)?[\[{][\[{\s]*'")
_EMPTY = re.compile(
    r'"computations"\s*:\s*(?:\[\s*\]|\{\s*\}|null|"\W*(?:none\W*)?")|\A\s*(?:`{3,}\w*\s*)?(?:\[\s*\]|\{\s*\})',
    re.IGNORECASE,
)
_ITEM = re.compile(r'\{\s*"')

Item = dict[Kind, Any]


def is_json(answer: str) -> bool:
    """Whether an answer that was to be text is JSON with computations all the same."""
    return _OBJECT.search(answer) is not None


def parse_structured(answer: str, language: Language) -> list[Block | Problem] | None:
    """What became of each item, or None if the answer is no JSON with computations."""
    if _PYTHON.match(answer):
        answer = from_python(answer)
    by_key = _LIST.search(answer)
    found = by_key or _TOP.search(answer)
    if not found:
        return None
    items = list(_items(mend(answer[found.end() :]), bool(found["list"]), by_key is not None))
    if not by_key and not _AT_ONCE.match(answer) and not any(isinstance(item, dict) for item in items):
        return None  # braces in a text
    if not items and not _EMPTY.search(answer):
        return None
    return [item if isinstance(item, Problem) else _read(item, language) for item in items]


def _items(text: str, listed: bool, owed: bool) -> Iterator[Item | Problem]:
    """The items of all lists, or those that follow each other; something must come if it is owed."""
    place, cut_off = 0, listed or (owed and not text.strip())
    while True:
        place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]  # it matches everywhere
        if place >= len(text):
            if cut_off:  # before the first item; after one, no computation is lost
                yield Problem.CUT_OFF
            return
        cut_off = False
        if text[place] not in '{["' or (text[place] == '"' and not listed):
            following = _LIST.search(text, place) if owed else None
            if following is None:
                return
            place = following.end()
            continue
        try:
            value, place = _DECODER.raw_decode(text, place)
            yield from _known(value)
        except RecursionError:
            yield Problem.NO_CODE
            return
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated") or "}" not in text[error.pos :]:
                yield Problem.CUT_OFF
                return
            yield Problem.NO_CODE
            following = _ITEM.search(text, error.pos)
            if not following:
                return
            place = following.start()


def _known(value: Any, depth: int = 0) -> Iterator[Item]:
    """The items in the value: itself, if its keys name parts of a computation, or what is inside."""
    if isinstance(value, dict):
        item: Item = {}
        for key, content in value.items():
            kind = named(key)
            if kind and not item.get(kind):
                item[kind] = content
        inside = any(isinstance(one, dict) for content in value.values() for one in _as_list(content))
        if len(item) > 1 or (item and not inside):
            yield item
            return
        value = list(value.values())
    if isinstance(value, list) and depth < 3:
        for inner in value:
            yield from _known(inner, depth + 1)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _read(item: Item, language: Language) -> Block | Problem:
    expression, result = (
        fields.formula(mend_latex(_text(item.get(kind), ", ")).split("\n")) for kind in ("expression", "result")
    )
    title = mend_latex(_text(item.get("title"), " ")).strip()
    if isinstance(start := recognise(title), Start) and start.place:
        title = start.title
    title = fields.title(title, generic=False)
    code = _code(_text(item.get("code"), "\n"), language, result)
    return block_or_problem(title, _conditions(item.get("conditions")), expression, result, code)


def _conditions(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = [f"{key} = {_text(content, ', ')}" for key, content in value.items()]
    if not isinstance(value, list):
        return fields.conditions(mend_latex(_text(value, "\n")).split("\n"))
    items = (fields.item(mend_latex(_text(content, ", "))) for content in value)
    return tuple(item for item in items if not fields.is_absent(item))


def _code(text: str, language: Language, result: str) -> str | Problem:
    """The program, which a model may fence here too."""
    if text.lstrip().startswith(("```", "~~~")):
        draft = Draft(
            "", True, fences=[Placed(one, "code") for one in split(f"Code:\n{text}") if isinstance(one, Fence)]
        )
        return program(draft, language, result, cut_off=False)
    code = mend_code(text, language)
    return tidy(code) if holds_code(code, language) else Problem.NO_CODE


def _text(value: Any, between: str) -> str:
    """The value as text: a string as it is, a list's strings one after the other."""
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [_text(part, between) if not isinstance(part, list | dict) else str(part) for part in value]
        return between.join(part.rstrip("\n") if between == "\n" else part for part in parts)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n")
