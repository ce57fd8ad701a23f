"""The prompt for a chunk of text. What all prompts share stands first, so that a server can cache it."""

from transforms.translate.config import Language

VERSION = "1"  # grows with every change of the wording

_NAMES: dict[Language, str] = {
    "python": "Python",
    "matlab": "MATLAB",
    "mathematica": "Wolfram Language",
    "lean": "Lean 4",
}

_INSTRUCTIONS = """\
You read a mathematical text and rewrite the computations in it as programs.

Pick every computation of some depth that the text carries out: a value, an expression or a solution that is worked \
out from something given. Leave out definitions, bare statements of theorems, and steps that anybody does in the head.

For each computation write these parts, in this order:

**Computation 1: a short title**

Conditions Needed:
1. each fact, value or definition that the computation starts from, one a line

Computation Expression:
$the expression to be computed, in LaTeX$

Computation Result:
the result as the text states it

{name} Code Snippet:
```{language}
a complete program in {name} that computes the expression from the conditions and prints the result
```

Number the computations 1, 2, 3 … Every program runs on its own: it imports what it uses and defines every value \
again. It computes the result and never contains it. It prints only the result, in one line. \
If the text has no such computation, answer with the single word NONE.
"""

_EXAMPLE_TEXT = """\
A ball is thrown so that its height after $t$ seconds is $h(t) = 20t - 5t^2$ metres. Its speed is \
$h'(t) = 20 - 10t$, which vanishes at $t = 2$, so the ball rises to $h(2) = 20$ metres."""

_EXAMPLE_FIELDS = (
    ("The speed of the ball", ["The height is $h(t) = 20t - 5t^2$"], "h'(t)", "20 - 10t"),
    (
        "The greatest height",
        ["The height is $h(t) = 20t - 5t^2$", "At the greatest height, the speed $h'(t)$ is zero"],
        r"\max_t h(t)",
        "20",
    ),
)
_EXAMPLE_CODE: dict[Language, tuple[str, str]] = {
    "python": (
        'from sympy import diff, symbols\n\nt = symbols("t")\nprint(diff(20 * t - 5 * t**2, t))',
        'from sympy import diff, solve, symbols\n\nt = symbols("t")\nh = 20 * t - 5 * t**2\n'
        "print(h.subs(t, solve(diff(h, t), t)[0]))",
    ),
    "matlab": (
        "syms t\ndisp(diff(20*t - 5*t^2, t))",
        "syms t\nh = 20*t - 5*t^2;\ndisp(subs(h, t, solve(diff(h, t), t)))",
    ),
    "mathematica": ("Print[D[20 t - 5 t^2, t]]", "Print[MaxValue[20 t - 5 t^2, t]]"),
    "lean": (
        "def speed (t : Int) : Int := (20 * (t + 1) - 5 * (t + 1)^2 - (20 * (t - 1) - 5 * (t - 1)^2)) / 2\n"
        '#eval s!"{speed 0} + {speed 1 - speed 0} t"',
        "#eval ((List.range 5).map (fun t => 20 * t - 5 * t^2)).foldl max 0",
    ),
}
_TASK = "Now do the same with this text.\n\nText:\n"


def prompt(chunk: str, language: Language, *, structured: bool = False) -> str:
    """What the model is asked about a chunk."""
    return f"{shared(language)}{chunk}\n\nComputations:\n"


def shared(language: Language) -> str:
    """The beginning of every prompt for this language."""
    name = _NAMES[language]
    blocks = [
        render(number, title, conditions, expression, result, code, language)
        for number, ((title, conditions, expression, result), code) in enumerate(
            zip(_EXAMPLE_FIELDS, _EXAMPLE_CODE[language], strict=True), 1
        )
    ]
    example = f"An example.\n\nText:\n{_EXAMPLE_TEXT}\n\nComputations:\n\n" + "\n\n".join(blocks)
    return _INSTRUCTIONS.format(name=name, language=language) + f"\n{example}\n\n{_TASK}"


def render(
    number: int, title: str, conditions: list[str], expression: str, result: str, code: str, language: Language
) -> str:
    """One computation as the model is asked to write it."""
    numbered = "\n".join(f"{place}. {condition}" for place, condition in enumerate(conditions, 1))
    return (
        f"**Computation {number}: {title}**\n\n"
        f"Conditions Needed:\n{numbered}\n\n"
        f"Computation Expression:\n${expression}$\n\n"
        f"Computation Result:\n{result}\n\n"
        f"{_NAMES[language]} Code Snippet:\n```{language}\n{code}\n```"
    )


def schema(language: Language) -> dict[str, object]:
    """Replaced soon."""
    return {}
