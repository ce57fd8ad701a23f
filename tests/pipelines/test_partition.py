"""Beam's own options."""

import os

import pytest

from pipelines.partition import beam_processes


@pytest.mark.parametrize(
    ("args", "count"),
    [
        ((), 1),
        (("--direct_running_mode=in_memory", "--direct_num_workers=4"), 1),
        (("--direct_running_mode=multi_threading", "--direct_num_workers=4"), 1),
        (("--direct_running_mode=multi_processing", "--direct_num_workers=4"), 4),
        (("--direct_running_mode=multi_processing", "--direct_num_workers=0"), os.cpu_count()),
        (("--direct_running_mode=multi_processing",), 1),
        (("--runner=FlinkRunner", "--parallelism=6"), 6),
        (("--runner=FlinkRunner",), 1),
    ],
)
def test_how_many_processes_beam_is_asked_for(args: tuple[str, ...], count: int) -> None:
    assert beam_processes(args) == count
