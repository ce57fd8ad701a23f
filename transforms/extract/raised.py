r"""`<sup>` and `<sub>` in running text: `x<sup>2</sup>` is `$x^2$`, `km<sup>2</sup>` stays prose as `km^2`.

A script with a base that only mathematics has (a letter, a bracket, a formula, a number with a letter on it) is a
formula, with the scripts beside it and with the formula that an operator joins it to. Elsewhere its meaning is kept as
`^2` or `_2`, as in `10^6`, which pages of every subject hold; ordinals, trade marks and links to notes are left as they
are.
"""

import re
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.htmlmath import script as written_script
from transforms.extract.htmlmath import written
from transforms.extract.latex import Found
from transforms.extract.symbols import to_latex
from transforms.extract.tree import INLINE, become, classes, name, own_children, text_of
from transforms.extract.vault import Vault

_MATH_SCRIPT = re.compile(r"[\dn+\-*/=()\[\]{},.'\u2032*\u2020\u2212\u2013\u221e\u00b1\u22a5\u00d7\s\w]{1,40}")
_ORDINALS = frozenset([
    "st", "nd", "rd", "th", "er", "\u00e8re", "\u00e8me", "eme", "os", "as", "te", "ter", "tm", "\u00ae", "\u00a9",
    "sm", "me", "mme", "re", "lle", "ho", "\u2122", "\u00ba", "\u00aa",
])  # fmt: skip
_SHORT_ORDINALS = frozenset(["e", "o", "a", "r", "s", "d", "h"])
_INSIDE = frozenset(["i", "em", "var", "b", "strong", "span", "sup", "sub", "font", "small", INLINE])
_STYLED = frozenset(["i", "em", "var", "b", "strong", "span", "font"])
_LETTER = r"[^\W\d_]"
_BASE = re.compile(
    rf"(?<![\w.$])(?P<letter>\d*{_LETTER}'*)\Z|(?<![\w.,])(?P<number>\d+(?:\.\d+)?)\Z"
    rf"|(?P<group>(?<!\w)(?:{_LETTER}?)\((?P<inner>[^()]{{1,60}})\)|\[(?P<inner2>[^\[\]]{{1,60}})\]|\|[^|]{{1,20}}\|)\Z"
)
_UNIT = re.compile(r"(?:\d[\s\xa0]|\d[\s\xa0]?[a-zA-Z]{1,3}/)[mshgl]\Z")  # `80 m<sup>2</sup>`, `3 kg/m<sup>3</sup>`
_POWER = re.compile(r"[-+\u2212\u2013]?\d+")
_JOINT = re.compile(r"\s*(?:[-+=<>*/\u2212\u00b1\u00d7\u00b7\u22c5\u2264\u2265\u2260\u2248]\s*)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NOTE_CLASS = re.compile(r"(?:^|[-_])(?:foot|end)?note|^fn|cite|referen|^ref$|noteref", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[a-z\])\u201d\"'][.,;:!?][\"'\u201d)]?\Z|[.!?][\u201d\"]\Z")
_ELEMENT = re.compile(r"[A-Z][a-z]?\Z")
_CHARGE = re.compile(r"\d{0,2}[+\u2212\u2013-]{1,2}|[+\u2212\u2013-]\d")
_SLASHES = frozenset(["/", "\u2044", "\u2215"])
_TERMS, _MAX_TERMS = "terms", 30  # of a sum that is put together, so that long ones take no time
_MOLECULES = frozenset(["H2", "O2", "N2", "O3"])


class _Base(NamedTuple):
    """What a script stands on: its LaTeX, and what of the page it takes with it."""

    latex: str
    taken: int  # characters at the end of the text before the script
    element: _Element | None = None  # or the element before it


