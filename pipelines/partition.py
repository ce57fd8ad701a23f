"""One partition of a stage: run its Beam pipeline and read off what it made."""

import contextlib
import ctypes
import functools
import io
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import active_children, get_context

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from models.errors import Unavailable
from pipelines.errors import UserError
from pipelines.flows import Files, Outputs
from transforms.shards.stage import WriteParts

DEFAULT_RUNNER = "--runner=FnApiRunner"  # DirectRunner would first look for a Prism binary to download


@dataclass(frozen=True)
class Partition:
    """A unit of resume: one tuple of input files for each upstream of the stage."""

    index: int
    inputs: tuple[Files, ...]

    @property
    def prefix(self) -> str:
        """How the names of the partition's files begin."""
        return f"part-{self.index:05d}"

    def names(self, num_files: int) -> list[str]:
        """The names of the files that it is written to."""
        return [f"{self.prefix}-{k:03d}.parquet" for k in range(num_files)]


@dataclass(frozen=True)
class Task:
    """A partition, and where and how its stage runs; it pickles, since it may run in a process of its own."""

    flow: Callable[..., Outputs]
    partition: Partition
    folder: str
    num_files: int
    beam_args: tuple[str, ...]


def run_task(task: Task) -> tuple[int, float]:
    """Runs the partition's pipeline to its end; returns its index and the seconds it took."""
    start = time.monotonic()
    logging.getLogger("apache_beam.runners.common").addFilter(_is_unforeseen)
    with beam.Pipeline(options=PipelineOptions([DEFAULT_RUNNER, *task.beam_args])) as root:
        for name, (record, rows) in task.flow(root, *task.partition.inputs).items():
            prefix = "/".join(filter(None, (task.folder, name, task.partition.prefix)))
            rows | f"write {name or 'kept'}" >> WriteParts(prefix, record, task.num_files)
    return task.partition.index, round(time.monotonic() - start, 3)


def _is_unforeseen(record: logging.LogRecord) -> bool:
    """Whether a log record tells more than the one line with which the run will end."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, Unavailable | KeyboardInterrupt)


def run_tasks(tasks: Sequence[Task], workers: int) -> Iterator[tuple[int, float]]:
    """Runs the partitions, up to `workers` of them at a time in processes of their own; yields each when it is done."""
    if min(workers, len(tasks)) <= 1:
        yield from map(run_task, tasks)
        return
    pool = _pool(workers)
    try:
        for done in as_completed([pool.submit(run_task, task) for task in tasks]):
            yield done.result()
    except BaseException:  # or the pool would first run all that is left
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            worker.kill()
        raise


@functools.lru_cache(maxsize=1)  # for all stages of a build: a process takes seconds to load Beam and the models
def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: Beam's threads and gRPC do not survive a fork.
    return ProcessPoolExecutor(workers, get_context("spawn"), _die_with_parent)


def _die_with_parent() -> None:
    """A build that is killed leaves no workers behind, and Ctrl-C is the build's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def beam_processes(args: Sequence[str]) -> int:
    """How many processes Beam's own options ask for."""
    options = PipelineOptions([DEFAULT_RUNNER, *args]).get_all_options()
    if options["direct_running_mode"] == "multi_processing":
        return int(options["direct_num_workers"]) or os.cpu_count() or 1
    return max(1, int(options.get("parallelism") or 1))


def check_beam_args(args: Sequence[str]) -> None:
    """Raises `UserError` for an option that Beam does not know, a wrong value, or a cluster runner without Java."""
    options = PipelineOptions([DEFAULT_RUNNER, *args])
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            known = options.get_all_options(drop_default=True)
            unknown = set(options.get_all_options(drop_default=True, retain_unknown_options=True)) - set(known)
        except SystemExit:
            raise UserError(f"after --: {said.getvalue().strip().rpartition('error: ')[2]}") from None
    if unknown:
        raise UserError(f"after --: Beam has no option --{sorted(unknown)[0]}")
    java = known.get("job_server_java_launcher", "java")
    if known["runner"] in ("FlinkRunner", "SparkRunner") and shutil.which(java) is None:
        raise UserError(f"{known['runner']} needs Java ('{java}' is not on the PATH): install a Java 17 runtime")
