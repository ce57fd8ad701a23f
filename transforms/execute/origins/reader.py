"""Reads a snippet: what it prints, and from where that comes. The code is only read, never run."""

import ast
from dataclasses import replace

from transforms.execute.origins import names
from transforms.execute.origins.flow import Flow
from transforms.execute.origins.octave import to_python
from transforms.execute.origins.reading import Reading

_OCTAVE = ("octave", "matlab")
_LONGEST = 1 << 18  # characters


def read_code(code: str, language: str = "python") -> Reading:
    """Reads a snippet. What cannot be read counts as computing."""
    if len(code) > _LONGEST:
        return Reading()
    try:
        if language.lower() in _OCTAVE:
            return replace(read_python(to_python(code)), rounded=any(word in code for word in names.OCTAVE_ROUNDERS))
        return read_python(code)
    except Exception:  # code of any kind: a reading is an extra, and must not keep a snippet from running
        return Reading()


def read_python(code: str) -> Reading:
    """Reads Python. Raises what `ast.parse` raises."""
    tree = ast.parse(code)
    nodes = list(ast.walk(tree))
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
