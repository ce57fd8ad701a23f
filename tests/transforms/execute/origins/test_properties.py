"""What holds for any code: nothing is raised, wrappers compute nothing, arithmetic computes."""

import ast
import contextlib
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.execute.origins import Origin, Reading, computed, read_code
from transforms.execute.origins.reader import read_python
from transforms.execute.origins.reading import shows

SOURCES = [json.loads(line)["code"] for line in (Path(__file__).parent / "forms.jsonl").read_text().splitlines()]
WORDS = sorted({word for source in SOURCES for word in source.replace("(", " ( ").replace(")", " ) ").split(" ")})
WRAPPERS = [
    *(
        "({} + 0)",
        "(1 * {})",
        "({}) ** 1",
        "({} - 0)",
        "-(-{})",
        "abs({})",
        "round({}, 9)",
        "float({})",
        "float(str({}))",
    ),
    *("[{}][0]", "(7, {})[1]", "max([{}])", "sum([{}])", "dict(a={})['a']", "{{'a': {}}}.get('a')", "[{}].pop()"),
    *("(lambda v: v)({})", "(lambda v={}: v)()", "({} if True else 7)", "(None or {})", "next(iter([{}]))"),
    *("[v for v in [{}]][0]", "copy.deepcopy({})", "np.float64({})", "np.array([{}])[0]", "float('%s' % {})"),
    *(
        "float(f'{{{}}}')",
        "(w := {})",
        "json.loads(json.dumps([{}]))[0]",
        "Box({}).v",
        "same(x={})",
        "list(map(float, [{}]))[0]",
    ),
]
HEAD = "class Box:\n    def __init__(self, v):\n        self.v = v\ndef same(x):\n    return x\n"
LEAVES = st.integers(2, 99).map(str)
SUMS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
)


@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.floats(0, 1), st.sampled_from(WORDS)), max_size=4))
@settings(deadline=None)
def test_odd_code_raises_nothing(source: str, changes: list[tuple[float, str]]) -> None:
    words = source.split(" ")
    for place, word in changes:
        words[int(place * (len(words) - 1))] = word
    code = " ".join(words)
    with contextlib.suppress(SyntaxError, ValueError):
        ast.parse(code)
        reading = read_python(code)
        assert Reading.from_json(reading.to_json()) == reading


@given(st.text(), st.sampled_from(["python", "octave"]))
def test_any_text_raises_nothing(code: str, language: str) -> None:
    read_code(code, language)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["prints", "loose", "tail", "rounded", "atoms"]), inner)
    ),
)


@given(st.text() | JSON.map(json.dumps))
def test_anything_is_some_reading(text: str) -> None:
    reading = Reading.from_json(text)
    assert Reading.from_json(reading.to_json()) == reading


@given(st.text(), st.lists(st.text(max_size=3), max_size=4).map(tuple))
def test_any_text_may_be_stated(stated: str, atoms: tuple[str, ...]) -> None:
    shows(Origin(atoms, operated=True), stated)


@given(st.decimals("0.01", "9999", places=2), st.lists(st.sampled_from(WRAPPERS), max_size=6), st.booleans())
@settings(deadline=None)
def test_wrappers_compute_nothing(value: object, wrappers: list[str], named: bool) -> None:
    lines = [HEAD + "import copy, json\nimport numpy as np"]
    shown = str(value)
    for number, wrapper in enumerate(wrappers):
        shown = wrapper.replace("{}", shown).replace("{{", "{").replace("}}", "}")
        if named or "'" in wrapper or "w :=" in wrapper:
            lines.append(f"a{number} = {shown}")
            shown = f"a{number}"
    assert not computed(read_code("\n".join([*lines, f"print({shown})"])).candidates(0, 1), str(value))


@given(SUMS.filter(lambda text: not text.isdigit()), st.booleans())
@settings(deadline=None)
def test_arithmetic_computes(text: str, named: bool) -> None:
    code = f"def f():\n    return {text}\nprint(f())" if named else f"print({text})"
    assert computed(read_code(code).candidates(0, 1), str(eval(text)))
