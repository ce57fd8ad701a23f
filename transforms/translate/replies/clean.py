"""A reply without what is not the answer: the model's thinking and the tokens that end its turn."""

import html
import re

_TAG = re.compile(
    r"(?P<open>^[ \t]*(?:<(?:think|thinking|thought|reasoning)>|\[THINK\]))"
    r"|(?P<close></(?:think|thinking|thought|reasoning)>|\[/THINK\])",
    re.IGNORECASE | re.MULTILINE,
)
_CHANNEL = re.compile(r"<\|channel\|>\s*(?P<name>\w+)[^<]{0,80}<\|message\|>")  # of Harmony, the form of gpt-oss
_ESCAPED = re.compile(r"&(?:lt|gt|amp|quot|\#39);")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_END_OF_TURN = re.compile(r"(?:<\|[a-z_]{1,30}\|>|<end_of_turn>|</s>|<eos>)\Z", re.IGNORECASE)
_NONE = re.compile(
    r"[\W_]*(?:(?i:(?:final )?answer|computations?|output|result|response)[\W_]+)?(?:(?:boxed|text|textbf)\{)*"
    r"(?:NONE\b|(?i:none(?: (?:found|present|identified))?)[\W_]*\Z)"
)
_NO_COMPUTATIONS = re.compile(
    r"\b(?:no|(?:not|n't|n’t) (?:contain|include|have|carry out|involve|find)(?: any)?|without(?: any)?)"
    r" (?:[\w-]+ ){0,3}(?:computations?|calculations?)\b",
    re.IGNORECASE,
)
_LAST_NONE = re.compile(r"\bNONE[\W_]*\Z")
# What makes a rule of it, such as the prompt's: "If there is no computation, answer NONE".
_RULE = re.compile(
    r"\b(?:if|when)\b|\b(?:answer|reply|respond|write|output|word)(?: with| only)*\s+\W*\Z", re.IGNORECASE
)
_QUOTED = re.compile(r"[ \t]*>[ \t]?(?!>)")
_LONGEST_NONE = 300  # characters of a line; a longer one explains something else


def clean(text: str) -> tuple[str, bool]:
    """The answer with line feeds alone as line ends, and whether the reply ends while the model still thinks."""
    # A lone surrogate, which JSON can carry, could not be stored.
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    answer, thinking = _without_thinking(text)
    for _ in range(2):
        answer = answer.rstrip()
        answer = answer[:-40] + _END_OF_TURN.sub("", answer[-40:])
    return _unquoted(_unescaped(_INVISIBLE.sub("", answer))), thinking


def _unescaped(answer: str) -> str:
    """Without HTML entities, if all that HTML escapes is one."""
    if not _ESCAPED.search(answer) or "<" in answer or ">" in answer or ("&quot;" in answer and '"' in answer):
        return answer
    return html.unescape(answer) if not re.search(r"&(?!\w{2,5};|\#39;)", answer) else answer


def says_none(answer: str) -> bool:
    """Whether the reply says that there is no computation: NONE on a line, as the prompt asks for, or in few words."""
    if len(answer) <= _LONGEST_NONE:
        for sentence in re.split(r"[.!?]\s|\n", answer):
            said = _NO_COMPUTATIONS.search(sentence) or _LAST_NONE.search(sentence)
            if said and not _RULE.search(sentence[: said.start()]):
                return True
    return any(len(line) <= _LONGEST_NONE and _NONE.match(line) for line in answer.split("\n"))


def _unquoted(answer: str) -> str:
    """Without quote marks, if most lines have them: the model then quotes its whole answer."""
    if answer.count(">") < 3:
        return answer
    lines = [line for line in answer.split("\n") if line.strip()]
    if 3 * sum(_QUOTED.match(line) is not None for line in lines) < 2 * len(lines):
        return answer
    return "\n".join(_QUOTED.sub("", line, count=1) for line in answer.split("\n"))


def _without_thinking(text: str) -> tuple[str, bool]:
    """Tags do not nest: thinking about them changes nothing. The first may stand in the prompt instead."""
    kept: list[str] = []
    channels = list(_CHANNEL.finditer(text))
    if channels:
        finals = [one.end() for one in channels if one["name"] == "final"]
        return (text[finals[-1] :], False) if finals else ("", True)
    position, inside = 0, False
    for tag in _TAG.finditer(text):
        if tag["close"]:
            kept = kept if inside else []
            position, inside = tag.end(), False
        elif not inside:
            kept.append(text[position : tag.start()])
            inside = True
    return "".join([*kept, "" if inside else text[position:]]), inside
