"""A user's mistakes: one clear line on stderr, exit code 2, nothing written."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main, split_beam


def test_everything_behind_two_dashes_is_beams() -> None:
    assert split_beam(["build", "--output", "x", "--", "--runner=A", "--", "b"]) == (
        ["build", "--output", "x"],
        ("--runner=A", "--", "b"),
    )


PAGES = "{sample}/pages"
MISTAKES: list[tuple[str, str]] = [
    ("build --output {out}", "nothing to read: give --input"),
    ("build --output {out} --input {tmp}/none.warc.gz --benchmarks none", "none.warc.gz: there is no such file"),
    ("build --output {out} --input {tmp}/*.warc --benchmarks none", "matches no file"),
    ("build --output {out} --input {tmp}/odd.txt --benchmarks none", "its ending is unknown"),
    ("build --output {out} --input nope://x/y.warc --benchmarks none", "Protocol not known"),
    ("build --output {out} --input " + PAGES, "no benchmarks: give --benchmarks DIR"),
    ("build --output {out} --input " + PAGES + " --benchmarks {tmp}/nowhere", "nowhere"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/none.toml", "none.toml"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/typo.toml", "unknown key 'fliter'"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --workers 0", "--workers 0"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --translator vllm", "endpoint"),
    (
        "build --output {out} --input " + PAGES + " --benchmarks none --translator vllm --model m "
        "--endpoint http://127.0.0.1:9/v1",
        "http://127.0.0.1:9/v1",
    ),
    ("build --output {out} --input " + PAGES + " --benchmarks none -- --runer=FnApiRunner", "no option --runer"),
    ("build --output {out} --input " + PAGES + " --benchmarks none -- --direct_num_workers=x", "invalid int value"),
    ("build --output {tmp}/odd.txt/out --input " + PAGES + " --benchmarks none", "cannot write"),
    ("stage filter --output {out} --input {tmp}/rows.jsonl", "has no column 'text'"),
    ("stage translate --output {out} --input {tmp}/texts.jsonl", "has no column 'id'"),
    ("stage execute --output {out} --input {tmp}/rows.jsonl", "has no column 'code'"),
    ("stage classify --output {out} --input " + PAGES, "run stage extract on it first"),
    ("stage decontaminate --output {out} --input {tmp}/texts.jsonl", "no benchmarks"),
    ("stage filter --output {out}", "nothing to read"),
    ("show {tmp}/nothing", "nothing"),
    ("build --output {tmp} --input {tmp} --benchmarks none", "lies in --output"),
    (
        "build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/twice.toml",
        "two sources have the name",
    ),
    ("build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/table.toml", "'sources'"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/number.toml", "'decontaminate'"),
    ("build --output {out} --input " + PAGES + " --benchmarks none --config {tmp}/model.toml", "nope.ftz"),
]


@pytest.mark.parametrize(("line", "message"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_mistake_is_one_clear_line(
    line: str, message: str, tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd.txt").write_text("")
    (tmp_path / "typo.toml").write_text("[fliter]\n")
    (tmp_path / "twice.toml").write_text("[[sources]]\ninput = ['a']\n[[sources]]\ninput = ['b']\n")
    (tmp_path / "table.toml").write_text("[sources]\ninput = ['a']\n")
    (tmp_path / "number.toml").write_text("decontaminate = 3\n")
    (tmp_path / "model.toml").write_text("[classify]\nmodel = 'nope.ftz'\n")
    (tmp_path / "rows.jsonl").write_text('{"body": "x"}\n')
    (tmp_path / "texts.jsonl").write_text('{"text": "x"}\n')
    out = tmp_path / "out"
    assert main(line.format(out=out, tmp=tmp_path, sample=sample).split()) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err
    assert not out.exists()


def test_an_unknown_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["build", "--output", "x", "--imput", "y"])
    assert "--imput" in capsys.readouterr().err


def test_a_cluster_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Path, capsys: Any) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    line = ["build", "--output", str(tmp_path / "o"), "--input", str(sample / "pages"), "--benchmarks", "none"]
    assert main([*line, "--translator", "none", "--", "--runner=FlinkRunner"]) == 2
    assert "needs Java" in capsys.readouterr().err


@pytest.mark.pipeline
def test_another_command_into_the_same_folder(run: Any, tmp_path: Path, math_rows: Any, write_jsonl: Any) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", math_rows(3))
    first = run("stage", "filter", "--input", rows, "--output", tmp_path / "out")
    assert first.returncode == 0, first.stderr
    config = tmp_path / "c.toml"
    config.write_text("[filter]\nmin_tokens = 7\n")
    second = run("stage", "filter", "--input", rows, "--output", tmp_path / "out", "--config", config)
    assert second.returncode == 2
    assert "of another command, input or configuration" in second.stderr
    again = run("stage", "filter", "--input", rows, "--output", tmp_path / "out")
    assert again.returncode == 0, again.stderr
