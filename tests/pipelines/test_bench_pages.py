import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import bench_pages
from pipelines.bench import cpu_seconds
from pipelines.bench_pages import FAST_WARC, GUARD, PLAIN, TRAFILATURA, mixtures, table
from transforms.guard import Guard, Limits
from transforms.records import Page

PAGES = [Page(name, b"", url=name) for name in "abcde"]
MATH = {"a": True, "b": False, "c": False, "d": True}


def test_the_mix_is_all_pages_with_two_percent_of_math() -> None:
    weights = mixtures(PAGES[:4], MATH)
    assert weights["math"] == [0.5, 0, 0, 0.5]
    assert weights["not math"] == [0, 0.5, 0.5, 0]
    assert weights["mix, 2% math"] == [0.01, 0.49, 0.49, 0.01]


def test_without_labels_all_pages_count_the_same() -> None:
    assert mixtures(PAGES, {}) == {"all pages": [0.2] * 5}
    assert mixtures(PAGES[:1], MATH) == {"all pages": [1.0]}


def test_time_in_children_counts_dead_or_alive() -> None:
    code = "import time\nwhile time.process_time() < 0.3: pass"
    assert 0.25 < cpu_seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True))[0] < 5
    guard = Guard(exec, Limits(20, 1 << 30))
    guard("1")
    taken, _ = cpu_seconds(
        lambda: guard("import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass")
    )
    guard.close()
    assert 0.25 < taken < 2
    assert cpu_seconds(lambda: time.sleep(0.3))[0] < 0.1


def test_the_table_compares_like_with_like() -> None:
    seconds = {"read": [0.1], "select": [0.2], "extract": [0.3], "classify": [0.4], FAST_WARC: [0.5]}
    seconds |= {TRAFILATURA: [9.5], PLAIN: [0.5], f"{PLAIN} + fastText": [1.5], GUARD: [0.001]}
    result = table(seconds, {"all pages": [1.0]})
    cells = dict(zip(*(column.cells for column in result.columns), strict=True))
    assert cells["read to classify"] == "1.0"
    assert cells["  extract: share of the time"] == "30%"
    assert (cells[f"ours / {TRAFILATURA}"], cells[f"ours / {PLAIN}"]) == ("10.00", "1.00")
    assert cells[GUARD] == "1,000"


@pytest.mark.pipeline
def test_the_sample_is_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_pages, "DATA", Path("nowhere"))
    bench_pages.main(["--limit", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 15
    assert all(len(line) <= 80 and "…" not in line for line in lines)
    assert float(next(line for line in lines if line.startswith("read to classify")).split()[-1]) > 0
