"""A proxy in a process of its own that stands between client and model server, and does harm by a seeded schedule.

What happens to a request depends on the seed, its body and how often it was asked, not on the order of requests; only
storms, in which everything is 503, go by the clock.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from typing import Any

from tests.serving import wire
from tests.serving.documents import asked_about

# Each with what reaches the client. The first three hand on a whole answer, the others never do.
FAULTS = {
    "pass": "the answer",
    "latency": "the answer, 0.1 to 2 seconds late",
    "close": "the answer, and the kept connection is closed at once",
    "unavailable": "503",
    "error": "500",
    "busy": "429 with Retry-After",
    "reset": "RST before any answer",
    "half": "the head and half of the answer, then RST",
    "truncated": "half of the answer's JSON as if that were all",
    "impostor": "an answer of another model",
    "drip": "a byte of the answer every 50 ms",
    "silence": "nothing",
    "html": "a page of HTML with status 200",
    "empty": "no body with status 200",
}
WHOLE = ("pass", "latency", "close")
DRIP = 0.05  # seconds
IMPOSTOR = "impostor"


class Proxy:
    """Between its clients and the server at `port`; a storm is the last `storm` seconds of every `calm` + `storm`."""

    def __init__(
        self, port: int, faults: dict[str, float], seed: int, storm: float, calm: float, journal: wire.Journal
    ) -> None:
        self.port = port
        self.faults = {"pass": 1 - sum(faults.values()), **faults}
        assert self.faults.keys() <= FAULTS.keys()
        self.seed = seed
        self.storm, self.calm = storm, calm
        self.journal = journal
        self.seen = Counter(event["digest"] for event in journal.events if event["event"] == "asked")
        self.first: float | None = None

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hands on one request after the other, or not."""
        while (message := await wire.read(reader)) and not writer.is_closing():
            try:
                match message.start.split()[:2]:
                    case ["GET", "/counts"]:
                        counts = Counter(event["fault"] for event in self.journal.events if event["event"] == "ended")
                        await wire.send(reader, writer, wire.response(200, json.dumps(counts).encode()))
                    case ["POST", _]:
                        await self.complete(message, reader, writer)
                    case _ if self.stormy():
                        await wire.send(reader, writer, wire.error(503, "storm"))
                    case _:
                        await wire.send(reader, writer, await self.forward(message))
            except ConnectionError:  # the server is gone
                wire.reset(writer)

    async def complete(self, message: wire.Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its fate, in the journal as asked and as ended: `whole` if all of the answer was sent."""
        self.first = self.first or time.monotonic()
        chunk, digest = asked_about(message.body.decode()), message.digest
        self.seen[digest] += 1
        fault = "storm" if self.stormy() else self.draw(digest)
        about: dict[str, Any] = {"chunk": [chunk.document, chunk.part, chunk.kind], "digest": digest, "fault": fault}
        self.journal.note("asked", **about)
        start, whole = time.monotonic(), False
        try:
            whole = await self.harm(fault, message, reader, writer)
        finally:
            self.journal.note("ended", **about, whole=whole, seconds=time.monotonic() - start)

    def stormy(self) -> bool:
        """Whether everything is 503 now."""
        since = time.monotonic() - self.first if self.first else 0.0
        return self.storm > 0 and since % (self.calm + self.storm) > self.calm

    def draw(self, digest: str) -> str:
        """The fault for this request, by seed, body and how often it was asked."""
        chance = random.Random(f"{self.seed} {digest} {self.seen[digest]}")
        return chance.choices(list(self.faults), list(self.faults.values()))[0]

    async def harm(
        self, fault: str, message: wire.Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Does what the fault says; whether a whole right answer was sent to a client that was still there."""
        early = {
            "storm": wire.error(503, "storm"),
            "unavailable": wire.error(503, "the queue is full"),
            "error": wire.error(500, "the engine is tired"),
            "busy": wire.error(429, "too many requests", Retry_After=1),
            "html": wire.response(200, b"<html><body><h1>Welcome!</h1></body></html>", "text/html"),
            "empty": wire.response(200, b""),
        }
        if fault in early:
            await wire.send(reader, writer, early[fault])
            return False
        if fault == "silence":
            await reader.read()
            return False
        if fault == "reset":
            wire.reset(writer)
            return False
        if fault == "latency":
            await asyncio.sleep(random.uniform(0.1, 2.0))
        return await self.hand_on(fault, await self.forward(message), reader, writer)

    async def hand_on(
        self, fault: str, answer: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Sends the server's answer, or what the fault leaves of it."""
        head, _, body = answer.partition(b"\r\n\r\n")
        match fault:
            case "half":
                await wire.send(reader, writer, answer[: len(head) + 4 + len(body) // 2])
                wire.reset(writer)
            case "truncated":
                await wire.send(reader, writer, wire.response(200, body[: len(body) // 2]))
            case "impostor":
                await wire.send(reader, writer, wire.response(200, disguise(body)))
            case "drip":
                return await drip(answer, reader, writer)
            case _:
                whole = await wire.send(reader, writer, answer)
                if fault == "close":
                    writer.close()
                return whole and answer.startswith(b"HTTP/1.1 200")
        return False

    async def forward(self, message: wire.Message) -> bytes:
        """The server's answer; raises ConnectionError where there is none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"{message.start}\r\nHost: stub\r\nContent-Length: {len(message.body)}\r\n\r\n"
            writer.write(head.encode() + message.body)
            answer = await wire.read(reader)
        finally:
            writer.close()
        if answer is None:
            raise ConnectionResetError
        return wire.response(int(answer.start.split()[1]), answer.body)


def disguise(body: bytes) -> bytes:
    """The answer as another model gives it."""
    answer = json.loads(body)
    answer["model"] = IMPOSTOR
    message = answer["choices"][0]["message"]
    message["content"] = message["content"].replace("Points", IMPOSTOR)
    return json.dumps(answer).encode()


async def drip(answer: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Sends one byte after the other, slowly, until the client has enough."""
    for place in range(len(answer)):
        if not await wire.send(reader, writer, answer[place : place + 1]):
            return False
        await asyncio.sleep(DRIP)
    return True


def main() -> None:
    """`python -m tests.serving.proxy --journal FILE --to PORT [--faults JSON] [--seed N] [--storm S --calm S]`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--journal", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--to", type=int, required=True, metavar="PORT")
    parser.add_argument("--faults", type=json.loads, default={}, help="from fault to probability")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--storm", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--calm", type=float, default=0.0, metavar="SECONDS", help="before each storm")
    args = parser.parse_args()
    proxy = Proxy(args.to, args.faults, args.seed, args.storm, args.calm, wire.Journal(args.journal))
    asyncio.run(wire.serve(proxy.connection, args.port))


if __name__ == "__main__":
    main()
