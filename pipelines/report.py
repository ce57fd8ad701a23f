"""`report.html`: one file that works offline and runs nothing, of a build or of two builds compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines import report_data as data
from pipelines.counts import StageCount
from pipelines.funnel import COMPUTATIONS, format_seconds, share, sorted_reasons, unit
from pipelines.show import printable
from transforms.files import join, write_atomically
from transforms.records import Verdict

N = TypeVar("N", int, float)
_VERDICTS = tuple(reversed(Verdict))
_CHARACTERS = 1500  # of one value in an example


def write_report(root: str, manifest: Mapping[str, Any]) -> None:
    """Writes `report.html` into the folder of a build."""
    _write(join(root, "report.html"), "report.html.j2", _report(root, data.Manifest.model_validate(manifest)))


def rewrite_report(root: str) -> str:
    """The report of a finished build anew; returns its path. Raises `UserError` where there is no finished build."""
    write_report(root, data.read_manifest(root))
    return join(root, "report.html")


def compare_reports(root_a: str, root_b: str, output: str) -> str:
    """Writes what differs between two finished builds to `output`, which it returns; raises like `rewrite_report`."""
    builds = [data.Manifest.model_validate(data.read_manifest(root)) for root in (root_a, root_b)]
    _write(output, "compare.html.j2", _comparison((root_a, root_b), builds))
    return output


@dataclass(frozen=True, slots=True)
class Pair:
    """One number of two builds."""

    name: str
    a: int
    b: int

    @property
    def change(self) -> str:
        """The difference with its sign, and as a share of the first; "" if there is none."""
        if self.a == self.b:
            return ""
        relative = f" ({100 * (self.b - self.a) / self.a:+,.1f}%)" if self.a else ""
        return f"{self.b - self.a:+,}{relative}"


def _report(root: str, manifest: data.Manifest) -> dict[str, Any]:
    executions = data.executions(root, manifest)
    widest = dict.fromkeys((False, True), 1)
    for count in manifest.funnel:
        snippets = unit(count.stage) == COMPUTATIONS
        widest[snippets] = max(widest[snippets], count.rows_in)
    return {
        "manifest": manifest,
        "components": data.components(root, manifest),
        "widest": widest,
        "seconds": _sum((stage.name, stage.seconds) for stage in manifest.stages),
        "examples": data.drop_examples(root, manifest),
        "bins": data.histogram(root, manifest),
        "contamination": data.contamination(root, manifest),
        "calls": data.calls(root, manifest),
        "executions": executions,
        "statuses": sorted({status for status, _ in executions.outcomes}, key=_ok_first),
        "verdicts": _VERDICTS,
        "config": to_toml(manifest.config),
        "digests": [(stage, _digests(stage.identity)) for stage in manifest.stages],
    }


def _comparison(roots: tuple[str, str], builds: Sequence[data.Manifest]) -> dict[str, Any]:
    components, calls, verdicts, leaks, rows, reasons = [], [], [], [], [], []
    for root, manifest in zip(roots, builds, strict=True):
        components.append(_component_numbers(data.components(root, manifest)))
        calls.append(data.calls(root, manifest).numbers)
        verdicts.append(_sum((verdict, n) for (_, verdict), n in data.executions(root, manifest).outcomes.items()))
        leaks.append(_sum((name, n) for (name, _), n in data.contamination(root, manifest).counts.items()))
        rows.append({count.stage: count for count in manifest.funnel})
        reasons.append({f"{c.stage}: {reason}": n for c in manifest.funnel for reason, n in c.dropped.items()})
    empty = StageCount(stage="", rows_in=0, rows_out=0)
    return {
        "roots": roots,
        "builds": builds,
        "funnel": [(stage, *(r.get(stage, empty) for r in rows)) for stage in _union(*rows)],
        "outputs": {p.name: p for p in _pairs(*({s: c.rows_out for s, c in r.items()} for r in rows))},
        "same": _same(*builds),
        "reasons": _pairs(*reasons),
        "components": _pairs(*components),
        "calls": _pairs(*calls),
        "verdicts": _pairs(*verdicts),
        "leaks": _pairs(*leaks),
        "config": _differences(*(flatten(build.config) for build in builds)),
        "packages": _differences(*(flatten({**build.packages, "sandbox": build.sandbox}) for build in builds)),
    }


def _same(a: data.Manifest, b: data.Manifest) -> set[str]:
    """The stages whose fingerprints are the same in both: one for each source that has its own run of the stage."""
    marks = [[(stage.name, stage.fingerprint) for stage in build.stages] for build in (a, b)]
    different = {name for name, _ in set(marks[0]) ^ set(marks[1])}
    return {name for name, _ in marks[0]} - different


def _component_numbers(components: Iterable[data.Component]) -> dict[str, int]:
    names = ("documents", "tokens", "formulas", "computations", "bytes")
    return {f"{c.name}: {name}": getattr(c, name) for c in components for name in names}


def _pairs(a: Mapping[str, int], b: Mapping[str, int]) -> list[Pair]:
    return [Pair(name, a.get(name, 0), b.get(name, 0)) for name in _union(a, b)]


def _differences(a: Mapping[str, str], b: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(k, a.get(k, ""), b.get(k, "")) for k in _union(a, b) if a.get(k) != b.get(k)]


def _union(a: Iterable[str], b: Iterable[str]) -> list[str]:
    """The names of both; those that only the second has stand behind."""
    return list(dict.fromkeys([*a, *b]))


def _sum(items: Iterable[tuple[str, N]]) -> dict[str, N]:
    sums: dict[str, N] = {}
    for name, number in items:
        sums[name] = sums[name] + number if name in sums else number
    return sums


def _ok_first(status: str) -> tuple[bool, str]:
    return status != "ok", status


def _digests(identity: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Versions and digests in a stage's identity: all else of it stands in the configuration."""
    wanted = ("version", "digest", "tokenizer")
    return [(name, value) for name, value in flatten(identity).items() if name.endswith(wanted)]


def flatten(tables: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested tables as dotted names with JSON values; strings stay bare."""
    flat: dict[str, str] = {}
    for name, value in tables.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return flat


def to_toml(config: Mapping[str, Any]) -> str:
    """A configuration (tables, and lists of tables) as the TOML file that gives it; None is left out."""
    blocks = []
    for name, value in config.items():
        if isinstance(value, Mapping):
            blocks.append(f"[{name}]\n{_toml_lines(value)}")
        else:
            blocks += [f"[[{name}]]\n{_toml_lines(table)}" for table in value]
    return "\n".join(blocks)


def _toml_lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in table.items() if v is not None)


def _write(path: str, template: str, values: Mapping[str, Any]) -> None:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "value": _value, "bytes": _bytes, "reasons": sorted_reasons}
    environment.globals |= {"share": share, "unit": unit, "format_seconds": format_seconds}
    write_atomically(path, environment.get_template(template).render(values).encode())


def _finalize(value: object) -> object:
    """Whatever a page wrote comes out as characters that only stand there."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _number(number: float | None, digits: int = 0) -> str:
    return "" if number is None else f"{number:,.{digits}f}"


def _bytes(number: float) -> str:
    for name in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:,.0f} {name}" if name == "B" else f"{number:,.1f} {name}"
        number /= 1000
    return f"{number:,.1f} GB"


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}… ({len(text) - _CHARACTERS:,} more characters)"
