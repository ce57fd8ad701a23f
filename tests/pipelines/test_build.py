"""The corpus of the sample, built once from the command line and looked at from every side."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from transforms.records import Reason

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def config(sample: Path) -> Path:
    return sample / "corpus.toml"


@pytest.fixture(scope="module")
def built(run: Any, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "demo"
    done = run("build", "--config", config, "--output", folder)
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stdout)
    return folder


@pytest.fixture
def manifest(built: Path) -> dict[str, Any]:
    return json.loads((built / "manifest.json").read_text())


def rows(folder: Path) -> list[dict[str, Any]]:
    return ds.dataset(sorted(map(str, folder.glob("part-*.parquet"))), format="parquet").to_table().to_pylist()


def dropped(built: Path) -> Iterator[dict[str, Any]]:
    for folder in built.glob("stages/*/dropped"):
        yield from rows(folder)


def test_it_ends_with_the_funnel_and_the_paths(built: Path) -> None:
    said = (built / "said.txt").read_text()
    for stage in ("read", "select", "extract", "classify", "filter", "dedup", "decontaminate", "translate", "execute"):
        assert any(line.split()[:1] == [stage] for line in said.splitlines()), f"no line for {stage}"
    assert said.splitlines()[-2:] == [f"shards  {built}/shards", f"report  {built}/report.html"]


def test_shards_hold_verified_computations_only(built: Path) -> None:
    translated = rows(built / "shards" / "translated")
    computations = [c for row in translated for c in row["computations"]]
    assert len(computations) >= 20
    assert {(c["status"], c["verdict"]) for c in computations} == {("ok", "verified")}
    for row in translated:
        assert all(c["code"].strip() in row["text"] for c in row["computations"])
        assert not {"seconds", "stderr"} & set(row["computations"][0])


def test_every_row_of_every_component_is_complete_and_in_order(built: Path) -> None:
    for component in ("web", "openwebmath", "translated"):
        found = rows(built / "shards" / component)
        assert found, component
        assert [row["id"] for row in found] == sorted({row["id"] for row in found})
        assert {row["source"] for row in found} == {component}
        assert all(row["text"] and row["num_tokens"] and row["origin"] for row in found)


def test_wrong_results_duplicates_and_leaks_are_dropped_with_their_evidence(built: Path) -> None:
    found = list(dropped(built))
    assert {row["reason"] for row in found} <= set(Reason)
    reasons = Counter((row["stage"], row["reason"]) for row in found)
    for expected in (
        ("read", "binary"),
        ("select", "not_math"),
        ("dedup", "near_duplicate"),
        ("dedup", "exact_duplicate"),
        ("decontaminate", "contaminated"),
        ("assemble", "contradicted"),
    ):
        assert reasons[expected], f"no {expected} in {reasons}"
    for row in found:
        detail = json.loads(row["detail"])
        match row["stage"]:
            case "decontaminate" | "decontaminate_final":
                start, end = detail["span"]
                assert 0 <= start < end
                assert {"benchmark", "question_id", "rule", "score", "matched", "others"} <= set(detail)
            case "dedup":
                assert {"duplicate_of", "similarity"} <= set(detail)
            case "select":
                assert detail["coarse_score"] < detail["threshold"]
            case _:
                assert detail.get("origin") or detail.get("document_id")


def test_the_funnel_adds_up_from_stage_to_stage(manifest: dict[str, Any], built: Path) -> None:
    counts = {count["stage"]: count for count in manifest["funnel"]}
    for count in manifest["funnel"]:
        assert count["rows_in"] == count["rows_out"] + sum(count["dropped"].values())
    for before, after in (("classify", "filter"), ("filter", "dedup"), ("dedup", "decontaminate")):
        assert counts[before]["rows_out"] == counts[after]["rows_in"]
    assert counts["shards"]["rows_out"] == sum(shard["rows"] for shard in manifest["shards"])
    assert sum(sum(c["dropped"].values()) for c in manifest["funnel"]) == len(list(dropped(built)))


def test_the_manifest_lists_every_shard_with_its_digest(manifest: dict[str, Any], built: Path, shards: Any) -> None:
    assert {shard["id"]: shard["sha256"] for shard in manifest["shards"]} == shards(built)


def test_the_report_is_one_file_that_needs_no_network(built: Path) -> None:
    report = (built / "report.html").read_text()
    assert "<html" in report
    assert 'src="http' not in report
    assert 'href="http' not in report.split("</style>")[0]


def test_the_same_command_again_runs_nothing(run: Any, config: Path, built: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in built.glob("stages/**/*") if f.is_file()}
    again = run("build", "--config", config, "--output", built)
    assert again.returncode == 0, again.stderr
    assert {f: f.stat().st_mtime_ns for f in built.glob("stages/**/*") if f.is_file()} == before


def test_plan_says_what_is_done_and_a_threshold_invalidates_what_follows(
    run: Any, config: Path, built: Path, tmp_path: Path
) -> None:
    plan = run("plan", "--config", config, "--output", built).stdout
    states = {line.split()[0]: "done" in line for line in plan.splitlines() if line.split()[1:2]}
    assert states["filter"]
    assert states["shards"]

    stricter = tmp_path / "stricter.toml"
    settings = config.read_text()
    for name in ("pages", "texts", "benchmarks"):
        settings = settings.replace(f'"{name}', f'"{config.parent}/{name}')
    stricter.write_text(settings + "\n[filter]\nmin_tokens = 90\n")
    plan = run("build", "--dry-run", "--config", stricter, "--output", built).stdout
    states = {line.split()[0]: "done" in line for line in plan.splitlines() if line.split()[1:2]}
    assert states["classify"]
    assert not states["filter"]
    assert not states["shards"]


@pytest.mark.parametrize("folder", ["", "shards/translated", "stages/execute-*", "stages/decontaminate-*/dropped"])
def test_show_prints_records_of_every_kind(run: Any, built: Path, folder: str) -> None:
    (target,) = built.glob(folder) if folder else (built,)
    shown = run("show", target, "--limit", 2)
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) > 4
