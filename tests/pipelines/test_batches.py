"""Calls as files and their answers back, without a server and from the command line."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from models.chat.messages import Request
from pipelines.batches import export_requests, import_answers
from pipelines.errors import UserError
from tests.serving import Server, reply
from transforms.served.completions import Completions
from transforms.served.config import Facts, Served
from transforms.translate import prompts

BLOCK = prompts.render(1, "Sum", ["a = 1"], "a + 1", "2", "print(1 + 1)", "python")


def requests(count: int) -> list[Request]:
    return [Served(model="tiny").request(f"prompt {number}") for number in range(count)]


def answers(lines: Iterable[str], text: str = BLOCK, **changes: Any) -> str:
    """What `vllm run-batch` makes of the lines of an export."""
    made = []
    for line in lines:
        request = json.loads(line)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        body = {"model": request["body"]["model"], "choices": [choice], "usage": {"prompt_tokens": 9}}
        response = {"status_code": 200, "request_id": "r", "body": body}
        made.append({"id": "x", "custom_id": request["custom_id"], "response": response, "error": None} | changes)
    return "".join(json.dumps(line) + "\n" for line in made)


@pytest.mark.parametrize(
    ("count", "per_file", "sizes"), [(0, 3, []), (1, 3, [1]), (6, 3, [3, 3]), (7, 3, [3, 3, 1]), (3, 100, [3])]
)
def test_requests_are_shared_out_over_files(tmp_path: Path, count: int, per_file: int, sizes: list[int]) -> None:
    total, files = export_requests(requests(count), str(tmp_path / "out"), per_file)
    assert (total, [len(Path(file).read_text().splitlines()) for file in files]) == (count, sizes)
    lines = [json.loads(line) for file in files for line in Path(file).read_text().splitlines()]
    assert [line["custom_id"] for line in lines] == [request.key for request in requests(count)]


def test_requests_never_mix_with_those_of_another_export(tmp_path: Path) -> None:
    export_requests(requests(1), str(tmp_path), 10)
    with pytest.raises(UserError, match="holds requests already"):
        export_requests(requests(2), str(tmp_path), 10)


def test_answers_are_stored_once_and_errors_are_counted(tmp_path: Path) -> None:
    _, [file] = export_requests(requests(10), str(tmp_path / "requests"), 100)
    lines = Path(file).read_text().splitlines()
    answered = tmp_path / "answers.jsonl"
    answered.write_text(
        answers(lines[:6])
        + answers(lines[:1])
        + answers(lines[6:7], error={"message": "no"})
        + answers(lines[7:8], response={"status_code": 400, "body": {}})
        + answers(['{"custom_id": "mine", "body": {"model": "tiny"}}'])
        + "\nno line\n\n"
    )
    served = Served(model="tiny", facts=Facts(folder=str(tmp_path / "calls")))
    assert import_answers([str(answered)], served) == Counter(
        {
            "stored": 6,
            "an error of the server": 1,
            "an error of the server (status 400)": 1,
            "a custom_id that is not ours": 1,
            "no line of a batch's output": 1,
        }
    )
    assert import_answers([str(answered)], served)["stored before"] == 6
    store = Completions(served.facts.folder)
    store.refresh()
    assert [request.key in store for request in requests(10)] == [True] * 6 + [False] * 4


def test_answers_of_another_model_are_refused(tmp_path: Path) -> None:
    _, [file] = export_requests(requests(2), str(tmp_path / "requests"), 100)
    (tmp_path / "answers.jsonl").write_text(answers(Path(file).read_text().splitlines()))
    served = Served(model="huge", facts=Facts(folder=str(tmp_path / "calls")))
    with pytest.raises(UserError, match=r"no answer in .*answers\.jsonl: the answer is of the model tiny, not huge"):
        import_answers([str(tmp_path / "answers.jsonl")], served)


def test_more_answers_than_are_written_together(tmp_path: Path) -> None:
    _, [file] = export_requests(requests(2_500), str(tmp_path / "requests"), 10_000)
    (tmp_path / "answers.jsonl").write_text(answers(Path(file).read_text().splitlines(), "NONE"))
    served = Served(model="tiny", facts=Facts(folder=str(tmp_path / "calls")))
    assert import_answers([str(tmp_path / "answers.jsonl")], served) == {"stored": 2_500}


@pytest.mark.pipeline
def test_a_build_from_files_alone(run: Any, shards: Any, math_rows: Any, write_jsonl: Any, tmp_path: Path) -> None:
    """Export, answer, import, build: no server is ever asked, and one that answers the same makes the same shards."""
    rows = write_jsonl(tmp_path / "rows.jsonl", math_rows(4))
    output = tmp_path / "out"
    (tmp_path / "c.toml").write_text("[filter]\nmin_math_score = 0\n")
    common = ("--input", rows, "--output", output, "--benchmarks", "none", "--config", tmp_path / "c.toml")
    model = ("--translator", "vllm", "--model", "tiny")
    done = run("requests", "export", *common, *model, "--requests", tmp_path / "requests", "--per-file", 3)
    assert done.returncode == 0, done.stderr
    assert "requests in 2 files" in done.stdout
    again = run("requests", "export", *common, *model, "--requests", tmp_path / "requests")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    early = run("build", *common, *model)
    assert early.returncode == 2
    assert "model calls are still to make (`plan` counts them): give --endpoint URL" in early.stderr
    for file in sorted((tmp_path / "requests").glob("requests-*")):
        (tmp_path / f"answers-{file.name}").write_text(answers(file.read_text().splitlines()))
    done = run("requests", "import", *common, *model, "--requests", tmp_path / "answers-*.jsonl")
    assert done.returncode == 0, done.stderr
    assert "4  stored" in done.stdout
    assert "still to make: 0" in " ".join(run("plan", *common, *model).stdout.split())
    done = run("build", *common, *model)
    assert done.returncode == 0, done.stderr
    [stage] = (output / "stages").glob("translate-*")
    calls = ds.dataset(sorted(map(str, stage.glob("calls/part-*.parquet")))).to_table().to_pylist()
    assert [(call["finish"], call["attempts"], call["computations"]) for call in calls] == [("stop", 0, 1)] * 4
    server = Server()
    server.answer = lambda handler, prompt, _: reply(handler, BLOCK)
    try:
        other = ("--output", tmp_path / "other", "--endpoint", server.url)
        served = run("build", *common[:2], *other, *common[4:], *model)
        assert served.returncode == 0, served.stderr
        assert len(server.asked) == 4
    finally:
        server.close()
    assert shards(tmp_path / "other") == shards(output)
