from pathlib import Path

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.dedup.clusters import clusters
from transforms.dedup.config import DedupConfig
from transforms.dedup.in_memory import deduplicate, link
from transforms.dedup.links import Link
from transforms.dedup.signature import Signature, sign
from transforms.dedup.stage import Dedup, LinkSimilar, Sign
from transforms.records import Document, Dropped
from transforms.rows import to_table

pytestmark = pytest.mark.pipeline
CONFIG = DedupConfig()


def documents() -> list[Document]:
    base = [f"w{i}" for i in range(150)]
    near = [" ".join("changed" if i == 20 * copy else w for i, w in enumerate(base)) for copy in range(6)]
    return [Document(f"{i % 5}", text) for i, text in enumerate([*near, near[0].upper(), "another text"])]


def keyed() -> list[tuple[str, Document]]:
    return [(f"{i:09d}", document) for i, document in enumerate(documents())]


def test_links_are_those_of_the_reference() -> None:
    expected = link(CONFIG, [sign(CONFIG, pair) for pair in keyed()])
    assert {made.reason for made in expected} == {"same_id", "exact_duplicate", "near_duplicate"}
    with TestPipeline(runner="FnApiRunner") as pipeline:
        signatures = pipeline | beam.Create(keyed()) | Sign(CONFIG)
        assert_that(signatures, equal_to([sign(CONFIG, pair) for pair in keyed()]), label="signatures")
        assert_that(signatures | LinkSimilar(CONFIG), equal_to(expected), label="links")


def test_dedup_drops_what_the_file_names(tmp_path: Path) -> None:
    signatures = [sign(CONFIG, pair) for pair in keyed()]
    links = to_table(link(CONFIG, signatures), Link)
    path = str(tmp_path / "duplicates.parquet")
    pq.write_table(clusters(to_table(signatures, Signature).to_batches(), links), path)
    expected = deduplicate(documents(), CONFIG)
    with TestPipeline(runner="FnApiRunner") as pipeline:
        split = pipeline | beam.Create(keyed()) | Dedup(path)
        assert_that(split.kept, equal_to([r for r in expected if isinstance(r, Document)]), label="kept")
        assert_that(split.dropped, equal_to([r for r in expected if isinstance(r, Dropped)]), label="dropped")
