"""The stage translate in a pipeline."""

from functools import partial
from typing import NamedTuple

import apache_beam as beam

from transforms.records import Computation, Document, Dropped, Outcome
from transforms.shells import Apply, ApplyToMany
from transforms.translate.config import TranslateConfig
from transforms.translate.model import make_model
from transforms.translate.symbolic import make_symbolic

STAGE = "translate"


class Translation(NamedTuple):
    """Computations, an outcome for every document that has some, and the documents that have none."""

    kept: beam.PCollection[Computation]
    outcomes: beam.PCollection[Outcome]
    dropped: beam.PCollection[Dropped]


class Translate(beam.PTransform):
    """Documents to computations, by the translator that the configuration names."""

    def __init__(self, config: TranslateConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, documents: beam.PCollection[Document]) -> Translation:
        """Every document leaves as an outcome with its computations, or is dropped."""
        match self.config.translator:
            case "symbolic":
                made = documents | Apply(STAGE, partial(make_symbolic, self.config))
            case "vllm":
                made = documents | ApplyToMany(STAGE, partial(make_model, self.config), self.config.in_flight)
            case _:
                raise ValueError("translator = none: there is nothing to translate")
        outcomes = made.kept | "outcomes" >> beam.Filter(lambda record: isinstance(record, Outcome))
        kept = made.kept | "computations" >> beam.Filter(lambda record: isinstance(record, Computation))
        return Translation(kept, outcomes, made.dropped)
