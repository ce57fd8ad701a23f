r"""`python -m tests.quality.symbolic`: what the embedded translator finds in real documents, and what it leaves.

Counted are distinct computations (by their code) of two operations or more that the stage execute verifies: `2 + 2 = 4`
is worth nothing. What is not found is counted by cause, so that one sees what is worth reading next.
"""

import argparse
import ast
import gzip
import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.quality.symbolic_causes import causes
from transforms.execute.config import ExecuteConfig
from transforms.execute.run import make_execute
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.files import InputFile
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.records import Computation, Document, Page, Verdict
from transforms.translate.symbolic import computations

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PAGES = {
    "dev": DATA / "dev" / "dev.warc.gz",
    "train": DATA / "train" / "pages.warc.gz",
    "math": DATA / "train" / "math_train.jsonl.gz",
    "gsm8k": DATA / "train" / "gsm8k_train.jsonl.gz",
}
LIMIT = 200  # computations of a document, as the stage's default
# Calls in a snippet that compute nothing by themselves.
_DRESS_NAMES = "print symbols Fraction Rational Integer Matrix Eq N simplify expand expand_complex factor combsimp"
_DRESS = frozenset(_DRESS_NAMES.split())


@dataclass
class Figures:
    """What was found in a set of documents."""

    documents: int = 0
    cpu_seconds: float = 0.0
    slowest: float = 0.0
    found: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)  # of all that were found, duplicates in the set too
    worth: int = 0  # distinct, of two operations or more, verified
    documents_with_worth: int = 0
    titles: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Found:
    """A judged computation and the document that it comes from."""

    document: Document
    computation: Computation


def documents(path: Path) -> Iterator[Document]:
    """The pages of a WARC as the extractor gives them, or 500 of the questions of a JSONL with their solutions."""
    if path.suffixes[-2:] == [".jsonl", ".gz"]:
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            known = [json.loads(row) for row in rows]
        for row in known[:: max(1, len(known) // 500)]:
            solution = re.sub("<<.*?>>", "", row["solution"])  # GSM8K's notes for calculators
            yield Document(str(row["id"]), f"{row['question']}\n\n{solution}", url=str(row["id"]))
        return
    file = InputFile(str(path), path.name, path.stat().st_size, "")
    for page in read_file(file, ReadConfig()):
        if isinstance(page, Page) and isinstance(document := extract(page, ExtractConfig()), Document):
            yield document


def cached(path: Path, folder: Path | None) -> list[Document]:
    """The documents, kept in the folder from one run to the next if there is one."""
    if folder is None:
        return list(documents(path))
    kept = folder / (hashlib.blake2b(str(path.resolve()).encode(), digest_size=8).hexdigest() + ".jsonl")
    if not kept.is_file():
        rows = [json.dumps(asdict(document)) for document in documents(path)]
        kept.write_text("\n".join(rows))
    return [Document(**json.loads(row)) for row in kept.read_text().split("\n")]


def operations(code: str) -> int:
    """How many operations and functions a snippet computes with; what only prints or declares is none."""
    tree = ast.parse(code)
    literals = {id(inner) for node in ast.walk(tree) if _is_complex(node) for inner in ast.walk(node)}
    nodes = [node for node in ast.walk(tree) if id(node) not in literals]
    called = [node for node in nodes if isinstance(node, ast.Call) and _name(node.func) not in _DRESS]
    quotients = [n for n in nodes if isinstance(n, ast.Call) and _name(n.func) in ("Fraction", "Rational")]
    return sum(isinstance(n, ast.BinOp) for n in nodes) + len(called) + sum(len(q.args) == 2 for q in quotients)


def _is_complex(node: ast.AST) -> bool:
    """Whether a complex number is written out: 2 + 3 * I."""
    match node:
        case ast.BinOp(left=ast.Constant(), right=ast.Name(id="I") | ast.BinOp(right=ast.Name(id="I")) as imaginary):
            return isinstance(imaginary, ast.Name) or isinstance(imaginary.left, ast.Constant)
    return False


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def measure(read: Iterable[Document]) -> tuple[Figures, list[Found]]:
    """The figures, and what they call worth something."""
    execute = make_execute(ExecuteConfig())
    figures, worth, judged = Figures(), dict[str, Found](), dict[str, Computation]()
    for document in read:
        for found in _translated(document, figures):
            key = f"{found.code}\0{found.result}"
            if key not in judged:
                judged[key] = next(item for item in execute(found) if isinstance(item, Computation))
            known = judged[key]
            figures.verdicts[known.verdict] += 1
            if known.verdict == Verdict.VERIFIED and operations(found.code) >= 2:
                worth.setdefault(found.code, Found(document, found))
            elif known.verdict != Verdict.VERIFIED:
                figures.causes[f"{known.verdict}: {known.reason}"] += 1
    figures.worth = len(worth)
    figures.documents_with_worth = len({item.document.id for item in worth.values()})
    figures.titles.update(item.computation.title for item in worth.values())
    return figures, list(worth.values())


def _translated(document: Document, figures: Figures) -> Sequence[Computation]:
    start = time.process_time()
    found = computations(document, LIMIT)
    seconds = time.process_time() - start
    figures.documents += 1
    figures.cpu_seconds += seconds
    figures.slowest = max(figures.slowest, seconds)
    figures.found += len(found)
    figures.causes.update(causes(document.text))
    return found


def lines(name: str, figures: Figures, most: int) -> Iterator[str]:
    """The figures as plain lines."""
    each = 1000 * figures.cpu_seconds / max(1, figures.documents)
    yield f"{name}: {figures.documents} documents, {each:.1f} ms of CPU each, slowest {figures.slowest:.1f} s"
    yield f"  distinct, two operations or more, verified: {figures.worth} in {figures.documents_with_worth} documents"
    yield f"  found {figures.found}: " + ", ".join(f"{name} {n}" for name, n in figures.verdicts.most_common())
    yield "  " + ", ".join(f"{title} {n}" for title, n in figures.titles.most_common())
    for cause, number in figures.causes.most_common(most):
        yield f"  {number:6d} {cause}"


def shown(item: Found, number: int) -> Iterator[str]:
    """A computation with the text around it, for reading by hand."""
    found, text = item.computation, item.document.text
    yield f"===== {number} {item.document.url} [{found.title}]"
    yield from (f"  condition: {condition}" for condition in found.conditions)
    yield f"  {found.expression}  ->  {found.result}"
    yield from ("  | " + line for line in found.code.rstrip().split("\n"))
    at = text.find(found.expression)
    if at >= 0:
        yield "  ... " + text[max(0, at - 300) : at + len(found.expression) + 120].replace("\n", " / ")


def main() -> None:
    """Prints the figures of the real pages, or a drawn sample to read by hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.symbolic", description=__doc__)
    parser.add_argument("--pages", nargs="+", default=["train", "dev"], help="train, dev, math, gsm8k, or files")
    parser.add_argument("--cache", type=Path, help="folder for extracted texts, so that the next run takes seconds")
    parser.add_argument("--causes", type=int, default=40, metavar="N", help="the most frequent N causes")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="draw N verified computations to read")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    args = parser.parse_args()
    for name in args.pages:
        path = PAGES.get(name, Path(name))
        if not path.is_file():
            parser.exit(2, f"{path} is missing\n")
        figures, found = measure(cached(path, args.cache))
        print("\n".join(lines(name, figures, args.causes)))
        drawn = random.Random(args.seed).sample(found, min(args.sample, len(found)))
        for number, item in enumerate(drawn, 1):
            print("\n".join(shown(item, number)))


if __name__ == "__main__":
    main()
