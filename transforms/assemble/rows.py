"""Turns the judged computations of one document into training rows and drops."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from models.tokenizer import count_tokens
from transforms.assemble import render
from transforms.assemble.agreement import agreements
from transforms.assemble.config import AssembleConfig
from transforms.records import Computation, Document, Dropped, Reason, Translated, Verdict, content_id, drop, drop_error
from transforms.text_format import formulas

_SHOWN = 1000  # characters of an output in a drop's detail


@dataclass(frozen=True, slots=True)
class Gathered:
    """The computations of one document, and the document itself where it is known."""

    id: str  # of the document
    computations: tuple[Computation, ...]
    document: Document | None = None


def make_assemble(config: AssembleConfig) -> Callable[[Gathered], Iterable[Translated | Dropped]]:
    """The stage's function."""

    def function(gathered: Gathered) -> Iterable[Translated | Dropped]:
        return assemble(gathered.computations, gathered.document, config)

    return function


def assemble(
    computations: Sequence[Computation], document: Document | None, config: AssembleConfig
) -> Iterable[Translated | Dropped]:
    """The rows and drops of one document's computations, in any order given.

    Every computation is in exactly one row's `computations` or in one drop, so that
    `sum(len(row.computations)) + len(drops)` is what came in. In the layout `separated` a computation belongs to the
    row of its step; the row of its code has none.
    """
    kept: list[tuple[Computation, str, str]] = []
    made = sorted(computations, key=lambda c: (c.index, c.id))
    for computation in map(_with_agreement, made, agreements(document, made)):
        if computation.verdict not in config.keep:
            yield _rejected(computation)
            continue
        try:
            kept.append((_without_run(computation), render.step(computation), render.code(computation)))
        except Exception as error:  # one computation must not take the document's others along
            yield drop_error(computation, "assemble", error)
    if not kept:
        return
    if config.layout == "paired":
        yield _paired(kept, document)
    else:
        yield from _separated(kept, document)


def _rejected(computation: Computation) -> Dropped:
    judged = computation.verdict in tuple(Verdict)
    return drop(
        computation,
        "assemble",
        Reason(computation.verdict) if judged else Reason.UNVERIFIED,
        document_id=computation.document_id,
        expression=computation.expression,
        result=computation.result,
        status=computation.status,
        stdout=computation.stdout[:_SHOWN],
        why=computation.reason if judged else "not executed",
        agreement=computation.agreement,
    )


def _with_agreement(computation: Computation, agreement: str) -> Computation:
    return replace(computation, agreement=agreement) if agreement else computation


def _without_run(computation: Computation) -> Computation:
    """Without what differs from run to run."""
    return replace(computation, seconds=None, stderr="")


def _paired(kept: Sequence[tuple[Computation, str, str]], document: Document | None) -> Translated:
    text = "\n\n".join(f"{step}\n\n{code}" for _, step, code in kept)
    computations = tuple(computation for computation, _, _ in kept)
    return _row(content_id("translated", computations[0].document_id), text, computations, document)


def _separated(kept: Sequence[tuple[Computation, str, str]], document: Document | None) -> Iterable[Translated]:
    seen: Counter[str] = Counter()
    for computation, step, code in kept:
        copy = str(seen[computation.id])  # the same snippet may stand twice in a document
        seen[computation.id] += 1
        own = ("translated", computation.document_id, str(computation.index), computation.id, copy)
        yield _row(content_id(*own, "step"), step, (computation,), document)
        yield _row(content_id(*own, "code"), code, (), document)


def _row(row_id: str, text: str, computations: tuple[Computation, ...], document: Document | None) -> Translated:
    known = document or Document(id="", text="")
    return Translated(
        id=row_id,
        text=text,
        source="translated",
        url=known.url,
        title=known.title,
        language=known.language,
        coarse_score=known.coarse_score,
        math_score=known.math_score,
        num_formulas=len(formulas(text)),
        num_tokens=count_tokens(text),
        macros=known.macros,
        license=known.license,
        origin=known.origin,
        computations=computations,
    )
