import json
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.stage import Decontaminate
from transforms.records import Document, Translated

QUESTION = "Anna has 17 apples and gives 5 of them to each of her 3 brothers; how many apples are left for Anna?"


@pytest.mark.pipeline
def test_rows_are_kept_or_dropped(tmp_path: Path) -> None:
    row = {"benchmark": "apples", "split": "test", "id": "1", "question": QUESTION}
    (tmp_path / "q.jsonl").write_text(json.dumps(row))
    config = DecontaminateConfig(benchmarks=str(tmp_path))
    leak, clean = Document("1", f"{'Once upon a time. ' * 20}{QUESTION} Two."), Document("2", "Pears and plums.")
    final = Translated("3", QUESTION)
    with TestPipeline(runner="FnApiRunner") as pipeline:
        split = pipeline | "rows" >> beam.Create([leak, clean]) | Decontaminate(config)
        assert_that(split.kept, equal_to([clean]), label="kept")
        found = split.dropped | beam.Map(lambda d: (d.id, d.stage, d.reason, json.loads(d.detail)["rule"]))
        assert_that(found, equal_to([("1", "decontaminate", "contaminated", "containment")]), label="dropped")
        last = pipeline | "final" >> beam.Create([final]) | "last" >> Decontaminate(config, "decontaminate_final")
        stages = last.dropped | "stages" >> beam.Map(lambda d: (d.id, d.stage))
        assert_that(stages, equal_to([("3", "decontaminate_final")]), label="final")
