"""The same input gives the same bytes, however the build is run."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, write_jsonl: Any, math_rows: Any, sample: Path) -> Path:
    """Pages, and rows of text in three files, each a partition of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "in").mkdir()
    for i in range(3):
        write_jsonl(folder / "in" / f"{i}.jsonl", math_rows(3, start=3 * i))
    for page in sorted((sample / "pages").glob("*.html"))[:6]:
        shutil.copy(page, folder / "in")
    write_jsonl(folder / "in" / "copies.jsonl", [{**row, "id": f"copy-{row['id']}"} for row in math_rows(9)])
    settings = "[shards]\nrows = 4\n[filter]\nmin_math_score = 0\n"
    (folder / "c.toml").write_text("[partition]\nbytes = 25000\n" + settings)
    (folder / "whole.toml").write_text(settings)  # all in one partition
    return folder


@pytest.fixture(scope="module")
def expected(run: Any, corpus: Path, shards: Any) -> dict[str, str]:
    done = run(*build(corpus, corpus / "in"), corpus / "one")
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = shards(corpus / "one")
    assert len(found) > 3
    return found


def build(corpus: Path, *inputs: Path, config: str = "c.toml") -> list[object]:
    return ["build", "--benchmarks", "none", "--config", corpus / config, "--input", *inputs, "--output"]


@pytest.mark.parametrize(
    "options",
    [
        ("c.toml", "--workers", "4"),
        ("whole.toml", "--", "--direct_running_mode=multi_processing", "--direct_num_workers=4"),
        ("whole.toml", "--", "--direct_running_mode=multi_threading", "--direct_num_workers=2"),
    ],
    ids=" ".join,
)
def test_workers_and_modes(run: Any, corpus: Path, expected: Any, shards: Any, tmp_path: Path, options: Any) -> None:
    config, *rest = options
    done = run(*build(corpus, corpus / "in", config=config), tmp_path / "out", *rest)
    assert done.returncode == 0, done.stderr
    assert shards(tmp_path / "out") == expected


def test_another_folder_and_another_order_of_files(
    run: Any, corpus: Path, expected: Any, shards: Any, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere" / "in"
    shutil.copytree(corpus / "in", moved)
    files = sorted(moved.iterdir(), key=lambda file: file.name[::-1])
    done = run(*build(corpus, *files), tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert shards(tmp_path / "out") == expected
