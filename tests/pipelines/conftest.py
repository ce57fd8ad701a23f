"""Running the command line as a user does, and small inputs for it."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]

MATH = r"""Let us work out a few values step by step, as in every course on the calculus of one variable. The
derivative of the cube is found by the power rule: $\frac{d}{dx} x^3 = 3x^2$. The area under the parabola between zero
and one is $$\int_0^1 x^2\,dx = \frac{1}{3}$$ by the fundamental theorem. The diagonal of the unit square is
$\sqrt{2} \approx 1.414$ by the theorem of Pythagoras, and $3 \cdot 17 + 4 = 55$ counts the points of the lattice.
The sum of the first ten integers is $\sum_{k=1}^{10} k = 55$, which the young Gauss found in his head."""
WORDS = ("group", "ring", "field", "ideal", "matrix", "vector", "basis", "kernel", "image", "prime", "root", "limit")


@pytest.fixture(scope="session")
def shards() -> Callable[[Path], dict[str, str]]:
    """From a build's folder to the digest of each of its shards."""

    def shards(folder: Path) -> dict[str, str]:
        files = sorted((folder / "shards").glob("*/part-*.parquet"))
        return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    return shards


@pytest.fixture(scope="session")
def math_rows() -> Callable[..., list[dict[str, str]]]:
    """Rows of math text, each different enough from the others to be no duplicate."""

    def rows(count: int, start: int = 0) -> list[dict[str, str]]:
        return [
            {"id": f"doc-{i:03d}", "url": f"https://math.example/{i}", "text": f"{MATH}\n\n{_own_words(i)}"}
            for i in range(start, start + count)
        ]

    return rows


def _own_words(seed: int) -> str:
    """Two hundred words that depend on the seed alone."""
    picks = hashlib.shake_128(str(seed).encode()).digest(200)
    return " ".join(f"{WORDS[pick % len(WORDS)]} {pick}" for pick in picks)
