"""The stage in every mode in which Beam runs its workers: same rows, and nothing is left behind, whatever is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.transforms.execute.watching import servers, soon

MODES = {
    "in_memory": [],
    "multi_threading": ["--", "--direct_running_mode=multi_threading", "--direct_num_workers=2"],
    "multi_processing": ["--", "--direct_running_mode=multi_processing", "--direct_num_workers=2"],
    "workers": ["--workers", "2"],
}
CODES = {"a": "print(2 + 3)", "b": "import os; os._exit(0)", "c": "print(5)", "d": "import os; os.kill(-1, 9)"}
VERDICTS = {"a": "verified", "b": "unverified", "c": "trivial", "d": "unverified"}
pytestmark = [pytest.mark.pipeline, pytest.mark.parametrize("mode", MODES)]


def test_same_rows_and_no_orphan(mode: str, tmp_path: Path) -> None:
    mark = _mark()
    done = subprocess.run(_command(tmp_path, CODES, mark, mode), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [row for part in (tmp_path / "out").glob("part-*") for row in pq.read_table(part).to_pylist()]
    assert {row["id"]: row["verdict"] for row in rows} == VERDICTS
    assert soon(lambda: not servers(mark))


def test_no_orphan_when_workers_are_killed(mode: str, tmp_path: Path) -> None:
    mark = _mark()
    command = _command(tmp_path, {"a": "while True: pass", "b": "import time; time.sleep(900)"}, mark, mode)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        assert soon(lambda: _is_busy(mark)), "no snippet runs"
        workers = {parent for parent in servers(mark).values() if parent not in servers(mark)}
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        assert soon(lambda: not workers & set(servers(mark).values())), "servers outlive their worker"
        os.killpg(run.pid, signal.SIGKILL)
    assert soon(lambda: not servers(mark)), servers(mark)


def _mark() -> int:
    """A size of the scratch folder that no other sandbox on this machine has on its command line."""
    return 2**26 + os.getpid() * 1000 + time.time_ns() % 1000


def _command(folder: Path, codes: dict[str, str], mark: int, mode: str) -> list[str]:
    rows = [{"id": name, "document_id": "d", "code": code, "result": "5"} for name, code in codes.items()]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "config.toml").write_text(f"[execute]\nscratch_bytes = {mark}\ncpu_seconds = 900\nwall_seconds = 900\n")
    named = {"--input": folder / "rows.jsonl", "--output": folder / "out", "--config": folder / "config.toml"}
    options = [str(part) for pair in named.items() for part in pair]
    return [sys.executable, "-m", "pipelines", "stage", "execute", *options, *MODES[mode]]


def _is_busy(mark: int) -> bool:
    """Whether a snippet runs: a process of the sandbox that is a fork of a fork of the server."""
    parents = servers(mark)
    return any(_depth(pid, parents) > _IDLE_DEPTH for pid in parents)


_IDLE_DEPTH = 3 if shutil.which("bwrap") else 2  # bubblewrap twice or the guard, the server, its warm processes


def _depth(pid: int, parents: dict[int, int]) -> int:
    depth = 0
    while (pid := parents.get(pid, 0)) in parents:
        depth += 1
    return depth
