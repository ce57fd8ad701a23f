"""Servers as fixtures, gone when the test ends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving.processes import Build, Process

Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server of this folder."""
    running: list[Process] = []

    def start(module: str, *options: object, urgent: bool = False) -> Process:
        running.append(Process(module, tmp_path / f"{module}-{len(running)}.jsonl", *options, urgent=urgent))
        return running[-1]

    yield start
    for process in running:
        process.kill()


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[..., Build]]:
    """A build in a folder of its own, with a client that waits briefly; keywords as those of `Build`."""
    made: list[Build] = []

    def build(*args: Any, settings: dict[str, Any] | None = None, **kwargs: Any) -> Build:
        brief = {"timeout": 20.0, "retries": 6, "backoff": 0.05, "max_backoff": 1.0, "patience": 60.0}
        folder = tmp_path / f"build-{len(made)}"
        folder.mkdir()
        made.append(Build(folder, *args, settings=brief | (settings or {}), **kwargs))
        return made[-1]

    yield build
    for one in made:
        one.close()
