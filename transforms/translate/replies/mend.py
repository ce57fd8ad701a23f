r"""JSON with LaTeX in it whose backslashes the model did not escape: `"\alpha"`, which is no JSON, and `"\frac"`, which
is a form feed and `rac`."""

import ast
import json
import re
import warnings

from transforms.translate.config import Language

_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|,(?=\s*[}\]])', re.DOTALL)
# The pairs that JSON knows and no LaTeX command explains, with all else for which a backslash was forgotten.
_PAIR = re.compile(r'\\(?:u[0-9a-fA-F]{4}|(?P<bare>[bf](?=[a-zA-Z])|[^"\\/bfnrtu]|u)|(?P<pair>.)|\Z)', re.DOTALL)
# What is left of LaTeX commands whose beginning JSON took for a line feed.
_N_COMMAND = re.compile(
    r"\n(?=(?:abla|e|earrow|eg|eq|ewline|exists|geq?|i|leq?|mid|olimits|onumber|ot|otin|u|warrow)(?![a-zA-Z]))"
)


_STRING = re.compile(r""" "(?:[^"\\]|\\.)*+(?:"|\\?\Z) | '(?:[^'\\]|\\.)*+(?:'|\\?\Z) """, re.VERBOSE)
_ESCAPE = re.compile(r"\\([nt\"\\])")
_LONGEST_LITERAL = 100_000  # characters


def from_python(text: str) -> str:
    """JSON of a Python literal with single quotes, or the text as it is if it is none."""
    begin, end = min(place for mark in "[{" if (place := text.find(mark)) >= 0), max(map(text.rfind, "]}")) + 1
    if end - begin > _LONGEST_LITERAL:
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # backslashes that escape nothing
            return json.dumps(ast.literal_eval(text[begin:end]))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def mend_code(code: str, language: Language) -> str:
    """A program whose line feeds were escaped twice: all in one line, with `\\n` outside its strings."""
    if "\n" in code.strip() or not re.search(r"\\n(?![\"'])", _STRING.sub("''", code)):
        return code
    if language == "python":
        try:
            ast.parse(code.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
        else:
            return code
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), code)


def mend(text: str) -> str:
    """JSON in which each lone backslash of a string is doubled and no comma stands before the end of a list."""
    return _STRING_OR_COMMA.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    string = found[0]
    if string == ",":
        return ""
    if "\\" not in string or not any(pair["bare"] for pair in _PAIR.finditer(string)):
        return string
    return _PAIR.sub(_doubled, string)


def _doubled(pair: re.Match[str]) -> str:
    r"""In a string with lone backslashes, `\\` before anything but a letter is a new row, not an escaped backslash."""
    if pair["bare"]:
        return "\\" + pair[0]
    row = pair[0] == "\\\\" and not pair.string[pair.end() : pair.end() + 1].isalpha()
    return pair[0] * 2 if row else pair[0]


def mend_latex(text: str) -> str:
    r"""A field that is no code, in which a tab, a return or a line feed may have been `\theta`, `\rho`, `\nu`."""
    if "\t" in text or "\r" in text:
        text = re.sub(r"\t(?=[a-zA-Z])", r"\\t", re.sub(r"\r(?=[a-zA-Z])", r"\\r", text))
    return _N_COMMAND.sub(r"\\n", text)
