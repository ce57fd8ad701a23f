"""The bench of the sandbox: a fixed mix, and peers that must compute the same."""

import pytest

from pipelines import bench_snippets
from pipelines.bench_snippets import Rate, mix, table


def test_the_mix_is_fixed_and_no_snippet_comes_twice() -> None:
    codes = mix()
    assert codes == mix()
    assert len(set(codes)) == len(codes) == 200


def test_ratios_are_the_sandbox_over_the_others() -> None:
    rows = table([Rate("sandbox", 100, 2.0), Rate("pool", 100, 1.0), Rate("fresh", 10, 4.0)])
    assert list(rows.columns[-1].cells) == ["1.00", "0.50", "20.00"]


@pytest.mark.pipeline
def test_all_ways_print_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_snippets, "mix", lambda: mix(per_kind=1))
    bench_snippets.main()
    shown = capsys.readouterr().out
    assert "sandbox" in shown
    assert "fresh interpreter" in shown
