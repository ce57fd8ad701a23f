"""The model calls of a build: what is known of the servers before it starts, and which calls are still to make."""

from collections.abc import Iterable, Iterator
from itertools import islice

from pydantic import ValidationError

from models.chat.messages import EndpointError, Request
from pipelines.config import CorpusConfig
from pipelines.errors import UserError
from pipelines.partition import Partition
from transforms.files import exists, join, list_names, read_bytes, write_atomically
from transforms.label.model import request as label_request
from transforms.read.rows import read_rows
from transforms.records import Document, content_id
from transforms.served.completions import Completions
from transforms.served.config import Facts, Served
from transforms.translate.calls import calls_of, missing, tokenizer_name


def meet(config: CorpusConfig, table: str, output: str) -> CorpusConfig:
    """The configuration with what the servers say of the model; nothing is written yet.

    Where no endpoint is given, what `keep_facts` kept holds. Raises EndpointError where servers do not answer or do
    not serve the model, `UserError` where there is neither a server nor an answer.
    """
    config = recall(config, table, output)
    served: Served = getattr(config, table)
    if not served.endpoints and not list_names(served.facts.folder):
        raise UserError(f"no server to ask for {table}: give --endpoint URL, or its answers by `requests import`")
    return _with_facts(config, table)


def look(config: CorpusConfig, table: str, output: str) -> CorpusConfig:
    """Like `meet`, but what was kept will do where no server answers."""
    config = recall(config, table, output)
    try:
        return _with_facts(config, table)
    except EndpointError as error:
        if error.__cause__ is None:  # it answers, but does not serve this model
            raise
        return config


def keep_facts(served: Served) -> None:
    """Writes what is known of the model's servers beside the calls that they answer."""
    write_atomically(_facts_file(served), served.facts.model_dump_json(exclude={"folder"}).encode())


def recall(config: CorpusConfig, table: str, output: str) -> CorpusConfig:
    """The configuration with the folder of finished calls, and with what was kept there of the model's servers."""
    served: Served = getattr(config, table)
    folder = served.completions or join(output.rstrip("/"), "completions")
    config = _with(config, table, Facts(folder=folder, vllm=True))  # as long as nobody says otherwise
    file = _facts_file(getattr(config, table))
    if not exists(file):
        return config
    try:
        known = Facts.model_validate_json(read_bytes(file))
    except ValidationError:
        raise UserError(f"{file} does not say what a model's servers are: remove it") from None
    return _with(config, table, known.model_copy(update={"folder": folder}))


def check_prompts(config: CorpusConfig) -> str:
    """How documents will be cut for the model; raises EndpointError where its tokenizer or context will not do."""
    room = calls_of(config.translate).room
    name = tokenizer_name(config.translate)
    counted = f"tokens of {name}" if name else "tokens, counted high since [translate] tokenizer is not known"
    return f"translate  chunks of {room.chunk:,} and answers of {room.answer:,} {counted}"


def translations(config: CorpusConfig, partitions: Iterable[Partition]) -> Iterator[Request]:
    """The calls that translating the partitions would still make, each once; none where no model translates."""
    if config.translate.translator == "vllm":
        done = _completions(config.translate)
        yield from _once(call for row in _documents(partitions) for call in missing(config.translate, row.text, done))


def labels(config: CorpusConfig, partitions: Iterable[Partition]) -> Iterator[Request]:
    """The calls that labelling the partitions would still make, each once."""
    done = _completions(config.label)
    calls = _once(label_request(config.label, row.text) for row in _documents(partitions))
    return (call for call in calls if call.key not in done)


def check_calls(served: Served, calls: Iterator[Request]) -> None:
    """Raises `UserError` where more calls would be made than `max_calls`, or any without an endpoint.

    It takes no more calls than it must: there may be hundreds of millions.
    """
    if not served.endpoints and not served.drop_unasked and next(calls, None):
        raise UserError("model calls are still to make (`plan` counts them): give --endpoint URL, or `requests export`")
    if served.endpoints and served.max_calls is not None and next(islice(calls, served.max_calls, None), None):
        raise UserError(
            f"more than {served.max_calls:,} model calls would be made (`plan` counts them): raise --max-calls"
        )


def _with_facts(config: CorpusConfig, table: str) -> CorpusConfig:
    served: Served = getattr(config, table)
    if not served.endpoints:
        return config
    cards = served.chat().check()
    known = {
        "context": min((card.context for card in cards if card.context), default=None),
        "root": cards[0].root,
        "vllm": all(card.owner == "vllm" for card in cards),
    }
    return _with(config, table, served.facts.model_copy(update=known))


def _with(config: CorpusConfig, table: str, facts: Facts) -> CorpusConfig:
    served = getattr(config, table).model_copy(update={"facts": facts})
    return config.model_copy(update={table: served})


def _facts_file(served: Served) -> str:
    return join(served.facts.folder, f"model-{content_id(served.model)[:12]}.json")


def _completions(served: Served) -> Completions:
    done = Completions(served.facts.folder)
    done.refresh()
    return done


def _documents(partitions: Iterable[Partition]) -> Iterator[Document]:
    files = (file for partition in partitions for files in partition.inputs for file in files)
    return (row for file in files for row in read_rows(file, Document) if isinstance(row, Document))


def _once(calls: Iterable[Request]) -> Iterator[Request]:
    seen: set[str] = set()
    for call in calls:
        if call.key not in seen:
            seen.add(call.key)
            yield call
