"""WARC files made by hand, so that they can be broken exactly where a test wants."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.files import InputFile
from transforms.inputs import list_inputs

HTML = b"<!doctype html><title>Page</title><p>Some text about numbers."


def warc_record(
    url: str = "http://a.test/",
    body: bytes = HTML,
    *,
    status: str = "200 OK",
    content_type: str | None = "text/html",
    headers: str = "",
    kind: str = "response",
) -> bytes:
    """One uncompressed record; `headers` are further HTTP headers, `kind` the WARC-Type."""
    block = body
    if kind == "response":
        typed = f"Content-Type: {content_type}\r\n" if content_type is not None else ""
        block = f"HTTP/1.1 {status}\r\n{typed}{headers}\r\n".encode() + body
        content_type = "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


@pytest.fixture(scope="session")
def record() -> Callable[..., bytes]:
    return warc_record


@pytest.fixture(scope="session")
def members() -> Callable[[int], list[bytes]]:
    """Compressed records of pages that differ in size, one gzip member each."""

    def make(count: int) -> list[bytes]:
        bodies = [HTML + f" {n * n % 97} numbers".encode() * (20 * n) for n in range(count)]
        return [gzip.compress(warc_record(f"http://a.test/{n}", body), mtime=0) for n, body in enumerate(bodies)]

    return make


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, bytes], InputFile]:
    """Writes a file and lists it."""

    def write(name: str, data: bytes) -> InputFile:
        (tmp_path / name).write_bytes(data)
        return list_inputs([str(tmp_path / name)])[0]

    return write
