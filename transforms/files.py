"""Files of every scheme that fsspec opens, read and written the same way; nothing is ever seen half-written."""

import contextlib
import io
import os
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

_BUFFER = 1 << 20  # bytes
_MAX_MESSAGE = 300  # characters; some libraries name every folder that they looked in
# File systems whose put makes an object appear whole or not at all; on all others a rename does.
_ATOMIC_PUT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "memory"}


class InputError(Exception):
    """A mistake of the user's, or a file that cannot be reached: one line that names the thing and the mend."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. `origin` does not change when the whole input moves to another folder or bucket."""

    path: str  # a local path, or a URL that fsspec opens
    origin: str  # relative to the fixed root of its pattern, with forward slashes
    size: int  # bytes
    stamp: str  # the etag where the file system has one, else the time of the last change


@contextlib.contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """A file opened for reading, buffered and seekable.

    Whatever the file system raises becomes an `InputError`, so that a reader can tell it from damaged content.
    """
    with explained("read", path):
        fs, name = url_to_fs(path)
        file = fs.open(name, "rb")
    with io.BufferedReader(_Input(path, file), _BUFFER) as stream:
        yield cast(BinaryIO, stream)


def write_atomically(path: str, data: bytes) -> None:
    """Writes a file that is never seen half-written: a temporary one and a rename, or a single put of an object.

    Missing folders are made. Raises `InputError` where it cannot be written.
    """
    with explained("write", path):
        fs, name = url_to_fs(path)
        if is_local(fs):
            _write_local(name, data)
        elif protocol(fs) in _ATOMIC_PUT:
            fs.pipe_file(name, data)  # not `open`: closing a file after an error would commit what was written so far
        else:
            fs.makedirs(fs._parent(name), exist_ok=True)
            fs.pipe_file(f"{name}.tmp", data)
            if fs.exists(name):
                fs.rm_file(name)
            fs.mv(f"{name}.tmp", name)


def read_bytes(path: str) -> bytes:
    """The whole file; raises `InputError` where it cannot be read."""
    with explained("read", path):
        fs, name = url_to_fs(path)
        data: bytes = fs.cat_file(name)
        return data


def exists(path: str) -> bool:
    """Whether there is a file or folder of this name now (not when its folder was last listed)."""
    with explained("look for", path):
        fs, name = url_to_fs(path)
        fs.invalidate_cache()
        return bool(fs.exists(name))


def list_names(folder: str) -> tuple[str, ...]:
    """The names of the files directly in a folder, sorted; empty where there is no such folder."""
    return tuple(list_sizes(folder))


def list_sizes(folder: str) -> dict[str, int]:
    """The files directly in a folder with their sizes in bytes, by name; empty where there is no such folder."""
    with explained("list", folder):
        fs, name = url_to_fs(folder)
        fs.invalidate_cache()
        try:
            children = fs.ls(name, detail=True)
        except FileNotFoundError:
            return {}
        return {
            base_name(info): int(info["size"]) for info in sorted(children, key=base_name) if info["type"] == "file"
        }


def append(path: str, data: bytes) -> None:
    """Adds to the end of a local file; it is on disk when this returns."""
    with explained("write", path):
        name = url_to_fs(path)[1]
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def can_append(path: str) -> bool:
    """Whether files of this kind can grow: objects cannot."""
    return is_local(url_to_fs(path)[0])


def read_range(path: str, start: int, end: int | None) -> bytes:
    """The bytes of a file from `start` up to `end` (None: all the rest), as far as it goes."""
    with explained("read", path):
        fs, name = url_to_fs(path)
        data: bytes = fs.cat_file(name, start=start, end=end)
        return data


def remove(path: str) -> None:
    """Removes a folder and all below it, or a file; nothing happens where there is none."""
    with explained("remove", path):
        fs, name = url_to_fs(path)
        fs.invalidate_cache()
        if fs.exists(name):
            fs.rm(name, recursive=True)


def remove_files(folder: str, names: Collection[str]) -> None:
    """Removes files that stand directly in a folder, as many at a time as the store can; missing ones are no error."""
    there = [join(folder, name) for name in list_sizes(folder) if name in names]
    with explained("remove files from", folder):
        fs = url_to_fs(folder)[0]
        if there:
            fs.rm([url_to_fs(path)[1] for path in there])


def join(root: str, *names: str) -> str:
    """The path below a root (a folder or a URL), with forward slashes."""
    head = root if root.endswith("/") else root + "/"
    return head + "/".join(name.strip("/") for name in names) if names else root


@contextlib.contextmanager
def explained(verb: str, path: str) -> Iterator[None]:
    """Every exception of a file system as an `InputError`: each of them raises its own kinds."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"cannot {verb} {path}: {_explain(error)}") from error


def base_name(info: dict[str, Any]) -> str:
    """The last part of the name in a file system's answer."""
    return str(info["name"]).rstrip("/").rpartition("/")[2]


def protocol(fs: AbstractFileSystem) -> str:
    """The scheme of a file system, the first of several."""
    return str(fs.protocol if isinstance(fs.protocol, str) else fs.protocol[0])


def is_local(fs: AbstractFileSystem) -> bool:
    """Whether its paths are those of the operating system."""
    return isinstance(fs, LocalFileSystem)


class _Input(io.RawIOBase):
    def __init__(self, path: str, file: BinaryIO) -> None:
        self._path = path
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        with explained("read", self._path):
            data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with explained("read", self._path):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _write_local(name: str, data: bytes) -> None:
    folder, base = os.path.split(name)
    os.makedirs(folder, exist_ok=True)
    part = os.path.join(folder, f".{base}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, name)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)
        raise


def _explain(error: Exception) -> str:
    name = type(error).__name__
    text = " ".join(str(error).split())[:_MAX_MESSAGE] or name
    match error:
        case FileNotFoundError():
            return "there is no such file, folder or bucket"
        case PermissionError():
            return f"permission denied; check the file's rights or the credentials ({text})"
        case ImportError():
            return f"{text}; install the package that opens this kind of path (for s3:// it is s3fs)"
        case ValueError() if "Protocol not known" in text:
            return f"{text}; known are local paths and the schemes of fsspec, for example s3://, gs://, hdfs://"
        case _ if "Credentials" in name:
            return f"{text}; give them as this store's own tools take them (for s3:// AWS_ACCESS_KEY_ID …)"
        case _ if "Connect" in name:
            return f"{text}; check the address (for s3:// also AWS_ENDPOINT_URL) and the network"
        case _:
            return f"{name}: {text}"
