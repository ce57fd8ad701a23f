"""The furniture of web pages by the names that sites give it: menus, votes, user cards, banners of consent.

It adds to trafilatura's rules what forums and manuals have, and takes from them what only is hidden until it is wanted:
solutions, spoilers, tabs.
"""

import re
from enum import Enum
from functools import lru_cache

from lxml.etree import _Element

from transforms.extract.tree import name


class Chrome(Enum):
    """What an element's names say of it."""

    NO = 0
    LIKELY = 1  # furniture, unless it holds formulas or code
    SURE = 2
    CONTENT = 3  # content, although it may be hidden
    LABEL = 4  # likely furniture if it is short: a date, the name of an author, a button


_SURE_TAGS = frozenset([
    "nav", "button", "select", "datalist", "dialog", "amp-ad", "amp-embed", "amp-sidebar", "amp-consent",
    "amp-user-notification",
])  # fmt: skip
_LIKELY_TAGS = frozenset(["footer", "aside", "address"])
_FIELDS = frozenset(["text", "email", "password", "search", "url", "tel"])
_SURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"])
_LIKELY_ROLES = frozenset(["complementary", "toolbar", "alert", "status"])
# Words of class names and ids.
_SURE = frozenset([
    "nav", "navbar", "navigation", "navbox", "navigator", "navpath", "breadcrumb", "breadcrumbs",
    "pagination", "pager", "prevnext", "menu", "menubar", "cookie", "cookies", "consent", "gdpr", "ccpa",
    "newsletter", "subscribe", "signup", "signin", "login", "ads", "adsense", "advert", "advertisement",
    "adslot", "sponsored", "promo", "related", "recommended", "recommendations", "trending", "share",
    "sharing", "social", "usercard", "avatar", "reputation", "karma", "flair", "vote", "votes", "voting",
    "upvote", "downvote", "votecell", "adsbygoogle", "copybtn", "editsection", "skiplink", "chlinktop",
    "chlinktopbot", "chlinkprevnexttop", "chlinkprevnextbot", "sphinxsidebar", "headerlink", "permalink",
    "titlearea", "ttc",
])  # fmt: skip
_LIKELY = frozenset([
    "footer", "sidebar", "toc", "banner", "byline", "timestamp", "badge", "badges", "toolbar", "modal",
    "popup", "headertop", "signature", "catlinks", "searchbox", "search", "postmeta", "userinfo", "poster",
    "postprofile", "postdetails", "metadata", "jumpbox", "foot", "chlinkbot", "tagline", "byauthor", "score",
    "side", "respond", "reply", "commentform", "commentmetadata", "commentmeta", "dynheader",
])  # fmt: skip
_CONTENT = frozenset([
    "solution", "solutions", "answer", "answers", "spoiler", "hint", "proof", "collapse", "collapsible",
    "collapsed", "accordion", "toggle", "togglable", "reveal", "tab", "tabs", "tabbed", "details", "example",
    "exercise", "theorem", "lemma", "corollary", "definition", "remark", "admonition", "footnotes",
    "sidenote", "marginnote", "expando", "usertext", "comment", "comments", "bypostauthor", "message", "messages",
])  # fmt: skip
_LABELS = frozenset(["button", "btn", "copyright", "copyrights", "legal", "relativetime"])
_LABELLED = frozenset(["comment", "comments", "post", "entry", "article", "topic", "message", "answer", "question"])
_LABELS_OF_POSTS = frozenset([
    "author", "meta", "date", "time", "info", "infos", "actions", "likes", "buttons", "username", "nposts", "thank",
    "score", "link",
])  # fmt: skip
_NOT_FURNITURE = frozenset(["member", "method", "function"])  # their signatures are documentation
_LONGEST = 400  # characters of a class attribute or an id that are read
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def chrome(element: _Element) -> Chrome:
    """What the names of an element say: of itself, its role, its classes and its id."""
    tag, role = name(element), element.get("role")
    if tag in _SURE_TAGS or role in _SURE_ROLES:
        return Chrome.SURE
    named = _named((element.get("class") or "")[:_LONGEST], (element.get("id") or "")[:_LONGEST])
    if named is not Chrome.SURE and _asks(element):  # also where it is named after the answer that it asks for
        return Chrome.LIKELY
    if named is Chrome.NO and (tag in _LIKELY_TAGS or role in _LIKELY_ROLES or _is_site_header(element)):
        return Chrome.LIKELY
    return named


def _asks(element: _Element) -> bool:
    """Whether it is a form to fill in; some forums put each post into a form without a field."""
    return element.tag == "form" and any(
        field.tag != "input" or field.get("type", "text") in _FIELDS
        for field in element.iter("input", "select", "textarea")
    )


def _is_site_header(element: _Element) -> bool:
    """Whether it is the header of a site, not that of an article."""
    if element.tag != "header" or next(element.iter("h1"), None) is not None:
        return False
    return next(element.iterancestors("article", "main"), None) is None


@lru_cache(maxsize=1 << 14)
def _named(class_names: str, identifier: str) -> Chrome:
    words = {word.lower() for word in _WORD.findall(f"{class_names} {identifier}")}
    if not _SURE.isdisjoint(words):
        return Chrome.SURE
    if not _LIKELY.isdisjoint(words) and _NOT_FURNITURE.isdisjoint(words):
        return Chrome.LIKELY
    if not _LABELS.isdisjoint(words) or any(map(_is_label, f"{class_names} {identifier}".split())):
        return Chrome.LABEL
    return Chrome.NO if _CONTENT.isdisjoint(words) else Chrome.CONTENT


def _is_label(class_name: str) -> bool:
    """Whether it names what stands above or below a post, as `post-date` does; a post may be `comment-author-eve`."""
    words = [word.lower() for word in _WORD.findall(class_name)]
    return len(words) > 1 and words[-1] in _LABELS_OF_POSTS and not _LABELLED.isdisjoint(words)
