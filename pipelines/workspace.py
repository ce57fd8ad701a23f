"""The folders of stages, and how a build resumes in them.

A stage's folder holds `part-<partition>-<file>.parquet`, `dropped/…`, a marker for each finished partition in
`_partitions/`, and, written last, `_SUCCESS`. A partition without a marker runs again and writes the same names.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from pipelines.counts import StageCount, count_partition, total
from pipelines.errors import UserError
from pipelines.flows import Files, Outputs
from pipelines.partition import Partition, Task, beam_processes, run_tasks
from pipelines.progress import Reporter
from transforms.files import InputFile, exists, join, list_names, read_bytes, write_atomically
from transforms.records import content_id


class Summary(BaseModel, frozen=True):
    """What `_SUCCESS` and the marker of a partition say."""

    stage: str
    fingerprint: str
    config: dict[str, Any] = {}
    partitions: int = 1
    files: int = 1
    seconds: float
    counts: tuple[StageCount, ...] = ()


@dataclass(frozen=True)
class Upstream:
    """What a stage reads: partitions of files; None until the stage that writes them has finished."""

    fingerprint: str
    partitions: tuple[Files, ...] | None

    @property
    def files(self) -> Files:
        """All its files, in order."""
        return tuple(file for files in self.partitions or () for file in files)


@dataclass(frozen=True)
class Step:
    """One stage to run.

    Attributes:
        name: the stage's name, the same everywhere.
        flow: from (pipeline, files of each upstream) to the rows to write; pickles.
        identity: configuration, versions and digests of models: with the input, all that decides the output.
        chain: the stages that the flow runs, in order, for the account of rows; () where rows are not one to one.
        whole: reads all its input as one partition.
        place: its folder below the root of a build, where that is not named by the fingerprint.
    """

    name: str
    flow: Callable[..., Outputs]
    identity: Mapping[str, Any]
    chain: tuple[str, ...] = ()
    whole: bool = False
    place: str = ""


@dataclass(frozen=True)
class State:
    """How far a stage is: its finished summary, or the partitions that are still to run (None: not known yet)."""

    step: Step
    folder: str
    summary: Summary | None
    pending: tuple[Partition, ...] | None


@dataclass
class Workspace:
    """Runs steps in folders under `root`, or only looks at what is there (`dry`).

    Attributes:
        only: name of the one stage that is run alone, straight into `root`; "" for a build.
        files: Parquet files that each partition is written to.
    """

    root: str
    reporter: Reporter
    beam_args: tuple[str, ...] = ()
    workers: int = 1
    files: int = 1
    only: str = ""
    dry: bool = False
    states: list[State] = field(default_factory=list)

    def folder(self, step: Step, *upstream: Upstream) -> str:
        """Where the step writes: its name and its fingerprint, so that a changed setting never meets old rows."""
        if step.name == self.only:
            return self.root
        if step.place:
            return join(self.root, step.place)
        name = f"{step.name}-{self.fingerprint(step, *upstream)}"
        return join(self.root, "_steps" if self.only else "stages", name)

    def fingerprint(self, step: Step, *upstream: Upstream) -> str:
        """Twelve hex digits of all that decides a stage's output and how it is laid out."""
        identity = json.dumps(step.identity, sort_keys=True)
        return content_id(step.name, identity, str(self.files), *(u.fingerprint for u in upstream))[:12]

    def claim(self, step: Step, *upstream: Upstream) -> None:
        """Says whose the step's folder is, before anything is written there.

        Raises `UserError` where it holds rows of another command, finished or not, or files that are not ours.
        """
        folder, mark = self.folder(step, *upstream), self.fingerprint(step, *upstream)
        if self.dry or read_summary(join(folder, "_CLAIM"), mark):
            return
        if any(name.startswith("part-") for name in list_names(folder)):
            raise UserError(f"{folder} holds part-* files that this command did not write: choose another --output")
        _write(join(folder, "_CLAIM"), Summary(stage=step.name, fingerprint=mark, seconds=0))

    def finished(self, step: Step, *upstream: Upstream) -> Summary | None:
        """The step's summary, if its rows are there, whole, and of this input and configuration.

        Raises `UserError` where the folder holds the output of another command; a step that has one place in a build
        has simply not finished then.
        """
        mark = self.fingerprint(step, *upstream)
        summary = read_summary(join(self.folder(step, *upstream), "_SUCCESS"), None if step.place else mark)
        return summary if summary and summary.fingerprint == mark else None

    def pending(self, step: Step, *upstream: Upstream) -> tuple[Partition, ...] | None:
        """The partitions that have not finished; None where nobody can know yet, since their input is not there."""
        if self.finished(step, *upstream):
            return ()
        partitions, mark = _partitions(step, upstream), self.fingerprint(step, *upstream)
        if partitions is None or step.place:
            return partitions
        folder = self.folder(step, *upstream)
        return tuple(p for p in partitions if read_summary(_marker(folder, p), mark) is None)

    def processes(self, pending: Sequence[Partition]) -> int:
        """How many processes run these partitions at a time."""
        return max(1, min(self.workers, len(pending))) * beam_processes(self.beam_args)

    def run(self, step: Step, *upstream: Upstream) -> Upstream:
        """Runs what is missing of the step; returns what the next one reads.

        Raises:
            UserError: the folder holds the output of another command.
            ConservationError: rows were lost or invented.
        """
        folder, mark = self.folder(step, *upstream), self.fingerprint(step, *upstream)
        summary = self.finished(step, *upstream)
        pending = () if summary else self.pending(step, *upstream)
        if summary is None and not self.dry:
            self.claim(step, *upstream)
            self._run(step, folder, mark, pending or ())
            summary = _summarize(step, folder, mark, _partitions(step, upstream) or (), self.files)
        self.states.append(State(step, folder, summary, pending))
        if summary is None:
            return Upstream(mark, None)
        return Upstream(mark, tuple(_parts(folder, i, summary.files) for i in range(summary.partitions)))

    def _run(self, step: Step, folder: str, mark: str, pending: tuple[Partition, ...]) -> None:
        partitions = {p.index: p for p in pending}
        tasks = [Task(step.flow, p, folder, self.files, self.beam_args) for p in pending]
        with self.reporter.stage(step.name, len(tasks)):
            for index, seconds in run_tasks(tasks, self.workers):
                counts = count_partition(step.chain, folder, partitions[index], self.files)
                summary = Summary(stage=step.name, fingerprint=mark, seconds=seconds, counts=tuple(counts))
                _write(_marker(folder, partitions[index]), summary)
                self.reporter.partition_done()


