"""The sample that the demo builds from: complete, well-formed, and free of accidental copies."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from lxml import html

SAMPLE = Path(__file__).resolve().parents[2] / "pipelines" / "sample"
PAGES = sorted((SAMPLE / "pages").glob("*.html"))
UNREADABLE = {"download-4711", "empty"}
NOT_UTF8 = {"suites-fr": "cp1252", "lhopital-rule": "cp1252", "calculus-drills": "utf-16"}
COPIES = [
    {"number-theory-notes", "number-theory-notes-print", "number-theory-notes-mirror"},
    {"derivative-rules", "derivative-rules-copy"},
]
SHINGLE, MOST_ALIKE = 5, 0.3


@cache
def source(name: str) -> str:
    return (SAMPLE / "pages" / f"{name}.html").read_bytes().decode(NOT_UTF8.get(name, "utf-8"))


@cache
def tree(name: str) -> html.HtmlElement:
    # lxml takes no str with an encoding declaration, so the declaration is cut off
    return html.document_fromstring(re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", source(name)))


@cache
def words(name: str) -> list[str]:
    texts = tree(name).xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    return " ".join(texts).lower().split()


@cache
def shingles(name: str) -> frozenset[str]:
    return frozenset(" ".join(words(name)[i : i + SHINGLE]) for i in range(len(words(name)) - SHINGLE + 1))


def readable() -> list[str]:
    return [page.stem for page in PAGES if page.stem not in UNREADABLE]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_there_are_enough_pages_and_they_are_small() -> None:
    assert len(PAGES) >= 40
    assert sum(file.stat().st_size for file in SAMPLE.rglob("*") if file.is_file()) < 400_000


@pytest.mark.parametrize("name", readable())
def test_a_page_is_a_whole_page(name: str) -> None:
    page = tree(name)
    links = page.xpath("//link[@rel='canonical']/@href")
    assert page.xpath("//title")
    assert page.xpath("//body")
    assert len(links) == 1
    assert re.match(r"https?://[^/]+\.example/", links[0])


def test_the_unreadable_pages_are_what_their_names_say() -> None:
    binary = (SAMPLE / "pages" / "download-4711.html").read_bytes()
    assert (SAMPLE / "pages" / "empty.html").read_bytes() == b""
    assert binary.count(0) > len(binary) / 2


def test_one_page_is_cut_off_in_the_middle_of_a_tag() -> None:
    assert re.search(r"<[^>]*$", source("broken-calculus"))


def test_encodings_and_what_the_pages_say_about_them() -> None:
    raw = {name: (SAMPLE / "pages" / f"{name}.html").read_bytes() for name in NOT_UTF8}
    assert b"charset=windows-1252" in raw["suites-fr"]
    assert "géométriques" in source("suites-fr")
    assert b"charset=utf-8" in raw["lhopital-rule"]
    with pytest.raises(UnicodeDecodeError):
        raw["lhopital-rule"].decode("utf-8")
    assert raw["calculus-drills"].startswith(b"\xff\xfe")


def test_languages() -> None:
    languages = Counter(tree(name).get("lang", "")[:2] for name in readable())
    assert languages["de"] == languages["fr"] == languages["zh"] == 1


def test_no_page_is_an_accidental_copy() -> None:
    for one, other in combinations(readable(), 2):
        if any({one, other} <= group for group in COPIES):
            continue
        a, b = shingles(one), shingles(other)
        assert not a & b or len(a & b) / len(a | b) < MOST_ALIKE, (one, other)


def test_the_copies_are_copies() -> None:
    pages = SAMPLE / "pages"
    assert (pages / "derivative-rules.html").read_bytes() == (pages / "derivative-rules-copy.html").read_bytes()
    for one, other in combinations(sorted(COPIES[0]), 2):
        a, b = shingles(one), shingles(other)
        assert 0.7 < len(a & b) / len(a | b) < 1


def xpath(query: str) -> Callable[[str], int]:
    return lambda name: len(tree(name).xpath(query))


def pattern(regex: str) -> Callable[[str], int]:
    return lambda name: len(re.findall(regex, source(name), re.DOTALL))


INLINE_DOLLAR = r"(?<![\\$])\$[^$<]+\$"
MARKUP: list[tuple[str, str, Callable[[str], int]]] = [
    ("dollars, MathJax 3", "derivative-rules", pattern(INLINE_DOLLAR)),
    ("dollars, MathJax 2", "regression-tutorial", pattern(INLINE_DOLLAR)),
    ("dollars, no configuration", "puzzle-archive", pattern(INLINE_DOLLAR)),
    ("parentheses", "number-theory-notes", pattern(r"\\\(.+?\\\)")),
    ("brackets", "number-theory-notes", pattern(r"\\\[.+?\\\]")),
    ("KaTeX auto-render", "projectile-physics", pattern(r"\\\(.+?\\\)")),
    ("KaTeX", "determinants-katex", xpath("//span[@class='katex']/span[@class='katex-mathml']//annotation")),
    ("KaTeX rendering", "determinants-katex", xpath("//span[@class='katex']/span[@class='katex-html']")),
    ("MathJax 2", "limits-lecture", xpath("//script[@type='math/tex']")),
    ("MathJax 2 display", "limits-lecture", xpath("//script[@type='math/tex; mode=display']")),
    ("MathJax 2 rendering", "limits-lecture", xpath("//span[@class='MathJax' and @data-mathml]")),
    ("MathJax 3", "eigenvalues-notes", xpath("//mjx-container//mjx-assistive-mml/math")),
    ("MathML, annotation", "gamma-annotation", xpath("//math/semantics/annotation[@encoding='application/x-tex']")),
    ("MathML, alttext", "basel-latexml", xpath("//math[@alttext][not(.//annotation)]")),
    ("MathML, presentation", "triangle-mathml", xpath("//math[not(@alttext)][not(.//annotation)]")),
    ("MediaWiki", "geometric-series-wiki", xpath("//span[@class='mwe-math-element']//math//annotation")),
    ("MediaWiki image", "geometric-series-wiki", xpath("//img[contains(@class, 'mwe-math-fallback-image')]")),
    ("math-container", "qa-integration-by-parts", xpath("//span[@class='math-container']")),
    ("pandoc", "conditional-probability", xpath("//span[@class='math inline' or @class='math display']")),
    ("Sphinx", "newton-method", xpath("//*[self::span or self::div][@class='math notranslate nohighlight']")),
    ("Discourse", "forum-sequences-thread", xpath("//*[self::span or self::div][@class='math']")),
    ("Zhihu", "zh-determinant", xpath("//span[@class='ztext-math' and @data-tex]")),
    ("latex.php, alt", "power-sums-wp", xpath("//img[contains(@src, 'latex.php?latex=')][@alt!='']")),
    ("latex.php, no alt", "telescoping-wp", xpath("//img[contains(@src, 'latex.php?latex=')][@alt='']")),
    ("$latex", "complex-numbers-feed", pattern(r"\$latex [^$]+\$")),
    ("CodeCogs", "forum-trig-codecogs", xpath("//img[contains(@src, 'latex.codecogs.com/gif.latex?')]")),
    ("LaTeX2HTML", "textbook-taylor", xpath("//img[starts-with(@alt, '$')]")),
    ("BBCode", "rc-circuit-bbcode", pattern(r"\[tex\].+?\[/tex\]")),
    ("sup and sub", "quadratics-supsub", xpath("//sup | //sub")),
]


@pytest.mark.parametrize(("kind", "name", "count"), MARKUP, ids=[row[0] for row in MARKUP])
def test_markup_kinds(kind: str, name: str, count: Callable[[str], int]) -> None:
    assert count(name) >= 5


def test_rarer_markup() -> None:
    assert source("homework-solutions").count(r"\begin{align") == 2
    assert source("homework-solutions").count(r"\tag{") == 3
    assert r"\newcommand{\abs}[1]" in source("vector-macros")
    assert "macros: {" in source("vector-macros")
    code = {name for name in readable() if tree(name).xpath("//pre/code[@class='language-python']")}
    assert code == {"newton-method", "regression-tutorial"}
    assert re.search(r"\$5\.99", source("finance-annuities"))


def test_the_benchmark_is_well_formed() -> None:
    questions = rows(SAMPLE / "benchmarks" / "sample.jsonl")
    assert 10 <= len(questions) <= 15
    assert len({row["id"] for row in questions}) == len(questions)
    for row in questions:
        assert (row["benchmark"], row["split"]) == ("sample", "test")
        assert row["question"]
        assert row["answer"]
        assert row["answer"] in row.get("options", [row["answer"]])
    assert 2 <= sum(len(str(row["question"]).split()) < 13 for row in questions) <= 3


def plain(text: object) -> list[str]:
    return re.findall(r"[a-z0-9]+", str(text).lower())


def test_three_pages_leak_a_question_and_no_other_page_does() -> None:
    questions = {row["id"]: " ".join(plain(row["question"])) for row in rows(SAMPLE / "benchmarks" / "sample.jsonl")}
    texts = {name: " ".join(plain(" ".join(words(name)))) for name in readable()}
    leaks = {(name, key) for name, text in texts.items() for key, question in questions.items() if question in text}
    assert leaks == {
        ("forum-sequences-thread", "sample-01"),
        ("puzzle-archive", "sample-12"),
        ("quiz-divisors", "sample-05"),
    }


def test_the_text_rows() -> None:
    texts = rows(SAMPLE / "texts.jsonl")
    assert 6 <= len(texts) <= 8
    assert all(row.keys() == {"url", "title", "text"} for row in texts)
    assert sum("$$" in str(row["text"]) for row in texts) >= 4
    first, second = (set(str(row["text"]).split()) for row in texts[:2])
    assert 0.9 < len(first & second) / len(first | second) < 1


def test_the_readme_names_every_page() -> None:
    named = set(re.findall(r"`([a-z0-9-]+)`", (SAMPLE / "README.md").read_text("utf-8")))
    named |= {f"number-theory-notes{name}" for name in named if name.startswith("-")}
    assert {page.stem for page in PAGES} <= named
