"""Labelled comparisons of a stated result with what code printed: by hand in `cases.jsonl`, and drawn.

`python -m tests.transforms.execute.comparisons.table N SEED` writes all cases made by hand and N drawn ones, as JSON
lines. A drawn case is made from a known value: both sides are dressed independently, and for a wrong one exactly one
side is damaged as real errors damage it, so that its label holds by construction. All but the kind `mixed` was written
by people who had not seen the comparison.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

from tests.transforms.execute.comparisons.drawn_exact import EXACT
from tests.transforms.execute.comparisons.drawn_numbers import NUMBERS
from tests.transforms.execute.comparisons.drawn_objects import OBJECTS
from tests.transforms.execute.comparisons.drawn_symbols import SYMBOLS
from tests.transforms.execute.comparisons.dressing import JUNK, Case

__all__ = ["Case", "drawn", "handwritten"]

CASES = Path(__file__).with_name("cases.jsonl")
# What `None` or an empty output could be meant to confirm.
SPEAKS_BY_SILENCE = {"text", "boolean", "infinity", "set"}


def handwritten() -> Iterator[Case]:
    """The cases made by hand, each label checked a second time."""
    with CASES.open(encoding="utf-8") as rows:
        for row in rows:
            yield Case(**json.loads(row))


def drawn(count: int, seed: int) -> Iterator[Case]:
    """As many drawn cases: about half of them right, one in twenty not comparable, the same for the same seed."""
    rng = Random(seed)
    for _ in range(count):
        make = rng.choice(rng.choice((NUMBERS, EXACT, OBJECTS, SYMBOLS)))
        case = make(rng, rng.random() < 0.5)
        if rng.random() < 0.05 and case.kind not in SPEAKS_BY_SILENCE:
            case = replace(case, printed=rng.choice(JUNK), label="none", rounded=False)
        yield case


def main() -> None:
    """Prints the cases."""
    count, seed = map(int, sys.argv[1:3])
    for source in (handwritten(), drawn(count, seed)):
        for case in source:
            print(json.dumps(asdict(case), ensure_ascii=False))


if __name__ == "__main__":
    main()
