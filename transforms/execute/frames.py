"""Length-prefixed JSON over pipes: how the worker and the sandbox's server speak. Standard library only."""

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any


def read_frame(source: int, seconds: float | None = None) -> dict[str, Any] | None:
    """The next message; None at the end of the input, or when nothing whole has come in that many seconds."""
    deadline = None if seconds is None else time.monotonic() + seconds
    header = _read(source, 4, deadline)
    body = _read(source, struct.unpack(">I", header)[0], deadline) if header else None
    return None if body is None else dict(json.loads(body))


def write_frame(target: int, message: Mapping[str, Any]) -> None:
    """Sends one message whole. Raises OSError when the other side is gone."""
    body = json.dumps(message).encode()
    data = memoryview(struct.pack(">I", len(body)) + body)
    while data:
        data = data[os.write(target, data) :]


def _read(source: int, size: int, deadline: float | None) -> bytes | None:
    data = bytearray()
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while len(data) < size:
        if deadline is not None and not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            return None
        part = os.read(source, size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)
