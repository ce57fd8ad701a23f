"""The generic Beam shell: apply a stage's plain function to every record, and split off what it drops."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.records import Dropped, drop_error
from transforms.ticks import Ticks

Function = Callable[[Any], Iterable[Any]]


class Split(NamedTuple):
    """What a stage keeps and what it drops."""

    kept: beam.PCollection[Any]
    dropped: beam.PCollection[Dropped]


class Apply(beam.PTransform):
    """Applies to each record the function that `make` returns; `Dropped` values go to the second output.

    `make` runs on the worker, in every bundle's DoFn: a `functools.partial` of a module-level function, which caches
    what is costly to load (`functools.lru_cache`). An exception drops its record alone, with the reason `error`.
    """

    def __init__(self, stage: str, make: Callable[[], Function]) -> None:
        super().__init__()
        self.stage = stage
        self.make = make

    def expand(self, records: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        outputs = records | beam.ParDo(_ApplyFn(self.stage, self.make)).with_outputs("dropped", main="kept")
        return Split(outputs.kept, outputs.dropped)


class _ApplyFn(beam.DoFn):
    def __init__(self, stage: str, make: Callable[[], Function]) -> None:
        self.stage = stage
        self.make = make

    def setup(self) -> None:
        self.function = self.make()
        self.ticks = Ticks()

    def process(self, record: Any) -> Iterable[Any]:
        try:
            results = list(self.function(record))  # all or nothing: an error halfway must not leave children
        except Exception as error:
            subject = record[1] if isinstance(record, tuple) else record  # some stages key their records
            results = [drop_error(subject, self.stage, error)]
        self.ticks.tick(self.stage, sum(isinstance(result, Dropped) for result in results))
        for result in results:
            yield beam.pvalue.TaggedOutput("dropped", result) if isinstance(result, Dropped) else result
