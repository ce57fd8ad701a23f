r"""The macros that a page defines: `\newcommand` in its LaTeX, and the tables of a MathJax or KaTeX configuration."""

import re

from transforms.extract.latex import balanced_end

_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareMathOperator|DeclareRobustCommand|[egx]?def|let)\*?(?![A-Za-z])"
)
_NAME = re.compile(r"\s*(?:\{\s*(\\[A-Za-z@]+|\\.)\s*\}|(\\[A-Za-z@]+|\\.))\s*")
_PARAMETERS = re.compile(r"(?:\[[^\]]*\]|#\d|\s)*")
_BETWEEN = re.compile(r"[ \t\n;]*")
_LET = re.compile(r"\s*=?\s*(?:\\[A-Za-z@]+|\\.|\S)")
_TABLE = re.compile(r"[\"']?[mM]acros[\"']?\s*:\s*\{")
_STRING = r"(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)')"
_ENTRY = re.compile(
    rf"\s*(?:,\s*)?[\"']?(?:\\\\)?([A-Za-z]+)[\"']?\s*:\s*(?:{_STRING}|\[\s*{_STRING}\s*(?:,\s*(\d)\s*)?(?:,[^\]]{{0,1000}})?\])",
    re.DOTALL,
)


def split_definitions(latex: str) -> tuple[list[str], str]:
    r"""The definitions at the beginning of a formula, and the rest of it.

    >>> split_definitions(r"\newcommand{\R}{\mathbb{R}} x \in \R")
    (['\\newcommand{\\R}{\\mathbb{R}}'], 'x \\in \\R')
    """
    definitions = []
    latex, at = latex.strip(), 0
    while (end := _definition_end(latex, at)) > 0:
        definitions.append(latex[at:end].strip())
        at = _BETWEEN.match(latex, end).end()  # type: ignore[union-attr]  # it matches everywhere
    return definitions, latex[at:]


def configured(script: str) -> list[str]:
    r"""The macro table of a configuration script as `\newcommand` lines.

    >>> configured(r'MathJax = {tex: {macros: {RR: "{\\bf R}", bold: ["{\\bf #1}", 1]}}}')
    ['\\newcommand{\\RR}{{\\bf R}}', '\\newcommand{\\bold}[1]{{\\bf #1}}']
    """
    lines = []
    for table in _TABLE.finditer(script):
        at = table.end()
        while entry := _ENTRY.match(script, at):
            name, *bodies, count = entry.groups()
            body = _unquoted(next((body for body in bodies if body is not None), ""))
            lines.append(rf"\newcommand{{\{name}}}{f'[{count}]' if count else ''}{{{body}}}")
            at = entry.end()
    return lines


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


def _unquoted(body: str) -> str:
    """The value of a JavaScript string: `\\\\` is one backslash."""
    return re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL)
