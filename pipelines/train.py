"""`train-classifier`: inputs of any kind to a fastText model for select or classify."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from models.training import Text, TrainReport, TrainSettings, train
from pipelines.errors import UserError
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.files import InputFile
from transforms.inputs import ending, list_inputs
from transforms.label.records import MATH, NONMATH
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.read.rows import iterate, make_record
from transforms.records import Document, Dropped, Page, content_id
from transforms.select.algorithm import plain_text
from transforms.select.config import SelectConfig

_PAGE = frozenset({"url", "content", "content_type"})
_TEXT = ("text", "question", "solution")
_READ = ReadConfig()
_EXTRACT = ExtractConfig()
_SELECT = SelectConfig()


def train_classifier(
    positive: Sequence[str],
    negative: Sequence[str],
    output: str,
    stage: Literal["select", "classify"],
    labels: str | None = None,
    questions_per_file: int = 0,
    settings: TrainSettings | None = None,
) -> TrainReport:
    """Trains a model on files, globs and folders, on exactly the text that its stage will see, and writes it.

    Pages become plain text for select and extracted text for classify; rows with `text`, or with `question` and
    perhaps `solution`, are used as they are. Where rows have a column `label` (math or nonmath), positives are only
    those that it calls math, and negatives those that it calls nonmath: a folder that `label` wrote can be named for
    both. `labels` gives such labels to what has none: rows of `url` and `label`, JSONL or a folder that `label` wrote;
    of what has a url, only what it lists is used. Of the rows with a question `questions_per_file` of each file are
    used (0: all): word problems come by the thousand, are much like everyday prose, and must not outweigh the rest;
    which ones depends on their texts alone.

    Raises `UserError` or `InputError` for inputs that cannot be used; nothing is written then.
    """
    known = _read_labels(labels) if labels else None
    math, other = (
        _texts(patterns, stage, _Keeps(label, known), questions_per_file)
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


@dataclass(frozen=True, slots=True)
class _Keeps:
    """What may be used for one class."""

    label: str
    known: Mapping[str, str] | None

    def url(self, url: str) -> bool:
        """Whether what has this url may be used; what has none was not to be labelled."""
        return self.known is None or not url or self.known.get(url) == self.label

    def row(self, row: Mapping[str, Any]) -> bool:
        """Whether a row may be used: its own label decides, if it has one."""
        own = row.get("label")
        return own == self.label if own in (MATH, NONMATH) else self.url(str(row.get("url") or ""))


def _texts(patterns: Sequence[str], stage: Literal["select", "classify"], keeps: _Keeps, limit: int) -> Iterator[Text]:
    for file in list_inputs(patterns):
        if ending(file.path).startswith((".jsonl", ".parquet")):
            yield from _row_texts(file, stage, keeps)
            questions = _questions(file, keeps)
            yield from heapq.nsmallest(limit, questions, key=lambda text: content_id(text.text)) if limit else questions
        else:
            for page in read_file(file, _READ):
                if isinstance(page, Page) and keeps.url(page.url):
                    yield Text(_page_text(page, stage), _site(page.url))


def _row_texts(file: InputFile, stage: Literal["select", "classify"], keeps: _Keeps) -> Iterator[Text]:
    """The pages and texts of a file of rows."""
    for number, row in _rows(file, keeps):
        site = _site(str(row.get("url") or ""))
        if row.get("content") is not None:
            page = make_record(Page, {name: row[name] for name in _PAGE & row.keys()}, f"{file.origin}:{number}")
            if isinstance(page, Page):
                yield Text(_page_text(page, stage), site)
        elif row.get("question") is None:
            yield Text(str(row.get("text") or ""), site)


def _questions(file: InputFile, keeps: _Keeps) -> Iterator[Text]:
    """The questions of a file of rows, with their solutions."""
    for _, row in _rows(file, keeps):
        if row.get("content") is None and row.get("question") is not None:
            parts = (row.get(name) for name in _TEXT)
            yield Text("\n".join(part for part in parts if isinstance(part, str)), _site(str(row.get("url") or "")))


def _rows(file: InputFile, keeps: _Keeps) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, row in iterate(file, _PAGE.union(_TEXT, ("label",)), _READ):
        if not isinstance(row, Dropped) and keeps.row(row):
            yield number, row


def _site(url: str) -> str:
    """The host of an address; what hosts serve under one name is tested as one."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _page_text(page: Page, stage: Literal["select", "classify"]) -> str:
    """What the stage's model will see of the page; nothing for a page that it would never see."""
    try:
        if stage == "select":
            return plain_text(page.content[: _SELECT.max_bytes], page.content_type, _SELECT.text_bytes)
        document = extract(page, _EXTRACT)
    except Exception:  # the build drops such a page
        return ""
    return document.text if isinstance(document, Document) else ""
