"""What patterns name."""

import os
from pathlib import Path

import pytest

from transforms.files import InputError, remove, write_atomically
from transforms.inputs import ending, list_inputs


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A folder with inputs of every kind, and what is no input."""
    names = "b.warc.gz a.warc sub/c.warc.zst sub/d.html sub/deep/e.HTM f.jsonl sub/g.jsonl.gz h.jsonl.zst i.parquet"
    others = (
        "README.md .hidden.html _skipped.html sub/dropped/x.parquet _private/y.html .git/z.html k.json images/x.png"
    )
    for name in (names + " " + others).split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def origins(*patterns: str | Path) -> list[str]:
    return [file.origin for file in list_inputs([str(pattern) for pattern in patterns])]


def test_a_folder_means_the_known_files_below_it(crawl: Path) -> None:
    known = "a.warc b.warc.gz f.jsonl h.jsonl.zst i.parquet sub/c.warc.zst sub/d.html sub/deep/e.HTM sub/g.jsonl.gz"
    assert origins(crawl) == known.split()
    assert origins(f"{crawl}/") == known.split()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.warc", ["a.warc"]),
        ("sub/deep/e.HTM", ["e.HTM"]),
        ("*.warc*", ["a.warc", "b.warc.gz"]),
        ("sub/*.html", ["d.html"]),
        ("**/*.html", ["sub/d.html"]),
        ("s*", ["sub/c.warc.zst", "sub/d.html", "sub/deep/e.HTM", "sub/g.jsonl.gz"]),
        ("[ab].warc*", ["a.warc", "b.warc.gz"]),
        ("sub/d*/e.*", ["deep/e.HTM"]),
    ],
)
def test_the_origin_begins_where_the_pattern_does(crawl: Path, pattern: str, expected: list[str]) -> None:
    assert origins(crawl / pattern) == expected


def test_order_and_repetition_of_patterns_do_not_matter(crawl: Path) -> None:
    patterns = [str(crawl / "sub"), str(crawl / "*.warc"), str(crawl), str(crawl / "sub" / "d.html")]
    files = list_inputs(patterns)
    assert files == list_inputs(patterns[::-1]) == list_inputs(patterns * 2)
    assert len({file.path for file in files}) == len(files) == 9


def test_relative_and_file_urls_are_the_same_file(crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(crawl)
    assert list_inputs(["sub/d.html"]) == list_inputs([f"file://{crawl}/sub/d.html"])
    assert list_inputs(["sub/d.html", f"file://{crawl}/sub/d.html"])[0].path == str(crawl / "sub" / "d.html")


def test_the_stamp_changes_with_the_file(crawl: Path) -> None:
    path = crawl / "a.warc"
    before = list_inputs([str(path)])[0]
    os.utime(path, (1, 1))
    assert list_inputs([str(path)])[0].stamp != before.stamp


def test_a_folder_of_a_stage_means_its_own_parts(tmp_path: Path) -> None:
    for name in ("part-0.parquet", "part-1.parquet", "other.parquet", "dropped/part-0.parquet", "_SUCCESS"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert origins(tmp_path) == ["part-0.parquet", "part-1.parquet"]
    assert origins(f"{tmp_path.parent}/{tmp_path.name[:-1]}*") == [f"{tmp_path.name}/part-{k}.parquet" for k in (0, 1)]
    (tmp_path / "_SUCCESS").unlink()
    with pytest.raises(InputError, match="has not finished"):
        list_inputs([str(tmp_path)])
    assert origins(f"{tmp_path}/part-*") == ["part-0.parquet", "part-1.parquet"]


def test_a_stage_that_kept_nothing_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "_SUCCESS").touch()
    assert list_inputs([str(tmp_path)]) == ()


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("nothing.warc.gz", "no such file"),
        ("*.nothing", "matches no file of a known ending"),
        ("README.md", "its ending is unknown; known are .warc"),
        ("images", "matches no file"),
        ("nowhere/*.html", "matches no file"),
    ],
)
def test_mistakes_name_the_pattern(crawl: Path, pattern: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        list_inputs([str(crawl / pattern)])
    assert str(crawl / pattern) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_may_not_be_read(crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not path.endswith("a.warc"))  # root may read everything
    with pytest.raises(InputError, match="permission denied"):
        list_inputs([str(crawl / "a.warc")])


def test_unknown_schemes_are_a_users_mistake() -> None:
    with pytest.raises(InputError, match=r"nosuch://x: .*s3://"):
        list_inputs(["nosuch://x"])


def test_memory() -> None:
    for name, data in (("a.html", b"a"), ("deep/b.warc.gz", b"b")):
        write_atomically(f"memory://inputs-test/{name}", data)
    try:
        first, second = list_inputs(["memory://inputs-test"])
        assert (first.origin, second.origin) == ("a.html", "deep/b.warc.gz")
        assert list_inputs([second.path, first.path])[0].path == first.path
        assert list_inputs(["memory://inputs-test/*.html"]) == (first,)
        write_atomically(first.path, b"a")
        assert list_inputs([first.path])[0] == first  # the same content is the same input
        write_atomically(first.path, b"c")
        assert list_inputs([first.path])[0].stamp != first.stamp
    finally:
        remove("memory://inputs-test")


@pytest.mark.parametrize(
    ("path", "known"),
    [("a.warc.gz", ".warc.gz"), ("a.GZ", ""), ("a.jsonl", ".jsonl"), ("x/A.Html", ".html"), ("a.json", ""), ("gz", "")],
)
def test_ending(path: str, known: str) -> None:
    assert ending(path) == known
