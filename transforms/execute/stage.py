"""The Beam stage `execute`."""

from functools import partial

import apache_beam as beam

from transforms.execute.config import ExecuteConfig
from transforms.execute.run import make_execute
from transforms.records import Computation
from transforms.shells import Apply, Split


class Execute(beam.PTransform):
    """Runs and judges every computation; drops only malformed ones."""

    def __init__(self, config: ExecuteConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, computations: beam.PCollection[Computation]) -> Split:
        """Computations in; annotated computations and drops out."""
        return computations | Apply("execute", partial(make_execute, self.config))
