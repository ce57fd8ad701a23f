"""What the machine offers, and what a build does where it offers too little."""

import pytest

from transforms.execute import jail
from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig

NOTHING = dict.fromkeys(("bubblewrap", "namespaces", "landlock", "seccomp", *jail.DOORS), False)


def test_layers_close_off_files_and_network(mode: str) -> None:
    found = jail.layers()
    assert all(found[door] for door in jail.DOORS)
    assert found["bubblewrap"] is (mode == "bubblewrap")
    assert found["namespaces"] is (mode != "container")
    jail.check(ExecuteConfig())


def test_without_isolation_only_none_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "layers", lambda: dict(NOTHING))
    with pytest.raises(
        jail.SandboxError, match=r"files and network and processes.*apt install bubblewrap.*--sandbox none"
    ):
        jail.check(ExecuteConfig())
    jail.check(ExecuteConfig(sandbox="none"))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            {"bubblewrap": True, "landlock": "ABI 2", "seccomp": True, "rlimits": True},
            "bubblewrap+landlock+seccomp+rlimits",
        ),
        ({"namespaces": True, "rlimits": True}, "namespaces+rlimits"),
        ({"landlock": "ABI 1", "seccomp": True, "rlimits": True}, "landlock+seccomp+rlimits"),
    ],
)
def test_describe_names_the_layers(monkeypatch: pytest.MonkeyPatch, found: dict[str, str | bool], text: str) -> None:
    monkeypatch.setattr(jail, "layers", lambda: NOTHING | found)
    assert jail.describe(ExecuteConfig()) == text
    assert jail.describe(ExecuteConfig(sandbox="none")) == "none"


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "mode", lambda config: "own")
    monkeypatch.setattr(jail, "command", lambda *_: ["sh", "-c", "echo broken >&2"])
    with pytest.raises(jail.SandboxError, match="does not start: broken"):
        Sandbox(ExecuteConfig()).run("print(1)")


def test_no_library_path_holds_another() -> None:
    paths = jail.readable_paths()
    assert paths
    assert not [p for p in paths for q in paths if p != q and p.startswith(q + "/")]


@pytest.mark.pipeline
def test_sandbox_none_still_has_limits() -> None:
    sandbox = Sandbox(ExecuteConfig(sandbox="none", cpu_seconds=1, memory_bytes=2**28))
    try:
        assert sandbox.run("import os; print(os.path.exists('/etc'))").stdout == "True\n"
        assert sandbox.run("while True: pass").status == "timeout"
        assert sandbox.run("bytearray(2**30)").status == "memory"
    finally:
        sandbox.close()
