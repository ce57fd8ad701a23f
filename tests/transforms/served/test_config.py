"""The settings of a served model."""

import pickle

import pytest

from transforms.served.config import Facts, Served


@pytest.mark.parametrize(
    ("in_flight", "processes", "each"), [(256, 1, 256), (256, 3, 85), (256, 256, 1), (1, 1, 1), (7, 2, 3)]
)
def test_what_may_be_under_way_is_shared_by_all_processes(in_flight: int, processes: int, each: int) -> None:
    served = Served(in_flight=in_flight)
    assert served.chat(processes).in_flight == each
    assert served.chat(processes).in_flight * processes <= in_flight
    assert served.ahead(processes) == 2 * each


def test_the_client_gets_all_settings() -> None:
    served = Served(
        endpoints=("http://a/v1", "http://b/v1"),
        model="m",
        timeout=1,
        retries=2,
        backoff=3,
        max_backoff=4,
        patience=5,
    )
    chat = served.chat()
    assert (chat.endpoints, chat.model) == (("http://a/v1", "http://b/v1"), "m")
    assert (chat.timeout, chat.retries, chat.backoff, chat.max_backoff, chat.patience) == (1, 2, 3, 4, 5)


def test_where_answers_come_from_and_how_fast_is_no_part_of_the_identity() -> None:
    fast = Served(model="m", endpoints=("http://a/v1",), in_flight=1, retries=0, facts=Facts(context=5, vllm=True))
    assert fast.identity() == Served(model="m").identity()
    assert Served(model="n").identity() != Served(model="m").identity()


def test_settings_travel_to_workers_and_are_a_key_there() -> None:
    served = Served(model="m", facts=Facts(context=5))
    assert hash(pickle.loads(pickle.dumps(served))) == hash(served)


def test_a_schema_is_part_of_a_request() -> None:
    served = Served(model="m", seed=7, temperature=0.5)
    assert served.request("p").body == {
        "model": "m",
        "messages": [{"role": "user", "content": "p"}],
        "max_tokens": 2048,
        "temperature": 0.5,
        "seed": 7,
    }
    assert served.request("p", 9, schema={"type": "array"}).body["structured_outputs"] == {"json": {"type": "array"}}
    assert served.request("p", 9).body["max_tokens"] == 9
