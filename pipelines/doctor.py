"""What works on this machine, and how to mend what does not."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from fsspec.core import url_to_fs
from packaging.requirements import Requirement
from rich.console import Console
from rich.text import Text

from models import classifier
from models.chat.client import Chat
from models.chat.messages import EndpointError
from transforms.execute import interpreters
from transforms.execute.config import ExecuteConfig
from transforms.execute.jail import DOORS, MEND, layers
from transforms.files import InputError, exists, explained, is_local, join, write_atomically

_DISTRIBUTION = "mathcode-pile"
_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}
_GB = 1_000_000_000
_MIN_DISK, _MIN_MEMORY = 10 * _GB, 4 * _GB  # bytes; below, a build of more than a sample may not end well
_JAVA = 11  # Flink 1.20 and Spark 3.5 run on 11 and 17, and Flink deprecates 8
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, what was found, and for what does not work the mend."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    mend: str = ""


def doctor(console: Console, endpoints: Sequence[str] = (), model: str = "", paths: Sequence[str] = ()) -> bool:
    """Prints one line for each check; False if something that a build needs, or that was asked for, does not work."""
    works = True
    for check in checks(endpoints, model, paths):
        line = Text(f"{check.state:<5}", style=_STYLES[check.state])
        line.append(f"{check.name}: {check.found}", style="default not bold")
        if check.mend:
            line.append(f". {check.mend}", style="default not bold")
        console.print(line, soft_wrap=True, highlight=False)
        works = works and check.state != "fail"
    return works


def checks(endpoints: Sequence[str] = (), model: str = "", paths: Sequence[str] = ()) -> Iterator[Check]:
    """All checks, one after the other."""
    yield check_python(sys.version_info[:3])
    yield from check_packages()
    yield from (check_model(stage) for stage in ("select", "classify"))
    yield check_sandbox(layers())
    yield check_octave(interpreters.describe(ExecuteConfig()).get("octave"))
    yield check_java()
    yield from (check_endpoint(endpoint, model) for endpoint in endpoints)
    yield from check_file_systems()
    yield from (check_path(path) for path in paths)
    yield from (check_disk(folder) for folder in dict.fromkeys((os.getcwd(), tempfile.gettempdir())))
    yield check_machine()


def check_python(found: tuple[int, ...]) -> Check:
    """The versions that Apache Beam 2.77 and all other packages support."""
    name = ".".join(map(str, found))
    if (3, 11) <= found < (3, 14):
        return Check("Python", "ok", name)
    return Check("Python", "fail", name, "Make the virtual environment with Python 3.11, 3.12 or 3.13")


def check_packages(distribution: str = _DISTRIBUTION) -> Iterator[Check]:
    """The packages that this one depends on: present, and of a version that it asks for."""
    try:
        needed = [Requirement(line) for line in requires(distribution) or ()]
    except PackageNotFoundError:
        yield Check("packages", "fail", f"{distribution} is not installed", "Run: pip install -e . (in the repository)")
        return
    present = []
    for need in (n for n in needed if not n.marker or n.marker.evaluate({"extra": ""})):
        try:
            present.append(f"{need.name} {version(need.name)}")
            if not need.specifier.contains(version(need.name), prereleases=True):
                yield Check("packages", "fail", present.pop(), f"Run: pip install '{need}'")
        except PackageNotFoundError:
            yield Check("packages", "fail", f"{need.name} is missing", f"Run: pip install '{need}'")
    yield Check("packages", "ok", ", ".join(present))


def check_model(stage: str) -> Check:
    """Whether the weights that come with the package load and judge."""
    path = classifier.shipped(stage)
    try:
        score = classifier.load(path).score(r"Let $f$ be continuous; then \int_a^b f(x) dx exists by the theorem.")
    except (ValueError, OSError) as error:
        return Check(f"model {stage}", "fail", str(error), "Install the package anew: its model files are damaged")
    return Check(f"model {stage}", "ok", f"{Path(path).name}, sha256 {classifier.digest(path)[:12]}, scores {score}")


def check_sandbox(found: dict[str, str | bool]) -> Check:
    """The layers around untrusted snippets; all doors must be closed for a build to run them."""
    layered = {name: layer for name, layer in found.items() if name not in DOORS}
    names = ", ".join(name if layer is True else f"{name} {layer}" for name, layer in layered.items() if layer)
    if open_doors := [name for name in DOORS if not found[name]]:
        return Check("sandbox", "fail", f"snippets cannot be kept from {' and '.join(open_doors)} ({names})", MEND)
    if missing := [name for name, layer in layered.items() if not layer]:
        mend = f"Snippets are kept from {', '.join(DOORS)}; apt install bubblewrap adds what the kernel allows"
        if not found["bubblewrap"]:
            mend += ". Without it they can ask for the names and sizes of files, not for what is in them"
        return Check("sandbox", "warn", f"{names}; not here: {', '.join(missing)}", mend)
    return Check("sandbox", "ok", f"snippets are kept from {', '.join(DOORS)} ({names})")


def check_octave(found: str | None) -> Check:
    """GNU Octave runs the snippets in MATLAB; all others need none."""
    if found:
        return Check("Octave", "ok", f"{found}, for snippets in MATLAB")
    return Check("Octave", "warn", "not found", "Only snippets in MATLAB need it: apt install octave")


def check_java() -> Check:
    """Java runs the job servers of Flink and Spark; local runs need none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    mend = f"Only Flink and Spark need it: apt install default-jre-headless, or set JAVA_HOME to Java {_JAVA} or newer"
    if not java or not Path(java).exists():
        return Check("Java", "warn", f"JAVA_HOME is {home}, without bin/java" if home else "not found", mend)
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30).stderr  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        return Check("Java", "warn", f"{java} does not run: {error}", mend)
    release = re.search(r'version "(?:1\.)?(\d+)[^"]*"', said)
    if not release or int(release[1]) < _JAVA:
        return Check("Java", "warn", f"{java} is too old or unknown: {said.partition(chr(10))[0]}", mend)
    return Check("Java", "ok", f"{release[1]} ({java})")


