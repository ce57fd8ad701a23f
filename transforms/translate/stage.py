"""The stage translate in a pipeline."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from models.chat import EndpointError
from transforms.records import Computation, Document, Dropped, Outcome, drop_error
from transforms.shells import Apply
from transforms.ticks import Ticks
from transforms.translate.config import TranslateConfig
from transforms.translate.model import make_model
from transforms.translate.symbolic import make_symbolic

STAGE = "translate"
_MakeBatch = Callable[[], Callable[[Sequence[Document]], Iterable[Any]]]


class Translation(NamedTuple):
    """Computations, an outcome for every document that has some, and the documents that have none."""

    kept: beam.PCollection[Computation]
    outcomes: beam.PCollection[Outcome]
    dropped: beam.PCollection[Dropped]


class Translate(beam.PTransform):
    """Documents to computations, by the translator that the configuration names."""

    def __init__(self, config: TranslateConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, documents: beam.PCollection[Document]) -> Translation:
        """Every document leaves as an outcome with its computations, or is dropped."""
        match self.config.translator:
            case "symbolic":
                made = documents | Apply(STAGE, partial(make_symbolic, self.config))
                outcomes = made.kept | "outcomes" >> beam.Filter(lambda record: isinstance(record, Outcome))
                kept = made.kept | "computations" >> beam.Filter(lambda record: isinstance(record, Computation))
                return Translation(kept, outcomes, made.dropped)
            case "vllm":
                ask = _AskFn(partial(make_model, self.config), self.config.in_flight)
                outputs = documents | STAGE >> beam.ParDo(ask).with_outputs("outcomes", "dropped", main="kept")
                return Translation(outputs.kept, outputs.outcomes, outputs.dropped)
        raise ValueError("translator = none: there is nothing to translate")


class _AskFn(beam.DoFn):
    """Holds documents back until there are enough of them to keep the servers busy."""

    def __init__(self, make: _MakeBatch, size: int) -> None:
        self.make = make
        self.size = size

    def setup(self) -> None:
        self.translate = self.make()
        self.ticks = Ticks()

    def start_bundle(self) -> None:
        self.held: list[Document] = []

    def process(self, document: Document) -> Iterator[Any]:
        self.held.append(document)
        if len(self.held) >= self.size:
            yield from self._translated()

    def finish_bundle(self) -> Iterator[Any]:
        for result in self._translated():
            if isinstance(result, beam.pvalue.TaggedOutput):
                yield beam.pvalue.TaggedOutput(result.tag, _in_global_window(result.value))
            else:
                yield _in_global_window(result)

    def _translated(self) -> Iterator[Any]:
        documents, self.held = self.held, []
        try:
            results = list(self.translate(documents)) if documents else []
        except EndpointError:
            raise
        except Exception as error:
            results = [drop_error(document, STAGE, error) for document in documents]
        for result in results:
            match result:
                case Dropped():
                    self.ticks.tick(STAGE, 1)
                    yield beam.pvalue.TaggedOutput("dropped", result)
                case Outcome():
                    self.ticks.tick(STAGE, 0)
                    yield beam.pvalue.TaggedOutput("outcomes", result)
                case _:
                    yield result


def _in_global_window(result: Any) -> WindowedValue:
    window = GlobalWindow()
    return WindowedValue(result, window.start, (window,))
