import json
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow.parquet as pq
import pytest

from pipelines import report_data as data
from pipelines.errors import UserError
from pipelines.report import Pair, compare_reports, flatten, rewrite_report, to_toml
from transforms.records import Computation, Document, Dropped, Reason, Status, Translated, Verdict, drop
from transforms.rows import to_table

EVIL = "<script>alert(1)</script>\x1b\u202e \"' &"


def write(path: Path, record: type[Any], rows: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_table(rows, record), path)


def make_build(root: Path, threshold: float = 0.8) -> Path:
    """A finished build of ten documents: six pass filter at 0.8, one of these is leaked."""
    documents = [
        Document(f"d{i}", "x", url=f"javascript:{EVIL}" if i == 0 else f"https://example.org/{i}", language="en",
                 math_score=s, num_formulas=i, num_tokens=100)
        for i, s in enumerate((0.0, 0.1, 0.2, 0.75, 0.8, 0.81, 0.9, 0.95, 0.99, 1.0))
    ]  # fmt: skip
    kept = [d for d in documents if (d.math_score or 0) >= threshold]
    low = [drop(d, "filter", Reason.NOT_MATH, value=d.math_score, threshold=threshold, note=EVIL) for d in documents]
    low = low[: len(documents) - len(kept)]
    leak = {"benchmark": "gsm8k", "question_id": "7", "rule": "containment", "score": 0.9, "matched": f"ducks {EVIL}"}
    leaked = [drop(kept[0], "decontaminate", Reason.CONTAMINATED, **leak)]
    outcomes = [(Status.OK, Verdict.VERIFIED, ""), (Status.OK, Verdict.CONTRADICTED, "12 is not 13")]
    outcomes += [(Status.TIMEOUT, Verdict.UNVERIFIED, "the status is timeout")] * 5
    computations = [
        Computation(f"c{i}", "d9", f"print(12) # {EVIL}", "12", status=s, stdout="12\n", verdict=v, reason=r)
        for i, (s, v, r) in enumerate(outcomes)
    ]
    translated = [Translated("t1", "y", "translated", num_tokens=30, computations=tuple(computations[:1]))]
    stages = root / "stages"
    write(stages / "classify-a" / "part-00000-000.parquet", Document, documents)
    write(stages / "filter-b" / "part-00000-000.parquet", Document, kept)
    write(stages / "filter-b" / "dropped" / "part-00000-000.parquet", Dropped, low)
    write(stages / "decontaminate-c" / "dropped" / "part-00000-000.parquet", Dropped, leaked)
    write(stages / "execute-d" / "part-00000-000.parquet", Computation, computations)
    write(root / "shards" / "web" / "part-00000-of-00001.parquet", Document, kept[1:])
    write(root / "shards" / "translated" / "part-00000-of-00001.parquet", Translated, translated)
    counts = [
        ("classify", 10, 10, {}),
        ("filter", 10, len(kept), {"not_math": len(low)}),
        ("decontaminate", len(kept), len(kept) - 1, {"contaminated": 1}),
        ("execute", 7, 7, {}),
    ]
    manifest = {
        "created": "2026-01-02T03:04:05+00:00",
        "packages": {"mathcode-pile": "0.1.0"},
        "sandbox": "bubblewrap+seccomp",
        "inputs": [{"source": "web", "origin": EVIL, "bytes": 1234, "stamp": "1"}],
        "stages": [
            {"name": name, "fingerprint": f"{name}{threshold if folder in 'bc' else ''}", "folder": f"{name}-{folder}",
             "seconds": 1.5, "identity": {name: {"version": 1, "model_digest": "5e"}}}
            for name, folder in (("classify", "a"), ("filter", "b"), ("decontaminate", "c"), ("execute", "d"))
        ],
        "funnel": [dict(zip(("stage", "rows_in", "rows_out", "dropped"), count, strict=True)) for count in counts],
        "shards": [
            {"id": f"shards/{c}/part-00000-of-00001.parquet", "component": c, "rows": n, "bytes": 10, "sha256": "ab"}
            for c, n in (("translated", 1), ("web", len(kept) - 1))
        ],
        "config": {"sources": [{"name": "web", "input": [EVIL]}], "filter": {"min_math_score": threshold}},
    }  # fmt: skip
    (root / "manifest.json").write_text(json.dumps(manifest))
    return root


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def manifest(build: Path) -> data.Manifest:
    return data.Manifest.model_validate(data.read_manifest(str(build)))


def rows(html: Any, section: str) -> list[list[str]]:
    """The text of the cells of every row of a section's tables and headings of its details."""
    return [[" ".join(cell.text_content().split()) for cell in row] for row in html.xpath(f"//*[@id='{section}']//tr")]


@pytest.fixture(scope="module")
def html(build: Path) -> Any:
    return lxml.html.fromstring(Path(rewrite_report(str(build))).read_text())


