"""The calls of one process: made once, kept before anybody sees them, and ended when they cannot be."""

import asyncio
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from models.chat.messages import EndpointError, Failure, Reply, Request
from tests.serving import Server, reply
from transforms.files import InputError, list_names
from transforms.served import asking
from transforms.served.asking import Asker, asker
from transforms.served.completions import Completions, StoreError
from transforms.served.config import Facts, Served

SERVED = Served(endpoints=("http://127.0.0.1:9/v1",), model="tiny")
WAIT = 20.0  # seconds for what takes none


class Model:
    """Stands for the client: answers when it is let, as a prompt's first word says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()
        self.let.set()

    async def complete(self, request: Request) -> Reply | Failure:
        prompt = request.body["messages"][0]["content"]
        self.asked.append(prompt)
        while not self.let.is_set():
            await asyncio.sleep(0.001)
        match prompt.split()[0]:
            case "fail":
                return Failure("no", attempts=6)
            case "gone":
                raise EndpointError("gone")
            case "bug":
                raise RuntimeError("nobody expected this")
        return Reply(prompt.upper(), "stop", 3, 2, attempts=2)


def made(served: Served) -> tuple[Asker, Model]:
    one, model = Asker(served), Model()
    one._client = model  # type: ignore[assignment]
    return one, model


def ask(one: Asker, prompts: Iterable[str]) -> "list[Future[Reply | Failure]]":
    return [one.start(one.ask(SERVED.request(prompt))) for prompt in prompts]


def stored(folder: Path) -> Served:
    return SERVED.model_copy(update={"facts": Facts(folder=str(folder))})


def test_an_answer_is_asked_for_once_and_then_found(tmp_path: Path) -> None:
    one, model = made(stored(tmp_path))
    [first] = ask(one, ["a"])
    assert first.result(WAIT) == Reply("A", "stop", 3, 2, attempts=2)
    [second] = ask(one, ["a"])
    assert second.result(WAIT) == Reply("A", "stop", 3, 2, attempts=0)
    again, other = made(stored(tmp_path))
    assert ask(again, ["a"])[0].result(WAIT) == Reply("A", "stop", 3, 2, attempts=0)
    assert (model.asked, other.asked) == (["a"], [])


def test_equal_requests_under_way_are_one(tmp_path: Path) -> None:
    one, model = made(stored(tmp_path))
    model.let.clear()
    futures = ask(one, ["a", "b", "a", "a", "fail", "fail"])
    model.let.set()
    attempts = [future.result(WAIT).attempts for future in futures]
    assert attempts == [2, 2, 0, 0, 6, 0]
    assert sorted(model.asked) == ["a", "b", "fail"]
    assert one._under_way == {}


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    one, model = made(stored(tmp_path))
    for _ in range(2):
        assert isinstance(ask(one, ["fail"])[0].result(WAIT), Failure)
    assert model.asked == ["fail", "fail"]
    assert list_names(str(tmp_path)) == ()


def test_without_a_folder_nothing_is_kept() -> None:
    one, model = made(SERVED)
    for _ in range(2):
        assert isinstance(ask(one, ["a"])[0].result(WAIT), Reply)
    one.refresh()
    one.close()
    assert model.asked == ["a", "a"]


def test_without_an_endpoint_only_what_is_kept_is_answered(tmp_path: Path) -> None:
    one, _ = made(stored(tmp_path))
    ask(one, ["a"])[0].result(WAIT)
    offline = Asker(stored(tmp_path).model_copy(update={"endpoints": ()}))
    found, missing = (future.result(WAIT) for future in ask(offline, ["a", "b"]))
    assert found == Reply("A", "stop", 3, 2, attempts=0)
    assert isinstance(missing, Failure)
    assert (missing.kind, missing.attempts) == ("unasked", 0)


def test_what_many_finish_together_is_written_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    real = Completions.put

    def put(self: Completions, answers: list[Any]) -> None:
        groups.append(len(answers))
        time.sleep(0.02)  # a disk that takes its time
        real(self, answers)

    monkeypatch.setattr(Completions, "put", put)
    one, model = made(stored(tmp_path))
    model.let.clear()
    futures = ask(one, [str(n) for n in range(300)])
    model.let.set()
    assert all(isinstance(future.result(WAIT), Reply) for future in futures)
    assert sum(groups) == 300
    assert len(groups) < 30
    store = Completions(str(tmp_path))
    store.refresh()
    assert all(SERVED.request(str(n)).key in store for n in range(300))


def test_an_answer_is_on_disk_before_anybody_sees_it(tmp_path: Path) -> None:
    one, _ = made(stored(tmp_path))
    for future in ask(one, [str(n) for n in range(50)]):
        text = future.result(WAIT).text  # type: ignore[union-attr]
        store = Completions(str(tmp_path))
        store.refresh()
        assert SERVED.request(text).key in store


def test_answers_that_cannot_be_kept_end_the_run_for_all_who_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, model = made(stored(tmp_path))
    real = Completions.put
    full = threading.Event()
    full.set()

    def put(self: Completions, answers: list[Any]) -> None:
        time.sleep(0.01)
        if full.is_set():
            raise StoreError("the disk is full")
        real(self, answers)

    monkeypatch.setattr(Completions, "put", put)
    model.let.clear()
    futures = ask(one, [str(n) for n in range(20)])
    model.let.set()
    for future in futures:
        with pytest.raises(StoreError, match="the disk is full"):
            future.result(WAIT)
    full.clear()  # somebody made room: what was paid for is still there
    assert ask(one, ["another"])[0].result(WAIT).attempts == 2
    store = Completions(str(tmp_path))
    store.refresh()
    assert all(SERVED.request(str(n)).key in store for n in range(20))


@pytest.mark.parametrize(("prompt", "error"), [("gone", EndpointError), ("bug", RuntimeError)])
def test_every_future_ends_whatever_is_raised(tmp_path: Path, prompt: str, error: type[Exception]) -> None:
    one, model = made(stored(tmp_path))
    model.let.clear()
    futures = ask(one, [prompt, prompt, "a"])
    model.let.set()
    for future in futures[:2]:
        with pytest.raises(error):
            future.result(WAIT)
    assert isinstance(futures[2].result(WAIT), Reply)
    assert one._under_way == {}


def test_closing_packs_and_it_may_go_on(tmp_path: Path) -> None:
    one, _ = made(stored(tmp_path))
    for prompt in ("a", "b"):
        ask(one, [prompt])[0].result(WAIT)
        one.close()
    assert [name.partition("-")[0] for name in list_names(str(tmp_path))] == ["pack", "pack"]


def test_closing_never_fails_since_the_logs_hold_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = made(stored(tmp_path))
    ask(one, ["a"])[0].result(WAIT)

    def full(*_: object) -> None:
        raise InputError("no room")

    monkeypatch.setattr("transforms.served.completions.write_atomically", full)
    one.close()
    again, other = made(stored(tmp_path))
    assert ask(again, ["a"])[0].result(WAIT).attempts == 0
    assert other.asked == []


def test_two_askers_on_one_folder_see_each_others_calls(tmp_path: Path) -> None:
    (one, model), (two, other) = made(stored(tmp_path)), made(stored(tmp_path))
    ask(one, ["a"])[0].result(WAIT)
    two.refresh()
    assert ask(two, ["a"])[0].result(WAIT).attempts == 0
    ask(two, ["b"])[0].result(WAIT)
    one.close()
    one.refresh()
    assert ask(one, ["b"])[0].result(WAIT).attempts == 0
    assert ask(two, ["a"])[0].result(WAIT).attempts == 0  # it is in a pack now, which nobody told it
    assert (model.asked, other.asked) == (["a"], ["b"])


def test_one_asker_and_one_loop_for_all_threads_of_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = []
    real = Asker.__init__

    def slow(self: Asker, *args: Any) -> None:
        count.append(1)
        time.sleep(0.05)
        real(self, *args)

    monkeypatch.setattr(Asker, "__init__", slow)
    served = stored(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made_ = list(pool.map(lambda _: asker(served, 3), range(8)))
    assert len({id(one) for one in made_}) == len(count) == 1


def test_a_second_run_in_the_same_process_works_after_servers_were_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.chat.servers._PROBE_EVERY", 0.05)
    server = Server()
    server.close()
    settings = {"endpoints": (server.url,), "patience": 0.2, "retries": 0}
    served = stored(tmp_path).model_copy(update=settings)
    with pytest.raises(EndpointError):
        ask(asker(served), ["a"])[0].result(WAIT)
    again = Server(server.port)
    again.answer = lambda handler, prompt, _: reply(handler, prompt.upper())
    try:
        time.sleep(0.3)
        assert ask(asker(served), ["a"])[0].result(WAIT) == Reply("A", "stop", 3, 2, attempts=1)
    finally:
        again.close()


def test_the_loop_is_a_thread_that_ends_with_its_process() -> None:
    loop = asking._loop()
    assert loop is asking._loop()
    [thread] = [thread for thread in threading.enumerate() if thread.name == "calls"]
    assert thread.daemon
