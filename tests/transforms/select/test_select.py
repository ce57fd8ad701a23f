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
from transforms.select.algorithm import Trace, make_select, plain_text, trace
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
    assert kept.coarse_score > 0.6
    assert kept.content == page(PROOF).content


def test_drops_the_rest_with_score_and_threshold() -> None:
    [dropped] = make_select(SelectConfig())(page(NEWS))
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("a", "select", "not_math")
    detail = json.loads(dropped.detail)
    assert 0 <= detail.pop("coarse_score") < 0.2
    assert detail == {"threshold": 0.5, "trace": "none", "url": "https://a.example/", "origin": "x.warc:a"}


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


@pytest.mark.parametrize("hint", ["<script src='MathJax.js'></script>", "<link href='katex.css'>", "<!-- LaTeX -->"])
def test_a_page_that_loads_a_renderer_needs_less(hint: str) -> None:
    [score] = [kept.coarse_score for kept in make_select(SelectConfig(threshold=0))(page(NEWS))]
    config = SelectConfig(threshold=1, threshold_hint=score)
    assert isinstance(make_select(config)(page(NEWS + hint))[0], Page)
    [dropped] = make_select(SelectConfig(threshold_hint=score + 0.001))(page(NEWS + hint))
    assert isinstance(dropped, Dropped)
    assert json.loads(dropped.detail)["trace"] == "hint"


@pytest.mark.parametrize(
    "content",
    [
        b'<math xmlns="..."><mi>x</mi></math>',
        b"<mml:math><mml:mi>x</mml:mi></mml:math>",
        b"<m:math display='block'>",
        b'<script type="math/tex; mode=display">x</script>',
        b'<script type="math/mml">',
        b'<span class="math inline">',
        b"<span class='math notranslate'>",
        b'<span class="katex"><span class="katex-html">',
        b"<span class=katex>",
        b'<mjx-container class="MathJax" jax="CHTML">',
        b'<span class="MathJax_SVG">',
        b'<span class="MathJax_Preview">',
        b'<span class="ztext-math" data-tex="x">',
        b'<img src="https://s0.example/latex.php?latex=x">',
        b'<img src="https://latex.codecogs.com/gif.latex?x">',
        b'<img src="https://www.zhihu.com/equation?tex=x">',
        b'<img src="https://chart.googleapis.com/chart?cht=tx&amp;chl=x">',
        b'<img src="/cgi-bin/mimetex.cgi?x">',
        b'<img src="/cgi-bin/mathtex.cgi?x">',
        b'<img src="f.png" alt="$x$">',
        b'<img src="f.png" alt="\\alpha">',
        b'<img class="Wirisformula" src="x">',
        b'<img class="texhtml" src="x">',
        b"<d-math>x</d-math>",
        b"<p>[tex]x[/tex]</p>",
        b"<p>$latex x^2$</p>",
        rb"<p>\[ \frac{a}{b} \]</p>",
        rb"<p>\begin{align} a \end{align}</p>",
        rb"<script src='MathJax.js'></script><p>Let \(x\) be</p>",
        b"<link href='katex.css'><p>$$x$$</p>",
        rb"<p>$\sum_k k$ and $\sqrt 2$</p>",
    ],
)
def test_formulas_leave_a_trace(content: bytes) -> None:
    assert trace(b"<html><body>" + content + b"</body></html>") is Trace.FORMULA
    assert trace(b"<html><body>" + content.upper() + b"</body></html>") is Trace.FORMULA


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'<script src="https://cdn.example/MathJax.js"></script>', Trace.HINT),
        (b'<link href="katex.min.css">', Trace.HINT),
        (b"<p>written in LaTeX</p>", Trace.HINT),
        (b"<p>prices from $5 to $9, mathematics department</p>", Trace.NONE),
        (b"<script>x = Math.floor(Math.random() * 10)</script><div data-text='a' data-testid='b'>", Trace.NONE),
        (b"<p>x &lt; y</p><pre>echo $HOME; grep '\\(a\\)'; printf '\\n'</pre>", Trace.NONE),
        (b"", Trace.NONE),
    ],
)
def test_traces_of_less(content: bytes, found: Trace) -> None:
    assert trace(content) is found


def text_of(content: bytes, content_type: str = "", text_bytes: int = 50_000) -> str:
    return plain_text(content, content_type, text_bytes)


def test_the_beginning_is_enough_where_it_holds_text() -> None:
    content = b"<p>word word</p>" * 1_000 + b"<p>the end</p>"
    assert "the end" in text_of(content)
    assert "the end" not in text_of(content, text_bytes=5_000)


def test_all_is_read_where_the_beginning_is_scripts() -> None:
    content = b"<script>" + b"x = 1;" * 20_000 + b"</script><p>The text comes late.</p>"
    assert "The text comes late." in text_of(content)


def test_cutting_does_not_cut_characters() -> None:
    content = ("<p>" + "größe 数学 " * 3_000 + "</p>").encode() * 3
    for text_bytes in range(40_000, 40_020):
        assert "Ã" not in text_of(content, text_bytes=text_bytes)
        assert "\ufffd" not in text_of(content, text_bytes=text_bytes)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
@pytest.mark.parametrize("claimed", ["", "text/html; charset=iso-8859-1", "text/html; charset=nonsense"])
def test_plain_text_in_any_charset(charset: str, claimed: str) -> None:
    text = text_of(page("Lösung der Gleichung für große Zahlen. ", charset=charset).content, claimed)
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
    assert sum(kept["nonmath"]) <= 0.05 * len(kept["nonmath"])
