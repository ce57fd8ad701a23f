"""How many model calls a build would still make."""

from collections.abc import Iterable

from models.tokenizer import count_tokens
from pipelines.config import CorpusConfig
from pipelines.errors import UserError
from pipelines.partition import Partition
from transforms.read.rows import count_rows, read_rows
from transforms.records import Document
from transforms.translate.chunks import chunks


def count_calls(config: CorpusConfig, partitions: Iterable[Partition]) -> int:
    """One call for each chunk of each document in the partitions; none where no model translates."""
    if config.translate.translator != "vllm":
        return 0
    files = (file for partition in partitions for files in partition.inputs for file in files)
    documents = (row for file in files for row in read_rows(file, Document) if isinstance(row, Document))
    return sum(len(chunks(row.text, config.translate.max_chunk_tokens, count_tokens)) for row in documents)


def check_calls(config: CorpusConfig, partitions: Iterable[Partition]) -> None:
    """Raises `UserError` where the translation would make more calls than `max_calls`."""
    limit = config.translate.max_calls
    if limit is not None and (calls := count_calls(config, partitions)) > limit:
        raise UserError(f"translate would make {calls:,} model calls, --max-calls allows {limit:,}: raise it")


def check_label_calls(config: CorpusConfig, partitions: Iterable[Partition]) -> None:
    """Raises `UserError` where label would make more calls than `max_calls`: one for each row."""
    limit = config.label.max_calls
    calls = sum(count_rows(file) for partition in partitions for files in partition.inputs for file in files)
    if limit is not None and calls > limit:
        raise UserError(f"label would make {calls:,} model calls, --max-calls allows {limit:,}: raise it")
