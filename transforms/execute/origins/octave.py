"""Octave's and MATLAB's simple forms, rewritten statement by statement to Python for the reader.

What has no simple form here becomes a call of `computed_`, of which the reader knows nothing.
"""

import ast
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\.\.\.[^\n]*\n|%\{.*?\n\s*%\}|[%#][^\n]*)|(?P<line>\n)
    |(?P<number>(?:\d+(?:\.(?![*/^'\\])\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ij]?)|(?P<name>[A-Za-z_][\w.]*(?<!\.))
    |(?P<string>"(?:[^"\\\n]|\\.|"")*")
    |(?P<sign>\.[*/^\\']|\+\+|--|[-+*/^=~!<>]=|&&|\|\||[-+*/\\^<>=&|~!:@(){}\[\],;'])""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"'((?:[^'\n]|'')*)'")
_SIGNS = {
    **{".*": "*", "./": "/", ".^": "**", "^": "**", "\\": "/", ".\\": "/", "~=": "!=", "&&": " and ", "||": " or "},
    **{"&": " and ", "|": " or ", "~": " not ", "!": " not ", "{": "[", "}": "]", "'": ".T", ".'": ".T"},
    **{"!=": "!=", "^=": "**=", "@": "lambda "},
}
_NAMES = {"true": "True", "false": "False", "Inf": "inf", "lambda": "lambda_", "end": "computed_()"}
_COMMANDS = re.compile(r"(?:clc|clear|close|format|pkg|more|warning|hold|figure|syms|global|persistent)\b(?!\s*[=(]).*")
_QUIET = re.compile(r"(?:disp|printf|fprintf|display|error|assert|puts|fputs|fdisp)\s*\(")
_FUNCTION = re.compile(r"function\s+(?:\[?([\w, ]*)\]?\s*=\s*)?(\w+)\s*(?:\(([^)]*)\))?")
_END = re.compile(r"end(?:\w*)|until\b.*")
_OPENING = {"switch": "if False:", "do": "while computed_():", "try": "try:", "unwind_protect": "if True:"}
_CONTINUING = {
    **{"else": "else:", "otherwise": "else:", "case": "elif computed_():", "catch": "except Exception:"},
    **{"elseif": "elif", "unwind_protect_cleanup": "if True:"},
}
_LONGEST = 20_000

Token = tuple[str, str]


def to_python(code: str) -> str:
    """Python that prints what the code prints, as far as it is simple. Raises ValueError at what is no Octave."""
    if len(code) > _LONGEST:
        raise ValueError("too long")
    lines: list[str] = []
    blocks: list[str] = []  # for each open block what it returns at its end, if it is a function
    for tokens, shown in _statements(code):
        source = "".join(text for _, text in tokens).strip()
        word = re.split(r"\W", source, maxsplit=1)[0]
        if _COMMANDS.fullmatch(source):
            continue
        if _END.fullmatch(source):
            lines.append("    " * len(blocks) + (blocks.pop() if blocks else "pass"))
        elif word in _CONTINUING:
            head = f"elif {_condition(tokens)}:" if word == "elseif" else _CONTINUING[word]
            lines += ["    " * max(0, len(blocks) - 1) + head, "    " * len(blocks) + "pass"]
        elif opened := _opening(word, tokens, source):
            lines += ["    " * len(blocks) + opened[0], "    " * (len(blocks) + 1) + "pass"]
            blocks.append(opened[1])
        elif word in ("return", "break", "continue"):
            returned = next((block for block in reversed(blocks) if block != "pass"), "pass")
            lines.append("    " * len(blocks) + (returned if word == "return" else word))
        else:
            lines += ["    " * len(blocks) + line for line in _simple(tokens, source, shown)]
    return "\n".join(lines)


def _opening(word: str, tokens: list[Token], source: str) -> tuple[str, str] | None:
    """The head of a block and its last line, if this opens one."""
    if word in _OPENING:
        return _OPENING[word], "pass"
    if word in ("if", "while"):
        return f"{word} {_condition(tokens)}:", "pass"
    if word in ("for", "parfor"):
        name, _, over = _expression(tokens[1:]).strip(" ()").partition("=")
        return f"for {name.strip()} in {_python(over.strip())}:", "pass"
    if word == "function" and (head := _FUNCTION.match(source)):
        names = [name for name in re.split(r"[,\s]+", head[3] or "") if name.isidentifier()]
        results = [name for name in re.split(r"[,\s]+", head[1] or "") if name]
        given = ", ".join(f"{name}=None" for name in names)
        return f"def {head[2]}({given}):", f"return {', '.join(results)}"
    return None


def _condition(tokens: list[Token]) -> str:
    return _python(_expression(tokens[1:]))


def _simple(tokens: list[Token], source: str, shown: bool) -> Iterator[str]:
    """An assignment or an expression, and what it shows."""
    line = re.sub(r"^(\w+)\s*(\+\+|--)$", lambda found: f"{found[1]} {found[2][0]}= 1", _expression(tokens))
    target = re.match(r"([\w.]+)\s*(?:\([^=]*\)\s*)?[-+*/^]?=(?!=)", source)
    if several := re.match(r"\[([\w, ~]+)\]\s*=(?!=)", source):
        yield from (f"{name} = computed_()" for name in re.findall(r"\w+", several[1]))
    elif target:
        name = target[1].replace(".", "_")
        yield line if _is_python(line) else f"{name} = computed_()"
        if shown:
            yield f'print("{name} =", {name})'
    else:
        quiet = _QUIET.match(source)
        call = line if _is_python(line) else "print(computed_())" if quiet else "computed_()"
        yield f'print("ans =", {call})' if shown and not quiet else call


def _python(line: str) -> str:
    return line if _is_python(line) else "computed_()"


def _is_python(line: str) -> bool:
    try:
        return bool(ast.parse(line).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _tokens(code: str) -> Iterator[Token]:
    place = 0
    operand = False  # whether a quote here is the sign of transposition
    while place < len(code):
        if code[place] == "'" and not operand and (quoted := _QUOTED.match(code, place)):
            place = quoted.end()
            yield "string", _string(quoted[1].replace("''", "'"))
            operand = True
            continue
        found = _TOKEN.match(code, place)
        if found is None:
            raise ValueError(f"no Octave: {code[place]!r}")
        place = found.end()
        kind, text = str(found.lastgroup), found[0]
        yield kind, " " if kind == "space" else _string(text[1:-1].replace('""', '"')) if kind == "string" else text
        operand = kind in ("number", "name", "string") or text in (")", "]", "}", "'", ".'")


def _string(text: str) -> str:
    return repr(re.sub(r"\\([nt\\\"'])", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text))


def _statements(code: str) -> Iterator[tuple[list[Token], bool]]:
    """Statements, each with whether its value is shown: there is no semicolon behind it."""
    statement: list[Token] = []
    depth = 0
    for kind, text in [*_tokens(code), ("line", "\n")]:
        depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
        head = next((one for of, one in statement if of == "name"), "")
        if depth <= 0 and (kind == "line" or text in (";", ",")):
            if any(one != "space" for one, _ in statement):
                yield statement, text != ";" or head in _OPENING
            statement = []
        elif statement or kind != "space":
            statement.append((kind, text))


def _expression(tokens: list[Token]) -> str:
    """The tokens in Python's spelling; a matrix is the list of its elements."""
    found: list[str] = []
    brackets: list[str] = []
    for place, (kind, text) in enumerate(tokens):
        inside = bool(brackets) and brackets[-1] != "("
        if kind in ("space", "line"):
            found.append(", " if inside and (kind == "line" or _separates(tokens, place)) else " ")
            continue
        if text in ("(", "[", "{"):
            brackets.append(text)
        elif text in (")", "]", "}") and brackets:
            brackets.pop()
        if kind == "name":
            text = _NAMES.get(text, text).replace(".", "_")
        elif kind == "sign":
            text = "," if text == ";" and inside else _SIGNS.get(text, text)
        found.append(re.sub(r"i$", "j", text) if kind == "number" else text)
    line = re.sub(r",(?:\s*,)+", ",", "".join(found).strip())
    line = re.sub(r"lambda \s*\(([\w, ]*)\)", r"lambda \1: ", re.sub(r"\[\s*,", "[", line))
    return re.sub(r"lambda\s+(\w+)(?=\s*[,)]|$)", r"\1", line)  # @sin


def _separates(tokens: list[Token], place: int) -> bool:
    """Whether a space in a matrix stands between two elements."""
    if not place or place + 1 >= len(tokens):
        return False
    (kind, text), (before_kind, before) = tokens[place + 1], tokens[place - 1]
    glued = text in ("-", "+", "@", "~", "!") and place + 2 < len(tokens) and tokens[place + 2][0] != "space"
    ends = before_kind in ("number", "name", "string") or before in (")", "]", "}", "'", ".'")
    return ends and (kind in ("number", "name", "string") or text in ("(", "[", "{") or glued)
