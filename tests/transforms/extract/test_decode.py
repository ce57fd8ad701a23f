import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.decode import decode

META = '<meta charset="windows-1251">'
GERMAN = "Die Größe “x” ist für alle Zahlen gleich, und die Lösung heißt schön. " * 5
RUSSIAN = "Решение уравнения второй степени находится по формуле дискриминанта. " * 5
CHINESE = "我们证明这个方程的解是唯一的，并且给出计算方法。" * 5


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (GERMAN.encode("utf-8"), "text/html; charset=utf-8", GERMAN),
        (GERMAN.encode("utf-8"), "text/html; charset=iso-8859-1", GERMAN),
        ("schön".encode(), "text/html; charset=iso-8859-1", "schön"),
        (GERMAN.encode("utf-8"), "", GERMAN),
        (GERMAN.encode("cp1252"), "text/html; charset=utf-8", GERMAN),
        (GERMAN.encode("cp1252"), "text/html; charset=ISO-8859-1", GERMAN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "", RUSSIAN),
        (RUSSIAN.encode("koi8-r"), 'text/html; charset="koi8-r"', RUSSIAN),
        (
            b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"),
            "text/html",
            '<meta charset="windows-1251">' + RUSSIAN,
        ),
        (CHINESE.encode("gb18030"), "text/html; charset=gb2312", CHINESE),
        (CHINESE.encode("gb18030"), "text/html; charset=no-such-charset", CHINESE),
        (CHINESE.encode("iso2022_jp_2", "ignore"), "text/html; charset=iso-2022-jp", None),
        (codecs.BOM_UTF8 + GERMAN.encode(), "text/html; charset=latin-1", GERMAN),
        (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), "", GERMAN),
        (codecs.BOM_UTF32_LE + GERMAN.encode("utf-32-le"), "", GERMAN),
        (b"a\0b\x01c\r\nd", "", "abc\nd"),
        (b"", "text/html; charset", ""),
    ],
)
def test_decode(content: bytes, content_type: str, expected: str | None) -> None:
    assert decode(content, content_type) == expected or expected is None


def test_a_few_broken_bytes_leave_utf8_as_it_is() -> None:
    content = RUSSIAN.encode()[:-1] + b"\xd0 more"
    assert decode(content, "text/html; charset=utf-8").startswith(RUSSIAN[:300])


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html; charset=utf-16", "x; charset=\x00", "text/html; charset=hz"]),
)
def test_nothing_raises_and_nothing_invalid_remains(content: bytes, content_type: str) -> None:
    text = decode(content, content_type)
    assert not set(text) & set("\0\x0b\ufffe\ufdd0\ufdd1\r")
    text.encode("utf-8")
