"""Documents whose text says what a model answers, and what translate has to make of each.

Every paragraph is one chunk and names its document, its place and its kind, so that an answer can be told from that to
any other chunk, by the stub that gives it and by the test that finds it in a record.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MAX_CHUNK_TOKENS = 75  # one paragraph fits into a prompt and two do not, however tokens are counted
KINDS = ("good", "pair", "none", "malformed", "cut", "poison")
_MARK = re.compile(r"Case (\d+) part (\d+) is (\w+)")


@dataclass(frozen=True, order=True)
class Chunk:
    """One paragraph of a document; `kind` decides how it is answered.

    good and pair: one and two computations; none: the word NONE; malformed: prose; cut: the limit of tokens is met
    inside the second computation; poison: the server breaks the connection.
    """

    document: int
    part: int
    kind: str

    @property
    def text(self) -> str:
        n, k = self.document, self.part
        return (
            f"Case {n} part {k} is {self.kind}: the rows of the lattice hold {n + 3} points each, and there are"
            f" {k + 5} of them. Hence all in all $({n} + 3) \\cdot ({k} + 5) = {(n + 3) * (k + 5)}$ are seen."
        )

    @property
    def computations(self) -> list["Block"]:
        """What has to be found in the answer."""
        return [Block(self, number) for number in range(1, {"good": 1, "cut": 1, "pair": 2}.get(self.kind, 0) + 1)]

    @property
    def answer(self) -> tuple[str, str]:
        """The text of the answer, and its `finish_reason`."""
        match self.kind:
            case "none":
                return "NONE", "stop"
            case "malformed":
                return f"I would rather not say what case {self.document}.{self.part} comes to.", "stop"
            case "cut":
                second = str(Block(self, 2))
                return f"{Block(self, 1)}\n\n{second[: second.index('print')]}", "length"
            case _:
                return "\n\n".join(map(str, self.computations)), "stop"


@dataclass(frozen=True)
class Block:
    """A computation as the model writes it."""

    chunk: Chunk
    number: int

    @property
    def fields(self) -> dict[str, str]:
        """What a record of it holds."""
        n, k, b = self.chunk.document, self.chunk.part, self.number
        return {
            "document_id": name(n),
            "title": f"Points of case {n}.{k}, count {b}",
            "expression": rf"{b} \cdot ({n} + 3) \cdot ({k} + 5)",
            "result": str(b * (n + 3) * (k + 5)),
            "code": f"columns = {n} + 3\nrows = {k} + 5\nprint({b} * columns * rows)\n",
        }

    def __str__(self) -> str:
        said = self.fields
        return (
            f"**Computation {self.number}: {said['title']}**\n\n"
            f"Conditions Needed:\n1. There are ${self.chunk.document} + 3$ columns\n"
            f"2. There are ${self.chunk.part} + 5$ rows\n\n"
            f"Computation Expression:\n${said['expression']}$\n\n"
            f"Computation Result:\n{said['result']}\n\n"
            f"Python Code Snippet:\n```python\n{said['code']}```"
        )


def name(document: int) -> str:
    """The document's id."""
    return f"doc-{document:05d}"


def documents(count: int, kinds: Iterable[str] = ("good",), long: int = 0, parts: int = 7) -> list[list[Chunk]]:
    """`count` documents of one chunk whose kinds take turns, and `long` of `parts` chunks of all kinds but poison."""
    turns = list(kinds)
    short = [[Chunk(n, 0, turns[n % len(turns)])] for n in range(count)]
    sane = [kind for kind in KINDS if kind != "poison"]
    many = [[Chunk(n, k, sane[(n + k) % len(sane)]) for k in range(parts)] for n in range(count, count + long)]
    return short + many


def rows(own: Iterable[list[Chunk]]) -> list[dict[str, Any]]:
    """The rows of the input."""
    return [{"id": name(chunks[0].document), "text": "\n\n".join(chunk.text for chunk in chunks)} for chunks in own]


def asked_about(prompt: str) -> Chunk:
    """The chunk that stands in a prompt, or in the body of a request."""
    marks = _MARK.findall(prompt)
    assert len(marks) == 1, f"a prompt holds {len(marks)} chunks"
    n, k, kind = marks[0]
    return Chunk(int(n), int(k), kind)