def protect_raised(tree: _Element, vault: Vault) -> None:
    """Replaces `<sup>` and `<sub>` by formulas, or by `^` and `_`."""
    for element in list(tree.iter("sup", "sub")):
        if element.tag == INLINE or any(True for _ in element.iterancestors("sup", "sub")):
            continue  # taken by the script before it, or around it
        if name(element) == "sup" and _protect_fraction(element, vault):
            continue
        if note := _note(element):
            become(element, note, tag=INLINE)
        elif _is_math(element):
            _protect(element, vault)


def _note(script: _Element) -> str:
    """The number of a footnote in brackets: told by a link, by the class of its mark, or by the end of a sentence."""
    text = " ".join(text_of(script).split()).strip("[]()")
    if name(script) == "sub" or not re.fullmatch(r"\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*|[*\u2020\u2021a-z]", text):
        return ""
    parent = script.getparent()
    near = [script, *own_children(script), *([parent] if parent is not None and name(parent) == "a" else [])]
    linked = any(name(element) == "a" and "#" in (element.get("href") or "") for element in near)
    marked = linked or any(_NOTE_CLASS.search(word) for element in near for word in classes(element))
    before = _text_before(script)
    ended = text[0].isdigit() and bool(_SENTENCE_END.search(before)) and bool(_WORD.search(before[-40:]))
    return f"[{text}]" if marked or ended else ""


def _protect_fraction(above: _Element, vault: Vault) -> bool:
    """`<sup>1</sup>/<sub>2</sub>`."""
    below = above.getnext()
    if below is None or name(below) != "sub" or (above.tail or "").strip() not in _SLASHES:
        return False
    parts = [written(above), written(below)]
    if not all(0 < len(part) <= 20 and not _WORD.search(part) for part in parts):
        return False
    become(above, vault.formula(Found(f"\\frac{{{parts[0]}}}{{{parts[1]}}}")), tag=INLINE)
    above.tail = None
    become(below, "", tag=INLINE)
    return True


def _protect(script: _Element, vault: Vault) -> None:
    chain = _chain(script)
    notation = "".join(written_script("^" if name(part) == "sup" else "_", written(part)) for part in chain)
    base = _base(script, chain, vault)
    if base is None or _is_ordinal(script, base.latex) or _is_chemical(script, chain, base):
        if not _is_ordinal(script, base.latex if base else ""):
            become(script, _notation(script), tag=INLINE)
        return
    before, terms = _take(script, base, vault)
    become(script, vault.formula(Found(before + base.latex + notation)), tag=INLINE)
    script.set(_TERMS, str(terms + 1))
    for part in chain[1:]:
        become(part, "", tag=INLINE)
    if base.element is not None:
        become(base.element, "", tag=INLINE)


def _chain(script: _Element) -> list[_Element]:
    """The script and that of the other kind which directly follows it."""
    following = script.getnext()
    if script.tail or following is None or name(following) not in {"sup", "sub"} or name(following) == name(script):
        return [script]
    return [script, following] if _is_math(following) else [script]


def _base(script: _Element, chain: list[_Element], vault: Vault) -> _Base | None:
    text = _text_before(script)
    if not text:
        return _styled_base(script.getprevious(), vault)
    if token := re.search(rf"{vault.key}f\d+Q\Z", text):
        return _Base(token[0], len(token[0]))
    found = _BASE.search(text[-80:])
    if found is None or (_UNIT.search(text[-80:]) and _POWER.fullmatch(text_of(script).strip())):
        return None
    if found["group"] and _WORD.search(found["inner"] or found["inner2"] or ""):
        return None
    if found["number"] and _POWER.fullmatch(text_of(script).strip()):  # sizes and amounts, on pages of every subject
        return None
    return _Base(to_latex(found[0]).strip(), len(found[0]))


def _styled_base(element: _Element | None, vault: Vault) -> _Base | None:
    """A variable in italics; after a formula, the script is the formula's."""
    if element is None or element.tail:
        return None
    text = text_of(element).strip()
    if element.tag == INLINE:
        return _Base(text, 0, element) if re.fullmatch(rf"{vault.key}f\d+Q", text) else None
    if name(element) not in _STYLED or own_children(element) or len(text) > 12 or not text:
        return None
    letters = re.fullmatch(rf"\d*{_LETTER}{{1,2}}'*|{_LETTER}?[(\[|][^()]*[)\]|]", text)
    return _Base(written(element), 0, element) if letters and not _WORD.search(text) else None


