"""The Beam shell of label."""

from functools import partial

import apache_beam as beam

from transforms.label.config import LabelConfig
from transforms.label.model import make_label
from transforms.records import Document
from transforms.shells import ApplyAhead, Split


class Label(beam.PTransform):
    """Documents to the same documents with a category and a label, in one of so many processes."""

    def __init__(self, config: LabelConfig, processes: int = 1) -> None:
        super().__init__()
        self.config = config
        self.processes = processes

    def expand(self, documents: beam.PCollection[Document]) -> Split:
        """One input, two outputs."""
        make = partial(make_label, self.config, self.processes)
        return documents | ApplyAhead("label", make, self.config.ahead(self.processes))
