"""WARC files, whole and broken."""

import functools
import gzip
import itertools
import json
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.files import InputError, InputFile, remove, write_atomically
from transforms.inputs import list_inputs
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.read.warc import read_warc
from transforms.records import Dropped, FileCount, Page, Reason

Write = Callable[[str, bytes], InputFile]
Record = Callable[..., bytes]
Members = Callable[[int], list[bytes]]
HTML = b"<html><p>Two and two are four."
BROTLI = functools.partial(brotli.compress, quality=1)


def read(file: InputFile) -> list[Page | Dropped]:
    return list(read_warc(file, ReadConfig()))


def summary(file: InputFile, config: ReadConfig | None = None) -> list[str]:
    """The last part of a page's address, or why something was dropped; the count at the end is checked and left out."""
    *items, count = read_file(file, config or ReadConfig())
    dropped = [item for item in items if isinstance(item, Dropped)]
    assert count == FileCount(file.origin, len(items) - len(dropped), 0, len(dropped))
    return [item.url.rpartition("/")[2] if isinstance(item, Page) else item.reason for item in items]


def offsets(members: list[bytes]) -> list[int]:
    return list(itertools.accumulate(map(len, members), initial=0))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_pages_come_in_order_with_their_places(written: Write, record: Record, name: str) -> None:
    records = [record(f"http://a.test/{n}", HTML + b"!" * n) for n in range(3)]
    pack = {"a.warc": bytes, "a.warc.gz": gzip.compress, "a.warc.zst": zstandard.compress}[name]
    packed = [pack(data) for data in records]
    pages = read(written(name, b"".join(packed)))
    assert [page.origin for page in pages] == [f"{name}:{offset}" for offset in offsets(packed)[:3]]
    assert [(page.url, page.content, page.content_type) for page in pages] == [
        (f"http://a.test/{n}", HTML + b"!" * n, "text/html") for n in range(3)
    ]
    assert len({page.id for page in pages}) == 3


def test_an_id_depends_on_place_and_content_alone(written: Write, record: Record) -> None:
    one, other = record("http://a.test/1"), record("http://b.test/1")
    ids = [read(written("a.warc", data))[0].id for data in (one, other, record("http://a.test/1", HTML + b"."))]
    assert ids[0] == ids[1] != ids[2]
    assert read(written("b.warc", one))[0].id != ids[0]


def test_the_crawl_is_that_of_the_warcinfo_before(written: Write, record: Record) -> None:
    info = record(
        body=b"software: x\r\nisPartOf: CC-MAIN-2024-10\r\n", kind="warcinfo", content_type="application/warc-fields"
    )
    data = b"".join(map(gzip.compress, [record("http://a/0"), info, record("http://a/1"), record("http://a/2")]))
    assert [page.crawl for page in read(written("a.warc.gz", data))] == ["", "CC-MAIN-2024-10", "CC-MAIN-2024-10"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "404 Not Found"}, Reason.HTTP_STATUS),
        ({"status": "301 Moved"}, Reason.HTTP_STATUS),
        ({"status": "garbage"}, Reason.HTTP_STATUS),
        ({"content_type": "application/pdf"}, Reason.NOT_HTML),
        ({"content_type": "application/json; charset=utf-8"}, Reason.NOT_HTML),
        ({"content_type": None, "body": b"no markup"}, Reason.NOT_HTML),
        ({"kind": "resource", "content_type": "image/png"}, Reason.NOT_HTML),
        ({"body": b" \r\n "}, Reason.EMPTY),
        ({"body": b"\0" * 5000}, Reason.BINARY),
        ({"body": b"%PDF-1.7 ..."}, Reason.BINARY),
        ({"body": bytes(range(256)) * 10}, Reason.BINARY),
        ({"body": HTML + b"x" * 60_000}, Reason.TOO_LARGE),
        ({"body": b"junk", "headers": "Content-Encoding: gzip\r\n"}, Reason.CORRUPT),
        ({"body": b"5\r\nabc", "headers": "Transfer-Encoding: chunked\r\n"}, Reason.CORRUPT),
        (
            {"body": gzip.compress(b"<p>" + b"x" * 60_000, mtime=0), "headers": "Content-Encoding: gzip\r\n"},
            Reason.TOO_LARGE,
        ),
        ({"status": "206 Partial Content"}, None),
        ({"content_type": "Text/HTML;charset=latin1"}, None),
        ({"content_type": "application/xhtml+xml"}, None),
        ({"content_type": None}, None),
        ({"kind": "resource"}, None),
        ({"body": "\ufeff<p>Wide".encode("utf-16-le")}, None),
        ({"body": "<p>Wide".encode("utf-16-be")}, None),
        ({"body": "\ufeff<p>Wider".encode("utf-32-le")}, None),
        ({"body": b"<p>" + b"x" * 1000 + b"\0"}, None),
        ({"body": b"<p>\xff\xfe\xe9 lying charset", "content_type": "text/html; charset=utf-8"}, None),
    ],
)
def test_each_page_is_judged_alone(
    written: Write, record: Record, changes: dict[str, object], reason: str | None
) -> None:
    data = b"".join(map(gzip.compress, [record("http://a/0"), record("http://a/1", **changes), record("http://a/2")]))
    file = written("a.warc.gz", data)
    assert summary(file, ReadConfig(max_page_bytes=50_000)) == ["0", reason or "1", "2"]
    detail = [
        json.loads(item.detail)
        for item in read_file(file, ReadConfig(max_page_bytes=50_000))
        if isinstance(item, Dropped)
    ]
    assert [(d["url"], d["origin"]) for d in detail] == (
        [("http://a/1", f"a.warc.gz:{len(gzip.compress(record('http://a/0')))}")] if reason else []
    )


