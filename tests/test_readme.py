"""The README is true: its tree is the tree, and its commands run (those that build are run by other tests)."""

import ast
import os
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
README = REPO / "README.md"
BEGIN, END = "<!-- tree -->\n```\n", "```\n<!-- /tree -->"


def tree() -> str:
    """One line for each file: its path, and the first line of its docstring."""
    lines = []
    for layer in ("pipelines", "transforms", "models"):
        for path in sorted((REPO / layer).rglob("*.py")):
            name = path.relative_to(REPO).as_posix()
            summary = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0].rstrip(".")
            if path.name == "__init__.py":
                name = name.removesuffix("__init__.py")
            lines.append(f"{name:<40} {summary}\n")
    return "".join(lines)


def test_the_tree_has_a_line_for_every_file() -> None:
    """Run with UPDATE_README=1 to write the tree anew."""
    text = README.read_text()
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    if os.environ.get("UPDATE_README"):
        README.write_text(before + BEGIN + tree() + END + after)
    else:
        assert shown == tree()


def commands() -> list[str]:
    """The lines of the README's shell blocks that call our program."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.partition("#")[0].strip() for line in lines if "mathcode-pile" in line]


@pytest.mark.parametrize("line", commands())
def test_every_command_is_understood(line: str) -> None:
    from pipelines.cli import make_parser, split_beam

    ours, _ = split_beam(line.split("mathcode-pile", 1)[1].split())
    make_parser().parse_args(ours)


def test_every_make_target_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (REPO / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`?make ([a-z-]+)", README.read_text())) <= set(targets)


@pytest.mark.pipeline
def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.startswith("ok 42\n")
    assert '"equal": true' in shown
