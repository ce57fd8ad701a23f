"""A crawl file that is broken in every way: all sound pages come through, the rest is dropped with a reason."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

pytestmark = pytest.mark.pipeline

PROSE = "We compute the integral of a polynomial with care, as an exercise in the calculus of one real variable. " * 6


def record(number: int, body: bytes, content_type: str = "text/html; charset=utf-8") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://pages.example/{number}\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


def page(number: int, word: str = "theorem") -> bytes:
    formula = f"\\(\\int_0^1 x^{number}\\,dx = \\frac{{1}}{{{number + 1}}}\\)"
    text = f"<p>{PROSE} Page {number} ends with a {word}: {formula}.</p>"
    return f"<html><head><title>Page {number}</title></head><body><article>{text}</article></body></html>".encode()


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corrupt = bytearray(record(3, page(3)))
    corrupt[len(corrupt) // 2 : len(corrupt) // 2 + 8] = b"\xff" * 8
    members = [
        record(1, page(1)),
        record(2, page(2, "théorème").decode().encode("cp1252")),  # declared as UTF-8
        bytes(corrupt),
        record(4, b"<html><body>" + b"<p>x</p>" * (50_000_000 // 8) + b"</body></html>"),
        record(5, b"\x00" * 100_000),
        record(6, page(6)),
        record(7, page(7))[:-40],
    ]
    path = tmp_path_factory.mktemp("crawl") / "broken.warc.gz"
    path.write_bytes(b"".join(members))
    return path


def test_every_sound_page_comes_through(run: Any, crawl: Path, tmp_path: Path) -> None:
    done = run("stage", "extract", "--input", crawl, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    rows = ds.dataset(sorted(map(str, (tmp_path / "out").glob("part-*.parquet")))).to_table().to_pylist()
    text = {row["url"].rpartition("/")[2]: row["text"] for row in rows}
    assert sorted(text) == ["1", "2", "6"]
    assert "théorème" in text["2"]
    assert all("$\\int_0^1" in t for t in text.values())
    dropped = ds.dataset(str(tmp_path / "out" / "dropped")).to_table().to_pylist()
    reasons = {json.loads(row["detail"]).get("url", row["id"]).rpartition("/")[2]: row["reason"] for row in dropped}
    assert sorted(reasons.values()) == ["binary", "corrupt", "too_large", "truncated"]
    assert (reasons["4"], reasons["5"]) == ("too_large", "binary")


def test_the_build_accounts_for_all_of_it(run: Any, crawl: Path, tmp_path: Path) -> None:
    done = run("build", "--input", crawl, "--benchmarks", "none", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    read = json.loads((tmp_path / "out" / "manifest.json").read_text())["funnel"][0]
    assert (read["stage"], read["rows_in"], read["rows_out"]) == ("read", 7, 3)


# Stands before every import of a build's processes: marked pages do in the extractor what no page should.
SABOTAGE = """
import ctypes
import transforms.extract.extract as module
real = module.extract
def extract(page, config):
    if b"HANGS" in page.content:
        sum(iter(int, 1))
    if b"CRASHES" in page.content:
        ctypes.string_at(0)
    if b"BLOATS" in page.content:
        [bytes(10**7) for _ in iter(int, 1)]
    return real(page, config)
extract.__module__, module.extract = module.__name__, extract
"""
HOSTILE = {
    11: "HANGS",
    13: "CRASHES",
    14: "BLOATS",
    16: "<div>" * 100_000 + "\\(x_1\\)",
    18: "$" * 1_000_000,
    19: "&amp;" * 1_900_000,
    21: "CRASHES",
    22: "<math>" + "<mrow>" * 100_000 + "<mi>x</mi>",
    24: "<p " + " ".join(f"a{n}" for n in range(300_000)) + ">x</p>",
}
GOOD = (10, 12, 15, 17, 20, 23, 25)


@pytest.mark.parametrize("workers", [1, 2])
def test_hostile_pages_do_not_touch_the_good_ones(run: Any, tmp_path: Path, workers: int) -> None:
    bodies = {number: page(number) for number in GOOD}
    attacks = {number: page(number).replace(b"</article>", body.encode()) for number, body in HOSTILE.items()}
    (tmp_path / "sitecustomize.py").write_text(SABOTAGE)
    (tmp_path / "config.toml").write_text("[extract]\nmax_seconds = 4\nmax_memory_bytes = 1000000000\n")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    texts, reasons = {}, {}
    for name, pages in (("alone", bodies), ("among", bodies | attacks)):
        (tmp_path / f"{name}.warc.gz").write_bytes(b"".join(record(number, pages[number]) for number in sorted(pages)))
        options = ("--config", tmp_path / "config.toml", "--workers", workers)
        paths = ("--input", tmp_path / f"{name}.warc.gz", "--output", tmp_path / name)
        done = run("stage", "extract", *paths, *options, env=environment)
        assert done.returncode == 0, done.stderr
        rows = ds.dataset(sorted(map(str, (tmp_path / name).glob("part-*.parquet")))).to_table().to_pylist()
        texts[name] = {int(row["url"].rpartition("/")[2]): row["text"] for row in rows}
        dropped = ds.dataset(str(tmp_path / name / "dropped")).to_table().to_pylist()
        reasons[name] = {int(json.loads(row["detail"])["url"].rpartition("/")[2]): row["reason"] for row in dropped}
    assert sorted(texts["alone"]) == list(GOOD)
    assert {number: texts["among"].get(number) for number in GOOD} == texts["alone"]
    assert sorted([*texts["among"], *reasons["among"]]) == sorted([*GOOD, *HOSTILE])
    assert {n: reasons["among"][n] for n in (11, 13, 14, 21)} == {
        11: "timeout",
        13: "crash",
        14: "too_large",
        21: "crash",
    }
    assert set(reasons["among"].values()) <= {"timeout", "crash", "too_large"}
