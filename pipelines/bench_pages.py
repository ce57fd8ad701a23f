"""`make bench`, second table: pages per CPU-second from bytes to classified text, beside peers on the same pages.

Every tool sees each page, one tool after the other, so that they meet the same noise; quick ones see it three times, of
which the quickest counts. From the seconds of each page follow those of every mixture: a crawl mix is all pages,
weighted so that 2 % of it is math. Seconds are of CPU time, that of the guard's processes included.
"""

import argparse
import copy
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree
from rich.console import Console
from rich.table import Table

from models import classifier
from pipelines.bench import DATA, SAMPLE, apply, bodies, cpu_seconds, in_memory
from transforms.classify.algorithm import make_classify
from transforms.classify.config import ClassifyConfig
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import make_extract
from transforms.files import InputFile, read_bytes
from transforms.guard import Guard, Limits
from transforms.inputs import list_inputs
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.records import Document, Page
from transforms.select.algorithm import make_select
from transforms.select.config import SelectConfig

Tool = Callable[[Any], Any]
Seconds = Mapping[str, Sequence[float]]  # of each page, by tool

_MATH_SHARE = 0.02  # of a crawl
_QUICK = 0.01  # seconds for a page, below which it is measured again
_STAGES = ("read", "select", "extract", "classify")
FAST_WARC, TRAFILATURA, PLAIN = "FastWARC", "trafilatura + fastText", "resiliparse text"
GUARD = "microseconds of a call in the guard"


def main(argv: Sequence[str] | None = None) -> None:
    """Measures, and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench_pages", description=__doc__)
    parser.add_argument("--limit", type=int, metavar="N", help="pages to measure on (default: all)")
    args = parser.parse_args(argv)
    dev = DATA / "dev" / "dev.warc.gz"
    files = in_memory(list_inputs([str(dev if dev.exists() else SAMPLE / "pages")]))
    pages = [item for file in files for item in read_file(file, ReadConfig()) if isinstance(item, Page)]
    seconds = measure(files, pages, args.limit)
    console = Console()
    console.print("\nThe same pages by kind, and weighted as in a crawl")
    console.print(table(seconds, mixtures(pages[: args.limit], labels(DATA / "dev" / "index.jsonl"))))


def measure(files: Sequence[InputFile], pages: Sequence[Page], limit: int | None) -> Seconds:
    """The seconds that each tool takes for each of the first pages; reading all is shared out equally."""
    seconds: dict[str, list[float]] = {}
    data = [(file, read_bytes(file.path)) for file in files]
    readings: tuple[tuple[str, Callable[[], Iterable[Any]]], ...] = (
        ("read", lambda: (item for file in files for item in read_file(file, ReadConfig()))),
        (FAST_WARC, lambda: (body for file, content in data for body in bodies(file, content))),
    )
    for name, read in readings:
        taken = min(cpu_seconds(partial(deque, read(), 0))[0] for _ in range(3))
        seconds[name] = [taken / len(pages)] * len(pages[:limit])
    pages = pages[:limit]
    largest = max(pages, key=lambda page: len(page.content))
    for page in (largest, *pages[:2], *pages):  # some go ahead, so that nothing is loaded or started meanwhile
        record: Any = page
        for name, tool in tools().items():
            is_stage = name in _STAGES
            taken, result = _quickest(tool, record if is_stage else page)
            seconds.setdefault(name, []).append(taken)
            record = result if is_stage else record
    return {name: taken[-len(pages) :] for name, taken in seconds.items()}


@lru_cache
def tools() -> Mapping[str, Tool]:
    """What is measured of each page: our stages, one after the other, the peers, and what the guard adds to ours."""
    model = classifier.load(classifier.shipped("classify"))
    guard = Guard(copy.copy, Limits(20, 1 << 31))

    def plain(page: Page) -> str:
        return str(
            extract_plain_text(HTMLTree.parse_from_bytes(page.content, detect_encoding(page.content) or "utf-8"))
        )

    return {
        "select": partial(_stage, make_select(SelectConfig()), Page),
        "extract": partial(_stage, make_extract(ExtractConfig()), Document),
        "classify": partial(_stage, make_classify(ClassifyConfig()), Document),
        PLAIN: plain,
        f"{PLAIN} + fastText": lambda page: model.score(plain(page)),
        TRAFILATURA: lambda page: model.score(trafilatura.extract(page.content) or ""),
        GUARD: guard,
    }


def labels(index: Path) -> dict[str, bool]:
    """By address, whether a page is math; empty where nobody says."""
    if not index.exists():
        return {}
    rows = map(json.loads, index.read_text().splitlines())
    return {row["url"]: row["label"] == "math" for row in rows}


def mixtures(pages: Sequence[Page], math: Mapping[str, bool]) -> dict[str, list[float]]:
    """Weights of the pages in each mixture, which come to 1."""
    is_math = [math.get(page.url) for page in pages]
    count = {label: is_math.count(label) or 1 for label in (True, False)}
    if not {True, False} <= set(is_math):
        return {"all pages": [1 / len(pages)] * len(pages)}
    shares = {"math": 1.0, "not math": 0.0, f"mix, {_MATH_SHARE:.0%} math": _MATH_SHARE}
    return {
        name: [share / count[True] if label else (1 - share) / count[False] for label in is_math]
        for name, share in shares.items()
    }


def table(seconds: Seconds, weights: Mapping[str, Sequence[float]]) -> Table:
    """Pages per CPU-second of each tool on each mixture, and how ours compare."""
    result = Table(box=None, pad_edge=False)
    result.add_column("pages per CPU-second", no_wrap=True)
    for name in weights:
        result.add_column(name, justify="right", no_wrap=True)

    def means(*names: str) -> list[float]:
        return [sum(w * seconds[name][i] for name in names for i, w in enumerate(ws)) for ws in weights.values()]

    ours = means(*_STAGES)
    for stage in _STAGES:
        result.add_row(
            f"  {stage}: share of the time", *(f"{m / o:.0%}" for m, o in zip(means(stage), ours, strict=True))
        )
    result.add_row("read to classify", *(f"{1 / mean:,.1f}" for mean in ours), style="bold")
    peers = {FAST_WARC: means(FAST_WARC)}
    peers |= {name: means(FAST_WARC, name) for name in (TRAFILATURA, PLAIN, f"{PLAIN} + fastText")}
    for name, mean in peers.items():
        result.add_row(name, *(f"{1 / m:,.1f}" for m in mean))
    for peer in (TRAFILATURA, PLAIN):
        result.add_row(
            f"ours / {peer}", *(f"{p / m:,.2f}" for m, p in zip(ours, peers[peer], strict=True)), style="bold"
        )
    result.add_row(GUARD, *(f"{m * 1e6:,.0f}" for m in means(GUARD)))
    return result


def _quickest(tool: Tool, record: Any) -> tuple[float, Any]:
    """The seconds of a call, of three if it is quick; none where an earlier stage has dropped the page."""
    if record is None:
        return 0.0, None
    taken, result = cpu_seconds(partial(tool, record))
    if taken < _QUICK:
        taken = min(taken, *(cpu_seconds(partial(tool, record))[0] for _ in range(2)))
    return taken, result


def _stage(function: Callable[[Any], Iterable[Any]], kept: type[Any], record: Any) -> Any:
    """What a stage keeps of a record; None if it drops it."""
    return next((output for output in apply(function, record) if isinstance(output, kept)), None)


if __name__ == "__main__":
    main()
