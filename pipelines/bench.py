"""`make bench`: how fast each stage is on one core, without Beam, beside a plain peer on the same pages.

The peer is what one would write in an afternoon: FastWARC, trafilatura on every page, fastText on its text. Rates are
records that enter a stage, per second of CPU time of this process and its children (execute: per second on the clock,
since its snippets wait for each other). The ratio is to the peer's pages per CPU-second; it stands where the peer does
likewise.
"""

import argparse
import io
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import fsspec
import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
from rich.console import Console
from rich.table import Table

from models import classifier
from transforms.classify.algorithm import make_classify
from transforms.classify.config import ClassifyConfig
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.judge import make_decontaminate
from transforms.dedup.config import DedupConfig
from transforms.dedup.signature import sign
from transforms.execute.config import ExecuteConfig
from transforms.execute.run import make_execute
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import make_extract
from transforms.files import InputFile, read_bytes
from transforms.filter.algorithm import make_filter
from transforms.filter.config import FilterConfig
from transforms.inputs import ending, list_inputs
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.records import Computation, Document, Page
from transforms.select.algorithm import make_select
from transforms.select.config import SelectConfig
from transforms.translate.config import TranslateConfig
from transforms.translate.symbolic import make_symbolic

_REPO = Path(__file__).resolve().parent.parent
SAMPLE, DATA = _REPO / "pipelines" / "sample", _REPO.parent / "shared" / "data"
Clock = Callable[[Callable[[], Any]], tuple[float, Any]]  # makes a call: its seconds, and its result
_TO_CLASSIFY = ("read", "select", "extract", "classify")


@dataclass(frozen=True, slots=True)
class Measure:
    """How many records went in, and the seconds that they took."""

    name: str
    unit: str
    rows: int
    seconds: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.rows / self.seconds if self.seconds else 0.0


def main(argv: Sequence[str] | None = None) -> None:
    """Measures, and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench", description=__doc__)
    dev = DATA / "dev" / "dev.warc.gz"
    parser.add_argument("--pages", nargs="+", default=[str(dev if dev.exists() else SAMPLE / "pages")], metavar="GLOB")
    parser.add_argument("--limit", type=int, metavar="N", help="pages to measure on (default: all)")
    args = parser.parse_args(argv)
    benchmarks = DATA / "benchmarks" if (DATA / "benchmarks").exists() else SAMPLE / "benchmarks"
    files = in_memory(list_inputs(args.pages))
    console = Console()
    console.print(f"{', '.join(args.pages)}: one core, no Beam", highlight=False, soft_wrap=True)
    ours = list(measure_ours(files, args.limit, str(benchmarks)))
    console.print(table(ours, measure_peer(files, args.limit)))


def in_memory(files: Iterable[InputFile]) -> list[InputFile]:
    """The same files, read once into memory, so that no disk is measured."""
    memory = fsspec.filesystem("memory")
    copies = []
    for file in files:
        memory.pipe_file(f"/bench/{file.origin}", read_bytes(file.path))
        copies.append(InputFile(f"memory://bench/{file.origin}", file.origin, file.size, file.stamp))
    return copies


def measure_ours(files: Sequence[InputFile], limit: int | None, benchmarks: str) -> Iterator[Measure]:
    """Each stage in turn, on what the one before it kept."""
    items = (item for file in files for item in read_file(file, ReadConfig()))
    pages = islice((item for item in items if isinstance(item, Page)), limit)
    seconds, records = cpu_seconds(lambda: list(pages))
    yield Measure("read", "pages", len(records), seconds)
    leaks = DecontaminateConfig(benchmarks=benchmarks)
    for name, unit, make, kept in (
        ("select", "pages", lambda: make_select(SelectConfig()), Page),
        ("extract", "pages", lambda: make_extract(ExtractConfig()), Document),
        ("classify", "documents", lambda: make_classify(ClassifyConfig()), Document),
        ("filter", "documents", lambda: make_filter(FilterConfig()), Document),
        ("dedup (sign)", "documents", lambda: partial(signed, DedupConfig()), Document),
        ("decontaminate", "documents", lambda: make_decontaminate(leaks), Document),
        ("translate (symbolic)", "documents", lambda: make_symbolic(TranslateConfig()), Computation),
        ("execute", "computations", lambda: make_execute(ExecuteConfig()), Computation),
    ):
        seconds, outputs = timed(make(), records, wall_seconds if name == "execute" else cpu_seconds)
        yield Measure(name, unit, len(records), seconds)
        records = [output for output in outputs if isinstance(output, kept)]


def measure_peer(files: Sequence[InputFile], limit: int | None) -> Measure:
    """FastWARC, trafilatura with its defaults on every page, fastText on its text."""
    model = classifier.load(classifier.shipped("classify"))

    def judge(html: bytes) -> list[float]:
        return [model.score(trafilatura.extract(html) or "")]

    contents = [(file, read_bytes(file.path)) for file in files]
    found = islice((page for file, data in contents for page in bodies(file, data)), limit)
    reading, pages = cpu_seconds(lambda: list(found))
    return Measure("peer", "pages", len(pages), reading + timed(judge, pages, cpu_seconds)[0])


def bodies(file: InputFile, data: bytes) -> Iterator[bytes]:
    """The pages of a WARC by FastWARC, or the page that a file is."""
    if not ending(file.path).startswith(".warc"):
        yield data
        return
    for record in ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response):
        yield record.reader.read()


def timed(function: Callable[[Any], Iterable[Any]], records: Sequence[Any], clock: Clock) -> tuple[float, list[Any]]:
    """The seconds for all records, and what came out; two go ahead, so that nothing is loaded or compiled meanwhile."""
    for record in records[:2]:
        apply(function, record)
    return clock(lambda: [output for record in records for output in apply(function, record)])


def cpu_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU time of a call, here and in all descendants (those that live on: on Linux only), and its result."""
    before = _children_seconds()
    start = time.process_time()
    result = call()
    own = time.process_time() - start
    return own + _children_seconds() - before, result


