from pathlib import Path

import pytest

from pipelines.calls import check_calls, count_calls
from pipelines.config import CorpusConfig, parse_config
from pipelines.errors import UserError
from pipelines.partition import Partition
from transforms.files import InputFile
from transforms.records import Document
from transforms.shards.parquet import encode


def configure(**settings: object) -> CorpusConfig:
    model = {"translator": "vllm", "endpoints": ["http://localhost:1/v1"], "model": "m", "max_chunk_tokens": 50}
    return parse_config({"translate": {**model, **settings}}, "test")


@pytest.fixture
def partitions(tmp_path: Path) -> list[Partition]:
    """A short document, and one of two paragraphs that do not fit into one prompt."""
    path = tmp_path / "part-00000-000.parquet"
    path.write_bytes(encode([Document("a", "short"), Document("b", "word " * 40 + "\n\n" + "word " * 40)], Document))
    return [Partition(0, ((InputFile(str(path), path.name, 0, ""),),))]


def test_one_call_for_each_chunk(partitions: list[Partition]) -> None:
    assert count_calls(configure(), partitions) == 3


def test_rows_of_jsonl_are_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a", "text": "short"}\nno row\n{"id": "b", "text": "short"}\n')
    assert count_calls(configure(), [Partition(0, ((InputFile(str(path), path.name, 0, ""),),))]) == 2


def test_symbolic_makes_no_calls(partitions: list[Partition]) -> None:
    assert count_calls(CorpusConfig(), partitions) == 0


def test_a_translation_over_the_limit_does_not_start(partitions: list[Partition]) -> None:
    check_calls(configure(max_calls=3), partitions)
    with pytest.raises(UserError, match="would make 3 model calls, --max-calls allows 2"):
        check_calls(configure(max_calls=2), partitions)
