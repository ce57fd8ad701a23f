"""What a user's patterns name: files, globs and folders on every file system, in an order of their own."""

import os
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from transforms.files import InputError, InputFile, base_name, explained, is_local, protocol
from transforms.records import content_id

ENDINGS = (
    *(".warc", ".warc.gz", ".warc.zst"),
    *(".html", ".htm"),
    *(".jsonl", ".jsonl.gz", ".jsonl.zst"),
    ".parquet",
)
SUCCESS = "_SUCCESS"
Info: TypeAlias = dict[str, Any]  # what a file system says of a file: name, size, type and more


def list_inputs(patterns: Sequence[str]) -> tuple[InputFile, ...]:
    """The files that the patterns (files, globs, folders) name, once each, in the order of their origins.

    A folder that a stage wrote (it holds `part-*` or `_SUCCESS`) means its own parts; any other folder means all
    files of a known ending below it, except hidden ones, those that begin with `_`, and those in `dropped/`.

    Raises `InputError` where a pattern matches nothing, names a file of unknown ending or one that cannot be read,
    or a stage's folder without `_SUCCESS`.
    """
    found: dict[str, InputFile] = {}
    for pattern in patterns:
        with explained("read", pattern):
            for file in _matches(pattern):
                known = found.get(file.path, file)
                found[file.path] = min(file, known, key=lambda match: match.origin)
    return tuple(sorted(found.values(), key=lambda file: (file.origin, file.path)))


def ending(path: str) -> str:
    """The known ending of a path, the longest that fits; empty if there is none."""
    return max((known for known in ENDINGS if path.lower().endswith(known)), key=len, default="")


def _matches(pattern: str) -> Iterator[InputFile]:
    if not pattern:
        raise InputError("an input is empty: give a file, a folder or a glob")
    fs, path = url_to_fs(pattern)
    fs.invalidate_cache()  # another process may have written since it was last listed
    if fs.isdir(path):
        root = path.rstrip("/")
        infos = _folder(fs, root)
        finished = fs.exists(f"{root}/{SUCCESS}")
    elif fs.exists(path):
        if not ending(path):
            raise InputError(f"cannot read {pattern}: its ending is unknown; known are {' '.join(ENDINGS)}")
        root, infos, finished = fs._parent(path), [fs.info(path)], True
    elif wildcards := [path.find(wildcard) for wildcard in "*?[" if wildcard in path]:
        root = path[: min(wildcards)].rpartition("/")[0]
        infos = _glob(fs, path, root)
        finished = False
    else:
        raise FileNotFoundError(path)
    if not infos and not finished:  # a stage that has finished may have kept nothing
        raise InputError(f"no input: {pattern} matches no file of a known ending: {' '.join(ENDINGS)}")
    yield from (_input_file(fs, root, info) for info in infos)


def _glob(fs: AbstractFileSystem, path: str, root: str) -> list[Info]:
    infos = [info for info in fs.glob(path, detail=True).values() if not base_name(info).startswith(("_", "."))]
    files = [info for info in infos if info["type"] == "file" and ending(info["name"])]
    if "**" in path:  # it has matched what is below the folders too
        return [info for info in files if _is_input(info["name"][len(root) :].strip("/"))]
    folders = [info["name"] for info in infos if info["type"] == "directory" and base_name(info) != "dropped"]
    return files + [info for folder in folders for info in _folder(fs, folder)]


def _folder(fs: AbstractFileSystem, folder: str) -> list[Info]:
    _need_access(fs, folder)
    children = fs.ls(folder, detail=True)
    parts = [info for info in children if info["type"] == "file" and base_name(info).startswith("part-")]
    if SUCCESS in map(base_name, children):
        return [info for info in parts if ending(info["name"])]
    if parts:
        raise InputError(
            f"{folder} holds part-* files but no {SUCCESS}: the stage that writes it has not finished. "
            f"Run that stage to its end, or name the files themselves: '{folder}/part-*'"
        )
    found = fs.find(folder, detail=True)
    return [info for name, info in found.items() if _is_input(name[len(folder) :].strip("/"))]


def _is_input(relative: str) -> bool:
    names = relative.split("/")
    return bool(ending(relative)) and "dropped" not in names[:-1] and not any(n.startswith(("_", ".")) for n in names)


def _input_file(fs: AbstractFileSystem, root: str, info: Info) -> InputFile:
    name = info["name"]
    _need_access(fs, name)
    path = name if is_local(fs) else fs.unstrip_protocol(name)
    return InputFile(path, name[len(root) :].lstrip("/"), int(info["size"] or 0), _stamp(fs, info))


def _stamp(fs: AbstractFileSystem, info: Info) -> str:
    if protocol(fs) == "memory":  # its only time is that of this process
        return content_id(fs.cat_file(info["name"]))
    names = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")
    return next((str(info[name]).strip('"') for name in names if info.get(name)), "")


def _need_access(fs: AbstractFileSystem, name: str) -> None:
    if is_local(fs) and not os.access(name, os.R_OK | (os.X_OK if os.path.isdir(name) else 0)):
        raise PermissionError(name)