@pytest.mark.parametrize(
    ("headers", "packed"),
    [
        ("Content-Encoding: gzip", gzip.compress(HTML, mtime=0)),
        ("content-encoding: X-GZIP", gzip.compress(HTML, mtime=0)),
        ("Content-Encoding: deflate", zlib.compress(HTML)),
        ("Content-Encoding: deflate", zlib.compress(HTML)[2:-4]),
        ("Content-Encoding: br", brotli.compress(HTML)),
        ("Content-Encoding: zstd", zstandard.compress(HTML)),
        (
            "Transfer-Encoding: chunked",
            b"4\r\n" + HTML[:4] + b"\r\n%x\r\n" % len(HTML[4:]) + HTML[4:] + b"\r\n0\r\n\r\n",
        ),
        ("Transfer-Encoding: gzip, chunked\r\nContent-Encoding: br", None),
        ("Content-Encoding: identity", HTML),
        ("Content-Encoding: gzip", HTML),  # crawlers unpack bodies and leave the header
        ("Transfer-Encoding: chunked", HTML),
        ("Content-Encoding: br", HTML),
    ],
)
def test_bodies_are_unpacked(written: Write, record: Record, headers: str, packed: bytes | None) -> None:
    if packed is None:
        inner = gzip.compress(brotli.compress(HTML))
        packed = b"%x\r\n" % len(inner) + inner + b"\r\n0\r\n\r\n"
    (page,) = read(written("a.warc", record(body=packed, headers=headers + "\r\n")))
    assert page.content == HTML


def test_records_that_are_no_pages_are_passed_over(written: Write, record: Record) -> None:
    kinds = ("request", "metadata", "revisit", "conversion", "response")
    data = b"".join(record(f"http://a/{kind}", kind=kind, content_type="text/html") for kind in kinds)
    assert summary(written("a.warc", data)) == ["response"]


@pytest.mark.parametrize("place", [0, 1, 4, 12, 40, -9, -6, -2])
def test_a_damaged_member_drops_its_page_alone(written: Write, members: Members, place: int) -> None:
    packed = members(5)
    broken = bytearray(packed[2])
    broken[place] ^= 0xFF
    file = written("a.warc.gz", b"".join([*packed[:2], bytes(broken), *packed[3:]]))
    if place == 4:  # the time in the header of the member: of no consequence
        assert summary(file) == ["0", "1", "2", "3", "4"]
        return
    assert summary(file) == ["0", "1", "corrupt", "3", "4"]
    (dropped,) = [item for item in read(file) if isinstance(item, Dropped)]
    assert json.loads(dropped.detail)["origin"] == f"a.warc.gz:{offsets(packed)[2]}"


@pytest.mark.parametrize("left", [1, 10, 100, -1, -8, -30])
def test_a_truncated_last_member(written: Write, members: Members, left: int) -> None:
    packed = members(4)
    assert summary(written("a.warc.gz", b"".join(packed[:3]) + packed[3][:left])) == ["0", "1", "2", "truncated"]


@pytest.mark.parametrize("garbage", [b"garbage" * 400, b"\x1f\x8b\x08garbage", b"\x1f\x8b\x08\0" * 3])
def test_garbage_between_members_is_one_drop(written: Write, members: Members, garbage: bytes) -> None:
    packed = members(4)
    assert summary(written("a.warc.gz", b"".join([*packed[:2], garbage, *packed[2:]]))) == [
        "0",
        "1",
        "corrupt",
        "2",
        "3",
    ]


