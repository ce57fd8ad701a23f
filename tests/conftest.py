"""Fixtures for every test, and what a missing requirement means."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.quality import renderer

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
