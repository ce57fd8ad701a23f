"""What the renderers of the web, from npm, make of formulas (render/render.mjs)."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "render"


def why_not() -> str:
    """What is missing to render, "" if nothing is."""
    if shutil.which("node") is None:
        return "needs node: install nodejs and npm, then: make renderers"
    return "" if (FOLDER / "node_modules").is_dir() else "needs KaTeX, MathJax and Temml: make renderers"


def render(formulas: Iterable[str | Mapping[str, Any]], *formats: str) -> list[dict[str, Any]]:
    """A row for each formula, which is LaTeX, or a mapping with `latex`, `display`, `macros`.

    A row is format to markup, which is None where the renderer refused, and its message then stands in `errors`.
    """
    rows = [{"latex": formula} if isinstance(formula, str) else dict(formula) for formula in formulas]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    command = ["node", "render.mjs", *formats]
    answer = subprocess.run(command, cwd=FOLDER, input=lines, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    made = [json.loads(line) for line in answer.stdout.split("\n")[:-1]]
    assert len(made) == len(rows), answer.stderr
    return made
