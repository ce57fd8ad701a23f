"""What a reply is read as."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """Why a computation in a reply, or the whole reply, cannot be used."""

    NO_COMPUTATION = "no computation"
    CUT_OFF = "cut off"
    NO_CODE = "no code"
    OTHER_LANGUAGE = "other language"
    NO_EXPRESSION = "no expression"
    NO_RESULT = "no result"


@dataclass(frozen=True, slots=True)
class Block:
    """One computation: fields without bullets, emphasis and delimiters around them, code ending in one newline."""

    title: str
    conditions: tuple[str, ...]
    expression: str
    result: str
    code: str
