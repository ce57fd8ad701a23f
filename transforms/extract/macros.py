r"""The macros that a page defines: `\newcommand` in its LaTeX, and the tables of a MathJax or KaTeX configuration."""

import re

from transforms.extract.javascript import Value, settings
from transforms.extract.latex import balanced_end

_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareMathOperator|DeclareRobustCommand|[egx]?def|let)\*?(?![A-Za-z])"
)
_NAME = re.compile(r"\s*(?:\{\s*(\\[A-Za-z@]+|\\.)\s*\}|(\\[A-Za-z@]+|\\.))\s*")
_PARAMETERS = re.compile(r"(?:\[[^\]]*\]|#\d|\s)*")
_BETWEEN = re.compile(r"[ \t\n;]*")
_MAX_DEFINITIONS = 20_000  # characters that stand together
_MAX_BROKEN = 10  # definitions that do not end; each costs so many characters, so after these a text defines no more
_LET = re.compile(r"\s*=?\s*(?:\\[A-Za-z@]+|\\.|\S)")
_TABLE = re.compile(r"[Mm]acros")
_MACRO = re.compile(r"\\?([A-Za-z@]+|[^A-Za-z@\s])")
_IN_PROSE = re.compile(
    r"(?m)^[ \t\xa0]*(?=\\(?:(?:re|provide)?newcommand|DeclareMathOperator|[egx]?def\s*\\|let\s*\\))"
)


def split_definitions(latex: str) -> tuple[list[str], str]:
    r"""The definitions at the beginning of a formula, and the rest of it.

    >>> split_definitions(r"\newcommand{\R}{\mathbb{R}} x \in \R")
    (['\\newcommand{\\R}{\\mathbb{R}}'], 'x \\in \\R')
    """
    latex = latex.strip()
    definitions, end = _definitions(latex)
    return definitions, latex[end:]


def configured(script: str) -> list[str]:
    r"""The macro table of a configuration script as `\newcommand` lines.

    >>> configured(r'MathJax = {tex: {macros: {RR: "{\\bf R}", bold: ["{\\bf #1}", 1]}}}')
    ['\\newcommand{\\RR}{{\\bf R}}', '\\newcommand{\\bold}[1]{{\\bf #1}}']
    """
    lines = []
    for _, table in settings(script, "[mM]acros") if _TABLE.search(script) else ():
        for key, value in table.items() if isinstance(table, dict) else ():
            name = _MACRO.fullmatch(key)
            body, count, default = _macro(value)
            if name and body:
                parameters = f"[{count}]" if count else ""
                parameters += f"[{default}]" if count and default is not None else ""
                lines.append(rf"\newcommand{{\{name[1]}}}{parameters}{{{body}}}")
    return lines


def definitions_in_prose(text: str) -> tuple[list[str], str]:
    """The definitions that begin a line of a text outside formulas, and the text without them."""
    definitions: list[str] = []
    kept: list[str] = []
    at = broken = 0
    while broken < _MAX_BROKEN and (start := _IN_PROSE.search(text, at)):
        found, length = _definitions(text[start.end() : start.end() + _MAX_DEFINITIONS])
        definitions += found
        broken += not found
        kept.append(text[at : start.start() if found else start.end() + 1])
        at = start.end() + (length if found else 1)
    return definitions, "".join([*kept, text[at:]]) if definitions else text


def _definitions(latex: str) -> tuple[list[str], int]:
    """The definitions that a text begins with, and where the rest of it begins."""
    definitions = []
    at = 0
    while (end := _definition_end(latex, at)) > 0:
        definitions.append(latex[at:end].strip())
        at = _BETWEEN.match(latex, end).end()  # type: ignore[union-attr]  # it matches everywhere
    return definitions, at


def _macro(value: Value) -> tuple[str, int, str | None]:
    """Body, number of arguments and default of a macro: a string, or a list of the three."""
    if isinstance(value, str):
        given = max(map(int, re.findall(r"(?<!\\)#([1-9])", value)), default=0)  # KaTeX counts them itself
        return value, given, None
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        return "", 0, None
    count = value[1] if len(value) > 1 else 0
    default = value[2] if len(value) > 2 else None
    count = int(count) if isinstance(count, float | str) and str(count)[:1].isdigit() else 0
    return value[0], count, default if isinstance(default, str) else None


def _definition_end(latex: str, start: int) -> int:
    """The index after the definition that begins at `start`, or -1."""
    command = _DEFINITION.match(latex, start)
    name = _NAME.match(latex, command.end()) if command else None
    if not command or not name:
        return -1
    if command[0] == r"\let":
        value = _LET.match(latex, name.end())
        return value.end() if value else -1
    parameters = _PARAMETERS.match(latex, name.end())
    brace = parameters.end() if parameters else name.end()
    return balanced_end(latex, brace) if latex.startswith("{", brace) else -1
