"""The Beam shells of dedup, one for each phase; Parquet stands between them."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import apache_beam as beam

from transforms.dedup.config import DedupConfig
from transforms.dedup.links import buckets, collapse, equal, link_bucket
from transforms.dedup.removal import STAGE, make_dedup
from transforms.dedup.signature import Signature, sign
from transforms.records import Reason
from transforms.shells import Apply, Split


class Sign(beam.PTransform):
    """Documents under the keys of their rows → a `Signature` for each."""

    def __init__(self, config: DedupConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, keyed: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """One row for each document."""
        return keyed | beam.Map(partial(sign, self.config))


class LinkSimilar(beam.PTransform):
    """Signatures → `Link`s: rows of one id, then of one digest, then similar ones in one LSH bucket.

    Only signatures are shuffled, never texts; only the preferred of equal rows takes part in the next comparison.
    """

    def __init__(self, config: DedupConfig) -> None:
        super().__init__()
        self.config = config

    def expand(self, signatures: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """Links of the three kinds."""
        ids = signatures | "ids" >> _Collapse(Reason.SAME_ID)
        digests = ids.best | "digests" >> _Collapse(Reason.EXACT)
        near = (
            digests.best
            | "bands" >> beam.FlatMap(_by_bucket, self.config)
            | beam.GroupByKey()
            | "similar" >> beam.FlatMap(_similar, self.config)
        )
        return (ids.links, digests.links, near) | beam.Flatten()


class Dedup(beam.PTransform):
    """Documents under the keys of their rows, without those that the file `duplicates` names."""

    def __init__(self, duplicates: str) -> None:
        super().__init__()
        self.duplicates = duplicates

    def expand(self, keyed: beam.PCollection[Any]) -> Split:
        """One input, two outputs."""
        return keyed | Apply(STAGE, partial(make_dedup, self.duplicates))


class _Collapse(beam.PTransform):
    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason

    def expand(self, signatures: beam.PCollection[Any]) -> Any:
        grouped = signatures | beam.Map(_by_equal, self.reason) | beam.GroupByKey()
        return grouped | beam.FlatMap(_collapse, self.reason).with_outputs("links", main="best")


def _by_equal(signature: Signature, reason: Reason) -> tuple[str, Signature]:
    return equal(reason, signature), signature


def _collapse(group: tuple[str, Iterable[Signature]], reason: Reason) -> Iterable[Any]:
    best, links = collapse(reason, group[1])
    yield best
    yield from (beam.pvalue.TaggedOutput("links", link) for link in links)


def _by_bucket(signature: Signature, config: DedupConfig) -> Iterable[tuple[bytes, Signature]]:
    return ((bucket, signature) for bucket in buckets(config, signature))


def _similar(group: tuple[bytes, Iterable[Signature]], config: DedupConfig) -> Iterable[Any]:
    return link_bucket(config, group[1])
