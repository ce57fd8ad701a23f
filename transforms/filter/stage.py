"""The Beam shell of filter."""

from functools import partial

import apache_beam as beam

from transforms.filter.algorithm import make_filter
from transforms.filter.config import FilterConfig
from transforms.records import Document
from transforms.shells import Apply, Split


class Filter(beam.PTransform):
    """Documents to those that pass every threshold."""

    def __init__(self, config: FilterConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, documents: beam.PCollection[Document]) -> Split:
        """One input, two outputs."""
        return documents | Apply("filter", partial(make_filter, self.config))
