import pytest

from transforms.extract.macros import configured, split_definitions


@pytest.mark.parametrize(
    ("latex", "definitions", "rest"),
    [
        ("x", [], "x"),
        (r"\newcommand{\R}{\mathbb{R}}", [r"\newcommand{\R}{\mathbb{R}}"], ""),
        (r"\newcommand\R{\mathbb R} \R^n", [r"\newcommand\R{\mathbb R}"], r"\R^n"),
        (r"\renewcommand{\v}[1]{{\bf #1}}", [r"\renewcommand{\v}[1]{{\bf #1}}"], ""),
        (r"\def\a#1#2{#1_{#2}}\let\b=\beta x", [r"\def\a#1#2{#1_{#2}}", r"\let\b=\beta"], "x"),
        (r"\DeclareMathOperator*{\argmin}{arg\,min}", [r"\DeclareMathOperator*{\argmin}{arg\,min}"], ""),
        (r"\newcommand{\R}{unbalanced", [], r"\newcommand{\R}{unbalanced"),
        (r"\definition", [], r"\definition"),
    ],
)
def test_split_definitions(latex: str, definitions: list[str], rest: str) -> None:
    assert split_definitions(latex) == (definitions, rest)


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        (
            r'TeX: {Macros: {RR: "{\\bf R}", "v": ["{\\bf #1}", 1]}}',
            [r"\newcommand{\RR}{{\bf R}}", r"\newcommand{\v}[1]{{\bf #1}}"],
        ),
        (
            r"""macros: {"\\E": "\\mathbb{E}", '\\d' : '\\,d'}""",
            [r"\newcommand{\E}{\mathbb{E}}", r"\newcommand{\d}{\,d}"],
        ),
        ("var macros = 1; f({a: 2})", []),
    ],
)
def test_configured(script: str, lines: list[str]) -> None:
    assert configured(script) == lines
