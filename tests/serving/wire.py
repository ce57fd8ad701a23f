"""As much HTTP/1.1 over asyncio streams as the stub and the fault proxy need, and the journal that both keep."""

import asyncio
import hashlib
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Message:
    """A request or a response; `start` is its first line."""

    start: str
    headers: dict[str, str]
    body: bytes

    @property
    def digest(self) -> str:
        """Of the body's meaning, however it is spelled."""
        return hashlib.sha256(json.dumps(json.loads(self.body), sort_keys=True).encode()).hexdigest()[:16]


async def read(reader: asyncio.StreamReader) -> Message | None:
    """The next message, or None where the connection ends."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        parted = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in parted}
        return Message(first, headers, await reader.readexactly(int(headers.get("content-length", 0))))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def response(status: int, body: bytes, kind: str = "application/json", **headers: object) -> bytes:
    """The bytes of a response."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def error(status: int, message: str, **headers: object) -> bytes:
    """An error as vLLM words it."""
    said = {"error": {"message": message, "type": "Error", "param": None, "code": status}}
    return response(status, json.dumps(said).encode(), **headers)


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection with RST."""
    if connection := writer.get_extra_info("socket"):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> bool:
    """Writes all of it; False where the other side has left before."""
    if reader.at_eof() or writer.is_closing():
        return False
    writer.write(data)
    try:
        await writer.drain()
    except ConnectionError:
        return False
    return not writer.is_closing()


class Journal:
    """Events, one JSON line each, on disk at once: it outlives the process, and goes on in the next one."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.events = [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def note(self, event: str, **facts: Any) -> float:
        """Writes down what happened now; returns when, in seconds of the machine's monotonic clock (`at`)."""
        now = time.monotonic()
        self.events.append({"event": event, "at": now, **facts})
        os.write(self.file, json.dumps(self.events[-1]).encode() + b"\n")
        return now


async def serve(handle: Handler, port: int) -> None:
    """Serves on loopback, says on stdout at which port, and goes when stdin is closed."""

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", port, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    await server.serve_forever()
