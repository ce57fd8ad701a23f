"""The generic Beam shell: apply a stage's plain function to every record, and split off what it drops."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from models.errors import Unavailable
from transforms.records import Dropped, drop_error
from transforms.ticks import Ticks

Function = Callable[[Any], Iterable[Any]]
BatchFunction = Callable[[Sequence[Any]], Iterable[Any]]


class Split(NamedTuple):
    """What a stage keeps and what it drops."""

    kept: beam.PCollection[Any]
    dropped: beam.PCollection[Dropped]


class Apply(beam.PTransform):
    """Applies to each record the function that `make` returns; `Dropped` values go to the second output.

    `make` runs on the worker, in every bundle's DoFn: a `functools.partial` of a module-level function, which caches
    what is costly to load (`functools.lru_cache`). An exception drops its record alone, with the reason `error`;
    `Unavailable` ends the run.
    """

    def __init__(self, stage: str, make: Callable[[], Function]) -> None:
        super().__init__()
        self.stage = stage
        self.make = make

    def expand(self, records: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        outputs = records | beam.ParDo(_ApplyFn(self.stage, self.make)).with_outputs("dropped", main="kept")
        return Split(outputs.kept, outputs.dropped)


class ApplyToMany(beam.PTransform):
    """Like `Apply`, for a function of many records at once, such as one that keeps model servers busy.

    Records are held back until there are `size` of them, or the bundle ends. A server that is gone (`Unavailable`)
    ends the run; after another exception each record is tried by itself, so that one costs no other.
    """

    def __init__(self, stage: str, make: Callable[[], BatchFunction], size: int) -> None:
        super().__init__()
        self.fn = _ApplyToManyFn(stage, make, size)

    def expand(self, records: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        outputs = records | beam.ParDo(self.fn).with_outputs("dropped", main="kept")
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
        except Unavailable:
            raise
        except Exception as error:
            subject = record[1] if isinstance(record, tuple) else record  # some stages key their records
            results = [drop_error(subject, self.stage, error)]
        self.ticks.tick(self.stage, sum(isinstance(result, Dropped) for result in results))
        for result in results:
            yield beam.pvalue.TaggedOutput("dropped", result) if isinstance(result, Dropped) else result


class _ApplyToManyFn(beam.DoFn):
    def __init__(self, stage: str, make: Callable[[], BatchFunction], size: int) -> None:
        self.stage = stage
        self.make = make
        self.size = size

    def setup(self) -> None:
        self.function = self.make()
        self.ticks = Ticks()

    def start_bundle(self) -> None:
        self.held: list[Any] = []

    def process(self, record: Any) -> Iterator[Any]:
        self.held.append(record)
        if len(self.held) >= self.size:
            for result in self._results():
                yield beam.pvalue.TaggedOutput("dropped", result) if isinstance(result, Dropped) else result

    def finish_bundle(self) -> Iterator[Any]:
        for result in self._results():
            value = _in_global_window(result)
            yield beam.pvalue.TaggedOutput("dropped", value) if isinstance(result, Dropped) else value

    def _results(self) -> list[Any]:
        records, self.held = self.held, []
        results = self._results_of(records) if records else []
        dropped = sum(isinstance(result, Dropped) for result in results)
        for number in range(len(records)):
            self.ticks.tick(self.stage, int(number < dropped))
        return results

    def _results_of(self, records: list[Any]) -> list[Any]:
        """What the function makes of the records; if it raises, of each by itself, so that one costs no other."""
        try:
            return list(self.function(records))
        except Unavailable:
            raise
        except Exception as error:
            if len(records) == 1:
                return [drop_error(records[0], self.stage, error)]
            return [result for record in records for result in self._results_of([record])]


def _in_global_window(result: Any) -> WindowedValue:
    window = GlobalWindow()
    return WindowedValue(result, window.start, (window,))
