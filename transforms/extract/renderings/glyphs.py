"""What the fonts and drawings of renderings stand for, as Unicode characters.

All of it was read off what the renderers write for each command. A drawing is known by its path: an arrow by the
first numbers, a tall delimiter by the letters of the path's commands, `v` after `v` left out: they stay the same at
every height.
"""

import re
import unicodedata

from lxml.etree import _Element

from transforms.extract.tree import name

NOT = "\u0338"
# Characters of KaTeX's fonts without a code point in Unicode (`\not` is one, to be put over the next character), and
# MathJax's `\square`.
PRIVATE = {
    0xE020: NOT, 0xE010: "≰", 0xE011: "≰", 0xE00C: "≨", 0xE006: "∤", 0xE007: "∦", 0xE01A: "⊊", 0xE017: "⫋",
    0xE00F: "≱", 0xE00E: "≱", 0xE00D: "≩", 0xE018: "⊉", 0xE016: "⊈", 0xE01B: "⊋", 0xE019: "⫌", 0xE131: "ı",
    0xE237: "ȷ", 0x25FB: "□",
}  # fmt: skip

_FIRST = re.compile(r"M\s*([\d.]+)[\s,]+([\d.]+)")
_ARROWS = {
    ("M0 241",): "→", ("M400000 241",): "←", ("M400000 241", "M0 241"): "↔", ("M399738 392",): "⇒",
    ("M262 157",): "⇐", ("M262 157", "M399738 392"): "⇔", ("M0 267",): "↼",
    ("M399747 511",): "⇁", ("M7 241",): "↽", ("M400000 281", "M0 241"): "↪", ("M400000 241", "M399859 241"): "↩",
    ("M40 281", "M0 241"): "↦", ("M40 241", "M0 241"): "↦", ("M0 147", "M400000 167"): "⇄", ("M0 147",): "⇄",
    ("M400000 167",): "↠", ("M0 167",): "↞", ("M7 435", "M0 241"): "⇌", ("M0 267", "M399747 705"): "⇋",
    ("M0 50",): "=", ("M0 80",): "‾", ("M400000 620", "M0 241"): "⇄", ("M1 500", "M400000 167"): "⇄",
    ("M400000 80", "M0 80"): "⏠", ("M400000 262", "M0 262"): "⏡",
    ("M6 548", "M200428 334", "M400000 542"): "⏞", ("M0 6", "M199572 214", "M399994 0"): "⏟",
    ("M0 440", "M399995 440"): "⎴", ("M0 0", "M399995 0"): "⎵", ("M377 20",): "→",
    ("M529 0",): "^", ("M1181 0",): "^", ("M529 159",): "ˇ", ("M1181 220",): "ˇ", ("M1181 280",): "ˇ",
    ("M1181 340",): "ˇ", ("M200 55.538",): "~", ("M344 55.266",): "~", ("M786 59",): "~", ("M786 58",): "~",
    ("M512.6 71.6",): "∯", ("M681.4 71.6",): "∰",
}  # fmt: skip
_TALL = {
    "Mcccccclccccccccccclccccz": "(", "Mccccccclcccccccccccclccccz": ")", "MVHVHVvhvHzMVHVvhz": "[",
    "MVHVHVvHvHzMVHVvhz": "]", "MvccvcczMHvhz": "|", "MvccvcczMHvhzMvccvcczMHvhz": "‖",
    "MVHVvhvHzMMVHVvHz": "⌊", "MVHVvHvHzMMVHVvHz": "⌋", "MVHVHVvhzMVHVvhz": "⌈", "MVHVHVvhzMVhVvhz": "⌉",
}  # fmt: skip
# The pieces of a tall delimiter, all that must be there, and what they make; the first that fits.
_PIECES = (
    ("⎧⎨", "{"), ("⎫⎬", "}"), ("⎧⎭", "⎰"), ("⎫⎩", "⎱"), ("⎧⎩", "⟮"), ("⎫⎭", "⟯"), ("⎛", "("), ("⎝", "("), ("⎜", "("),
    ("⎞", ")"), ("⎠", ")"), ("⎟", ")"), ("⎡⎣", "["), ("⎤⎦", "]"), ("⎡", "⌈"), ("⎤", "⌉"), ("⎣", "⌊"), ("⎦", "⌋"),
    ("⎨", "{"), ("⎬", "}"), ("↑↓", "↕"),
    ("←→", "↔"), ("⇐⇒", "⇔"), ("←", "←"), ("→", "→"), ("⇐", "⇐"), ("⇒", "⇒"),
    ("⇑⇓", "⇕"), ("↑", "↑"), ("↓", "↓"), ("⇑", "⇑"), ("⇓", "⇓"),
    ("∥", "‖"), ("‖", "‖"), ("∣", "|"), ("|", "|"), ("⎢", "["), ("⎥", "]"),
)  # fmt: skip
_EXTENDERS = frozenset("−–—―-=¯‾_⏞⏟")
_MIDDLES = frozenset("∣∥⎢⎥⎜⎟")
_DRAWN = _EXTENDERS | frozenset("⎪⏐") | {piece for pieces, _ in _PIECES for piece in pieces}


