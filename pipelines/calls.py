"""How many model calls a build would still make."""

from collections.abc import Iterable

from models.tokenizer import count_tokens
from pipelines.config import CorpusConfig
from pipelines.counts import read_columns
from pipelines.errors import UserError
from pipelines.partition import Partition
from transforms.translate.chunks import chunks


def count_calls(config: CorpusConfig, partitions: Iterable[Partition]) -> int:
    """One call for each chunk of each document in the partitions; none where no model translates."""
    if config.translate.translator != "vllm":
        return 0
    files = (file.path for partition in partitions for files in partition.inputs for file in files)
    limit = config.translate.max_chunk_tokens
    return sum(len(chunks(text, limit, count_tokens)) for (text,) in read_columns(files, "text"))


def check_calls(config: CorpusConfig, partitions: Iterable[Partition]) -> None:
    """Raises `UserError` where the translation would make more calls than `max_calls`."""
    limit = config.translate.max_calls
    if limit is not None and (calls := count_calls(config, partitions)) > limit:
        raise UserError(f"translate would make {calls:,} model calls, --max-calls allows {limit:,}: raise it")
