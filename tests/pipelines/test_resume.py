"""A build that is killed in the middle of any stage goes on when it is started again, and makes the same bytes."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Shards = Callable[[Path], dict[str, str]]

pytestmark = pytest.mark.pipeline

# The stages that run partition by partition; the other two are killed when their folder appears.
PARTITIONED = (
    *("classify", "filter", "dedup_sign", "dedup", "decontaminate", "translate", "execute", "assemble"),
    "decontaminate_final",
)
WHOLE = {"dedup_link": "stages/dedup_link-*", "shards": "shards"}
IN_EVERY_RUN = {"classify", "execute", "shards"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, write_jsonl: Any, math_rows: Any) -> list[object]:
    """Three partitions of input, and the arguments that build from them."""
    folder = tmp_path_factory.mktemp("input")
    for i in range(3):
        write_jsonl(folder / f"{i}.jsonl", math_rows(4, start=4 * i))
    (folder / "c.toml").write_text("[partition]\nbytes = 1\n[filter]\nmin_math_score = 0\n")
    return ["build", "--input", folder, "--config", folder / "c.toml", "--benchmarks", "none", "--output"]


@pytest.fixture(scope="module")
def undisturbed(
    run: Run, corpus: list[object], shards: Shards, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    done = run(*corpus, folder)
    assert done.returncode == 0, done.stderr
    found = shards(folder)
    assert any(name.startswith("shards/translated/") for name in found)
    return found


def stages() -> list[object]:
    return [
        name if name in IN_EVERY_RUN else pytest.param(name, marks=pytest.mark.full) for name in (*PARTITIONED, *WHOLE)
    ]


@pytest.mark.parametrize("stage", stages())
def test_killed_in_a_stage(
    stage: str,
    run: Run,
    command: Any,
    corpus: list[object],
    undisturbed: dict[str, str],
    shards: Shards,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "out"
    process = subprocess.Popen(command(*corpus, folder), stdout=subprocess.DEVNULL, start_new_session=True)
    pattern = WHOLE.get(stage, f"stages/{stage}-*/_partitions/00000.json")
    try:
        while not any(folder.glob(pattern)):
            assert process.poll() is None, "the build ended before the stage was seen"
            time.sleep(0.002)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not (folder / "manifest.json").exists()
    assert not any(folder.glob(f"stages/{stage}-*/_SUCCESS")), "killed too late to test anything"
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("stages/*/_partitions/*.json")}

    again = run(*corpus, folder)

    assert again.returncode == 0, again.stderr
    assert shards(folder) == undisturbed
    assert all(path.stat().st_mtime_ns == then for path, then in finished.items()), "a finished partition ran again"
