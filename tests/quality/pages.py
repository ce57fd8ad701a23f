"""The real pages of ../shared/data/dev, with what is known of them, and what each extractor makes of them."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from transforms.extract.config import ExtractConfig
from transforms.extract.decode import decode
from transforms.extract.extract import extract
from transforms.files import InputFile
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.records import Document, Page

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "dev"
Extractor = Callable[[Page], str]


@dataclass(frozen=True, slots=True)
class RealPage:
    """A page, and its row of `truth.jsonl`."""

    page: Page
    truth: dict[str, Any]

    @property
    def source(self) -> str:
        return str(self.truth["source"])


@dataclass(frozen=True, slots=True)
class Texts:
    """What an extractor made of the pages: url → text, and the CPU seconds that all and the math pages took."""

    name: str
    text: dict[str, str]
    seconds: float
    math_seconds: float


def real_pages(folder: Path = DATA) -> list[RealPage]:
    """All pages of the folder, in the order of its WARC."""
    truth = {row["url"]: row for row in map(json.loads, (folder / "truth.jsonl").open())}
    warc = folder / "dev.warc.gz"
    file = InputFile(str(warc), warc.name, warc.stat().st_size, "")
    pages = [item for item in read_file(file, ReadConfig()) if isinstance(item, Page)]
    return [RealPage(page, truth[page.url]) for page in pages if page.url in truth]


def ours(page: Page) -> str:
    result = extract(page, ExtractConfig())
    return result.text if isinstance(result, Document) else ""


def by_trafilatura(page: Page) -> str:
    return _with_dollars(trafilatura.extract(page.content) or "")


def plain_text(page: Page) -> str:
    return _with_dollars(extract_plain_text(decode(page.content, page.content_type)))


def main_content(page: Page) -> str:
    return _with_dollars(extract_plain_text(decode(page.content, page.content_type), main_content=True))


EXTRACTORS: dict[str, Extractor] = {
    "ours": ours,
    "trafilatura": by_trafilatura,
    "resiliparse": plain_text,
    "resiliparse main": main_content,
}


def run(name: str, pages: Sequence[RealPage]) -> Texts:
    """All pages through one extractor; two go ahead, so that nothing is loaded meanwhile."""
    extractor = EXTRACTORS[name]
    for known in pages[:2]:
        extractor(known.page)
    texts, seconds = {}, {True: 0.0, False: 0.0}
    for known in pages:
        start = time.process_time()
        texts[known.page.url] = extractor(known.page)
        seconds[known.truth["label"] == "math"] += time.process_time() - start
    return Texts(name, texts, sum(seconds.values()), seconds[True])


def _with_dollars(text: str) -> str:
    r"""The peers' `\(…\)` and `\[…\]` as dollar signs, for which the scorer looks."""
    text = re.sub(r"\\\((.+?)\\\)", lambda m: f"${m[1]}$", text, flags=re.DOTALL)
    return re.sub(r"\\\[(.+?)\\\]", lambda m: f"$${m[1]}$$", text, flags=re.DOTALL)
