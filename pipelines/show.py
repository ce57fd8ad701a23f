"""Records made readable in a terminal: of a file, a stage's folder, a folder of drops, or a build."""

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, TypeAlias, cast

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text
from zstandard import ZstdDecompressor, ZstdError

from pipelines.errors import UserError
from transforms.files import exists, explained, is_local, join, open_file

Row: TypeAlias = Mapping[str, Any]
_LINES, _CHARACTERS = 12, 1200  # of a text that is cut
_ENDINGS = (".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst")
# Control characters of a hostile page would steer the terminal, direction overrides would reorder what it shows.
_STEERING = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_STEERING |= {ord("\n"): "\n", ord("\t"): "    ", ord("\r"): ""}


def show(target: str, console: Console, limit: int = 10, id: str = "", full: bool = False) -> None:
    """Prints up to `limit` records of `target`; with `id` those whose id (or document's id) begins with it.

    Long texts are cut unless `full`.

    Of a build it shows the shards; with `id` also the rows that its stages dropped.
    Raises `UserError` where the target is missing, damaged, of no known kind, or has no such id.
    """
    rows = (row for path in find_files(target, dropped=bool(id)) for row in read_rows(path))
    shown = 0
    for row in islice((row for row in rows if _has_id(row, id)), limit):
        for text in lines_of(row, full):
            console.print(text, soft_wrap=True, highlight=False)
        console.print()
        shown += 1
    if id and not shown:
        raise UserError(f"{target} holds no record whose id begins with {id}")
    if not shown and limit > 0:
        console.print(f"{target} holds no records", markup=False, highlight=False, soft_wrap=True)


def find_files(target: str, dropped: bool = False) -> list[str]:
    """The Parquet and JSONL files that `target` means; of a build also those of dropped rows, where asked for."""
    if not exists(target):
        raise UserError(f"there is no {target}")
    with explained("list", target):
        fs, path = url_to_fs(target)
        if fs.isfile(path):
            names = [target] if path.endswith(_ENDINGS) else []
            mend = f"known are {' '.join(_ENDINGS)} and folders of these"
        elif fs.exists(join(path, "shards")) or fs.exists(join(path, "stages")):
            names = fs.glob(join(path, "shards", "[!_]*", "part-*.parquet"))
            names += fs.glob(join(path, "stages", "*", "dropped", "part-*.parquet")) if dropped else []
            mend = "the build has no shards yet; its stages are the folders in stages/"
        else:
            parts = fs.glob(join(path, "part-*.parquet"))
            names = parts or [name for ending in _ENDINGS for name in fs.glob(join(path, f"*{ending}"))]
            mend = "it is neither a build nor a folder of Parquet or JSONL files"
    if not names:
        raise UserError(f"cannot show {target}: {mend}")
    return names if names == [target] or is_local(fs) else [fs.unstrip_protocol(name) for name in names]


def read_rows(path: str) -> Iterator[Row]:
    """The rows of a Parquet or JSONL file; raises `UserError` where it is damaged."""
    try:
        with open_file(path) as stream:
            if path.endswith(".parquet"):
                for batch in pq.ParquetFile(stream).iter_batches(batch_size=256):
                    yield from batch.to_pylist()
            else:
                yield from (_object(line) for line in _plain(stream, path) if line.strip())
    except (pa.ArrowException, OSError, EOFError, ZstdError, ValueError) as error:
        raise UserError(f"cannot read {path}: {error}") from None


def lines_of(row: Row, full: bool = False) -> list[Text]:
    """What is printed of a row: its kind is told by its columns."""
    size = (None, None) if full else (_LINES, _CHARACTERS)
    match row:
        case {"stage": _, "reason": _, "detail": _}:
            return _dropped(row, size)
        case {"code": _, "result": _}:
            return [_header(row, ("document_id", "index", "teacher", "prompt_version")), *_computation(row, size)]
        case {"text": _}:
            return _document(row, size)
        case {"content": bytes(content)}:
            texts = {**row, "content": content[:_CHARACTERS].decode("utf-8", "replace")}
            return [_header(row), *_fields(texts, size, but=("id",))]
        case _:
            return [_header(row), *_fields(row, size, but=("id",))]