def test_the_report_has_the_numbers_of_the_build(html: Any) -> None:
    funnel = {row[0]: row[2:] for row in rows(html, "funnel")}
    assert funnel["filter documents"] == ["10", "6", "4", "60.0%", "1.5"]
    assert ["web", "5", "500", "100.0", "35", "7.0", "0", "1", "10 B"] in rows(html, "components")
    assert ["translated", "1", "30", "30.0", "0", "", "1", "1", "10 B"] in rows(html, "components")
    assert rows(html, "contamination")[:2] == [["benchmark", "containment", "rows"], ["gsm8k", "1", "1"]]
    assert rows(html, "execution") == [
        ["status", "verified", "trivial", "contradicted", "unverified", "computations"],
        ["ok", "1", "0", "1", "0", "2"],
        ["timeout", "0", "0", "0", "5", "5"],
    ]


def test_each_drop_has_up_to_three_examples(html: Any) -> None:
    details = html.xpath("//*[@id='drops']/details")
    assert [d.xpath("string(summary/code)") for d in details] == ["not_math", "contaminated"]
    assert [len(d.xpath("div[@class='example']")) for d in details] == [3, 1]
    assert "0.1" in details[0].text_content()


def test_evidence_stands_in_the_report(html: Any) -> None:
    evidence = html.xpath("string(//*[@id='contamination']//div[@class='evidence'])")
    assert evidence.startswith("ducks <script>")


def test_hostile_text_stays_text(build: Path, html: Any) -> None:
    text = Path(rewrite_report(str(build))).read_text()
    assert not html.xpath("//script | //img | //iframe | //link | //@src | //@onerror")
    assert not set(text) & {"\x1b", "\u202e"}
    assert "&lt;script&gt;alert(1)" in text
    assert all(link.startswith(("#", "https://example.org/")) for link in html.xpath("//a/@href"))
    assert "default-src 'none'" in html.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")


def test_scores_fall_into_the_bin_that_they_begin(build: Path, manifest: data.Manifest) -> None:
    bins = {b.low: (b.kept, b.dropped) for b in data.histogram(str(build), manifest) if b.kept or b.dropped}
    assert bins == {0.0: (0, 1), 0.1: (0, 1), 0.2: (0, 1), 0.75: (0, 1), 0.8: (2, 0), 0.9: (1, 0), 0.95: (3, 0)}


def test_execution_counts_every_row_and_keeps_three_examples(build: Path, manifest: data.Manifest) -> None:
    found = data.executions(str(build), manifest)
    key = "unverified", "the status is timeout"
    assert found.reasons.counts[key] == 5
    assert [row["id"] for row in found.reasons.examples[key]] == ["c2", "c3", "c4"]


def test_a_build_that_kept_nothing_has_a_report(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"created": "2026"}')
    assert "nothing was left" in Path(rewrite_report(str(tmp_path))).read_text()


@pytest.mark.parametrize("text", [None, "[]", "{}", "no"])
def test_a_folder_without_a_manifest_is_a_mistake(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UserError, match="manifest"):
        rewrite_report(str(tmp_path))


def test_two_builds_compared(build: Path, tmp_path: Path) -> None:
    other = make_build(tmp_path / "other", threshold=0.9)
    output = compare_reports(str(build), str(other), str(tmp_path / "comparison.html"))
    html = lxml.html.fromstring(Path(output).read_text())
    assert rows(html, "configuration") == [["name", "A", "B"], ["filter.min_math_score", "0.8", "0.9"]]
    funnel = {row[0]: row[1:] for row in rows(html, "funnel")}
    assert funnel["filter"] == ["10", "10", "6", "4", "-2 (-33.3%)", "60.0%", "40.0%"]
    assert funnel["classify ="] == ["10", "10", "10", "10", "=", "100.0%", "100.0%"]
    assert ["filter: not_math", "4", "6", "+2 (+50.0%)"] in rows(html, "drops")
    assert ["web: documents", "5", "3", "-2 (-40.0%)"] in rows(html, "components")
    assert ["verified", "1", "1", "="] in rows(html, "verdicts")
    assert ["gsm8k", "1", "1", "="] in rows(html, "contamination")


@pytest.mark.parametrize(
    ("a", "b", "change"), [(5, 5, ""), (4, 5, "+1 (+25.0%)"), (0, 3, "+3"), (2000, 0, "-2,000 (-100.0%)")]
)
def test_change(a: int, b: int, change: str) -> None:
    assert Pair("n", a, b).change == change


def test_the_configuration_is_toml_that_can_be_read_again() -> None:
    import tomllib

    config = {"sources": [{"name": "web", "input": ["a\\b\n", "ü"]}], "filter": {"x": 0.1, "on": True, "none": None}}
    assert tomllib.loads(to_toml(config)) == {**config, "filter": {"x": 0.1, "on": True}}


def test_flatten() -> None:
    assert flatten({"a": {"b": {"c": "text"}, "d": [1]}, "e": None}) == {"a.b.c": "text", "a.d": "[1]", "e": "null"}


def test_calls_without_an_answer_are_not_called_stored() -> None:
    found = data.Calls()
    for finish, attempts in [("stop", 1), ("stop", 0), ("failed", 6), ("unasked", 0), ("too_long", 0)]:
        row = {"finish": finish, "attempts": attempts, "prompt_tokens": 0, "completion_tokens": 0, "computations": 0}
        found.add({**row, "problems": []})
    numbers = {name: n for name, n in found.numbers.items() if name.startswith("calls")}
    assert numbers == {"calls made": 2, "calls already stored": 1, "calls without an answer": 2}
