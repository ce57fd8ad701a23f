"""The bytes of a page to text, whatever charset they claim to be in."""

import codecs
import re
from collections.abc import Iterator
from email.message import Message

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

# Longest first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Not characters of XML, or (U+FDD0 to U+FDEF) never characters at all: the extractor uses those as marks.
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Where the bytes of a page hold none of these, they hold none of those either, nor a byte order mark, nor an escape of
# ISO-2022 or HZ, whose bytes are valid UTF-8.
_CONTROLS = bytes(c for c in (*range(32), 127) if c not in b"\t\n\r")
_INVALID_C2 = re.compile(b"\xc2[\x80-\x84\x86-\x9f]")
_INVALID_EF = re.compile(b"\xef(?:\xb7|\xbb\xbf|\xbf[\xbe\xbf])")
_HZ = b"~{"
_SAMPLE = 1 << 16  # bytes that the detector reads


def decode(content: bytes, content_type: str = "") -> str:
    """The page as text, without NULs and what XML does not allow; never raises.

    In this order: a byte order mark; valid UTF-8 (other text is practically never valid by accident, so a lying
    label does no harm); the charsets of the HTTP header, of a meta tag and of a detector, the first that fits.
    If none fits: UTF-8 if most of what is not ASCII is valid, else the first of them with replacement characters.
    """
    text = _plain_utf8(content)
    if text is None:
        text = _INVALID.sub("", _decode(content, content_type))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _plain_utf8(content: bytes) -> str | None:
    """The text of valid UTF-8 without marks, escapes, and characters to be taken out: most pages, and fast to tell."""
    if len(content.translate(None, _CONTROLS)) < len(content) or (b"~" in content and _HZ in content):
        return None
    if not content.isascii() and (_INVALID_C2.search(content) or _INVALID_EF.search(content)):
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decode(content: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    candidates = list(_candidates(content, content_type))
    for encoding in _utf8_first(candidates):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = content.decode("utf-8", "replace")
    if 2 * text.count("\ufffd") <= sum(not char.isascii() for char in text):
        return text
    return content.decode(next((name for name in candidates if name != "utf-8"), "cp1252"), "replace")


def _candidates(content: bytes, content_type: str) -> Iterator[str]:
    """Python names of charsets, the more trusted first."""
    header = Message()
    header["content-type"] = content_type or "text/html"
    declared = header.get_param("charset")
    if isinstance(declared, str) and (name := map_encoding_to_html5(declared.strip(), fallback_utf8=False)):
        yield name
    for detected in (
        detect_encoding(content[:1024], from_html_meta=True),
        detect_encoding(content, max_len=_SAMPLE, from_html_meta=False),
    ):
        if detected:
            yield detected


def _utf8_first(candidates: list[str]) -> list[str]:
    """UTF-8 before all others, but for the 7-bit charsets, whose bytes are all valid UTF-8."""
    seven_bit = [name for name in candidates if name.lower().startswith(("iso-2022", "iso2022", "hz"))]
    return [*seven_bit, "utf-8", *candidates]
