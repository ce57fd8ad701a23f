"""All phases of dedup one after the other in memory: what the pipelines must come to, for tests and small inputs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import chain
from typing import TypeVar

from transforms.dedup.clusters import clusters
from transforms.dedup.config import DedupConfig
from transforms.dedup.links import Link, buckets, collapse, equal, link_bucket
from transforms.dedup.removal import remover
from transforms.dedup.signature import Signature, sign
from transforms.records import Document, Dropped, Reason
from transforms.rows import to_table

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def deduplicate(documents: Iterable[Document], config: DedupConfig) -> list[Document | Dropped]:
    """The documents in their order, each as itself or as what it was dropped as."""
    keyed = [(f"{number:09d}", document) for number, document in enumerate(documents)]
    signatures = [sign(config, pair) for pair in keyed]
    links = to_table(link(config, signatures), Link)
    duplicates = clusters(to_table(signatures, Signature).to_batches(), links)
    return list(chain.from_iterable(map(remover(duplicates), keyed)))


def link(config: DedupConfig, signatures: Iterable[Signature]) -> list[Link]:
    """The links of all rows."""
    links: list[Link] = []
    for reason in (Reason.SAME_ID, Reason.EXACT):
        groups = _group((equal(reason, signature), signature) for signature in signatures)
        collapsed = [collapse(reason, group) for group in groups]
        links += chain.from_iterable(made for _, made in collapsed)
        signatures = [best for best, _ in collapsed]
    for group in _group((bucket, signature) for signature in signatures for bucket in buckets(config, signature)):
        links += link_bucket(config, group)
    return links


def _group(pairs: Iterable[tuple[K, V]]) -> list[list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return list(groups.values())
