import io
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import fsspec
import pytest
from rich.console import Console

from pipelines import doctor as module
from pipelines.doctor import (
    Check,
    check_disk,
    check_endpoint,
    check_file_systems,
    check_java,
    check_machine,
    check_model,
    check_octave,
    check_packages,
    check_path,
    check_python,
    check_sandbox,
    doctor,
)
from transforms.execute.jail import DOORS

LAYERS: dict[str, str | bool] = dict.fromkeys(("bubblewrap", "namespaces", "seccomp", "rlimits", *DOORS), True)


@pytest.mark.parametrize(
    ("found", "state"), [((3, 10, 9), "fail"), ((3, 11, 0), "ok"), ((3, 13, 5), "ok"), ((3, 14, 0), "fail")]
)
def test_python(found: tuple[int, ...], state: str) -> None:
    assert check_python(found).state == state


def test_packages_are_here_with_their_versions() -> None:
    found = list(check_packages())
    assert [check.state for check in found] == ["ok"]
    assert "apache-beam 2.77.0" in found[0].found
    assert "vllm" not in found[0].found  # of an extra


def test_a_missing_and_an_old_package_are_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "gone":
            raise PackageNotFoundError(name)
        return "1.5"

    monkeypatch.setattr(module, "requires", lambda _: ["gone", "old>=2", "fine==1.5", "other; extra == 'x'"])
    monkeypatch.setattr(module, "version", version)
    missing, old, rest = check_packages()
    assert (missing.state, missing.found, missing.mend) == ("fail", "gone is missing", "Run: pip install 'gone'")
    assert (old.state, old.found, old.mend) == ("fail", "old 1.5", "Run: pip install 'old>=2'")
    assert rest == Check("packages", "ok", "fine 1.5")


def test_a_project_that_is_not_installed() -> None:
    assert [check.state for check in check_packages("no-such-distribution")] == ["fail"]


@pytest.mark.parametrize("stage", ["select", "classify"])
def test_the_shipped_models_load(stage: str) -> None:
    assert check_model(stage).state == "ok"


def test_a_damaged_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.ftz").write_bytes(b"no model")
    monkeypatch.setattr("models.classifier.shipped", lambda _: str(tmp_path / "model.ftz"))
    assert check_model("select").state == "fail"


@pytest.mark.parametrize(
    ("without", "state", "says"),
    [
        ((), "ok", "landlock ABI 7"),
        (("bubblewrap",), "warn", "not here: bubblewrap"),
        (("files",), "fail", "kept from files"),
        (("network", "files"), "fail", "kept from files and network"),
    ],
)
def test_sandbox(without: tuple[str, ...], state: str, says: str) -> None:
    check = check_sandbox({**LAYERS, "landlock": "ABI 7", **dict.fromkeys(without, False)})
    assert check.state == state
    assert says in check.found
    assert ("bubblewrap" in check.mend) == (state != "ok")


def test_octave() -> None:
    assert check_octave("7.3.0") == Check("Octave", "ok", "7.3.0, for snippets in MATLAB")
    missing = check_octave(None)
    assert missing.state == "warn"
    assert "apt install octave" in missing.mend


@pytest.mark.parametrize(
    ("said", "state", "found"),
    [
        ('openjdk version "17.0.15" 2025-04-15', "ok", "17 ("),
        ('java version "1.8.0_292"', "warn", "too old"),
        ("no java at all", "warn", "too old or unknown"),
    ],
)
def test_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, state: str, found: str) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert check_java().state == state
    assert found in check_java().found


def test_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert check_java().state == "warn"
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_java().state == "warn"


def test_an_endpoint_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        check = check_endpoint(f"http://127.0.0.1:{unused.getsockname()[1]}/v1", "some-model")
    assert check.state == "fail"
    assert "127.0.0.1" in check.found


@pytest.fixture
def endpoint() -> Iterator[str]:
    """A server that serves the model `small`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"object": "list", "data": [{"id": "small", "object": "model"}]}')

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.parametrize(("model", "state"), [("small", "ok"), ("large", "fail"), ("", "warn")])
def test_an_endpoint_and_its_model(endpoint: str, model: str, state: str) -> None:
    check = check_endpoint(endpoint, model)
    assert check.state == state
    assert "serves small" in check.found


def test_file_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "gcsfs" else name)
    missing, present = check_file_systems()
    assert (missing.state, "gcsfs is missing" in missing.found, "install gcsfs" in missing.mend) == ("warn", True, True)
    assert "s3://" in present.found


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    states = {
        str(tmp_path): "ok",
        str(tmp_path / "file"): "ok",
        str(tmp_path / "new" / "folder"): "warn",
        str(tmp_path / "file" / "below"): "fail",
        "memory://doctor/new": "warn",
        "nosuch://x": "fail",
    }
    assert {path: check_path(path).state for path in states} == states
    assert [p.name for p in tmp_path.iterdir()] == ["file"]  # nothing is left behind
    assert not fsspec.filesystem("memory").find("/doctor")


def test_disk_and_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_machine().found
    (tmp_path / "memory.max").write_text("1000000000\n")
    monkeypatch.setattr(module, "_CGROUP_LIMIT", tmp_path / "memory.max")
    assert (check_machine().state, "1.0 GB of memory" in check_machine().found) == ("warn", True)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5}))
    assert check_disk(str(tmp_path)).state == "warn"


@pytest.mark.parametrize(("states", "works"), [(("ok", "warn"), True), (("ok", "fail", "ok"), False)])
def test_one_line_for_each_check(monkeypatch: pytest.MonkeyPatch, states: tuple[str, ...], works: bool) -> None:
    found = [Check("thing", state, "[red]seen[/red] " + "x" * 200, "Mend it") for state in states]  # type: ignore[arg-type]
    monkeypatch.setattr(module, "checks", lambda *_: iter(found))
    stream = io.StringIO()
    assert doctor(Console(file=stream, width=80)) is works
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == list(states)
    assert all("[red]seen[/red]" in line and line.endswith("Mend it") for line in lines)
