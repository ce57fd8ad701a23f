"""What is known of a model's servers before a build starts, and which calls are still to make."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.chat.messages import EndpointError, Reply, Request
from pipelines.calls import check_calls, check_prompts, keep_facts, labels, look, meet, recall, translations
from pipelines.config import CorpusConfig, parse_config
from pipelines.errors import UserError
from pipelines.partition import Partition
from tests.serving import Server
from transforms.files import InputFile, join, list_names
from transforms.records import Document
from transforms.served.completions import Completions
from transforms.served.config import Facts
from transforms.shards.parquet import encode

GONE = "http://127.0.0.1:9/v1"


@pytest.fixture
def server(server: Server) -> Server:
    server.card |= {"max_model_len": 8192, "root": "/models/tiny", "owned_by": "vllm"}
    return server


def configure(folder: Path | str, **settings: object) -> CorpusConfig:
    model = {"translator": "vllm", "endpoints": [GONE], "model": "tiny", "max_chunk_tokens": 50}
    config = parse_config({"translate": {**model, "completions": f"{folder}/completions", **settings}}, "test")
    return recall(config, "translate", "memory://nowhere")


def partition(*files: Path) -> list[Partition]:
    return [Partition(0, (tuple(InputFile(str(path), path.name, 0, "") for path in files),))]


@pytest.fixture
def partitions(tmp_path: Path) -> list[Partition]:
    """A short document, and one of two paragraphs that do not fit into one prompt."""
    path = tmp_path / "part-00000-000.parquet"
    path.write_bytes(encode([Document("a", "short"), Document("b", "word " * 40 + "\n\n" + "term " * 40)], Document))
    return partition(path)


def keys(requests: Iterator[Request]) -> list[str]:
    return [request.key for request in requests]


def store(config: CorpusConfig, answers: list[tuple[str, Reply]]) -> None:
    Completions(config.translate.facts.folder).put(answers)


def test_one_call_for_each_chunk(tmp_path: Path, partitions: list[Partition]) -> None:
    assert len(set(keys(translations(configure(tmp_path), partitions)))) == 3


def test_rows_of_jsonl_are_counted_too_and_equal_ones_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"id": "a", "text": "short"}\nno row\n{"id": "b", "text": "short"}\n{"id": "c", "text": "other"}\n'
    )
    assert len(keys(translations(configure(tmp_path), partition(path, path)))) == 2


def test_calls_that_have_finished_are_not_made_again(tmp_path: Path, partitions: list[Partition]) -> None:
    config = configure(tmp_path)
    first, *others = keys(translations(config, partitions))
    store(config, [(first, Reply("NONE", "stop"))])
    assert keys(translations(config, partitions)) == others
    store(config, [(key, Reply("NONE", "stop")) for key in others])
    assert keys(translations(config, partitions)) == []


def test_the_second_call_for_an_answer_that_was_cut_off_counts(tmp_path: Path, partitions: list[Partition]) -> None:
    config = configure(tmp_path)
    before = keys(translations(config, partitions))
    store(config, [(before[0], Reply("the first", "length"))])
    after = keys(translations(config, partitions))
    assert len(after) == 3
    assert after[1:] == before[1:]
    assert after[0] != before[0]


def test_symbolic_makes_no_calls(partitions: list[Partition]) -> None:
    assert list(translations(CorpusConfig(), partitions)) == []


def test_calls_of_labelling(tmp_path: Path, partitions: list[Partition]) -> None:
    settings = {"endpoints": [GONE], "model": "tiny", "completions": f"{tmp_path}/completions"}
    config = recall(parse_config({"label": settings}, "test"), "label", "")
    first, second = keys(labels(config, partitions))
    Completions(f"{tmp_path}/completions").put([(first, Reply("2", "length"))])
    assert keys(labels(config, partitions)) == [second]


def test_a_build_over_the_limit_does_not_start(tmp_path: Path, partitions: list[Partition]) -> None:
    for limit in (3, None):
        config = configure(tmp_path, max_calls=limit)
        check_calls(config.translate, translations(config, partitions))
    config = configure(tmp_path, max_calls=2)
    with pytest.raises(UserError, match="more than 2 model calls would be made"):
        check_calls(config.translate, translations(config, partitions))
    [first, *_] = keys(translations(config, partitions))
    store(config, [(first, Reply("NONE", "stop"))])
    check_calls(config.translate, translations(config, partitions))


def test_without_an_endpoint_all_answers_must_be_there(tmp_path: Path, partitions: list[Partition]) -> None:
    config = configure(tmp_path, endpoints=[])
    with pytest.raises(UserError, match=r"model calls are still to make .*give --endpoint URL"):
        check_calls(config.translate, translations(config, partitions))
    unasked = configure(tmp_path, endpoints=[], drop_unasked=True)
    check_calls(unasked.translate, translations(unasked, partitions))
    store(config, [(key, Reply("NONE", "stop")) for key in keys(translations(config, partitions))])
    check_calls(config.translate, translations(config, partitions))


def test_what_servers_say_is_kept_beside_the_calls(server: Server, tmp_path: Path) -> None:
    facts = Facts(context=8192, root="/models/tiny", vllm=True, folder=f"{tmp_path}/completions")
    met = meet(configure(tmp_path, endpoints=[server.url]), "translate", "").translate
    assert met.facts == facts
    assert not (tmp_path / "completions").exists()  # it may be that nothing can be built
    keep_facts(met)
    for offline in (configure(tmp_path, endpoints=[]), configure(tmp_path, endpoints=[])):
        assert meet(offline, "translate", "").translate.facts == facts
    assert look(configure(tmp_path), "translate", "").translate.facts == facts  # nobody answers: what was kept holds
    other = configure(tmp_path, endpoints=[], model="other")
    assert recall(other, "translate", "").translate.facts == Facts(folder=f"{tmp_path}/completions", vllm=True)


def test_the_smallest_context_of_several_servers_counts(server: Server, tmp_path: Path) -> None:
    small = Server()
    small.card |= {"max_model_len": 2048}
    try:
        met = meet(configure(tmp_path, endpoints=[server.url, small.url]), "translate", "").translate
    finally:
        small.close()
    assert (met.facts.context, met.facts.root, met.facts.vllm) == (2048, "/models/tiny", False)


def test_calls_are_kept_in_the_output_unless_told_otherwise(server: Server, tmp_path: Path) -> None:
    config = configure("", endpoints=[server.url], completions="")
    met = meet(config, "translate", f"{tmp_path}/out/")
    assert met.translate.facts.folder == f"{tmp_path}/out/completions"
    assert look(config, "translate", "memory://out").translate.facts.folder == "memory://out/completions"
    assert list_names("memory://out/completions") == ()  # to look writes nothing


def test_nobody_to_ask_and_nothing_kept(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no server to ask for translate: give --endpoint URL"):
        meet(configure(tmp_path, endpoints=[]), "translate", "")
    assert not (tmp_path / "completions").exists()


@pytest.mark.parametrize(
    ("model", "url", "says"), [("huge", "", "serves tiny, not huge$"), ("tiny", GONE, f"no model server .* at {GONE}")]
)
def test_servers_are_met_before_anything_is_written(
    server: Server, tmp_path: Path, model: str, url: str, says: str
) -> None:
    with pytest.raises(EndpointError, match=says):
        meet(configure(tmp_path, endpoints=[url or server.url], model=model), "translate", "")
    assert not (tmp_path / "completions").exists()


def test_how_documents_are_cut_is_said_before_it_is_done(tmp_path: Path) -> None:
    assert check_prompts(configure(tmp_path)).startswith("translate  chunks of 50 and answers of 2,048 tokens, counted")
    with pytest.raises(EndpointError, match="too small for tiny"):
        check_prompts(configure(tmp_path, context=300))
    with pytest.raises(EndpointError, match="no tokenizer at"):
        check_prompts(configure(tmp_path, tokenizer=str(tmp_path)))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"context": -1}', b'{"other": 1}', b"\xff"])
def test_facts_that_are_damaged_are_one_clear_line(tmp_path: Path, content: bytes) -> None:
    config = configure(tmp_path, endpoints=[])
    keep_facts(config.translate)
    [file] = (tmp_path / "completions").iterdir()
    file.write_bytes(content)
    with pytest.raises(UserError, match=f"{file.name} does not say what .*: remove it"):
        recall(config, "translate", "")


def test_facts_survive_in_a_store_of_objects() -> None:
    config = recall(configure("memory://facts"), "translate", "")
    facts = config.translate.facts.model_copy(update={"context": 5})
    keep_facts(config.translate.model_copy(update={"facts": facts}))
    assert recall(config, "translate", "").translate.facts == facts
    assert len(list_names(join("memory://facts", "completions"))) == 1
