"""Other runners than the default, without any network."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pipeline

# Every look-up of a name fails, and every connection beyond loopback, as on a machine without a network.
NO_NETWORK = """
import socket, sys
look_up = socket.getaddrinfo
def local(host, *rest, **named):
    if host not in (None, "localhost", "127.0.0.1", "::1", ""):
        raise socket.gaierror(f"no network: {host}")
    return look_up(host, *rest, **named)
socket.getaddrinfo = local
from pipelines.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("runner", ["FnApiRunner", "DirectRunner"])
def test_without_a_network(runner: str, math_rows: Any, write_jsonl: Any, tmp_path: Path) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", math_rows(4))
    args = ["stage", "classify", "--input", str(rows), "--output", str(tmp_path / "out"), "--", f"--runner={runner}"]
    done = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, *args], capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "_SUCCESS").exists()


def test_direct_runner_as_it_comes(run: Any, math_rows: Any, write_jsonl: Any, tmp_path: Path) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", math_rows(4))
    done = run("stage", "filter", "--input", rows, "--output", tmp_path / "out", "--", "--runner=DirectRunner")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "_SUCCESS").exists()
