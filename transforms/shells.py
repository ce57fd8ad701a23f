"""The generic Beam shell: apply a stage's plain function to every record, and split off what it drops."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from models.errors import Unavailable
from transforms.records import Dropped, drop_error
from transforms.served.work import Work
from transforms.ticks import Ticks

Function = Callable[[Any], Iterable[Any]]


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
        return _split(records, _ApplyFn(self.stage, self.make))


class ApplyAhead(beam.PTransform):
    """Like `Apply`, for work that goes on while the next records are taken up: a window slides over them.

    At most `ahead` records are under way; each leaves as soon as it is done, in whatever order.
    """

    def __init__(self, stage: str, make: Callable[[], Work], ahead: int) -> None:
        super().__init__()
        self.fn = _ApplyAheadFn(stage, make, ahead)

    def expand(self, records: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        return _split(records, self.fn)


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
        yield from map(_output, results)


class _ApplyAheadFn(beam.DoFn):
    def __init__(self, stage: str, make: Callable[[], Work], ahead: int) -> None:
        self.stage = stage
        self.make = make
        self.ahead = ahead

    def setup(self) -> None:
        self.work = self.make()
        self.ticks = Ticks()

    def start_bundle(self) -> None:
        self.work.refresh()
        self.under_way: dict[Future[list[Any]], Any] = {}
        self.done: SimpleQueue[Future[list[Any]]] = SimpleQueue()

    def process(self, record: Any) -> Iterator[Any]:
        yield from map(_output, self._finished(self.ahead - 1))
        future = self.work.start(record)
        self.under_way[future] = record
        future.add_done_callback(self.done.put)

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(_last_output, self._finished(0))

    def teardown(self) -> None:
        self.work.close()

    def _finished(self, most: int) -> Iterator[Any]:
        """The results of all that is done, after waiting until at most `most` records are under way."""
        while self.under_way and (len(self.under_way) > most or not self.done.empty()):
            future = self.done.get()
            record = self.under_way.pop(future)
            try:
                results = future.result()
            except Unavailable:
                raise
            except Exception as error:
                results = [drop_error(record, self.stage, error)]
            self.ticks.tick(self.stage, sum(isinstance(result, Dropped) for result in results))
            yield from results


def _split(records: beam.PCollection[Any], fn: beam.DoFn) -> Split:
    outputs = records | beam.ParDo(fn).with_outputs("dropped", main="kept")
    return Split(outputs.kept, outputs.dropped)


def _output(result: Any) -> Any:
    return beam.pvalue.TaggedOutput("dropped", result) if isinstance(result, Dropped) else result


def _last_output(result: Any) -> Any:
    """What leaves when a bundle ends belongs to no record, so that its window has to be said."""
    window = GlobalWindow()
    value = WindowedValue(result, window.start, (window,))
    return beam.pvalue.TaggedOutput("dropped", value) if isinstance(result, Dropped) else value
