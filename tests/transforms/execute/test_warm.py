"""Which warm process a snippet gets."""

import pytest

from transforms.execute.warm import STEPS, step_for


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("print(1)", "standard library"),
        ("from fractions import Fraction", "standard library"),
        ("import numpy as np", "numpy"),
        ("import numpy as np\nimport sympy", "sympy"),
        ("from sympy import *", "sympy"),
        ("import scipy.stats, sympy", "scipy"),
        ("assympy = 1", "standard library"),
    ],
)
def test_the_first_that_has_the_libraries(code: str, name: str) -> None:
    assert STEPS[step_for(code)].name == name
