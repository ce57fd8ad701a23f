import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.delimiters import Dialect, find

PLAIN, RENDERER, DOLLARS = Dialect(), Dialect(renderer=True), Dialect(renderer=True, dollars=True)


def found(text: str, dialect: Dialect = PLAIN) -> list[str]:
    return [("$$" if match.found.display else "$") + match.found.latex for match in find(text, dialect)]


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        (r"\(x\) and \[y\]", RENDERER, ["$x", "$$y"]),
        (r"\(x_1\) and \(two words here\)", PLAIN, ["$x_1"]),
        (r"a row \\[2pt] and \\(no)", RENDERER, []),
        (r"\(a \(b\)", RENDERER, ["$b"]),
        (r"\[\begin{align}a\end{align}\]", RENDERER, [r"$$\begin{align}a\end{align}"]),
        (r"\begin{align}a\end{align}", PLAIN, [r"$$\begin{align}a\end{align}"]),
        (r"\begin{displaymath}a\end{displaymath}", PLAIN, [r"$$\begin{displaymath}a\end{displaymath}"]),
        (r"\begin{enumerate}a\end{enumerate}", PLAIN, []),
        ("$x$, $n+1$ and $2$", PLAIN, ["$x", "$n+1", "$2"]),
        (r"$\alpha$ or $f(x)$ or $|x| < 1$", PLAIN, [r"$\alpha", "$f(x)", "$|x| < 1"]),
        (r"\$5 and $x$", PLAIN, ["$x"]),
        ("$a$ costs $5 and $6", PLAIN, ["$a"]),
        (r"$\text{if $x$}$", PLAIN, [r"$\text{if $x$}"]),
        ("{\\displaystyle x} $\\displaystyle x^2$", PLAIN, ["$x^2"]),
        ("$it is$", DOLLARS, ["$it is"]),
        ("$5 is what it costs, and that is less than $6", DOLLARS, []),
    ],
)
def test_find(text: str, dialect: Dialect, expected: list[str]) -> None:
    assert found(text, dialect) == expected


@given(st.text(st.sampled_from("$\\()[]{}a1 `\n\ufdd0\ufdd1")), st.sampled_from([PLAIN, RENDERER, DOLLARS]))
def test_matches_are_in_order_and_not_blank(text: str, dialect: Dialect) -> None:
    end = 0
    for match in find(text, dialect):
        assert end <= match.start < match.end <= len(text)
        assert text[match.start + 1 : match.end - 1].strip()
        end = match.end


@pytest.mark.parametrize("bait", ["$", "$a ", r"\( a ", r"\begin{align} ", r"\( { ", "$$ a ", "[tex] "])
def test_bait_takes_linear_time(bait: str) -> None:
    start = time.process_time()
    list(find(bait * 20_000 + r"\) \end{align}", DOLLARS))
    assert time.process_time() - start < 5  # quadratic time would be minutes
