"""The Beam shell of label."""

from functools import partial

import apache_beam as beam

from transforms.label.config import LabelConfig
from transforms.label.model import make_label
from transforms.records import Document
from transforms.shells import ApplyToMany, Split


class Label(beam.PTransform):
    """Documents to the same documents with a category and a label."""

    def __init__(self, config: LabelConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, documents: beam.PCollection[Document]) -> Split:
        """One input, two outputs."""
        return documents | ApplyToMany("label", partial(make_label, self.config), self.config.in_flight)
