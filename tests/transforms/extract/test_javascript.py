r"""Literals read out of scripts, and that any script at all is read in time linear in its length."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.javascript import OPAQUE, calls, settings, unquoted


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ('{"key": [1, "a", true, null]}', [[1, "a", True, None]]),
        ("key: {a: 'b', 'c': `d`, e: [1,],}", [{"a": "b", "c": "d", "e": [1]}]),
        ("x.key = 'a' + \"b\";", ["ab"]),
        ("key: 'it\\'s'", ["it's"]),
        ("key: '\\\\alpha \\u03b1 \\x41'", [r"\alpha α A"]),
        ("key: String.raw`\\alpha`", [r"\alpha"]),
        ("/* key: 1 */ // key: 2\nkey: 3", [3]),
        ("url: 'http://a.test', key: 1", [1]),
        ("key: {f: function () { return {a: 1}; }, g: 2}", [{"f": OPAQUE, "g": 2}]),
        ("key: {a: x ? 1 : 2, b: foo(1, [2]), c: 3}", [{"a": OPAQUE, "b": OPAQUE, "c": 3}]),
        ("a.key == 1; monkey: 2; key-x: 3", []),
        ("key: 1, key: 2", [1, 2]),
        ("key: {a: 1", [{"a": 1}]),
        ("key:", [OPAQUE]),
    ],
)  # fmt: skip
def test_settings(script: str, values: list[object]) -> None:
    assert [value for _, value in settings(script, "key")] == values


def test_calls() -> None:
    script = "/* f(0) */ f('a', x.y('b'), {c: true}); g(1); f();"
    code, found = calls(script, "f")
    assert [call.arguments for call in found] == [["a", OPAQUE, {"c": True}], []]
    assert found[0].sources[1] == "x.y('b')"
    assert code[found[0].start :].startswith("f('a'")


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\x08\x0c"), max_size=6)
JSON = st.recursive(
    st.one_of(st.booleans(), st.none(), st.integers(-99, 99), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


@given(JSON)
def test_json_is_read_as_it_is(value: object) -> None:
    assert next(settings(json.dumps({"key": value}, ensure_ascii=False), "key"))[1] == value


@given(st.text(st.sampled_from("key:[]{}(),'\"`\\/*+ a1\n$.")))
def test_soup_never_fails(script: str) -> None:
    list(settings(script, "key"))
    calls(script, "key")


@given(TEXT)
def test_strings_come_back(text: str) -> None:
    assert unquoted(json.dumps(text, ensure_ascii=False)) == text


@pytest.mark.parametrize(
    "bait", ["key: [", "key: {a:", '"\\"', "'", "`", "/*", "key: [x ", "key:{a b", "key(", 'key:"a"+', "/"]
)
def test_bait_takes_linear_time(bait: str) -> None:
    start = time.process_time()
    list(settings(bait * 30_000, "key"))
    calls(bait * 30_000, "key")
    assert time.process_time() - start < 3
