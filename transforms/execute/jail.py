"""How the sandbox's server is started: its command line, its environment, and the layers that this machine offers."""

import json
import os
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from models.errors import Unavailable
from transforms.execute.config import ExecuteConfig
from transforms.execute.interpreters import Interpreter
from transforms.execute.warm import STEPS

_ROOT = Path(__file__).resolve().parents[2]
_SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
# -P and -s instead of -I: that would ignore PYTHONHASHSEED.
_START = "import sys; sys.path.append(sys.argv[2]); from transforms.execute.server import main; main()"
_SCRATCH = "/scratch"
DOORS = (
    "files",
    "network",
    "processes",
)  # without these closed no snippet is run; processes: starting or signalling any
MEND = (
    "Install bubblewrap (apt install bubblewrap), use Linux 5.13 or newer with seccomp on x86_64 or aarch64, "
    "or accept the risk with --sandbox none"
)


class SandboxError(Unavailable):
    """The sandbox cannot be had or does not start: one line with the mend."""


def mode(config: ExecuteConfig) -> str:
    """`bubblewrap` where it works, else `own` (namespaces, Landlock, seccomp by ourselves), or `none` if so asked."""
    if config.sandbox == "none":
        return "none"
    return "bubblewrap" if layers()["bubblewrap"] else "own"


def check(config: ExecuteConfig) -> None:
    """Raises SandboxError if snippets are to be isolated and one of the `DOORS` cannot be closed here."""
    found = layers()
    missing = [name for name in DOORS if not found[name]]
    if config.sandbox == "auto" and missing:
        raise SandboxError(
            f"cannot run snippets safely: nothing here can close off {' and '.join(missing)} from them. {MEND}"
        )


def describe(config: ExecuteConfig) -> str:
    """The layers in use, for the manifest: for example `bubblewrap+landlock+seccomp+rlimits`, or `none`."""
    if config.sandbox == "none":
        return "none"
    found = layers()
    outer = "bubblewrap" if found["bubblewrap"] else "namespaces"
    return "+".join(name for name in (outer, "landlock", "seccomp", "rlimits") if found[name])


def layers() -> dict[str, str | bool]:
    """What works on this machine, and for each of the `DOORS` whether a snippet can be kept from it."""
    return dict(_layers(shutil.which("bwrap")))


@lru_cache(maxsize=4)
def _layers(bwrap: str | None) -> Mapping[str, str | bool]:
    jailed = _probe("bubblewrap") if bwrap else None
    found = jailed or _probe("own") or {"bubblewrap": False, "namespaces": False, "landlock": 0, "seccomp": False}
    spaces = found["bubblewrap"] or found["namespaces"]
    return {
        "bubblewrap": found["bubblewrap"],
        "namespaces": spaces,
        "landlock": f"ABI {found['landlock']}" if found["landlock"] else False,
        "seccomp": found["seccomp"],
        "rlimits": True,
        "files": bool(found["bubblewrap"] or found["landlock"]),
        "network": bool(spaces or found["seccomp"]),
        "processes": bool(found["seccomp"]),
    }


def _probe(how: str) -> dict[str, Any] | None:
    """The layers that a server without its libraries reports; None if it does not start."""
    try:
        process, channels = launch(how, ExecuteConfig(), subprocess.DEVNULL, num_channels=1, warm=False)
    except OSError:
        return None
    with process, channels[0]:
        hello = channels[0].recv(4096)
        channels[0].close()  # so that it ends
    return dict(json.loads(hello)["layers"]) if hello else None


def launch(
    how: str,
    config: ExecuteConfig,
    errors: int | IO[bytes],
    num_channels: int = len(STEPS),
    warm: bool = True,
    interpreter: Interpreter | None = None,
) -> tuple[subprocess.Popen[bytes], list[socket.socket]]:
    """Starts a server by exec, and gives this side's ends of its channels. Raises OSError."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(num_channels)]
    theirs = [there.fileno() for _, there in pairs]
    try:
        process = subprocess.Popen(  # noqa: S603
            command(how, config, theirs, warm, interpreter),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=theirs,
            start_new_session=True,
        )
    except OSError:
        for here, _ in pairs:
            here.close()
        raise
    finally:
        for _, there in pairs:
            there.close()
    return process, [here for here, _ in pairs]


def command(
    how: str, config: ExecuteConfig, channels: Sequence[int], warm: bool, interpreter: Interpreter | None = None
) -> list[str]:
    """The server's command line for one of the three modes."""
    settings = {
        "mode": how,
        "channels": list(channels),
        "warm": warm,
        "scratch": _SCRATCH,
        "scratch_bytes": config.scratch_bytes,
        "readable": [*readable_paths(), *(interpreter.readable if interpreter else ())],
        "executable": interpreter.executable if interpreter else [],
    }
    python = [sys.executable, "-s", "-P", "-B", "-c", _START, json.dumps(settings), str(_ROOT)]
    return [*_bubblewrap(config, interpreter), *python] if how == "bubblewrap" else python


def environment() -> dict[str, str]:
    """All that a snippet sees of the environment: the same on every machine, but for what the libraries need."""
    fixed = {
        "PATH": "/usr/bin:/bin",
        "HOME": _SCRATCH,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        # Threads and fork do not go together, and each thread's stack counts against the memory limit.
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "SYMPY_CACHE_SIZE": "10000",  # so that what the server has warmed is not pushed out
    }
    kept = {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_") or k == "LD_LIBRARY_PATH"}
    return fixed | kept | {"OPENBLAS_NUM_THREADS": "1"}


@lru_cache(maxsize=1)
def readable_paths() -> list[str]:
    """The interpreter, its standard library, the installed packages and the system's libraries; parents first."""
    named = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    named += [*site.getsitepackages(), f"{sys.base_prefix}/lib", f"{sys.prefix}/pyvenv.cfg", *_SYSTEM_LIBRARIES]
    named += [sys.executable, getattr(sys, "_base_executable", sys.executable)]
    found = sorted({path for name in named for path in (name, os.path.realpath(name)) if os.path.exists(path)})
    return [path for path in found if not any(path.startswith(f"{other}/") for other in found)]


def _bubblewrap(config: ExecuteConfig, interpreter: Interpreter | None) -> list[str]:
    own = [str(_ROOT / "transforms" / "__init__.py"), str(Path(__file__).parent)]  # Landlock shuts them once loaded
    if interpreter:
        own += [*interpreter.readable, *interpreter.executable]
    libraries = readable_paths()
    files = libraries + [path for path in own if not any(path.startswith(f"{other}/") for other in libraries)]
    devices = ("/dev/null", "/dev/zero", "/dev/urandom")
    return [
        shutil.which("bwrap") or "bwrap",
        *("--unshare-user", "--unshare-all", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"),
        *("--cap-drop", "ALL"),
        *(part for path in files for part in ("--ro-bind-try", path, path)),
        *(part for path in devices for part in ("--dev-bind-try", path, path)),
        *("--size", str(config.scratch_bytes), "--tmpfs", _SCRATCH, "--chdir", _SCRATCH, "--remount-ro", "/", "--"),
    ]
