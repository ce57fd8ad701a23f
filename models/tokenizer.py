"""Counting tokens: by a default that needs no download and gives the same number everywhere, or by a model's own."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from nltk.tokenize import RegexpTokenizer
from tokenizers import Tokenizer

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


def token_ends(text: str) -> list[int]:
    """Where the tokens that `count_tokens` counts end."""
    return [end for _, end in _TOKENIZER.span_tokenize(text)]


def name() -> str:
    """What the counts are counts of, for the manifest; the number changes when a count may."""
    return "nltk-wordpunct-1"


Ends = Callable[[str], Sequence[int]]  # from a text to where each of its tokens ends, in characters

_MODEL_FILE = "tokenizer.json"
# No real tokenizer makes more of mathematical text: words by four letters, digits, signs and line breaks each alone.
_MANY = re.compile(r"[A-Za-z]{1,4}|\w|[^\w\s]|\n")


def many_tokens(text: str) -> list[int]:
    """Where tokens end by a count that is too high rather than too low, for a model whose tokenizer is not known."""
    return [match.end() for match in _MANY.finditer(text)]


@lru_cache(maxsize=2)
def load(name: str) -> Ends:
    """A model's own tokenizer: a `tokenizer.json`, a folder that holds one, or a name on the Hugging Face Hub.

    Raises ValueError, with one line that says why, where there is none.
    """
    path = Path(name, _MODEL_FILE) if Path(name).is_dir() else Path(name)
    try:
        tokenizer = Tokenizer.from_file(str(path)) if path.is_file() else Tokenizer.from_pretrained(name)
    except Exception as error:  # the package raises bare exceptions
        raise ValueError(f"no tokenizer at {name}: {' '.join(str(error).split())[:200]}") from None

    def ends(text: str) -> list[int]:
        return [end for _, end in tokenizer.encode(text, add_special_tokens=False).offsets]

    return ends


def has_file(folder: str) -> bool:
    """Whether a model's folder on this machine holds its tokenizer."""
    return bool(folder) and Path(folder, _MODEL_FILE).is_file()
