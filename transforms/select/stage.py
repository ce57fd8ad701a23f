"""The Beam shell of select."""

from functools import partial

import apache_beam as beam

from transforms.records import Page
from transforms.select.algorithm import make_select
from transforms.select.config import SelectConfig
from transforms.shells import Apply, Split


class Select(beam.PTransform):
    """Pages to the pages that may be mathematics, each with its coarse score."""

    def __init__(self, config: SelectConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, pages: beam.PCollection[Page]) -> Split:
        """One input, two outputs."""
        return pages | Apply("select", partial(make_select, self.config))
