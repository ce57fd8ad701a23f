"""The program of a computation, among all that is fenced or stands under the header for code."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from transforms.translate.config import Language
from transforms.translate.replies.block import Problem
from transforms.translate.replies.drafts import Draft, Placed
from transforms.translate.replies.fences import Fence, is_rule
from transforms.translate.replies.headers import Start, recognise

_ALIASES: dict[Language, set[str]] = {
    "python": {"python", "python3", "python2", "py", "py3", "ipython", "ipython3", "sympy", "jupyter", "tool_code"},
    "matlab": {"matlab", "octave", "m", "gnu"},
    "mathematica": {"mathematica", "wolfram", "wolframlanguage", "wolfram-language", "wolframscript", "wl", "mma", "m"},
    "lean": {"lean", "lean4", "lean-4"},
}
# What a header calls the languages, ours and others.
_NAMED = re.compile(
    r"(?P<python>python|sympy)|(?P<matlab>matlab|octave)|(?P<mathematica>mathematica|wolfram)|(?P<lean>lean)"
    r"|(?P<other>julia|sage|javascript|java|c\+\+|haskell|ruby|rust)",
    re.IGNORECASE,
)
# Fences that hold no program.
_NO_PROGRAM = {
    *("bash", "sh", "shell", "zsh", "console", "terminal", "cmd", "powershell", "shell-session"),
    *("output", "out", "stdout", "stderr", "result", "results", "pycon", "python-repl", "log"),
    *("text", "txt", "plaintext", "plain", "none", "markdown", "md", "json", "yaml", "csv", "html"),
    *("latex", "tex", "math", "katex"),
}
_TAG = re.compile(
    r"[\s{.\[<]*(?!(?:code|snippet|program|script)\b)(?:language-|lang=)?[\"']?(?P<tag>[a-z][a-z_+#-]*\d*)"
)
# A line that is plainly code in one of the languages.
_CODE_LINE = re.compile(
    r"\s*(?:(?:import|from|def|class|for|while|if|elif|else|try|except|with|return|assert)\b.*"
    r"|(?:end|endfor|endif|endfunction|syms|clear|clc|close all|format long|function)\b.*"
    r"|(?:\#(?:eval|check|print|reduce)|theorem|example|open|namespace|variable|abbrev|instance|structure)\b.*"
    r"|(?:partial def|noncomputable)\b.*"
    r"|(?:[\w.']{1,40}(?:[\[(][^\])]{0,60}[\])])?(?:\s?[,:]\s?[\w.\[\]]{1,40}){0,8}|\[[\w, ~]{1,80}\]|\{[\w, ]{1,80}\})"
    r"\s*(?:[-+*/|:^])?=(?!=).*"
    r"|(?:[\w.]|\[\[|\]\]){1,80}\s?[(\[].*|@\w+.*|[)\]}]+[;,]?)"
)
_MARK = re.compile(r"\n[ \t]*(?:`{3,}|~{3,})\s*\Z")
_BARE_TAG = re.compile(r"(?:python3?|py|matlab|octave|mathematica|wolfram|lean4?)[ \t]*\n(?:Copy code[ \t]*\n)?")
_COMMENT = re.compile(r"\s*(?:\#(?!\#|eval|check|print|reduce)|%|--|//|\(\*)")
_COMMENTS: dict[Language, re.Pattern[str]] = {
    "python": re.compile(r"\s*#.*"),
    "matlab": re.compile(r"\s*[%#].*"),
    "mathematica": re.compile(r"\s*\(\*(?:[^*]|\*(?!\)))*\*\)\s*"),
    "lean": re.compile(r"\s*(?:--.*|/-(?:[^-]|-(?!/))*-/\s*)"),
}
# Lines that do nothing, and words in the place of a program.
_INSTALL = re.compile(r"\s*[!%$]?\s?(?:python3? -m )?(?:pip3?|conda) install .*")
_NOTHING = re.compile(rf"\s*(?:\.\.\.|…|pass)\s*|{_INSTALL.pattern}")
_WORDS = re.compile(r"[\w ]+[.:]?|[A-Za-z]+(?: [A-Za-z]+){3,}.*")
_PROSE = re.compile(r"\s*[A-Z][\w']*(?:,? [\w'$\\-]+){3,}.*[.!?:]\s*")
_NUMBER = re.compile(r"[-+]?[\d.,/ ]+(?:e[-+]?\d+)?")


def program(draft: Draft, language: Language, result: str, cut_off: bool | None) -> str | Problem:
    """The code, ending in one line feed, or why there is none."""
    fenced = [one for one in _code_first(draft) if holds_code(one.fence.code, language)]
    for one in fenced:
        if _tag(one.fence) in _ALIASES[language]:
            return tidy(_content(one.fence)) if one.fence.closed or cut_off is False else Problem.CUT_OFF
    text = _unfenced(draft)
    code = text if holds_code(text, language) else ""
    if draft.last and draft.fences and not draft.fences[-1].fence.closed and not code and cut_off is not False:
        return Problem.CUT_OFF
    if any(_is_other(_tag(one.fence)) for one in fenced):
        return Problem.OTHER_LANGUAGE
    found = _untagged(fenced, result, cut_off)
    if not found and code and cut_off and draft.last and _ends_in(draft, code):
        return Problem.CUT_OFF
    if found := found or code:
        return Problem.OTHER_LANGUAGE if _names_another(draft.code_name, language) else tidy(found)
    return Problem.CUT_OFF if draft.last and cut_off is not False and _is_cut_off(draft) else Problem.NO_CODE


def holds_code(code: str, language: Language) -> bool:
    """Whether there is more than comments, installations and words that stand for a program."""
    lines = [line for line in code.split("\n") if line.strip()]
    if all(_COMMENTS[language].fullmatch(line) or _NOTHING.fullmatch(line) for line in lines):
        return False
    if len(lines) > 1:
        return True
    line = lines[0].strip()[:300]
    words = _WORDS.fullmatch(line) or isinstance(recognise(line), Start)
    return not words or _CODE_LINE.fullmatch(line) is not None


def _content(fence: Fence) -> str:
    """The code, without a mark at its end that is too short to close the fence."""
    return fence.code if fence.closed else _MARK.sub("", fence.code)


def _ends_in(draft: Draft, code: str) -> bool:
    """Whether the reply goes no further than the code."""
    lines = [line.strip() for line in draft.parts.get("code", ()) if line.strip()]
    last = next((line for line in reversed(lines) if not _COMMENT.match(line)), "")
    return next(reversed(draft.parts), "") == "code" and code.rstrip().endswith((last, *lines[-1:]))


def _code_first(draft: Draft) -> list[Placed]:
    """What stands under the header for code before all else."""
    return sorted(draft.fences, key=lambda one: one.under != "code")


def tidy(code: str) -> str:
    """No blank lines around and no installations before it, not indented, and one line feed at the end."""
    lines = code.rstrip().split("\n")
    first = next(place for place, line in enumerate(lines) if line.strip() and not _INSTALL.fullmatch(line))
    text = "\n".join(lines[first:]) + "\n"
    return textwrap.dedent(text) if text[0] in " \t" else text


def _tag(fence: Fence) -> str:
    found = _TAG.match(fence.info.lower())
    return found["tag"] if found else ""


def _is_other(tag: str) -> bool:
    return bool(tag) and tag not in _NO_PROGRAM


def _untagged(fenced: Sequence[Placed], result: str, cut_off: bool | None) -> str:
    """Fenced code without a tag that is not what the program prints."""
    for one in fenced:
        code = _content(one.fence)
        ended = one.fence.closed or cut_off is False
        if _tag(one.fence) or not ended or one.under == "aside" or code.strip() == result:
            continue
        plain = _is_code(code.split("\n"))
        if plain or (one.under == "code" and not _NUMBER.fullmatch(code.strip()[:200])):
            return code
    return ""


def _unfenced(draft: Draft) -> str:
    """What stands under the header for code, as far as it plainly is code."""
    text = textwrap.dedent("\n".join(draft.parts.get("code", ())).strip("\n"))
    text = _BARE_TAG.sub("", text)
    if text.startswith("`") and text.rstrip().endswith("`") and text.count("`") == 2:
        text = text.strip().strip("`")
    lines = text.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip().endswith((":", "：")) and _kind(lines[first]) == "prose":
        first += 1  # "Here is the code:"
    end = next((place for place in range(first, len(lines)) if _kind(lines[place]) == "prose"), len(lines))
    kept: list[list[str]] = []
    for paragraph in _paragraphs(lines[first:end]):
        if not _is_code(paragraph) and not all(map(_COMMENT.match, paragraph)):
            break
        kept.append(paragraph)
    while kept and all(map(_COMMENT.match, kept[-1])):
        kept.pop()  # a comment with no code after it may be the heading of what follows
    return "\n\n".join("\n".join(paragraph) for paragraph in kept)


def _paragraphs(lines: Iterable[str]) -> Iterable[list[str]]:
    """The lines between blank lines and rules."""
    paragraph: list[str] = []
    for line in lines:
        if line.strip() and not is_rule(line):
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _is_code(lines: Sequence[str]) -> bool:
    """Whether some line plainly is code and none plainly is prose."""
    kinds = [_kind(line) for line in lines if line.strip()]
    return "code" in kinds and "prose" not in kinds


def _kind(line: str) -> str:
    head = line[:300]
    if _COMMENT.match(head):
        return "comment"
    if _PROSE.fullmatch(head) or head.lstrip().startswith(("##", "**", "`")):
        return "prose"
    return "code" if _CODE_LINE.fullmatch(head) else "other"


def _names_another(name: str, language: Language) -> bool:
    """Whether the header for the code names languages, but not this one."""
    found = {match.lastgroup for match in _NAMED.finditer(name)}
    return bool(found) and language not in found


def _is_cut_off(draft: Draft) -> bool:
    """Whether the reply ends before the code: nothing stands under its header, or that was not reached."""
    if "code" in draft.parts:
        return not any(line.strip("`~ \t") for line in draft.parts["code"]) and not draft.fences
    if draft.fences or "aside" in draft.parts:
        return False
    return len(list(_paragraphs(draft.parts.get("result", ())))) < 2
