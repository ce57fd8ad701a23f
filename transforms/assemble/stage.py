"""The Beam stage `assemble`."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import apache_beam as beam

from transforms.assemble.config import AssembleConfig
from transforms.assemble.rows import Gathered, make_assemble
from transforms.records import Computation, Document
from transforms.shells import Apply, Split


class Assemble(beam.PTransform):
    """Groups judged computations by their document and renders those that are kept."""

    def __init__(self, config: AssembleConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, inputs: tuple[beam.PCollection[Computation], beam.PCollection[Document]]) -> Split:
        """Computations and the documents that they come from in (these may be missing); rows and drops out."""
        computations, documents = inputs
        return (
            {
                "computations": computations | "by document" >> beam.Map(lambda c: (c.document_id, c)),
                "documents": documents | "by id" >> beam.Map(lambda d: (d.id, d)),
            }
            | beam.CoGroupByKey()
            | "gather" >> beam.FlatMapTuple(_gather)
            | Apply("assemble", partial(make_assemble, self.config))
        )


def _gather(document_id: str, found: Mapping[str, Iterable[Any]]) -> Iterable[Gathered]:
    computations = tuple(found["computations"])
    if computations:
        document = min(found["documents"], key=repr, default=None)  # of several with one id, always the same one
        yield Gathered(document_id, computations, document)
