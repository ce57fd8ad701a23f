"""Bodies of pages: how HTTP packed them, and whether they are pages at all."""

import codecs
import zlib
from collections.abc import Callable
from io import BytesIO

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

from transforms.records import Dropped, Page, Reason, drop

STAGE = "read"
_BLANK = codecs.BOM_UTF8 + b" \t\r\n\f"
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")  # escape: ISO-2022 text is full of it
_MAX_CONTROL = 0.02  # share of the bytes; of the real pages in UTF-8, Latin-1, Shift-JIS … none has 0.001
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_HTML_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body")
_SNIFFED = 2048
# UTF-32 before UTF-16: the mark of the one begins with that of the other.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),  # without a mark, which browsers accept where the header names the charset
    (b"\0<", "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"RIFF")


def decode_body(content: bytes, transfer_encoding: str, content_encoding: str, limit: int) -> bytes:
    """The body without chunks and compression, cut after `limit` + 1 bytes.

    Encodings that are unknown, or that a crawler has undone already without a word, leave it as it is.
    Raises `OSError` where the packed bytes are damaged.
    """
    for header in (transfer_encoding, content_encoding):
        for encoding in reversed(header.lower().split(",")):
            if reader := _READERS.get(encoding.strip()):
                content = _unpack(content, reader, limit + 1)
    return content


def check_page(page: Page, limit: int) -> Page | Dropped:
    """The page, or why it is none: larger than `limit` bytes, empty, or binary."""
    if len(page.content) > limit:
        return drop(page, STAGE, Reason.TOO_LARGE, bytes_at_least=len(page.content), limit=limit)
    if not page.content.strip(_BLANK):
        return drop(page, STAGE, Reason.EMPTY)
    if share := binary_share(page.content):
        return drop(page, STAGE, Reason.BINARY, control_characters=round(share, 3), limit=_MAX_CONTROL)
    return page


def binary_share(content: bytes) -> float:
    """The share of control characters where the content is binary, else 0; UTF-16 and UTF-32 are text."""
    if content.startswith(_SIGNATURES):
        return 1.0
    text = content
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            text = content.decode(encoding, "replace").encode("utf-8", "replace")
            break
    share = 1 - len(text.translate(None, _CONTROL)) / max(len(text), 1)
    return share if share > _MAX_CONTROL else 0.0


def is_html(content_type: str, content: bytes) -> bool:
    """Whether a type, or where the server gave none the first bytes, say that this is a page."""
    known = content_type.partition(";")[0].partition(",")[0].strip().lower()
    if known:
        return known in _HTML_TYPES
    return any(mark in content[:_SNIFFED].lower() for mark in _HTML_MARKS)


def _unpack(content: bytes, reader: Callable[[BytesIO, int], bytes], size: int) -> bytes:
    try:
        return reader(BytesIO(content), size)
    except (OSError, zlib.error) as error:
        if content.lstrip(_BLANK).startswith(b"<"):
            return content
        raise OSError(str(error)) from error


def _inflate(packed: BytesIO, size: int) -> bytes:
    content = packed.getvalue()
    try:
        return zlib.decompressobj().decompress(content, size)
    except zlib.error:  # what many servers call deflate has no zlib header
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, size)


_READERS: dict[str, Callable[[BytesIO, int], bytes]] = {
    "chunked": lambda packed, size: ChunkedReader(packed).read(size),
    "gzip": lambda packed, size: GzipReader(packed).read(size),
    "x-gzip": lambda packed, size: GzipReader(packed).read(size),
    "deflate": _inflate,
    "br": lambda packed, size: BrotliReader(packed).read(size),
    "zstd": lambda packed, size: ZstdReader(packed).read(size),
}
