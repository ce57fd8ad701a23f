from pathlib import Path

import pytest

from pipelines.config import CorpusConfig, load_config
from pipelines.errors import UserError


def load(tmp_path: Path, toml: str, **overrides: dict[str, object]) -> CorpusConfig:
    path = tmp_path / "corpus.toml"
    path.write_text(toml)
    return load_config(str(path), overrides)


def test_the_file_overlays_the_defaults_and_the_command_line_overlays_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, "[execute]\nwall_seconds = 7\ncpu_seconds = 3\n", execute={"cpu_seconds": 4})
    assert (config.execute.wall_seconds, config.execute.cpu_seconds) == (7, 4)
    assert config.filter == CorpusConfig().filter


def test_input_is_the_source_web_and_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[[sources]]\ninput = ["old"]\n[[sources]]\nname = "openwebmath"\ninput = ["s3://b/x"]\n')
    config = load_config(str(path), {}, ("new",))
    assert [(s.name, s.input) for s in config.sources] == [("web", ("new",)), ("openwebmath", ("s3://b/x",))]


def test_relative_inputs_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, '[[sources]]\ninput = ["pages/*.html"]\n[decontaminate]\nbenchmarks = "none"\n')
    assert config.sources[0].input == (str(tmp_path / "pages/*.html"),)
    assert config.decontaminate.benchmarks == "none"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[filter]\nlanguage = 'en'\n", "unknown key 'filter.language'"),
        ("[fliter]\n", "unknown key 'fliter'"),
        ("[execute]\ncpu_seconds = -1\n", "'execute.cpu_seconds': input should be greater"),
        ("[[sources]]\nname = 'translated'\ninput = ['x']\n", "is taken"),
        ("[filter\n", "not valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load(tmp_path, toml)


def test_a_missing_file_is_a_mistake_of_the_users(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the configuration"):
        load_config(str(tmp_path / "none.toml"), {})
