"""What a model answers, to one of the seven categories; models write more than they are asked for."""

import re

_THOUGHTS = re.compile(r"\A.*</think>", re.DOTALL | re.IGNORECASE)
_MARKS = str.maketrans("", "", "*_`#>\"'()[]{}")
_SENTENCE = re.compile(r"\n+|(?<=[.!?])\s+(?=\D)")
_NUMBER = r"(?<![\d.,/-])([1-7])(?!\d|[.,/]\d)"
# "Category: 3", "the label is 3", "answer: class 3", "\boxed{3}", "category 1 or 2"
_NAMED = re.compile(
    rf"\b(?:categor(?:y|ies)|label|class|answer|boxed)(?:\s+(?:is|number|no\.?))*\s*[:=-]?\s*{_NUMBER}"
    rf"(?:\s*(?:,|/|or|and|&|-|to)\s*(?:category\s*)?{_NUMBER})?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\A\W*{_NUMBER}\W*\Z|\A\W*{_NUMBER}\s*[.:)–—-]\s*\D*\Z")


def parse_reply(text: str, cut_off: bool = False) -> int | str:
    """The category, 1 to 7, or why there is none: `no_category`, `several_categories`, `cut_off`.

    Reasoning in `<think>` tags does not count. The last sentence that names a category decides ("**Category:** 2",
    "So the label is 2."); without one, a last or first line that is the number, or begins with it ("2. Theory").
    A reply that was cut off is still reasoning, unless it began with its answer.
    """
    text = _THOUGHTS.sub("", text)
    unfinished = "<think>" in text.lower()
    lines = [stripped for line in text.translate(_MARKS).splitlines() if (stripped := line.strip())]
    if unfinished or not lines:
        return "cut_off" if cut_off or unfinished else "no_category"
    if cut_off:
        return (_named(lines[0]) or _bare(lines[0]) or "cut_off") if len(lines) > 1 else "cut_off"
    return _named("\n".join(lines)) or _bare(lines[-1]) or _bare(lines[0]) or "no_category"


def _named(text: str) -> int | str | None:
    """The category in the last sentence that names one."""
    for sentence in reversed(_SENTENCE.split(text)):
        if found := {number for match in _NAMED.finditer(sentence) for number in match.groups() if number}:
            return int(found.pop()) if len(found) == 1 else "several_categories"
    return None


def _bare(line: str) -> int | None:
    match = _BARE.match(line)
    return int(match[1] or match[2]) if match else None
