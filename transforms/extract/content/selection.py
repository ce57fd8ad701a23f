"""What trafilatura's rules say of an element: the frame of a page's content, a part to discard, a list of comments.

The rules are trafilatura's own XPath expressions. They look at nothing but the name and the attributes of an element,
and pages repeat few of those: so each attribute is judged once, on an element that stands alone, and remembered. On
whole pages the same expressions take a third of trafilatura's time. (Its names are internal ones: pyproject.toml pins
the versions that were read.)
"""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element
from trafilatura.settings import MANUALLY_CLEANED
from trafilatura.xpaths import BODY_XPATH, COMMENTS_XPATH, OVERALL_DISCARD_XPATH, TEASER_DISCARD_XPATH

from transforms.extract.tree import name

# trafilatura's names of elements, which its rules use.
_NAMES = {"ul": "list", "ol": "list", "dl": "list", "li": "item", "dd": "item", "dt": "item"}
_WITH_ID = frozenset(["div", "section", "article", "main", "p", "span", "list", "item"])
_OVERFLOW = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden")  # what is cut off at the edge, no more hidden than the rest
_ATTRIBUTES = frozenset(["id", "class", "style", "role", "itemprop", "aria-hidden", "data-component"])
_LONGEST = 400  # characters of an attribute that are read
# Doxygen gives no name to the main part of a page that the rules know.
FRAMES = (*BODY_XPATH, etree.XPath(".//div[@id = 'doc-content' or @class = 'contents']"))
# Captions, drafts' insertions, and what a page's only form may hold, are content here.
CLEANED = frozenset(MANUALLY_CLEANED) - {"figure", "picture", "ins", "form", "fieldset", "legend", "label", "math"}


class Verdict(NamedTuple):
    """What the rules say: which of `FRAMES` hold, by bits, and whether those for boilerplate and comments do."""

    frames: int = 0
    discard: bool = False
    comments: bool = False

    def __or__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.frames | other.frames, self.discard or other.discard, self.comments or other.comments)


NOTHING = Verdict()


def judge(element: _Element) -> Verdict:
    """What trafilatura's rules say of an element."""
    tag = name(element)
    tag = _NAMES.get(tag, tag)
    verdict = _of_tag(tag) if tag in CLEANED or tag in {"article", "main"} else NOTHING
    for key, value in element.items():
        if key in _ATTRIBUTES and (key != "id" or tag in _WITH_ID):
            verdict = verdict | _of_attribute(tag if tag in _WITH_ID else "x", key, value[:_LONGEST])
    return verdict


@lru_cache(maxsize=256)
def _of_tag(tag: str) -> Verdict:
    return _judged(etree.Element(tag)) | Verdict(discard=tag in CLEANED)


@lru_cache(maxsize=1 << 15)
def _of_attribute(tag: str, key: str, value: str) -> Verdict:
    shown = _OVERFLOW.sub("", value) if key == "style" else value
    return _judged(etree.Element(tag, {key: shown}))


def _judged(element: _Element) -> Verdict:
    holder = etree.Element("body")
    holder.append(element)
    return Verdict(
        sum(bool(rule(holder)) << index for index, rule in enumerate(FRAMES)),
        any(rule(holder) for rule in (*OVERALL_DISCARD_XPATH, *TEASER_DISCARD_XPATH)),
        any(rule(holder) for rule in COMMENTS_XPATH),
    )