def check_endpoint(endpoint: str, model: str) -> Check:
    """Whether a server answers there, and serves the model."""
    name = f"endpoint {endpoint}"
    try:
        [card] = Chat((endpoint,), model).check()
    except EndpointError as error:
        if not model and error.__cause__ is None:  # it answers: only the name is missing
            return Check(name, "warn", str(error).removesuffix(", not "), "Choose one by --model")
        return Check(name, "fail", str(error), "Start the server, or correct --endpoint (it ends in /v1) or --model")
    context = f", with a context of {card.context:,} tokens" if card.context else ""
    return Check(name, "ok", f"serves {model}{context}")


def check_file_systems() -> Iterator[Check]:
    """Which kinds of paths can be opened."""
    present = ["local", "memory://"]
    for scheme, package in (("s3", "s3fs"), ("gs", "gcsfs")):
        if find_spec(package):
            present.append(f"{scheme}:// ({package} {version(package)})")
        else:
            mend = f"Only {scheme}:// paths need it: .venv/bin/pip install {package}"
            yield Check("file systems", "warn", f"{package} is missing", mend)
    yield Check("file systems", "ok", ", ".join(present))


def check_path(path: str) -> Check:
    """Whether a file can be read, or a folder be read and written to (one file comes and goes)."""
    name = f"path {path}"
    try:
        with explained("read", path):
            fs, plain = url_to_fs(path)
            if fs.isfile(plain):
                fs.open(plain, "rb").close()
                return Check(name, "ok", "a file, readable")
            found = exists(path)
            count = len(fs.ls(plain, detail=False)) if found else 0
    except InputError as error:
        return Check(name, "fail", str(error), "See that it is there and that your credentials reach it")
    writable = _is_writable(path)
    match found, writable:
        case True, True:
            return Check(name, "ok", f"a folder with {count:,} entries, readable and writable")
        case True, False:
            return Check(name, "warn", "a folder, readable, not writable", "Enough for --input, not for --output")
        case False, True:
            return Check(name, "warn", "not there, but it can be made", "Enough for --output, not for --input")
        case _:
            return Check(name, "fail", "not there, and it cannot be made", "Check the spelling and your rights to it")


def check_disk(folder: str) -> Check:
    """Free space where a build is likely to write."""
    free = shutil.disk_usage(folder).free
    found = f"{free / _GB:,.1f} GB free in {folder}"
    if free >= _MIN_DISK:
        return Check("disk", "ok", found)
    return Check("disk", "warn", found, "Name a larger disk by --output, or by TMPDIR for temporary files")


def check_machine() -> Check:
    """Cores that this process may use, and memory, also where a container limits it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if _CGROUP_LIMIT.exists() and (limit := _CGROUP_LIMIT.read_text().strip()) != "max":
        memory = min(memory, int(limit))
    found = f"{cores} core{'s' * (cores > 1)}, {memory / _GB:,.1f} GB of memory"
    if memory >= _MIN_MEMORY:
        return Check("machine", "ok", f"{found}; --workers {cores} uses all cores")
    return Check("machine", "warn", found, "Use --workers 1, and a lower execute.memory_bytes")


def _is_writable(path: str) -> bool:
    fs, plain = url_to_fs(path)
    if is_local(fs):  # nothing need be made to know it
        there = next(p for p in (Path(plain), *Path(plain).parents) if p.exists())
        return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    probe = join(path, f"_doctor-{uuid.uuid4().hex}")
    try:
        write_atomically(probe, b"")
        with explained("remove", probe):
            fs.rm_file(url_to_fs(probe)[1])
    except InputError:
        return False
    return True
