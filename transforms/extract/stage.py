"""The stage extract in a pipeline."""

from functools import partial

import apache_beam as beam

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import STAGE, make_extract
from transforms.records import Page
from transforms.shells import Apply, Split


class Extract(beam.PTransform):
    """Pages to documents."""

    def __init__(self, config: ExtractConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, pages: beam.PCollection[Page]) -> Split:
        """One page in, one document or one dropped record out."""
        return pages | Apply(STAGE, partial(make_extract, self.config))
