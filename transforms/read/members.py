"""The members of a file: gzip members, zstd frames, or the records of a plain WARC file, each unpacked as a stream.

A damaged member breaks alone: reading goes on at the next place where a member begins. For that a reader needs to
know where each member starts and ends, which the streams of zlib and of FastWARC do not tell after an error.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

import zstandard

from transforms.records import Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

_BLOCK = 4096  # bytes
_WINDOW = 1 << 20  # bytes searched at once
_PADDING = b"\r\n\0"
_BLANK_LINE = b"\r\n\r\n"
_MAX_HEADER = 1 << 18
_CONTENT_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MAX_DICTIONARY = 1 << 24
_ZSTD_DICTIONARY = struct.pack("<I", 0x184D2A5D)  # the skippable frame at the start of a .warc.zst


class DamagedError(Exception):
    """The bytes that follow cannot be read."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Decoder(Protocol):
    """What unpacks one member; `zlib` and `zstandard` make such objects."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was given to it beyond the member's end."""

    def decompress(self, data: bytes, /) -> bytes:
        """The next bytes; damaged ones raise `zlib.error`, `zstandard.ZstdError` or `DamagedError`."""


@dataclass(frozen=True)
class Packing:
    """How members begin, what unpacks one, and how many packed bytes at once, so that no bomb fills the memory."""

    magic: bytes
    decoder: Callable[[], Decoder]
    slice: int


class Member:
    """The unpacked bytes of the member that starts at `offset`; reading raises `DamagedError` where it is broken."""

    def __init__(self, stream: BinaryIO, offset: int, packing: Packing) -> None:
        self._stream = stream
        self._decoder = packing.decoder()
        self._slice = packing.slice
        self._left = memoryview(b"")
        self.end: int | None = None  # where the next member starts, known when this one was read to its end
        stream.seek(offset)

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, as many as are at hand; empty at the member's end."""
        while not self._left and self.end is None:
            self._left = memoryview(self._unpack())
        size = len(self._left) if size < 0 else size
        part, self._left = self._left[:size], self._left[size:]
        return bytes(part)

    def tell(self) -> int:
        """FastWARC asks for it, to place records in a stream that it unpacks itself; here the member has the place."""
        return 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """A member is read once, forwards."""
        raise io.UnsupportedOperation("seek")

    def close(self) -> None:
        """Nothing to close: the file is the caller's."""

    def drain(self) -> None:
        """Reads to the end, without keeping anything."""
        while self.read():
            pass

    def _unpack(self) -> bytes:
        data = self._stream.read(self._slice)
        if not data:
            raise DamagedError(Reason.TRUNCATED, "the file ends before the record does")
        try:
            unpacked = self._decoder.decompress(data)
        except (zlib.error, zstandard.ZstdError) as error:
            raise DamagedError(Reason.CORRUPT, str(error)) from error
        if self._decoder.eof:
            self._stream.seek(-len(self._decoder.unused_data), io.SEEK_CUR)
            self.end = self._stream.tell()
        return unpacked


def packing_of(stream: BinaryIO, path: str) -> Packing | None:
    """How the file is packed, by its ending; None where it is not."""
    if path.lower().endswith(".gz"):
        return Packing(b"\x1f\x8b\x08", lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), 4096)  # to 4 MB
    if path.lower().endswith(".zst"):
        unpacker = zstandard.ZstdDecompressor(dict_data=_dictionary(stream))
        return Packing(_ZSTD_MAGIC, unpacker.decompressobj, 256)  # to 8 MB
    return None


def next_member(stream: BinaryIO, offset: int, packing: Packing, start: bytes) -> int | None:
    """The first offset from `offset` on where a member begins whose content begins with `start`; None at the end."""
    for hit in _find(stream, offset, packing.magic):
        try:
            if Member(stream, hit, packing).read(len(start)) == start:
                return hit
        except DamagedError:
            continue
    return None


def skip_padding(stream: BinaryIO, offset: int) -> int | None:
    """The offset of the first byte that is no padding between members; None at the file's end."""
    stream.seek(offset)
    while data := stream.read(_BLOCK):
        if rest := data.lstrip(_PADDING):
            return stream.tell() - len(rest)
    return None


def unpacked(stream: BinaryIO, packing: Packing) -> io.BufferedReader:
    """All members in a row, as one stream; reading raises `DamagedError` at the first that is broken."""
    return io.BufferedReader(_Joined(stream, packing), _WINDOW)


class _Joined(io.RawIOBase):
    def __init__(self, stream: BinaryIO, packing: Packing) -> None:
        self._stream = stream
        self._packing = packing
        self._member = self._next(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        while self._member is not None:
            if data := self._member.read(len(view)):
                view[: len(data)] = data
                return len(data)
            self._member = self._next(self._member.end or 0)
        return 0

    def _next(self, offset: int) -> Member | None:
        start = skip_padding(self._stream, offset)
        return None if start is None else Member(self._stream, start, self._packing)


class _PlainRecord:
    """A decoder for one record of an uncompressed WARC file: finds its end by its Content-Length."""

    def __init__(self) -> None:
        self.eof = False
        self.unused_data = b""
        self._head = b""
        self._left: int | None = None  # bytes of the record that are still to come
        self._tail = b""

    def decompress(self, data: bytes, /) -> bytes:
        if self._left is None:
            self._head = data = self._head + data
            self._left = self._length(data)
            if self._left is None:
                return b""
        content, rest = data[: self._left], data[self._left :]
        self._left -= len(content)
        if self._left == 0:
            self._finish(rest)
        return content

    def _length(self, data: bytes) -> int | None:
        """Bytes of the record with its header; None where more of the header is needed."""
        header, blank, _ = data.partition(_BLANK_LINE)
        if not data.startswith(PLAIN_WARC.magic[: len(data)]) or len(header) > _MAX_HEADER:
            raise DamagedError(Reason.CORRUPT, "no WARC record begins here")
        if not blank:
            return None
        if (length := _CONTENT_LENGTH.search(header)) is None:
            raise DamagedError(Reason.CORRUPT, "a WARC record without Content-Length")
        return len(header) + len(blank) + int(length[1])

    def _finish(self, rest: bytes) -> None:
        self._tail += rest
        if len(self._tail) >= len(_BLANK_LINE):
            if not self._tail.startswith(_BLANK_LINE):
                raise DamagedError(Reason.CORRUPT, "the record is longer or shorter than its Content-Length")
            self.eof = True
            self.unused_data = self._tail[len(_BLANK_LINE) :]


PLAIN_WARC = Packing(b"WARC/", _PlainRecord, 1 << 16)


def _find(stream: BinaryIO, offset: int, magic: bytes) -> Iterator[int]:
    """The offsets of `magic` from `offset` on; between two of them the stream may be moved."""
    while True:
        stream.seek(offset)
        window = stream.read(_WINDOW)
        hit = window.find(magic)
        while hit >= 0:
            yield offset + hit
            hit = window.find(magic, hit + 1)
        if len(window) < _WINDOW:
            return
        offset += len(window) - len(magic) + 1


def _dictionary(stream: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """The dictionary that a .warc.zst may begin with, itself compressed or not (zstd-compressed WARC, version 1.0)."""
    stream.seek(0)
    if stream.read(4) != _ZSTD_DICTIONARY:
        return None
    data = stream.read(min(int.from_bytes(stream.read(4), "little"), _MAX_DICTIONARY))
    try:
        if data.startswith(_ZSTD_MAGIC):
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=_MAX_DICTIONARY)
        return zstandard.ZstdCompressionDict(data)
    except zstandard.ZstdError:
        return None  # then every frame that needs it is dropped as damaged
