"""The default token count: it needs no download, so that it works offline and gives the same number everywhere."""

import re

from nltk.tokenize import RegexpTokenizer

# Chinese and Japanese put no spaces between words: each character counts, as most model tokenizers have it.
_SCRIPTS_WITHOUT_SPACES = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# nltk's WordPunctTokenizer (runs of word characters, runs of punctuation), with that one addition.
_TOKENIZER = RegexpTokenizer(
    rf"[{_SCRIPTS_WITHOUT_SPACES}]|[^\W{_SCRIPTS_WITHOUT_SPACES}]+|[^\w\s]+",
)
# The same for lines of ASCII, which no token goes beyond: a quarter of the time.
_ASCII = re.compile(r"\w+|[^\w\s]+", re.ASCII)


def count_tokens(text: str) -> int:
    """How many tokens the text has; 0 for blank text."""
    lines = text.split("\n")
    others = "\n".join(line for line in lines if not line.isascii())
    count = len(_ASCII.findall("\n".join(line for line in lines if line.isascii())))
    return count + len(_TOKENIZER.tokenize(others)) if others else count


def name() -> str:
    """What the counts are counts of, for the manifest; the number changes when a count may."""
    return "nltk-wordpunct-1"
