"""The configuration of a corpus: Python defaults are the recipe, a TOML file overlays them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fsspec
from pydantic import Field, ValidationError, model_validator

from pipelines.errors import UserError
from transforms.assemble.config import AssembleConfig
from transforms.classify.config import ClassifyConfig
from transforms.decontaminate.config import DecontaminateConfig
from transforms.dedup.config import DedupConfig
from transforms.execute.config import ExecuteConfig
from transforms.extract.config import ExtractConfig
from transforms.filter.config import FilterConfig
from transforms.label.config import LabelConfig
from transforms.read.config import ReadConfig
from transforms.records import SOURCE
from transforms.select.config import SelectConfig
from transforms.settings import Settings
from transforms.shards.config import ShardsConfig
from transforms.translate.config import TranslateConfig

Tables = Mapping[str, Mapping[str, Any]]  # table → key → value


class Source(Settings):
    """A named set of inputs: `web` holds pages, the others hold texts."""

    name: str = Field("web", pattern=f"^{SOURCE.pattern}$")
    input: tuple[str, ...] = Field(min_length=1, description="files, globs or folders")

    @model_validator(mode="after")
    def _not_a_component_of_ours(self) -> "Source":
        if self.name == "translated":
            raise ValueError("the name 'translated' is taken by the component that the build makes")
        return self


class PartitionConfig(Settings):
    """How the input is cut into units of resume; it does not depend on the number of workers."""

    bytes: int = Field(256_000_000, gt=0, description="input files are grouped up to this size, as stored")
    files: int = Field(1, gt=0, description="Parquet files that one partition of a stage is written to")


class CorpusConfig(Settings):
    """Everything that decides what a corpus contains, one table for each stage."""

    sources: tuple[Source, ...] = ()
    partition: PartitionConfig = PartitionConfig()
    read: ReadConfig = ReadConfig()
    select: SelectConfig = SelectConfig()
    extract: ExtractConfig = ExtractConfig()
    classify: ClassifyConfig = ClassifyConfig()
    filter: FilterConfig = FilterConfig()
    dedup: DedupConfig = DedupConfig()
    decontaminate: DecontaminateConfig = DecontaminateConfig()
    translate: TranslateConfig = TranslateConfig()
    execute: ExecuteConfig = ExecuteConfig()
    assemble: AssembleConfig = AssembleConfig()
    shards: ShardsConfig = ShardsConfig()
    label: LabelConfig = LabelConfig()

    @model_validator(mode="after")
    def _sources_have_names_of_their_own(self) -> "CorpusConfig":
        names = [source.name for source in self.sources]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two sources have the name '{min(twice)}': name each, or list the inputs in one")
        return self


def load_config(path: str | None, overrides: Tables, web: tuple[str, ...] = ()) -> CorpusConfig:
    """The defaults, overlaid with the TOML file at `path`, then with `overrides` and with the inputs of source `web`.

    Raises `UserError` for a file that cannot be read, is not TOML, or holds unknown keys or values out of range.
    """
    tables = _read_toml(path) if path else {}
    parse_config(tables, path or "command line")  # before anything is overlaid on values of a wrong type
    for table, values in overrides.items():
        tables[table] = {**tables.get(table, {}), **values}
    if web:
        others = [s for s in tables.get("sources", []) if s.get("name", "web") != "web"]
        tables["sources"] = [{"name": "web", "input": web}, *others]
    return parse_config(tables, path or "command line")


def parse_config(tables: Mapping[str, Any], where: str) -> CorpusConfig:
    """The configuration in `tables`; raises `UserError` that names every wrong key."""
    try:
        return CorpusConfig.model_validate(tables)
    except ValidationError as error:
        wrong = "; ".join(_describe(e["loc"], e["msg"]) for e in error.errors())
        raise UserError(f"{where}: {wrong}") from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    key = ".".join(map(str, location))
    if message.startswith("Extra inputs"):
        return f"unknown key '{key}'"
    return f"'{key}': {message[:1].lower()}{message[1:]}"


def _read_toml(path: str) -> dict[str, Any]:
    try:
        with fsspec.open(path, "rb") as stream:
            return _from_here(tomllib.loads(stream.read().decode()), path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}") from None
    except (OSError, ValueError, ImportError) as error:
        raise UserError(f"cannot read the configuration {path}: {error}") from None


def _from_here(tables: dict[str, Any], path: str) -> dict[str, Any]:
    """Relative inputs of a local configuration file are relative to that file, wherever the command is run."""
    if "://" in path:
        return tables
    folder = Path(path).resolve().parent

    def absolute(name: str) -> str:
        return name if "://" in name or name in ("", "none") else str(folder / name)

    for table, key in (("decontaminate", "benchmarks"), ("select", "model"), ("classify", "model")):
        settings = tables.get(table)
        if isinstance(settings, dict) and isinstance(settings.get(key), str):
            settings[key] = absolute(settings[key])
    sources = tables.get("sources")
    for source in sources if isinstance(sources, list) else ():
        if isinstance(source, dict) and isinstance(source.get("input"), list):
            source["input"] = [absolute(name) if isinstance(name, str) else name for name in source["input"]]
    return tables
