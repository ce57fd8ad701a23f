"""The Beam shell of classify."""

from functools import partial

import apache_beam as beam

from transforms.classify.algorithm import make_classify
from transforms.classify.config import ClassifyConfig
from transforms.records import Document
from transforms.shells import Apply, Split


class Classify(beam.PTransform):
    """Documents to the same documents with scores, language and counts."""

    def __init__(self, config: ClassifyConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, documents: beam.PCollection[Document]) -> Split:
        """One input, two outputs."""
        return documents | Apply("classify", partial(make_classify, self.config))
