"""The Beam shell of decontaminate."""

from functools import partial
from typing import Any

import apache_beam as beam

from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.judge import make_decontaminate
from transforms.shells import Apply, Split


class Decontaminate(beam.PTransform):
    """Documents or translated rows without those that hold a benchmark question."""

    def __init__(self, config: DecontaminateConfig, stage: str = "decontaminate") -> None:
        super().__init__()
        self.config = config
        self.stage = stage

    def expand(self, rows: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        return rows | Apply(self.stage, partial(make_decontaminate, self.config, self.stage))
