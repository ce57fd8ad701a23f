"""Fixtures for every test, and what a missing requirement means."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

REPO = Path(__file__).resolve().parent.parent


def lacks(what: str, mend: str) -> NoReturn:
    """A test lacks something that can be installed: skip and say what, or fail where everything is required."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing: {mend}")
    pytest.skip(f"{what} is missing: {mend}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real pages and benchmarks beside the repository."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data (real pages and benchmarks), which is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample that `make demo` builds from."""
    return REPO / "pipelines" / "sample"


Render = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def render() -> Render:
    """`render(formulas, *formats)`: what renderers of the web make of formulas (tests/quality/render/render.mjs).

    A formula is LaTeX, or a mapping with `latex`, `display`, `macros`. Gives a row for each: format to markup, which is
    None where the renderer refused, and its message then stands in `errors`.
    """
    folder = REPO / "tests" / "quality" / "render"
    if shutil.which("node") is None:
        lacks("node", "install nodejs and npm, then: make renderers")
    if not (folder / "node_modules").is_dir():
        lacks("tests/quality/render/node_modules", "make renderers")

    def run(formulas: Iterable[str | Mapping[str, Any]], *formats: str) -> list[dict[str, Any]]:
        rows = [{"latex": formula} if isinstance(formula, str) else dict(formula) for formula in formulas]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        command = ["node", "render.mjs", *formats]
        answer = subprocess.run(command, cwd=folder, input=lines, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        made = [json.loads(line) for line in answer.stdout.split("\n")[:-1]]
        assert len(made) == len(rows), answer.stderr
        return made

    return run
