"""Fixtures for every test, and what a missing requirement means."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.quality import renderer
from tests.serving import Server

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
    """`tests.quality.renderer.render`, where the renderers are there."""
    if missing := renderer.why_not():
        lacks(*missing.removeprefix("needs ").split(": ", 1))
    return renderer.render


@pytest.fixture(scope="session")
def command() -> Callable[..., list[str]]:
    """The command line that runs `mathcode-pile` with the arguments."""
    return lambda *args: [sys.executable, "-m", "pipelines", *map(str, args)]


@pytest.fixture(scope="session")
def run(command: Callable[..., list[str]]) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs `mathcode-pile` to its end, from the repository's folder or from `cwd`."""

    def run(*args: object, cwd: Path = REPO, **kwargs: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command(*args), cwd=cwd, capture_output=True, text=True, timeout=580, **kwargs)

    return run


@pytest.fixture(scope="session")
def write_jsonl() -> Callable[[Path, Iterable[dict[str, Any]]], Path]:
    """Writes rows to a file."""

    def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture
def server() -> Iterator[Server]:
    """A model server whose answers the test decides."""
    server = Server()
    yield server
    server.close()
