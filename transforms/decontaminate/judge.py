"""The stage's function: keeps a row, or drops it with the evidence."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from transforms.decontaminate.benchmarks import Question, load_benchmarks
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.index import build_index
from transforms.decontaminate.rules import find
from transforms.decontaminate.tokens import spans
from transforms.records import Document, Dropped, Reason, Translated, drop

R = TypeVar("R", Document, Translated)
_MATCHED = 2000  # characters of the row's text that are kept as evidence
_OTHERS = 10  # further questions that are named


def make_decontaminate(
    config: DecontaminateConfig, stage: str = "decontaminate"
) -> Callable[[R], Iterable[R | Dropped]]:
    """The function that judges a row by its text (and its snippets, where the text does not show them).

    Raises `BenchmarkError`. The index is made once per process, for all stages.
    """
    questions = load_benchmarks(config.benchmarks)
    index = build_index(questions, config.ngram)

    def decontaminate(row: R) -> Iterable[R | Dropped]:
        for place, text in _texts(row):
            if matches := find(index, text, config):
                best, others = matches[0], matches[1 : _OTHERS + 1]
                start, end = _characters(text, best.start, best.end)
                return (
                    drop(
                        row,
                        stage,
                        Reason.CONTAMINATED,
                        **place,
                        **_name(questions[best.question]),
                        rule=best.rule,
                        score=round(best.score, 4),
                        span=[start, end],
                        matched=text[start:end][:_MATCHED],
                        others=[_name(questions[match.question]) for match in others],
                    ),
                )
        return (row,)

    return decontaminate if questions else _keep


def _keep(row: R) -> Iterable[R | Dropped]:
    return (row,)


def _texts(row: Document) -> Iterable[tuple[dict[str, int], str]]:
    """The row's text, then the snippets that it does not show, each with what names it in the detail."""
    yield {}, row.text
    for number, computation in enumerate(row.computations if isinstance(row, Translated) else ()):
        if computation.code not in row.text:
            yield {"computation": number}, computation.code


def _characters(text: str, start: int, end: int) -> tuple[int, int]:
    """The tokens [start, end) as a span of the text; the whole text where there are none."""
    places = spans(text)[start:end] or [(0, len(text))]
    return places[0][0], places[-1][1]


def _name(question: Question) -> dict[str, str]:
    return {"benchmark": question.benchmark, "question_id": question.id}
