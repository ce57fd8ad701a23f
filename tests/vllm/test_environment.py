"""The environment is made once, wholly, by one process at a time. Nothing is installed here."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from tests.vllm import environment as of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATHCODE_PILE_CACHE", str(tmp_path))
    return tmp_path


def test_the_cache_is_where_the_user_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of.cache() == folder
    monkeypatch.delenv("MATHCODE_PILE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert of.cache() == Path("/caches/mathcode-pile")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert of.cache() == Path.home() / ".cache" / "mathcode-pile"


def test_one_that_was_left_half_made_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def run(*command: str | Path) -> None:
        made.append(Path(command[0]).name)
        if "venv" in command:
            Path(command[-1]).parent.mkdir()  # fails if anything is left there
        if "install" in command and made.count("uv") == 1:
            raise of.CannotInstall("no network")

    monkeypatch.setattr(of, "run", run)
    with pytest.raises(of.CannotInstall):
        of.environment()
    of.environment()
    assert made.count("uv") == 2
    of.environment()
    assert made.count("uv") == 2


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(of.CannotInstall, match="failed: no such luck"):
        of.run(of.sys.executable, "-c", "import sys; sys.exit('no such luck')")


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(of.CannotInstall, match="no-such-program"):
        of.run("/no-such-program")


def test_two_at_a_time_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock belongs to an open file, so that threads stand for processes here."""

    def make(new: of.Environment) -> None:
        new.root.mkdir()  # fails if another is at it
        sleep(0.3)
        new.complete.touch()

    monkeypatch.setattr(of, "make", make)
    with ThreadPoolExecutor(2) as pool:
        assert len({made.root for made in pool.map(lambda _: of.environment(), range(2))}) == 1