def from_pieces(text: str) -> str:
    """The delimiter or arrow that pieces make: `⎧⎪⎨⎪⎩` is `{`, `−−→` is `→`; any other text is that itself."""
    drawn = "".join(text.split())
    characters = set(drawn)
    if not characters <= _DRAWN or (len(drawn) < 2 and drawn not in _MIDDLES):
        return text
    return next((whole for pieces, whole in _PIECES if characters.issuperset(pieces)), drawn[:1])


def from_drawing(element: _Element) -> str:
    """The character that the SVG inside an element draws, "" if it is none that is known."""
    paths = [child.get("d") or "" for child in element.iter() if name(child) == "path"]
    if not paths:
        return ""
    known = _ARROWS.get(tuple(_first(path) for path in paths))
    if known == "→" and len(paths) == 1 and re.match(r"M\s*0[\s,]+241\s*v40\s*h3999", paths[0]):
        return "⇀"
    return known or _TALL.get(re.sub("v+", "v", re.sub("[^A-Za-z]", "", paths[0])), "")


def _first(path: str) -> str:
    match = _FIRST.match(path)
    return f"M{match[1]} {match[2]}" if match else ""


def _alphabets() -> dict[str, tuple[str, str]]:
    """The letters of Unicode's mathematical alphabets: the plain letter, and the alphabet as `mathvariant`."""
    found = {}
    for char in map(chr, (0x210E, *range(0x1D400, 0x1D800))):
        kind, _, plain = unicodedata.decomposition(char).partition(" ")
        if kind == "<font>":
            words = unicodedata.name(char) if char != "\u210e" else "ITALIC"
            shape = next((word.lower() for word in _SHAPES if word in words), "")
            bold, italic = "BOLD" in words, "ITALIC" in words
            if shape == "sans-serif":
                variant = (
                    "bold-sans-serif" if bold and not italic else "-".join(["sans-serif", *_weights(bold, italic)])
                )
            else:
                variant = "-".join([*_weights(bold, italic), *([shape] if shape else [])])
            found[char] = chr(int(plain, 16)), variant
    return found


def _weights(bold: bool, italic: bool) -> list[str]:
    return ["bold"] * bold + ["italic"] * italic


_SHAPES = ("SCRIPT", "FRAKTUR", "DOUBLE-STRUCK", "SANS-SERIF", "MONOSPACE")
_ALPHABETS = _alphabets()


def plain_letters(text: str) -> tuple[str, str]:
    """Letters of one mathematical alphabet as plain ones, and its `mathvariant`; any other text as it is, and ""."""
    if text[:1] not in _ALPHABETS:
        return text, ""
    variant = _ALPHABETS[text[0]][1]
    letters = [_ALPHABETS.get(char, (char, variant)) for char in text]
    return ("".join(plain for plain, _ in letters), variant) if {one for _, one in letters} == {variant} else (text, "")