def _take(script: _Element, base: _Base, vault: Vault) -> tuple[str, int]:
    """Takes the base out of the text; gives the formula before it, and its terms, where only an operator joins them."""
    anchor = script if base.element is None else base.element
    text = _text_before(anchor)
    rest = text[: len(text) - base.taken]
    previous = _formula_before(anchor, vault)
    joined, terms = "", int(previous.get(_TERMS, "1")) if previous is not None else 0
    if previous is not None and terms < _MAX_TERMS and _JOINT.fullmatch(rest) and (rest.strip() or not rest):
        joined, rest = (previous.text or "") + _written_joint(rest), ""
        become(previous, "", tag=INLINE)
    _set_text_before(anchor, rest)
    return (joined, terms) if joined else ("", 0)


def _formula_before(element: _Element, vault: Vault) -> _Element | None:
    """The formula that was made of the element before this one, or of those before it."""
    previous = element.getprevious()
    while previous is not None and previous.tag == INLINE and not previous.text:
        previous = previous.getprevious()
        if previous is not None and previous.tail:
            return None
    if previous is None or previous.tag != INLINE or not re.fullmatch(rf"{vault.key}f\d+Q", previous.text or ""):
        return None
    return previous


def _written_joint(joint: str) -> str:
    return " ".join(to_latex(joint).split(" ")) if joint.strip() else joint


def _text_before(element: _Element) -> str:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or ""
    return (parent.text or "") if parent is not None else ""


def _set_text_before(element: _Element, text: str) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = text
    elif parent is not None:
        parent.text = text


def _is_math(script: _Element) -> bool:
    text = text_of(script).strip()
    if any(name(child) not in _INSIDE for child in script.iterdescendants() if isinstance(child.tag, str)):
        return False
    if _WORD.search(text) and not re.search(r"[=<>+\u2264\u2265\u2192]", text):
        return name(script) == "sub" and len(text) <= 12 and text.isalnum()
    return bool(_MATH_SCRIPT.fullmatch(text) or re.fullmatch(r"[^A-Za-z]{1,6}", text)) and not text.startswith(
        ("[", "*", "\u2020")
    )


def _is_ordinal(script: _Element, base: str) -> bool:
    """`1<sup>st</sup>`, `M<sup>me</sup>`, `2<sup>o</sup>`."""
    text = text_of(script).strip().lower()
    if name(script) == "sub":
        return False
    before = base or _text_before(script)[-2:]
    return text in _ORDINALS or (text in _SHORT_ORDINALS and (before[-1:].isdigit() or before[-1:].isupper()))


def _is_chemical(script: _Element, chain: list[_Element], base: _Base) -> bool:
    """`H<sub>2</sub>O`, `Ca<sup>2+</sup>`, `CO<sub>2</sub>`."""
    if base.element is not None or not _ELEMENT.fullmatch(base.latex):
        return False
    text, tail = text_of(script).strip(), (chain[-1].tail or "")
    if _CHARGE.fullmatch(text):
        return True
    if not text.isdigit() or name(script) != "sub":
        return False
    previous = script.getprevious()
    inside = previous is not None and previous.tail == base.latex and (previous.text or "").startswith("_")
    after = bool(re.match(r"[A-Z]|\([A-Z]", tail))
    vitamin = _text_before(script)[: -base.taken or None].rstrip().lower().endswith(("vitamin", "vitamine"))
    return after or vitamin or inside or base.latex + text in _MOLECULES


def _notation(script: _Element) -> str:
    mark, text = "^" if name(script) == "sup" else "_", " ".join(text_of(script).split())
    nested = any(name(child) in {"sup", "sub"} for child in script.iterdescendants())
    return written_script(mark, written(script) if nested else text)
