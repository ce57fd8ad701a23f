"""What a user sees while a build runs: a live line in a terminal, plain lines in a log."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from transforms.ticks import FOLDER, collect

_POLL = 0.5  # seconds
_LOG_EVERY = 15.0  # seconds between two plain lines of a stage that goes on


class Reporter:
    """Shows on a console how far the running stage is."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.done = self.partitions = 0
        # One folder for the whole build: worker processes take its name from the environment when they start.
        self._temporary = tempfile.TemporaryDirectory(prefix="mathcode-pile-")
        self.folder = Path(self._temporary.name)
        os.environ[FOLDER] = self._temporary.name

    def line(self, text: str) -> None:
        """One line for good, in a terminal and in a log."""
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def partition_done(self) -> None:
        """Another partition of the running stage is on disk."""
        self.done += 1

    @contextmanager
    def stage(self, name: str, partitions: int) -> Iterator[None]:
        """Follows the workers while they run so many partitions of a stage."""
        self.done, self.partitions = 0, partitions
        for file in self.folder.iterdir():  # of the stage before
            file.unlink(missing_ok=True)
        stop = threading.Event()
        show = self._live if self.console.is_terminal else self._plain
        thread = threading.Thread(target=show, args=(name, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _live(self, name: str, stop: threading.Event) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(name, total=None)
            start = time.monotonic()
            while not stop.wait(_POLL):
                progress.update(task, description=self._describe(name, start))

    def _plain(self, name: str, stop: threading.Event) -> None:
        start = time.monotonic()
        while not stop.wait(_LOG_EVERY):
            self.line(self._describe(name, start))

    def _describe(self, name: str, start: float) -> str:
        """The state of the stage; the time left is a guess from the finished partitions, where there are several."""
        counts = collect(str(self.folder))
        seconds = time.monotonic() - start
        seen = max((n for stage, n in counts.items() if not stage.endswith(" dropped")), default=0)
        dropped = sum(n for stage, n in counts.items() if stage.endswith(" dropped"))
        parts = [f"{name}: {seen:,} rows", f"{seen / seconds:,.1f}/s", f"{dropped:,} dropped"]
        if self.partitions > 1:
            parts.append(f"partition {self.done} of {self.partitions}")
        if 0 < self.done < self.partitions:
            parts.append(f"about {seconds / self.done * (self.partitions - self.done):,.0f} s left")
        return ", ".join(parts)
