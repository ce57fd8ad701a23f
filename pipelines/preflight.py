"""What can be found wrong before anything starts, so that a user's mistake leaves nothing half-written."""

import os
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from rich.console import Console

from models import classifier
from pipelines.config import CorpusConfig
from pipelines.errors import UserError
from transforms.decontaminate.benchmarks import load_benchmarks
from transforms.execute.jail import check as check_sandbox
from transforms.files import InputFile, join, remove, write_atomically
from transforms.inputs import ending, list_inputs
from transforms.read.rows import columns
from transforms.records import Computation, Document, Page, Translated

NEEDS = {
    "select": ("content",),
    "extract": ("content",),
    "translate": ("id", "text"),
    "execute": ("code", "result"),
    "assemble": ("document_id", "code", "result"),
}
ROWS = {
    "select": Page,
    "extract": Page,
    "execute": Computation,
    "assemble": Computation,
    "decontaminate_final": Translated,
}


def check_build(config: CorpusConfig, output: str) -> None:
    """Raises `UserError` or its like for a build that could not end well."""
    if not config.sources:
        raise UserError("nothing to read: give --input, or [[sources]] in --config")
    for source in config.sources:
        check_inputs(list_inputs(source.input), output)
    for stage in ("select", "classify", "decontaminate"):
        check_stage(config, stage)
    if config.translate.translator != "none":
        check_stage(config, "translate")
        check_stage(config, "execute")


def check_stage(config: CorpusConfig, name: str) -> None:
    """Raises `UserError` or its like where the stage lacks something that it needs to run."""
    match name:
        case "decontaminate" | "decontaminate_final":
            if not config.decontaminate.benchmarks:
                raise UserError(
                    "no benchmarks: give --benchmarks DIR, or --benchmarks none to leave leaked questions in"
                )
            load_benchmarks(config.decontaminate.benchmarks)
        case "select" | "classify":
            model = getattr(config, name).model
            try:
                classifier.load(model or classifier.shipped(name))
            except (OSError, ValueError, ImportError) as error:
                raise UserError(f"cannot load the model of {name} {model}: {error}") from None
        case "translate" if config.translate.translator == "none":
            raise UserError("stage translate needs a translator: symbolic or vllm")
        case "label":
            if not (config.label.endpoints and config.label.model):
                raise UserError("label needs a served model: give --endpoint URL and --model NAME")
        case "execute":
            check_sandbox(config.execute)
        case _:
            pass


def check_inputs(files: Sequence[InputFile], output: str) -> None:
    """Raises `UserError` where the output lies in the input: a second run would take its own rows for pages."""
    root = output if "://" in output else os.path.abspath(output)
    if inside := [file.path for file in files if file.path.startswith(root.rstrip("/") + "/")]:
        raise UserError(f"{inside[0]} is an input and lies in --output {output}: choose another --output")


def check_columns(name: str, files: Sequence[InputFile], console: Console) -> None:
    """Raises `UserError` where rows lack a column that the stage needs; warns once of columns that nobody reads."""
    record: type[Any] = ROWS.get(name, Document)
    needed = NEEDS.get(name, ("text",))
    unknown: set[str] = set()
    for file in files:
        if not ending(file.path).startswith((".jsonl", ".parquet")):
            if record is not Page:
                raise UserError(f"{file.path} holds pages, but stage {name} reads rows: run stage extract on it first")
            continue
        found = columns(file)
        if not found:  # empty or damaged: the stage counts it as such
            continue
        if missing := [column for column in needed if column not in found]:
            has = ", ".join(sorted(found))
            raise UserError(f"{file.path} has no column '{missing[0]}', which stage {name} needs; it has {has}")
        unknown |= found - {f.name for f in fields(record)}
    if unknown:
        console.print(f"warning: columns that stage {name} does not know are ignored: {', '.join(sorted(unknown))}")


def check_output(folder: str) -> None:
    """Raises `InputError` where nothing can be written to the folder."""
    probe = join(folder, "_probe")
    write_atomically(probe, b"")
    remove(probe)
