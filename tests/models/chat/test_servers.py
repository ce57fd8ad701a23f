"""What servers say of themselves, which one is asked next, and how one that was gone comes back."""

import asyncio
import threading
import time
from typing import Any

import pytest

from models.chat import servers as module
from models.chat.messages import EndpointError
from models.chat.servers import Card, Servers, check
from tests.serving import Server, drip, raw, send, some

BODIES = ("<html>", '{"data": [1]}', "null", "[]", "{}", '{"data": null}', '{"data": {}}', "", '{"data": [{}]}')
BODIES += ("[" * 100_000, '{"data": "tiny"}', "\xff")


def looked_at(server: Server) -> list[Card]:
    return asyncio.run(check([server.url], "tiny", "none"))


@pytest.mark.parametrize(
    ("says", "card"),
    [
        ({}, Card()),
        ({"max_model_len": 2048, "root": "/m", "owned_by": "vllm"}, Card(2048, "/m", "vllm")),
        ({"max_model_len": None, "root": None}, Card()),
        ({"max_model_len": "2048"}, Card()),
        ({"max_model_len": -1}, Card()),
    ],
)
def test_cards(server: Server, says: dict[str, Any], card: Card) -> None:
    server.card |= says
    assert looked_at(server) == [card]


@pytest.mark.parametrize(
    "body",
    some({body[:20]: body.encode("latin-1") for body in BODIES}, 2),
)
def test_what_is_no_list_of_models_is_one_clear_line(
    server: Server, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHECK_ATTEMPTS", 1)
    server.models = lambda handler: raw(handler, 200, body)
    with pytest.raises(EndpointError, match=f"^no model server answers at {server.url}: ") as raised:
        looked_at(server)
    assert len(str(raised.value).splitlines()) == 1


def test_no_model_at_all(server: Server) -> None:
    server.models = lambda handler: send(handler, 200, {"data": []})
    with pytest.raises(EndpointError, match="serves no model, not tiny"):
        looked_at(server)


def test_a_server_that_stumbles_once_is_asked_again(server: Server) -> None:
    models, asked = server.models, []
    server.models = lambda handler: (asked.append(1), send(handler, 503, {}) if len(asked) == 1 else models(handler))[1]
    assert looked_at(server) == [Card()]
    assert len(asked) == 2


def test_a_list_of_models_that_never_ends_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHECK_TIMEOUT", 0.2)
    monkeypatch.setattr(module, "_CHECK_ATTEMPTS", 1)
    done = threading.Event()
    server.models = lambda handler: drip(handler, b" ", done)
    start = time.monotonic()
    try:
        with pytest.raises(EndpointError, match="TimeoutError"):
            looked_at(server)
    finally:
        done.set()
    assert time.monotonic() - start < 5


def test_of_several_the_one_with_the_least_to_do_and_no_recent_failure_is_asked() -> None:
    async def run() -> None:
        servers = Servers(["http://a/v1", "http://b/v1", "http://c/v1"], "tiny", "none", patience=0)
        a, b, c = servers.all
        a.in_flight, b.in_flight, c.in_flight = 3, 2, 1
        assert await servers.pick() is c
        c.failed()
        assert await servers.pick() is b
        servers.lost(b, "b is gone")
        assert await servers.pick() is a
        a.failed()
        assert await servers.pick() is c  # all rest: then the one with the least to do
        c.answered()
        servers.lost(a, "a is gone")
        servers.lost(c, "c is gone")
        with pytest.raises(EndpointError, match=r"^a is gone; b is gone; c is gone$"):
            await servers.pick()
        await servers.close()

    asyncio.run(run())


def test_rests_grow_up_to_a_limit_however_often_it_fails() -> None:
    async def run() -> None:
        servers = Servers(["http://a/v1"], "tiny", "none", patience=0)
        [server] = servers.all
        rests = []
        for _ in range(2_000):
            server.failed()
            rests.append(server.rests_until - time.monotonic())
        assert rests[0] == pytest.approx(0.2, abs=0.1)
        assert rests[1] == pytest.approx(0.4, abs=0.1)
        assert max(rests) <= 10
        server.answered()
        assert (server.failures, server.rests_until) == (0, 0.0)
        await servers.close()

    asyncio.run(run())


def test_a_server_that_comes_back_is_asked_again_by_all_who_wait(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PROBE_EVERY", 0.05)
    healthy = threading.Event()
    models = server.models
    server.models = lambda handler: models(handler) if healthy.is_set() else send(handler, 503, {})

    async def run() -> list[str]:
        servers = Servers([server.url], "tiny", "none", patience=30)
        servers.lost(servers.all[0], "gone")
        asyncio.get_running_loop().call_later(0.2, healthy.set)
        picked = await asyncio.gather(*(servers.pick() for _ in range(5)))
        await servers.close()
        return [one.url for one in picked]

    assert asyncio.run(run()) == [server.url] * 5
