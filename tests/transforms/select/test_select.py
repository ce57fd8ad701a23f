import json
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from models.classifier import shipped
from transforms.guard import Limits
from transforms.records import Dropped, Page
from transforms.select import algorithm
from transforms.select.algorithm import has_math_markup, make_select, plain_text
from transforms.select.config import SelectConfig
from transforms.select.stage import Select

PROOF = "We prove by induction that every bounded sequence of real numbers has a convergent subsequence. "
NEWS = (
    "The mayor opened the new swimming pool on Saturday. Hundreds of visitors came in spite of the rain, and children "
    "of the local school sang a song. The building cost 12 million. Police closed the road for an hour. "
)


def page(body: str, name: str = "a", charset: str = "utf-8") -> Page:
    html = f"<html><head><title>The page</title></head><body><p>{body * 5}</p></body></html>"
    return Page(name, html.encode(charset), f"https://{name}.example/", "text/html", origin=f"x.warc:{name}")


def test_keeps_math_with_its_score() -> None:
    [kept] = make_select(SelectConfig())(page(PROOF))
    assert isinstance(kept, Page)
    assert kept.coarse_score is not None
    assert kept.coarse_score > 0.9
    assert kept.content == page(PROOF).content


def test_drops_the_rest_with_score_and_threshold() -> None:
    [dropped] = make_select(SelectConfig())(page(NEWS))
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("a", "select", "not_math")
    detail = json.loads(dropped.detail)
    assert 0 <= detail.pop("coarse_score") < 0.2
    assert detail == {"threshold": 0.2, "url": "https://a.example/", "origin": "x.warc:a"}


def test_threshold_decides() -> None:
    [score] = [kept.coarse_score for kept in make_select(SelectConfig(threshold=0))(page(NEWS))]
    assert isinstance(make_select(SelectConfig(threshold=score))(page(NEWS))[0], Page)
    assert isinstance(make_select(SelectConfig(threshold=score + 0.001))(page(NEWS))[0], Dropped)


def test_formula_markup_is_enough() -> None:
    [kept] = make_select(SelectConfig())(page(NEWS + "<math><mi>x</mi></math>"))
    assert isinstance(kept, Page)


@pytest.mark.parametrize(
    "body",
    [
        "<a><div>" * 120_000,
        "".join(f"<html {' '.join(f'a{n}' for n in range(start, start + 60_000))}>" for start in (0, 60_000)),
    ],
    ids=["links", "attributes"],
)
def test_a_page_that_hangs_the_parser_is_dropped(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(algorithm, "_LIMITS", Limits(1, 1 << 31))
    [dropped] = make_select(SelectConfig(threshold=0.3))(Page("a", body.encode()))
    assert isinstance(dropped, Dropped)
    assert (dropped.stage, dropped.reason) == ("select", "timeout")
    [kept] = make_select(SelectConfig(threshold=0.3))(Page("b", page(PROOF * 400).content))
    assert isinstance(kept, Page)


def test_what_lies_beyond_the_limit_is_not_seen() -> None:
    config = SelectConfig(max_bytes=1000)
    [dropped] = make_select(config)(page(NEWS + "<!-- " + "." * 1000 + " -->" + "<math></math>"))
    assert isinstance(dropped, Dropped)


def test_own_model(tmp_path: Path) -> None:
    (tmp_path / "copy.ftz").write_bytes(Path(shipped("classify")).read_bytes())
    [own] = make_select(SelectConfig(threshold=0, model=str(tmp_path / "copy.ftz")))(page(NEWS))
    [other] = make_select(SelectConfig(threshold=0))(page(NEWS))
    assert own.coarse_score != other.coarse_score


@pytest.mark.parametrize(
    ("content", "markup"),
    [
        (b'<math xmlns="..."><mi>x</mi></math>', True),
        (b"<mml:math><mml:mi>x</mml:mi></mml:math>", True),
        (b'<script src="https://cdn.example/MathJax.js"></script>', True),
        (b'<link href="katex.min.css">', True),
        (b'<script type="math/tex">x</script>', True),
        (b'<span class="math inline">', True),
        (b'<img src="https://s0.example/latex.php?latex=x">', True),
        (b'<img src="f.png" alt="$x$">', True),
        (rb"<p>\[ \frac{a}{b} \]</p>", True),
        (b"<p>prices from $5 to $9, mathematics department</p>", False),
        (b"<p>x &lt; y</p><pre>echo $HOME; grep '\\(a\\)'</pre>", False),
        (b"", False),
    ],
)
def test_math_markup(content: bytes, markup: bool) -> None:
    assert has_math_markup(content) is markup


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
@pytest.mark.parametrize("claimed", ["", "text/html; charset=iso-8859-1", "text/html; charset=nonsense"])
def test_plain_text_in_any_charset(charset: str, claimed: str) -> None:
    text = plain_text(page("Lösung der Gleichung für große Zahlen. ", charset=charset).content, claimed)
    assert "Lösung der Gleichung für große Zahlen." in text


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 1000, bytes(range(256)) * 10, b"<div>" * 100_000, b"<!--", b"\xff\xfe", b"$" * 100_000]
)
def test_hostile_pages_get_a_verdict(content: bytes) -> None:
    [result] = make_select(SelectConfig())(Page("a", content))
    assert isinstance(result, Page | Dropped)


@pytest.mark.pipeline
def test_pipeline() -> None:
    with TestPipeline(runner="FnApiRunner") as pipeline:
        split = pipeline | beam.Create([page(PROOF, "m"), page(NEWS, "n")]) | Select(SelectConfig())
        assert_that(split.kept | "kept" >> beam.Map(lambda p: (type(p).__name__, p.id)), equal_to([("Page", "m")]))
        assert_that(
            split.dropped | "dropped" >> beam.Map(lambda d: (d.id, d.reason)), equal_to([("n", "not_math")]), "drops"
        )


def test_recall_on_real_pages(shared_data: Path) -> None:
    """Nearly all math pages pass; most others do not. On a part of the pages, for speed."""
    from transforms.inputs import list_inputs
    from transforms.read.config import ReadConfig
    from transforms.read.pages import read_file

    labels = {row["url"]: row["label"] for row in map(json.loads, (shared_data / "dev/index.jsonl").open())}
    select = make_select(SelectConfig())
    kept: dict[str, list[bool]] = {"math": [], "nonmath": []}
    [file] = list_inputs([str(shared_data / "dev/dev.warc.gz")])
    pages = (item for item in read_file(file, ReadConfig()) if isinstance(item, Page))
    for item in list(pages)[::6]:
        [result] = select(item)
        kept[labels[item.url]].append(isinstance(result, Page))
    assert sum(kept["math"]) >= 0.99 * len(kept["math"])
    assert sum(kept["nonmath"]) <= 0.4 * len(kept["nonmath"])
