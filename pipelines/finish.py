"""The end of a build: the manifest, the report and the funnel."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from pipelines.config import CorpusConfig
from pipelines.counts import StageCount, read_columns, total
from pipelines.report import write_report
from pipelines.workspace import State, Upstream, Workspace
from transforms.execute.jail import describe
from transforms.files import join, write_atomically

PACKAGES = ("mathcode-pile", "apache-beam", "trafilatura", "fasttext-community", "datasketch", "pyarrow", "sympy")
SHARD_COLUMNS = ("id", "component", "rows", "bytes", "sha256")


def finish(config: CorpusConfig, space: Workspace, inputs: Mapping[str, Upstream], shards: Upstream) -> None:
    """Writes `report.html` and, last of all, `manifest.json`: a folder with a manifest is a whole corpus."""
    manifest = make_manifest(config, space, inputs, shards)
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
        "inputs": [
            {"source": name, "origin": f.origin, "bytes": f.size, "stamp": f.stamp}
            for name, upstream in inputs.items()
            for f in upstream.files
        ],
        "stages": [_stage(state) for state in space.states],
        "funnel": [count.model_dump() for count in funnel(space.states)],
        "shards": [dict(zip(SHARD_COLUMNS, row, strict=True)) for row in sorted(read_columns(files, *SHARD_COLUMNS))],
        "config": config.model_dump(mode="json"),
    }


def funnel(states: list[State]) -> list[StageCount]:
    """The account of the whole build, one row for each stage; sources that share a stage are added up."""
    return total(state.summary.counts for state in states if state.summary)


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