def test_members_are_found_again_wherever_they_begin(
    written: Write, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the first bytes of a member lie on both sides of what is searched at once."""
    monkeypatch.setattr("transforms.read.members._WINDOW", 64)
    packed = members(3)
    for length in range(1, 130):
        file = written("a.warc.gz", b"".join([packed[0], b"x" * length, *packed[1:]]))
        assert summary(file) == ["0", "corrupt", "1", "2"]


def test_padding_between_members_is_nothing(written: Write, members: Members) -> None:
    packed = members(2)
    assert summary(written("a.warc.gz", packed[0] + b"\0" * 9000 + packed[1] + b"\r\n" + b"\0" * 100)) == ["0", "1"]


def test_members_that_hold_no_warc_are_dropped(written: Write, members: Members) -> None:
    packed = members(2)
    stranger = gzip.compress(b"<html>not a record</html>" * 10)
    assert summary(written("a.warc.gz", packed[0] + stranger + packed[1])) == ["0", "corrupt", "1"]
    assert summary(written("b.warc.gz", b"no gzip at all")) == ["corrupt"]
    assert summary(written("c.warc.gz", b"")) == []


def test_a_record_shorter_than_it_says_is_truncated(written: Write, record: Record, members: Members) -> None:
    cut = gzip.compress(record("http://a/cut", HTML * 5)[:-50])
    packed = members(2)
    assert summary(written("a.warc.gz", packed[0] + cut + packed[1])) == ["0", "truncated", "1"]


def test_many_records_in_one_member(written: Write, record: Record, members: Members) -> None:
    records = b"".join(record(f"http://a/r{n}", HTML) for n in range(3))
    file = written("a.warc.gz", gzip.compress(records) + members(1)[0])
    assert summary(file) == ["r0", "r1", "r2", "0"]
    assert [page.origin for page in read(file)][:3] == ["a.warc.gz:0", "a.warc.gz:0+1", "a.warc.gz:0+2"]
    assert len({page.id for page in read(file)}) == 4


def test_the_records_before_the_damage_of_a_large_member_are_kept(written: Write, record: Record) -> None:
    bodies = [
        b"<p>" + bytes(f"{n * k % 9973} " for k in range(0)) + str([n * k % 9973 for k in range(4000)]).encode()
        for n in range(1, 9)
    ]
    packed = gzip.compress(b"".join(record(f"http://a/{n}", body) for n, body in enumerate(bodies)))
    cut = packed[: len(packed) * 3 // 4]
    kept = summary(written("a.warc.gz", cut))
    assert kept[-1] == "truncated"
    assert 4 <= len(kept) <= 7
    assert kept[:-1] == [str(n) for n in range(len(kept) - 1)]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda r: [r[0], r[1][:-40]], ["0", "truncated"]),
        (lambda r: [r[0], r[1][:100]], ["0", "truncated"]),
        (lambda r: [r[0], b"garbage\r\n" * 20, r[1]], ["0", "corrupt", "1"]),
        (lambda r: [r[0], r[1].replace(b"Content-Length: 1", b"Content-Length: 9"), r[2]], ["0", "truncated", "2"]),
        (lambda r: [r[0], r[1].replace(b"Content-Length: 1", b"Content-Length: "), r[2]], ["0", "corrupt", "2"]),
        (lambda r: [r[0], r[1].replace(b"Content-Length", b"Content-Lungth"), r[2]], ["0", "corrupt", "2"]),
        (lambda r: [r[0], b"\r\n\r\n", r[1]], ["0", "1"]),
        (lambda r: [r[0][:60], r[1]], ["corrupt", "1"]),
    ],
)
def test_damage_without_compression(
    written: Write, record: Record, damage: Callable[[list[bytes]], list[bytes]], expected: list[str]
) -> None:
    records = [record(f"http://a/{n}", HTML + b"!" * 40) for n in range(3)]
    assert summary(written("a.warc", b"".join(damage(records)))) == expected


def test_zstd_with_a_dictionary(written: Write, record: Record) -> None:
    records = [record(f"http://a/{n}", HTML + b"!" * n) for n in range(3)]
    dictionary = zstandard.ZstdCompressionDict(record("http://a/x") * 3)
    frames = [zstandard.ZstdCompressor(dict_data=dictionary).compress(data) for data in records]
    for stored in (dictionary.as_bytes(), zstandard.compress(dictionary.as_bytes())):
        head = struct.pack("<II", 0x184D2A5D, len(stored)) + stored
        assert summary(written("a.warc.zst", head + b"".join(frames))) == ["0", "1", "2"]


def test_a_damaged_dictionary_drops_what_needs_it(written: Write, record: Record) -> None:
    dictionary = zstandard.train_dictionary(2000, [record(f"http://a/{n}", HTML + b"!" * n) for n in range(200)])
    stored = b"\x28\xb5\x2f\xfd" + b"damaged" * 20
    head = struct.pack("<II", 0x184D2A5D, len(stored)) + stored
    frame = zstandard.ZstdCompressor(dict_data=dictionary).compress(record("http://a/0"))
    assert summary(written("a.warc.zst", head + frame + zstandard.compress(record("http://a/1")))) == ["corrupt", "1"]


def test_a_damaged_zstd_frame_drops_its_page_alone(written: Write, record: Record) -> None:
    packer = zstandard.ZstdCompressor(write_checksum=True)
    frames = [packer.compress(record(f"http://a/{n}", HTML + bytes(range(65, 90)) * n)) for n in range(4)]
    broken = bytearray(frames[1])
    broken[len(broken) // 2] ^= 0xFF
    assert summary(written("a.warc.zst", b"".join([frames[0], bytes(broken), *frames[2:]]))) == [
        "0",
        "corrupt",
        "2",
        "3",
    ]
    assert summary(written("a.warc.zst", b"".join(frames)[:-5])) == ["0", "1", "2", "truncated"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *[(name, "identity") for name in ("a.warc", "a.warc.gz", "a.warc.zst")],
        *[("a.warc", encoding) for encoding in ("gzip", "br", "zstd", "deflate")],
    ],
)
def test_a_giant_page_does_not_fill_the_memory(written: Write, record: Record, name: str, encoding: str) -> None:
    packers = {"gzip": gzip.compress, "br": BROTLI, "zstd": zstandard.compress, "deflate": zlib.compress}
    body = packers.get(encoding, bytes)(b"<p>" + b"0123456789" * 2_000_000)
    pack = {"a.warc": bytes, "a.warc.gz": gzip.compress, "a.warc.zst": zstandard.compress}[name]
    giant = pack(record("http://a/giant", body, headers=f"Content-Encoding: {encoding}\r\n"))
    file = written(name, pack(record("http://a/0")) + giant + pack(record("http://a/2")))
    tracemalloc.start()
    try:
        assert summary(file, ReadConfig(max_page_bytes=1_000_000)) == ["0", "too_large", "2"]
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8), st.sampled_from(["a.warc", "a.warc.gz"]))
def test_records_that_no_checksum_guards_never_raise(record: Record, place: int, damage: bytes, name: str) -> None:
    raw = bytearray(b"".join(record(f"http://a.test/{n}", HTML * (n + 1)) for n in range(6)))
    place %= len(raw)
    raw[place : place + len(damage)] = damage
    path = f"memory://unguarded-test/{name}"
    write_atomically(path, bytes(raw) if name == "a.warc" else gzip.compress(bytes(raw)))
    try:
        *items, count = read_file(list_inputs([path])[0], ReadConfig())
    finally:
        remove("memory://unguarded-test")
    pages = sum(isinstance(item, Page) for item in items)
    assert count == FileCount(name, pages, 0, len(items) - pages)
    assert all(isinstance(item, Page) or item.reason != "error" for item in items)
    assert pages >= 4 or name == "a.warc.gz"  # it costs the records that it lies in


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_leaves_the_other_pages(members: Members, data: st.DataObject) -> None:
    packed = members(6)
    raw = bytearray(b"".join(packed))
    starts = offsets(packed)
    start = data.draw(st.integers(0, len(raw) - 1))
    length = data.draw(st.integers(1, 200))
    damage = data.draw(st.binary(min_size=0, max_size=200))
    hit = {n for n in range(6) if start < starts[n + 1] and starts[n] < start + length}
    raw[start : start + length] = damage
    path = "memory://damage-test/a.warc.gz"
    write_atomically(path, bytes(raw))
    try:
        *items, count = read_file(list_inputs([path])[0], ReadConfig())
    finally:
        remove("memory://damage-test")
    pages = [item for item in items if isinstance(item, Page)]
    assert count == FileCount("a.warc.gz", len(pages), 0, len(items) - len(pages))
    assert all(isinstance(item, Page) or item.reason in ("corrupt", "truncated") for item in items)
    numbers = [int(page.url.rpartition("/")[2]) for page in pages]
    assert numbers == sorted(numbers)
    assert set(range(6)) - hit <= set(numbers)
    for number, page in zip(numbers, pages, strict=True):
        assert page.content == gzip.decompress(packed[number]).split(b"\r\n\r\n", 2)[2][:-4]


def test_a_failing_file_system_is_no_damage(written: Write, members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written("a.warc.gz", b"".join(members(3)))

    def fail(*_: object) -> bytes:
        raise OSError("connection reset")

    monkeypatch.setattr("fsspec.implementations.local.LocalFileOpener.read", fail, raising=False)
    with pytest.raises(InputError, match=r"cannot read .*connection reset"):
        read(file)


def test_every_real_page_is_read(shared_data: Path) -> None:
    (file,) = list_inputs([str(shared_data / "dev" / "dev.warc.gz")])
    items = list(read_file(file, ReadConfig()))
    assert [type(item) for item in items] == [Page] * 906 + [FileCount]
