from pathlib import Path

import pytest

from pipelines.counts import StageCount
from pipelines.errors import ConservationError
from pipelines.finish import check_joints, check_shard
from transforms.records import Document
from transforms.shards.parquet import encode

STAGES = ("classify", "filter", "dedup", "decontaminate", "translate", "execute", "assemble", "shards")


def counts(**rows: int) -> dict[str, StageCount]:
    return {s: StageCount(stage=s, rows_in=rows.get(s, 5), rows_out=rows.get(s, 5)) for s in STAGES}


def test_stages_that_meet_are_fine() -> None:
    check_joints(counts())


@pytest.mark.parametrize("stage", ["filter", "dedup", "translate", "assemble", "shards"])
@pytest.mark.parametrize("rows", [4, 6])
def test_rows_lost_or_invented_between_stages_are_found(stage: str, rows: int) -> None:
    with pytest.raises(ConservationError, match="not meet"):
        check_joints(counts(**{stage: rows}))


def test_a_shard_is_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(encode([Document("a", "1"), Document("b", "2")], Document))
    check_shard(str(path), 2)
    with pytest.raises(ConservationError, match="holds 2 rows, 3 were written"):
        check_shard(str(path), 3)
