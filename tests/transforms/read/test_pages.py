"""Input files of every kind, and the count of what they held."""

import json
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.files import InputError, InputFile
from transforms.read import pages
from transforms.read.config import ReadConfig
from transforms.read.pages import canonical_url, read_file
from transforms.records import Document, Dropped, FileCount, Page, content_id

Write = Callable[[str, bytes], InputFile]
HTML = b'<html><link rel="canonical" href="https://a.test/?x=1&amp;y=2"><p>text'


def test_an_html_file_is_a_page(written: Write) -> None:
    file = written("a.html", HTML)
    page = Page(content_id("a.html", HTML), HTML, "https://a.test/?x=1&y=2", "text/html", origin="a.html")
    assert list(read_file(file, ReadConfig())) == [page, FileCount("a.html", 1, 0, 0)]


@pytest.mark.parametrize(
    ("content", "url"),
    [
        (b"<p>none", ""),
        (b"<LINK HREF='http://a.test/' REL='Canonical' />", "http://a.test/"),
        (b"<link rel=canonical href=https://a.test/x>", "https://a.test/x"),
        (
            b'<link rel="stylesheet" href="https://a.test/x"><link rel="canonical" href="https://b.test/">',
            "https://b.test/",
        ),
        (b'<link rel="canonical" href="/relative">', ""),
        (b'<link rel="canonical" href="javascript:alert(1)">', ""),
        (b"x" * 70_000 + b'<link rel="canonical" href="https://a.test/">', ""),
    ],
)
def test_canonical_url(content: bytes, url: str) -> None:
    assert canonical_url(content) == url


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\0" * 100, "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"<p>" + b"x" * 1000, "too_large"),
        ("\ufeff<p>wide".encode("utf-16-le"), ""),
        (b"<p>\x1b$B escape \x1b(B", ""),
    ],
)
def test_every_page_is_checked_wherever_it_comes_from(written: Write, content: bytes, reason: str) -> None:
    config = ReadConfig(max_page_bytes=500)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"content": pa.array([content], pa.binary())}), sink)
    for file in (written("a.html", content), written("a.parquet", sink.getvalue().to_pybytes())):
        item, count = read_file(file, config)
        assert (item.reason if isinstance(item, Dropped) else "") == reason
        assert count == FileCount(file.origin, int(not reason), 0, int(bool(reason)))


def test_rows_are_pages_or_documents(written: Write) -> None:
    rows = [
        {"content": "<p>page", "url": "u", "text": "not read"},
        {"text": "document"},
        {"text": "of another source", "source": "openwebmath", "content": None},
        {"title": "neither"},
        {"content": "\0" * 50},
    ]
    file = written("a.jsonl", b"\n".join(json.dumps(row).encode() for row in rows))
    page, document, other, neither, binary, count = read_file(file, ReadConfig(), "code")
    assert isinstance(page, Page)
    assert (page.content, page.url) == (b"<p>page", "u")
    assert isinstance(document, Document)
    assert (document.text, document.source, document.origin) == ("document", "code", "a.jsonl:2")
    assert isinstance(other, Document)
    assert other.source == "openwebmath"
    assert isinstance(neither, Dropped)
    assert neither.reason == "malformed"
    assert isinstance(binary, Dropped)
    assert binary.reason == "binary"
    assert count == FileCount("a.jsonl", 1, 2, 2)


def test_a_file_that_breaks_in_the_middle_is_still_counted(
    written: Write, record: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an error of our own loses the count."""
    file = written("a.warc", b"".join(record(f"http://a/{n}") for n in range(3)))
    check, calls = pages.check_page, []

    def fail_at_the_second(page: Page, limit: int) -> Page | Dropped:
        calls.append(page)
        if len(calls) == 2:
            raise ZeroDivisionError
        return check(page, limit)

    monkeypatch.setattr(pages, "check_page", fail_at_the_second)
    first, error, count = read_file(file, ReadConfig())
    assert isinstance(first, Page)
    assert isinstance(error, Dropped)
    assert error.reason == "error"
    assert "ZeroDivisionError" in error.detail
    assert count == FileCount("a.warc", 1, 0, 1)


def test_a_file_that_is_gone_is_an_error(written: Write) -> None:
    file = InputFile("/nowhere/a.html", "a.html", 1, "")
    with pytest.raises(InputError, match="no such file"):
        list(read_file(file, ReadConfig()))
