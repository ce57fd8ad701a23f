"""Interpreters of other languages than Python: which program runs a snippet, and what it needs of the machine."""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from glob import glob
from importlib.metadata import version
from typing import Any

from transforms.execute.config import ExecuteConfig

_LOADERS = ("/lib64/ld-linux-*.so.*", "/lib/ld-linux-*.so.*")  # what the kernel runs to load a program


@dataclass(frozen=True)
class Interpreter:
    """A program that runs `PROGRAM ARGUMENTS FILE`, and exits with 0 exactly if the snippet ended well."""

    name: str  # of the job that the server runs it for
    program: str
    version: str
    arguments: tuple[str, ...]
    suffix: str  # of a snippet's file
    preface: str  # a line before each snippet
    readable: tuple[str, ...]  # beyond the system's libraries
    address_space: int  # bytes that it takes by itself

    @property
    def executable(self) -> list[str]:
        """The files that must be executable in the jail, by their real paths."""
        found = [self.program, *(path for pattern in _LOADERS for path in glob(pattern))]
        return sorted({path for name in found for path in (name, os.path.realpath(name))})

    def job(self, code: str) -> dict[str, Any]:
        """What the server is asked to do for a snippet."""
        return {
            "job": "interpret",
            "code": code,
            "preface": self.preface,
            "file": f"snippet{self.suffix}",
            "program": self.program,
            "arguments": self.arguments,
            "address_space": self.address_space,
        }


def find(language: str, config: ExecuteConfig) -> Interpreter | None:
    """The interpreter of a language; None where none is configured, or the program is not installed."""
    match language.strip().lower():
        case "matlab" | "octave":
            return _octave(config.octave)
    return None


def describe(config: ExecuteConfig) -> dict[str, str]:
    """The interpreters and libraries that are there, with their versions: they decide what becomes of snippets."""
    octave = find("octave", config)
    libraries = {name: version(name) for name in ("sympy", "mpmath", "numpy", "scipy")}
    return {"python": platform.python_version(), **libraries, **({"octave": octave.version} if octave else {})}


@lru_cache(maxsize=4)
def _octave(program: str) -> Interpreter | None:
    path = shutil.which(program) if program else None
    if path is None:
        return None
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    release = re.search(r"GNU Octave, version (\d[\w.]*)", said)
    if release is None:
        return None
    return Interpreter(
        name="octave",
        program=path,
        version=release[1],
        arguments=("--norc", "--quiet", "--no-history", "--no-window-system"),
        suffix=".m",
        # A script, even if it begins with a function; all digits are shown; the same numbers are drawn each time.
        preface="1; format long; rand('twister', 0); randn('twister', 0);\n",
        readable=(
            "/usr/share/octave",
            "/usr/local/share/octave",
            "/usr/share/locale/locale.alias",
            "/etc/alternatives",
        ),
        address_space=2**28,  # 7.3 takes 180 MB
    )
