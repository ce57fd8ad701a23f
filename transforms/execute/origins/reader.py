"""Reads a snippet: what it prints, and from where that comes. The code is only read, never run."""

import ast
from dataclasses import replace

from transforms.execute.origins import names
from transforms.execute.origins.flow import Flow
from transforms.execute.origins.octave import to_python
from transforms.execute.origins.reading import Reading

_OCTAVE = ("octave", "matlab")
_LONGEST = 1 << 18  # characters
_DEEPEST = 80  # columns at which a statement may begin


def read_code(code: str, language: str = "python") -> Reading | None:
    """Reads a snippet; None if it cannot be read to its end."""
    if len(code) > _LONGEST:
        return None
    try:
        if language.strip().lower() in _OCTAVE:
            return replace(read_python(to_python(code)), rounded=any(word in code for word in names.OCTAVE_ROUNDERS))
        return read_python(code)
    except Exception:  # code of any kind
        return None


def read_python(code: str) -> Reading:
    """Reads Python. Raises what `ast.parse` raises, and ValueError for blocks that the walk would not reach."""
    tree = ast.parse(code)
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.stmt) and node.col_offset >= _DEEPEST for node in nodes):
        raise ValueError("nested too deeply")
    flow = Flow()
    flow.spare = 40 * len(nodes)
    flow.run(tree.body, flow.module)
    flow.end_line()
    return Reading.of_lines(flow.lines, any(map(_rounds, nodes)))


def _rounds(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in names.ROUNDERS
        case ast.FormattedValue(format_spec=spec):
            return spec is not None
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
            return True
    return False
