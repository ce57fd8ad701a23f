"""The whole corpus build: each line leaves Parquet on disk before the next one reads it (see the stages in README)."""

from collections import Counter
from collections.abc import Mapping

from pipelines import steps
from pipelines.calls import check_calls, keep_facts, translations
from pipelines.config import CorpusConfig
from pipelines.counts import read_columns
from pipelines.finish import finish
from pipelines.workspace import Upstream, Workspace, merge, source
from transforms.dedup.clusters import write_duplicates
from transforms.files import exists, join, remove
from transforms.inputs import list_inputs


def build(config: CorpusConfig, space: Workspace) -> None:
    """Builds, resumes or (where the workspace is dry) only looks at the corpus that `config` describes."""
    inputs = list_sources(config)

    clean = documents(config, space, inputs)
    translated = merge()
    if config.translate.translator != "none":
        computations = translate(config, space, clean)
        executed = space.run(steps.row_stage(config, "execute"), computations)
        assembled = space.run(steps.assemble(config), executed, clean)
        translated = space.run(steps.row_stage(config, "decontaminate_final"), assembled)
    written = shard(config, space, clean, translated)
    if not space.dry:
        finish(config, space, inputs, written)


def list_sources(config: CorpusConfig) -> dict[str, Upstream]:
    """The input files of each source, by its name."""
    return {s.name: source(list_inputs(s.input), config.partition.bytes) for s in config.sources}


def documents(config: CorpusConfig, space: Workspace, inputs: Mapping[str, Upstream]) -> Upstream:
    """The stages from read to decontaminate: the documents of the basic components."""
    classified = merge(*(space.run(steps.classify(config, name), files) for name, files in inputs.items()))
    filtered = space.run(steps.row_stage(config, "filter"), classified)
    unique = deduplicate(config, space, filtered)
    return space.run(steps.row_stage(config, "decontaminate"), unique)


def translate(config: CorpusConfig, space: Workspace, clean: Upstream) -> Upstream:
    """Documents to computations; does not begin where a model would be asked more often than allowed."""
    pending = space.pending(steps.translate(config), clean) or ()
    if pending and not space.dry and config.translate.translator == "vllm":
        check_calls(config.translate, translations(config, pending))
        keep_facts(config.translate)
    return space.run(steps.translate(config, space.processes(pending)), clean)


def deduplicate(config: CorpusConfig, space: Workspace, documents: Upstream) -> Upstream:
    """Signatures, then links, each on disk; then one process finds the clusters, and the partitions drop by them."""
    space.claim(steps.dedup(config), documents)
    signatures = space.run(steps.sign(config), documents)
    links = space.run(steps.link(config), signatures)
    duplicates = join(space.folder(steps.dedup(config), documents), "duplicates.parquet")
    if not space.dry and not exists(duplicates):
        write_duplicates(duplicates, signatures.files, links.files)
    return space.run(steps.dedup(config, duplicates), documents)


def shard(config: CorpusConfig, space: Workspace, clean: Upstream, translated: Upstream) -> Upstream:
    """Writes the shards anew unless they are whole and of these rows; a manifest stands beside finished shards only."""
    step = steps.shards(config, space.root, num_shards(config, clean, translated))
    if not space.dry and not space.finished(step, clean, translated):
        for name in ("manifest.json", "stages/shards", "shards"):
            remove(join(space.root, name))
    return space.run(step, clean, translated)


def num_shards(config: CorpusConfig, *rows: Upstream) -> dict[str, int]:
    """How many shards each component has: a function of its number of rows."""
    counts = Counter(source for (source,) in read_columns((f.path for up in rows for f in up.files), "source"))
    return {component: -(-n // config.shards.rows) for component, n in sorted(counts.items())}
