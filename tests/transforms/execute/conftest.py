"""One warm sandbox for each test module, in every way that this machine can isolate."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.execute import jail
from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig

REFUSE = str(Path(__file__).with_name("refuse.py"))


@pytest.fixture(scope="session")
def limits() -> ExecuteConfig:
    return ExecuteConfig(cpu_seconds=2, wall_seconds=8, memory_bytes=2**28, compare_seconds=2)


@pytest.fixture(scope="module", params=["bubblewrap", "own", "container"])
def mode(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With bubblewrap; on a machine without it (PATH leads nowhere); and where all namespaces are refused too."""
    if request.param == "bubblewrap" and not shutil.which("bwrap"):
        lacking = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
        lacking("bubblewrap is missing: apt install bubblewrap")
    jail._layers.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "bubblewrap":
            patch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
        if request.param == "container":
            command = jail.command
            patch.setattr(jail, "command", lambda *given: [sys.executable, REFUSE, *command(*given)])
        yield request.param
    jail._layers.cache_clear()


@pytest.fixture(scope="module")
def sandbox(mode: str, limits: ExecuteConfig) -> Iterator[Sandbox]:
    sandbox = Sandbox(limits)
    yield sandbox
    sandbox.close()
