"""A model server in a process of its own: answers as the prompt's text says, and keeps a journal of every request."""

import argparse
import asyncio
import json
from collections import Counter
from typing import Any

from tests.serving import wire
from tests.serving.documents import asked_about


class Stub:
    """Serves `model`; every answer takes `latency` seconds."""

    def __init__(self, model: str, latency: float, journal: wire.Journal) -> None:
        self.model = model
        self.latency = latency
        self.journal = journal
        self.in_flight = 0

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request after the other."""
        while (message := await wire.read(reader)) and not writer.is_closing():
            match message.start.split()[:2]:
                case ["GET", "/v1/models"]:
                    await wire.send(reader, writer, wire.response(200, json.dumps(self.models()).encode()))
                case ["GET", "/counts"]:
                    await wire.send(reader, writer, wire.response(200, json.dumps(self.counts()).encode()))
                case ["POST", "/v1/chat/completions"]:
                    await self.complete(message, reader, writer)
                case _:
                    await wire.send(reader, writer, wire.error(404, "Not Found"))

    async def complete(self, message: wire.Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One chat completion, in the journal as asked and as answered, reset, refused or left by the client."""
        body = json.loads(message.body)
        chunk = asked_about("\n".join(said["content"] for said in body["messages"]))
        about: dict[str, Any] = {"chunk": [chunk.document, chunk.part, chunk.kind], "digest": message.digest}
        self.in_flight += 1
        try:
            since = self.journal.note("asked", in_flight=self.in_flight, **about)
            await asyncio.sleep(self.latency)
            if body["model"] != self.model:
                self.journal.note("refused", **about)
                await wire.send(reader, writer, wire.error(404, f"The model `{body['model']}` does not exist."))
            elif chunk.kind == "poison":
                self.journal.note("reset", **about)
                wire.reset(writer)
            else:
                answer = wire.response(200, json.dumps(completion(body, *chunk.answer)).encode())
                whole = await wire.send(reader, writer, answer)
                self.journal.note("answered" if whole else "left", since=since, **about)
        finally:
            self.in_flight -= 1

    def models(self) -> dict[str, Any]:
        """The list of models, as vLLM has it."""
        card = {"id": self.model, "object": "model", "owned_by": "vllm", "root": self.model, "max_model_len": 8192}
        return {"object": "list", "data": [card]}

    def counts(self) -> dict[str, Any]:
        """How often each request was asked and answered to the end, and how many were under way at most."""
        events = self.journal.events
        asked, answered = (
            Counter(event["digest"] for event in events if event["event"] == name) for name in ("asked", "answered")
        )
        return {
            "asked": asked.total(),
            "answered": answered.total(),
            "most_in_flight": max((event.get("in_flight", 0) for event in events), default=0),
            "requests": {digest: [times, answered[digest]] for digest, times in asked.items()},
        }


def completion(body: dict[str, Any], text: str, finish: str) -> dict[str, Any]:
    """The JSON of an answer."""
    prompt, answer = sum(len(said["content"].split()) for said in body["messages"]), len(text.split())
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer},
    }


def main() -> None:
    """`python -m tests.serving.stub --journal FILE [--port N] [--model NAME] [--latency SECONDS]`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--journal", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model", default="tiny")
    parser.add_argument("--latency", type=float, default=0.0)
    args = parser.parse_args()
    stub = Stub(args.model, args.latency, wire.Journal(args.journal))
    asyncio.run(wire.serve(stub.connection, args.port))


if __name__ == "__main__":
    main()
