"""The stage translate in a pipeline."""

from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.records import Computation, Document, Dropped, Outcome
from transforms.shells import Apply, ApplyAhead
from transforms.translate.config import TranslateConfig
from transforms.translate.model import make_model
from transforms.translate.records import Call
from transforms.translate.symbolic import make_symbolic

STAGE = "translate"


class Translation(NamedTuple):
    """Computations, an outcome for every document that has some, the documents that have none, and a model's calls."""

    kept: beam.PCollection[Computation]
    outcomes: beam.PCollection[Outcome]
    dropped: beam.PCollection[Dropped]
    calls: beam.PCollection[Call]


class Translate(beam.PTransform):
    """Documents to computations, by the translator that the configuration names, in one of so many processes."""

    def __init__(self, config: TranslateConfig, processes: int = 1) -> None:
        super().__init__()
        self.config = config
        self.processes = processes

    def expand(self, documents: beam.PCollection[Document]) -> Translation:
        """Every document leaves as an outcome with its computations, or is dropped."""
        match self.config.translator:
            case "symbolic":
                made = documents | Apply(STAGE, partial(make_symbolic, self.config))
            case "vllm":
                make = partial(make_model, self.config, self.processes)
                made = documents | ApplyAhead(STAGE, make, self.config.ahead(self.processes))
            case _:
                raise ValueError("translator = none: there is nothing to translate")
        kept, outcomes, calls = (made.kept | _only(record) for record in (Computation, Outcome, Call))
        return Translation(kept, outcomes, made.dropped, calls)


def _only(record: type[Any]) -> beam.PTransform:
    return record.__name__ >> beam.Filter(isinstance, record)
