"""The end of a build: the manifest, the report and the funnel."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from pipelines.config import CorpusConfig
from pipelines.counts import StageCount, read_columns, total
from pipelines.errors import ConservationError
from pipelines.report import write_report
from pipelines.workspace import State, Upstream, Workspace
from transforms.execute import interpreters
from transforms.execute.jail import describe
from transforms.files import InputFile, join, write_atomically
from transforms.read.rows import count_rows

PACKAGES = ("mathcode-pile", "apache-beam", "trafilatura", "fasttext-community", "datasketch", "pyarrow", "sympy")
JOINTS = (
    *(("classify", "filter"), ("filter", "dedup"), ("dedup", "decontaminate"), ("decontaminate", "translate")),
    ("execute", "assemble"),
)
SHARD_COLUMNS = ("id", "component", "rows", "bytes", "sha256")


def finish(config: CorpusConfig, space: Workspace, inputs: Mapping[str, Upstream], shards: Upstream) -> None:
    """Writes `report.html` and, last of all, `manifest.json`: a folder with a manifest is a whole corpus."""
    manifest = make_manifest(config, space, inputs, shards)
    check_joints({count.stage: count for count in funnel(space.states)})
    for shard in manifest["shards"]:
        check_shard(join(space.root, shard["id"]), shard["rows"])
    write_report(space.root, manifest)
    write_atomically(join(space.root, "manifest.json"), json.dumps(manifest, indent=1, ensure_ascii=False).encode())


def make_manifest(
    config: CorpusConfig, space: Workspace, inputs: Mapping[str, Upstream], shards: Upstream
) -> dict[str, Any]:
    """Digests of inputs, models, configuration and shards, and the account of every row."""
    files = [file.path for file in shards.files]
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "packages": {
            name: version(name) for name in ("mathcode-pile", "apache-beam", "pyarrow", "trafilatura", "sympy")
        },
        "sandbox": describe(config.execute),
        "interpreters": interpreters.describe(config.execute),
        "inputs": [
            {"source": name, "origin": f.origin, "bytes": f.size, "stamp": f.stamp}
            for name, upstream in inputs.items()
            for f in upstream.files
        ],
        "stages": [_stage(state) for state in space.states],
        "funnel": [count.model_dump() for count in funnel(space.states)],
        "shards": [dict(zip(SHARD_COLUMNS, row, strict=True)) for row in sorted(read_columns(files, *SHARD_COLUMNS))],
        "served": config.translate.facts.model_dump(exclude={"folder"}),
        "config": config.model_dump(mode="json"),
    }


def funnel(states: list[State]) -> list[StageCount]:
    """The account of the whole build, one row for each stage; sources that share a stage are added up."""
    return total(state.summary.counts for state in states if state.summary)


def check_joints(counts: Mapping[str, StageCount]) -> None:
    """Raises `ConservationError` where rows were lost between one stage and the next."""
    for before, after in JOINTS:
        if after in counts and counts[before].rows_out != counts[after].rows_in:
            raise ConservationError(f"{counts[before]} does not meet {counts[after]}")
    last = [counts[name] for name in ("decontaminate", "decontaminate_final") if name in counts]
    if sum(count.rows_out for count in last) != counts["shards"].rows_in:
        raise ConservationError(f"{last} do not meet {counts['shards']}")


def check_shard(path: str, rows: int) -> None:
    """Raises `ConservationError` where a shard does not hold the rows that its writer counted."""
    if (found := count_rows(InputFile(path, path, 0, ""))) != rows:
        raise ConservationError(f"{path} holds {found} rows, {rows} were written")


def _stage(state: State) -> dict[str, Any]:
    summary = state.summary
    if summary is None:
        raise ValueError(f"{state.step.name} has not finished")
    return {
        "name": state.step.name,
        "fingerprint": summary.fingerprint,
        "folder": state.folder.rsplit("/", 1)[-1],
        "seconds": summary.seconds,
        "identity": summary.config,
    }
