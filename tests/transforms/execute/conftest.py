"""One warm sandbox for each test module, in every way that this machine can isolate."""

import os
import shutil
from collections.abc import Iterator

import pytest

from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig


@pytest.fixture(scope="session")
def limits() -> ExecuteConfig:
    return ExecuteConfig(cpu_seconds=2, wall_seconds=8, memory_bytes=2**28, compare_seconds=2)


@pytest.fixture(scope="module", params=["bubblewrap", "own"])
def mode(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`bubblewrap`, and a machine without it: PATH leads nowhere."""
    if request.param == "bubblewrap" and not shutil.which("bwrap"):
        lacking = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
        lacking("bubblewrap is missing: apt install bubblewrap")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "own":
            patch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
        yield request.param


@pytest.fixture(scope="module")
def sandbox(mode: str, limits: ExecuteConfig) -> Iterator[Sandbox]:
    sandbox = Sandbox(limits)
    yield sandbox
    sandbox.close()
