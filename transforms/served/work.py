"""What a stage does with records while their calls are under way."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple


class Work(NamedTuple):
    """What a stage does with records while their calls are under way (`transforms.shells.ApplyAhead`)."""

    start: Callable[[Any], "Future[list[Any]]"]
    refresh: Callable[[], None]
    close: Callable[[], None]