def _summarize(step: Step, folder: str, mark: str, partitions: tuple[Partition, ...], files: int) -> Summary:
    """Adds up the markers of a finished step and writes its `_SUCCESS`."""
    markers = [marker for p in partitions if (marker := read_summary(_marker(folder, p), mark))]
    summary = Summary(
        stage=step.name,
        fingerprint=mark,
        config=dict(step.identity),
        partitions=len(partitions),
        files=files,
        seconds=round(sum(marker.seconds for marker in markers), 3),
        counts=tuple(total(marker.counts for marker in markers)),
    )
    _write(join(folder, "_SUCCESS"), summary)
    return summary


def source(files: Iterable[InputFile], partition_bytes: int) -> Upstream:
    """Input files from outside, in partitions of about `partition_bytes`, whatever order they were named in."""
    groups: list[list[InputFile]] = [[]]
    for file in files:
        if groups[-1] and sum(f.size for f in groups[-1]) + file.size > partition_bytes:
            groups.append([])
        groups[-1].append(file)
    # The bounds of the partitions are part of it: a marker knows its partition by number only.
    mark = content_id(*("\n".join(f"{f.path}|{f.origin}|{f.size}|{f.stamp}" for f in group) for group in groups))
    return Upstream(mark, tuple(tuple(group) for group in groups))


def merge(*upstream: Upstream) -> Upstream:
    """Several upstreams as one, partition after partition."""
    lists = [u.partitions for u in upstream]
    partitions = None if None in lists else tuple(files for parts in lists for files in parts or ())
    return Upstream(content_id(*(u.fingerprint for u in upstream)), partitions)


def read_summary(path: str, mark: str | None = None) -> Summary | None:
    """The summary at `path`, or None; raises `UserError` where it is not that of the fingerprint `mark`."""
    if not exists(path):
        return None
    try:
        summary = Summary.model_validate_json(read_bytes(path))
    except ValidationError:
        raise UserError(f"{path} is not a marker of ours: choose another --output") from None
    if mark and mark != summary.fingerprint:
        raise UserError(f"{path} is of another command, input or configuration: choose another --output, or remove it")
    return summary


def _write(path: str, summary: Summary) -> None:
    write_atomically(path, summary.model_dump_json(indent=1).encode())


def _partitions(step: Step, upstream: tuple[Upstream, ...]) -> tuple[Partition, ...] | None:
    if any(u.partitions is None for u in upstream):
        return None
    if step.whole:
        return (Partition(0, tuple(u.files for u in upstream)),)
    return tuple(
        Partition(i, files) for i, files in enumerate(zip(*(u.partitions or () for u in upstream), strict=True))
    )


def _parts(folder: str, index: int, files: int) -> Files:
    return tuple(InputFile(join(folder, name), name, 0, "") for name in Partition(index, ()).names(files))


def _marker(folder: str, partition: Partition) -> str:
    return join(folder, "_partitions", f"{partition.index:05d}.json")