def wall_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """The time of a call on the clock, and its result."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def apply(function: Callable[[Any], Iterable[Any]], record: Any) -> list[Any]:
    """What the function makes of the record; an error drops it, as in a build."""
    try:
        return list(function(record))
    except Exception as error:
        return [error]


def signed(config: DedupConfig, document: Document) -> list[Document]:
    """Signs the document for the time that it takes; the document itself goes on."""
    sign(config, (document.id, document))
    return [document]


def table(ours: Sequence[Measure], peer: Measure) -> Table:
    """The rates of the stages, of all up to classified text together, and of the peer."""
    chain = [measure for measure in ours if measure.name in _TO_CLASSIFY]
    whole = Measure("read to classify", "pages", chain[0].rows, sum(measure.seconds for measure in chain))
    result = Table(box=None, pad_edge=False)
    result.add_column("stage", no_wrap=True)
    for name in ("records", "unit", "seconds", "per second", "x peer"):
        result.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    for measure in (*ours, whole, peer):
        ratio = f"{measure.rate / peer.rate:,.2f}" if measure in (*chain, whole, peer) and peer.rate else ""
        row = (f"{measure.rows:,}", measure.unit, f"{measure.seconds:,.2f}", f"{measure.rate:,.1f}", ratio)
        result.add_row(measure.name, *row, style="bold" if measure in (whole, peer) else "")
    return result


def _children_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(map(_seconds_of, _descendants("self")))


def _descendants(pid: str) -> Iterator[str]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it has ended meanwhile
            for child in children.read_text().split():
                yield child
                yield from _descendants(child)


def _seconds_of(pid: str) -> float:
    """Of a process that lives on, and of its children that have ended."""
    try:
        own = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        waited = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[13:15]
    except OSError:
        return 0.0
    return own / 1e9 + sum(map(int, waited)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
