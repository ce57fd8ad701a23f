from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines.errors import UserError
from pipelines.progress import Reporter
from pipelines.workspace import Step, Upstream, Workspace, merge, source
from transforms.files import InputFile


def space(root: Path, **settings: Any) -> Workspace:
    return Workspace(str(root), Reporter(Console()), **settings)


def file(name: str, size: int = 10, stamp: str = "1") -> InputFile:
    return InputFile(f"/in/{name}", name, size, stamp)


STEP = Step("filter", partial(print), {"filter": {"version": 1, "min_tokens": 20}}, ("read", "filter"))
FILES = tuple(file(str(i)) for i in range(4))


def test_partitions_are_filled_up_to_their_size() -> None:
    assert source(FILES, 20).partitions == (FILES[:2], FILES[2:])
    assert source([file("a", 50), file("b", 1)], 20).partitions == ((file("a", 50),), (file("b", 1),))


@pytest.mark.parametrize(
    "other",
    [
        source(FILES, 10),  # other partitions
        source((*FILES[:3], file("3", stamp="2")), 20),
        source((*FILES[:3], file("3", size=9)), 20),
        source((*FILES[:3], InputFile("/in/3", "in/3", 10, "1")), 20),  # another origin makes other ids
        source(FILES[:3], 20),
    ],
)
def test_whatever_changes_the_input_changes_its_fingerprint(other: Upstream) -> None:
    assert other.fingerprint != source(FILES, 20).fingerprint


def test_whatever_changes_the_output_changes_the_fingerprint(tmp_path: Path) -> None:
    given = source(FILES, 20)
    stricter = Step("filter", STEP.flow, {"filter": {"version": 1, "min_tokens": 21}}, STEP.chain)
    marks = {
        space(tmp_path).fingerprint(STEP, given),
        space(tmp_path, files=2).fingerprint(STEP, given),
        space(tmp_path).fingerprint(stricter, given),
        space(tmp_path).fingerprint(STEP, merge(given, given)),
    }
    assert len(marks) == 4
    assert space(tmp_path / "other", workers=4).fingerprint(STEP, given) in marks


def test_a_folder_belongs_to_the_command_that_claimed_it(tmp_path: Path) -> None:
    alone = space(tmp_path, only="filter")
    alone.claim(STEP, source(FILES, 20))
    alone.claim(STEP, source(FILES, 20))
    with pytest.raises(UserError, match="of another command, input or configuration"):
        alone.claim(STEP, source(FILES, 10))


def test_files_of_somebody_else_are_not_mixed_with_ours(tmp_path: Path) -> None:
    (tmp_path / "part-00007.parquet").touch()
    with pytest.raises(UserError, match="did not write"):
        space(tmp_path, only="filter").claim(STEP, source(FILES, 20))


def test_what_is_not_there_yet_is_pending_as_far_as_anybody_knows(tmp_path: Path) -> None:
    looking = space(tmp_path, dry=True)
    assert len(looking.pending(STEP, source(FILES, 20)) or ()) == 2
    assert looking.pending(STEP, Upstream("unknown", None)) is None
    assert looking.run(STEP, source(FILES, 20)).partitions is None
    assert not any(tmp_path.iterdir())
