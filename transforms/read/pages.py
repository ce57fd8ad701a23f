"""Input files of every kind to pages and documents, with a count of what each file held."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from transforms.files import InputError, InputFile, open_file
from transforms.inputs import ending
from transforms.read.body import STAGE, check_page
from transforms.read.config import ReadConfig
from transforms.read.rows import iterate, make_record
from transforms.read.warc import read_warc
from transforms.records import SOURCE, Document, Dropped, FileCount, Page, content_id, drop_error

_COLUMNS = frozenset(field.name for record in (Page, Document) for field in fields(record))
_HEAD = 1 << 16  # bytes of a page in which its canonical link is looked for
_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?canonical\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)


def read_file(
    file: InputFile, config: ReadConfig, source: str = "web"
) -> Iterator[Page | Document | Dropped | FileCount]:
    """All that the file holds, each as a page, a document or a drop; last, always, how many of each there were.

    `source` is that of documents whose row does not name one. Raises `InputError` where the file cannot be reached.
    """
    counts: Counter[type] = Counter()
    for item in _checked(file, config, source):
        counts[type(item)] += 1
        yield item
    yield FileCount(file.origin, counts[Page], counts[Document], counts[Dropped])


def canonical_url(content: bytes) -> str:
    """The address that a page gives as its own; empty if it gives none."""
    for link in _LINK.findall(content[:_HEAD]):
        if _CANONICAL.search(link) and (href := _HREF.search(link)):
            return html.unescape(href[1].decode("utf-8", "replace"))
    return ""


def _checked(file: InputFile, config: ReadConfig, source: str) -> Iterator[Page | Document | Dropped]:
    try:
        for item in _items(file, config, source):
            yield check_page(item, config.max_page_bytes) if isinstance(item, Page) else item
    except InputError:  # the file system's failure, which a runner may try again
        raise
    except Exception as error:
        yield drop_error(Page(content_id(file.origin), b"", origin=file.origin), STAGE, error)


def _items(file: InputFile, config: ReadConfig, source: str) -> Iterator[Page | Document | Dropped]:
    match ending(file.path):
        case ".warc" | ".warc.gz" | ".warc.zst":
            return read_warc(file, config)
        case ".html" | ".htm":
            return _html(file, config)
        case ".jsonl" | ".jsonl.gz" | ".jsonl.zst" | ".parquet":
            return _rows(file, config, source)
        case _:
            raise InputError(f"cannot read {file.path}: its ending is unknown")


def _html(file: InputFile, config: ReadConfig) -> Iterator[Page]:
    with open_file(file.path) as stream:
        content = stream.read(config.max_page_bytes + 1)
    url = canonical_url(content) or file.origin
    yield Page(content_id(file.origin, content), content, url, "text/html", origin=file.origin)


def _rows(file: InputFile, config: ReadConfig, source: str) -> Iterator[Page | Document | Dropped]:
    for number, row in iterate(file, _COLUMNS, config):
        origin = f"{file.origin}:{number}"
        if isinstance(row, Dropped):
            yield row
        elif row.get("content") is not None:
            yield make_record(Page, row, origin)
        else:
            yield make_record(Document, {**row, "source": _source(row.get("source"), source)}, origin)


def _source(own: object, given: str) -> str:
    """The source that a row names, if it can be a component of a corpus (and so a folder), else the given one."""
    return own if isinstance(own, str) and SOURCE.fullmatch(own) and own != "translated" else given
