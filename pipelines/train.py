"""`train-classifier`: inputs of any kind to a fastText model for select or classify."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from models.classifier import TrainReport, TrainSettings, train
from pipelines.errors import UserError
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.files import InputFile
from transforms.inputs import ending, list_inputs
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.read.rows import iterate, make_record
from transforms.records import Document, Dropped, Page, content_id
from transforms.select.algorithm import plain_text
from transforms.select.config import SelectConfig

MATH, NONMATH = "math", "nonmath"
_PAGE = frozenset({"url", "content", "content_type"})
_TEXT = frozenset({"text", "question", "solution"})
_READ = ReadConfig()
_EXTRACT = ExtractConfig()
_MAX_BYTES = SelectConfig().max_bytes


def train_classifier(
    positive: Sequence[str],
    negative: Sequence[str],
    output: str,
    stage: Literal["select", "classify"],
    labels: str | None = None,
    rows_per_file: int = 0,
    settings: TrainSettings | None = None,
) -> TrainReport:
    """Trains a model on files, globs and folders, on exactly the text that its stage will see, and writes it.

    Pages become plain text for select and extracted text for classify; rows with `text`, or with `question` and
    perhaps `solution`, are used as they are. `labels` is a JSONL file of `url` and `label` (math or nonmath): of what
    has a url, positives are then only what it calls math, and negatives what it calls nonmath. Of the texts in a file
    of rows `rows_per_file` are used (0: all), so that word problems, which come by the thousand and are much like
    everyday prose, do not outweigh pages; which ones depends on the texts alone.

    Raises `UserError` or `InputError` for inputs that cannot be used; nothing is written then.
    """
    known = _read_labels(labels) if labels else None
    math, other = (
        _texts(patterns, stage, _keeps(known, label), rows_per_file)
        for patterns, label in ((positive, MATH), (negative, NONMATH))
    )
    try:
        return train(math, other, output, settings or TrainSettings())
    except ValueError as error:
        raise UserError(f"cannot train on these inputs: {error}") from None


def _read_labels(path: str) -> dict[str, str]:
    """Url → label."""
    rows = (row for file in list_inputs([path]) for _, row in iterate(file, frozenset({"url", "label"}), _READ))
    found = {row["url"]: row["label"] for row in rows if isinstance(row, Mapping) and row.keys() >= {"url", "label"}}
    if not found.keys() or not {MATH, NONMATH} & set(map(str, found.values())):
        raise UserError(f"{path} holds no labels: its rows need 'url' and 'label', which is '{MATH}' or '{NONMATH}'")
    return found


def _keeps(labels: Mapping[str, str] | None, label: str) -> Callable[[str], bool]:
    """Whether what has this url may be used; what has none was not to be labelled."""
    if labels is None:
        return lambda url: True
    return lambda url: not url or labels.get(url) == label


def _texts(
    patterns: Sequence[str], stage: Literal["select", "classify"], keeps: Callable[[str], bool], limit: int
) -> Iterator[str]:
    for file in list_inputs(patterns):
        if ending(file.path).startswith((".jsonl", ".parquet")):
            texts = _row_texts(file, stage, keeps)
            yield from heapq.nsmallest(limit, texts, key=content_id) if limit else texts
        else:
            for page in read_file(file, _READ):
                if isinstance(page, Page) and keeps(page.url):
                    yield _page_text(page, stage)


def _row_texts(file: InputFile, stage: Literal["select", "classify"], keeps: Callable[[str], bool]) -> Iterator[str]:
    for number, row in iterate(file, _PAGE | _TEXT, _READ):
        if isinstance(row, Dropped) or not keeps(str(row.get("url") or "")):
            continue
        if row.get("content") is None:
            yield "\n".join(part for name in ("text", "question", "solution") if isinstance(part := row.get(name), str))
            continue
        page = make_record(Page, {name: row[name] for name in _PAGE & row.keys()}, f"{file.origin}:{number}")
        if isinstance(page, Page):
            yield _page_text(page, stage)


def _page_text(page: Page, stage: Literal["select", "classify"]) -> str:
    """What the stage's model will see of the page; nothing for a page that it would never see."""
    try:
        if stage == "select":
            return plain_text(page.content[:_MAX_BYTES], page.content_type)
        document = extract(page, _EXTRACT)
    except Exception:  # the build drops such a page
        return ""
    return document.text if isinstance(document, Document) else ""
