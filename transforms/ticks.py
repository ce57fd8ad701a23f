"""A heartbeat from the workers of a local run to its terminal: how many records each stage has seen.

Only for show: counts of record come from the Parquet files. Each process keeps one small file up to date in the folder
that the environment variable names; without the variable nothing happens.
"""

import contextlib
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

FOLDER = "MATHCODE_PILE_TICKS"
_EVERY = 0.25  # seconds between two writes of a process


class Ticks:
    """Counts records by (stage, kept or dropped) and writes the counts now and then."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.written = 0.0

    def tick(self, stage: str, dropped: int) -> None:
        """One record has passed `stage`, which dropped `dropped` rows for it."""
        self.counts[stage] += 1
        self.counts[f"{stage} dropped"] += dropped
        if time.monotonic() - self.written > _EVERY and (folder := os.environ.get(FOLDER)):
            self.written = time.monotonic()
            with contextlib.suppress(OSError):  # the build may be over
                Path(folder, f"{os.getpid()}-{threading.get_ident()}-{id(self)}").write_text(json.dumps(self.counts))


def collect(folder: str) -> Counter[str]:
    """The sum of all processes' counts; a file that is being written counts as nothing."""
    total: Counter[str] = Counter()
    for path in Path(folder).iterdir():
        try:
            total.update(json.loads(path.read_text()))
        except (OSError, ValueError):
            continue
    return total
