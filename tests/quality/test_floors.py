"""Floors under the figures of `make quality`: half a percent or so below what was measured when they were written."""

from pathlib import Path

import pytest

from tests.conftest import lacks
from tests.quality import renderings
from tests.quality.pages import real_pages
from tests.quality.report import Row, measure


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> dict[str, Row]:
    """Ours, trafilatura's and resiliparse's figures on the same pages."""
    found = measure(real_pages(shared_data / "dev"), ["ours", "trafilatura", "resiliparse"])
    return {row.name: row for row in found}


@pytest.mark.full
@pytest.mark.parametrize(
    ("figure", "floor"),
    [
        ("formulas", 0.98),
        ("mean_of_kinds", 0.98),
        ("worst_kind", 0.94),
        ("precision", 0.97),
        ("display_right", 0.98),
        ("inline_right", 0.98),
        ("text_kept", 0.975),
        ("code_verbatim", 0.99),
        ("code_fenced", 0.99),
        ("language_right", 0.95),
    ],
)
def test_floor(rows: dict[str, Row], figure: str, floor: float) -> None:
    assert getattr(rows["ours"], figure) >= floor


@pytest.mark.full
@pytest.mark.parametrize(
    ("kind", "floor"), [("katex-html-only", 0.98), ("gapdoc-plaintext", 0.9), (renderings.CONVERTED, 0.98)]
)
def test_renderings_come_out_as_equal_latex(rows: dict[str, Row], kind: str, floor: float) -> None:
    if why := renderings.why_not():
        lacks("the renderers", why)
    share = rows["ours"].renderings[kind]
    assert share.equal / share.all >= floor


@pytest.mark.full
def test_boilerplate_stays_out(rows: dict[str, Row]) -> None:
    assert rows["ours"].boilerplate_left <= 0.19
    assert rows["resiliparse"].boilerplate_left >= 0.8  # the measure sees it where nothing takes it out


@pytest.mark.full
def test_better_and_faster_than_trafilatura(rows: dict[str, Row]) -> None:
    ours, peer = rows["ours"], rows["trafilatura"]
    assert ours.formulas > peer.formulas
    assert ours.text_kept > peer.text_kept
    assert ours.math_pages_per_second > 1.3 * peer.math_pages_per_second