def printable(text: object) -> str:
    """The text without control characters, direction overrides and lone surrogates."""
    return str(text).translate(_STEERING).encode("utf-8", "replace").decode()


Size: TypeAlias = tuple[int | None, int | None]  # lines and characters of a text; None: all


def _document(row: Row, size: Size) -> list[Text]:
    numbers = ("language", "coarse_score", "math_score", "num_formulas", "num_tokens", "license")
    lines = [_header(row, ("source", *numbers))]
    lines += _fields(row, size, only=("url", "title", "origin", "macros"))
    lines += [Text(), _cut(row["text"], size)]
    for computation in row.get("computations") or ():
        lines += [Text(), _header(computation, ("index",), "computation "), *_computation(computation, size)]
    return lines


def _computation(row: Row, size: Size) -> list[Text]:
    lines = _fields(row, size, only=("title", "conditions", "expression", "result", "status", "verdict", "reason"))
    code = _cut(row["code"] or "", size).plain
    language = row.get("language") or "python"
    highlighted = Syntax("", language, theme="ansi_dark").highlight(code)
    highlighted.rstrip()
    lines += [_label("code", language), _indent(highlighted)]
    for name in ("stdout", "stderr"):
        if output := (row.get(name) or "").rstrip():
            lines += _block(name, output, size)
    return lines


def _dropped(row: Row, size: Size) -> list[Text]:
    header = _header(row)
    header.append(f"  dropped by {printable(row['stage'])}: ").append(printable(row["reason"]), style="bold red")
    try:
        detail = json.loads(row["detail"])
    except ValueError:
        detail = row["detail"]
    return [header, *_fields(detail if isinstance(detail, dict) else {"detail": detail}, size)]


def _header(row: Row, names: tuple[str, ...] = (), prefix: str = "") -> Text:
    header = Text(prefix).append(printable(row.get("id", "(no id)")), style="bold cyan")
    for name in names:
        if row.get(name) not in (None, ""):
            header.append(f"  {name} ", style="dim").append(_value(row[name]))
    return header


def _fields(row: Row, size: Size, only: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> list[Text]:
    """A line for each value that is not empty; a long or broken one stands below its name."""
    texts: list[Text] = []
    for name in only or [str(key) for key in row if key not in but]:
        if (value := row.get(name)) not in (None, "", [], ()):
            text = _value(value)
            texts += _block(name, text, size) if len(text) > 100 or "\n" in text else [_label(name, text)]
    return texts


def _block(name: str, text: str, size: Size) -> list[Text]:
    return [_label(name, ""), _indent(_cut(text, size))]


def _label(name: str, text: str) -> Text:
    return Text(f"{printable(name)}: ", style="dim").append(printable(text), style="not dim")


def _indent(text: Text) -> Text:
    return Text("\n").join(Text("    ") + line for line in text.split("\n", allow_blank=True))


def _cut(text: str, size: Size) -> Text:
    """The first lines and characters of the text, and how much is missing."""
    text = printable(text)
    lines, characters = size
    head = "\n".join(text.split("\n")[:lines])[:characters]
    shown = Text(head)
    if left := len(text) - len(head):
        shown.append(f"\n… {left:,} more characters: --full shows them", style="dim")
    return shown


def _value(value: object) -> str:
    match value:
        case str():
            return value
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return "; ".join(value)
        case float():
            return f"{value:.4g}"
        case int():
            return f"{value:,}"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _has_id(row: Row, id: str) -> bool:
    return any(str(row.get(name, "")).startswith(id) for name in ("id", "document_id"))


def _plain(stream: BinaryIO, path: str) -> BinaryIO:
    if path.endswith(".gz"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if path.endswith(".zst"):
        return cast(BinaryIO, io.BufferedReader(ZstdDecompressor().stream_reader(stream, read_across_frames=True)))
    return stream


def _object(line: bytes) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("a line is not a JSON object")
    return row
