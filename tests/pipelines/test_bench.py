from pathlib import Path

import pytest

from pipelines import bench
from pipelines.bench import Measure, bodies, in_memory, measure_peer, table, timed
from transforms.files import InputFile, read_bytes
from transforms.inputs import list_inputs

PAGE = b"<html><body><main><p>The derivative of the cube is three times the square.</p></main></body></html>"


def warc_record(body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        "WARC-Target-URI: https://example.org/\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_the_peer_reads_a_warc_and_an_html_file() -> None:
    data = warc_record(PAGE) + warc_record(b"<p>two")
    assert list(bodies(InputFile("a.warc", "a.warc", 0, ""), data)) == [PAGE, b"<p>two"]
    assert list(bodies(InputFile("a.html", "a.html", 0, ""), PAGE)) == [PAGE]


def test_files_are_read_once_into_memory(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (copy,) = in_memory(list_inputs([str(tmp_path)]))
    (tmp_path / "a.html").unlink()
    assert read_bytes(copy.path) == PAGE
    assert measure_peer([copy], None).rows == 1


def test_timed_counts_all_records_and_an_error_stops_nothing() -> None:
    def function(record: int) -> list[int]:
        return [record, 6 // record]

    seconds, outputs = timed(function, [1, 0, 3], lambda call: (2.5, call()))
    assert seconds == 2.5
    assert [type(output) for output in outputs] == [int, int, ZeroDivisionError, int, int]


def test_the_table_compares_like_with_like() -> None:
    ours = [
        Measure("read", "pages", 100, 1.0),
        Measure("select", "pages", 100, 1.0),
        Measure("extract", "pages", 50, 2.0),
    ]
    ours += [Measure("classify", "documents", 50, 1.0), Measure("execute", "computations", 7, 1.0)]
    result = table(ours, Measure("peer", "pages", 100, 10.0))
    cells = dict(zip(result.columns[0].cells, result.columns[-1].cells, strict=True))
    assert cells["extract"] == "2.50"
    assert cells["read to classify"] == "2.00"
    assert cells["execute"] == ""
    assert cells["peer"] == "1.00"


@pytest.mark.pipeline
def test_every_stage_is_measured(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "DATA", Path("nowhere"))
    bench.main(["--limit", "5"])
    lines = capsys.readouterr().out.splitlines()
    assert str(sample / "pages") in lines[0]
    names = [line.split()[0] for line in lines[2:]]
    stages = ["read", "select", "extract", "classify", "filter", "dedup", "decontaminate", "translate", "execute"]
    assert names == [*stages, "read", "peer"]
    assert [line.split()[1] for line in lines[2:4]] == ["5", "5"]
    assert not any("…" in line for line in lines)
