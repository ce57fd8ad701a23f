"""The rules of the house, read off the syntax trees."""

import ast
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
LAYERS = ("pipelines", "transforms", "models")  # each may import itself and what follows it
FILES = sorted(path for layer in LAYERS for path in (REPO / layer).rglob("*.py"))
BEAM_BASES = {"PTransform", "DoFn", "CombineFn", "NamedTuple"}  # a NamedTuple names a transform's outputs
COMPOSERS = {"pipelines/flows.py", "pipelines/partition.py"}  # they compose and run pipelines
MAX_MODULE, MAX_FUNCTION, MAX_GLUE = 300, 40, 6  # glue: from an element to the call of a plain function
UNBOUNDED = {"transforms/records.py"}  # one record and one schema after the other


def name_of(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found.add(node.module or "")
    return found


@pytest.fixture(params=FILES, ids=name_of)
def file(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def test_imports_never_go_back(file: Path, tree: ast.Module) -> None:
    layer = file.relative_to(REPO).parts[0]
    upward = set(LAYERS[: LAYERS.index(layer)])
    assert not {name.partition(".")[0] for name in imports(tree)} & upward


def test_beam_or_algorithm(file: Path, tree: ast.Module) -> None:
    if not any(name.startswith("apache_beam") for name in imports(tree)) or name_of(file) in COMPOSERS:
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert node.name.startswith("_"), f"{node.name} belongs beside this file"
            assert (node.end_lineno or 0) - node.lineno < MAX_GLUE, f"{node.name} is more than glue"
        if isinstance(node, ast.ClassDef):
            bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
            assert bases & BEAM_BASES, f"{node.name} is no part of a pipeline"


def test_models_know_no_beam(file: Path, tree: ast.Module) -> None:
    if name_of(file).startswith("models/"):
        assert not any(name.startswith("apache_beam") for name in imports(tree))


def test_sizes(file: Path, tree: ast.Module) -> None:
    if name_of(file) not in UNBOUNDED:
        assert len(file.read_text().splitlines()) <= MAX_MODULE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, f"{node.name} is too long"


def test_every_folder_of_tests_mirrors_the_code() -> None:
    mirrored = {p.parent.relative_to(REPO / "tests") for p in (REPO / "tests").rglob("test_*.py")}
    # figures over all the code, and a server that is none of ours
    assert {m for m in mirrored if not (REPO / m).is_dir()} <= {Path("quality"), Path("vllm")}
