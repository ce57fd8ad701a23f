"""The prompt for a chunk of text. What all prompts share stands first, so that a server can cache it."""

import json
import re
from functools import cache
from typing import Any, NamedTuple

from transforms.translate.config import Language

VERSION = "2"  # grows with every change of the wording

_NAMES: dict[Language, str] = {
    "python": "Python",
    "matlab": "MATLAB",
    "mathematica": "Wolfram Language",
    "lean": "Lean 4",
}

_TASK = """\
You read a mathematical text and rewrite the computations in it as {name} programs.

Take every complex computation that the text carries out to its result: a value, an expression or a solution that \
needs two or more operations. Leave out definitions, statements of theorems, and what anybody does in the head. \
{order}

{form}

Each program runs on its own: it imports and defines all it needs. It works the result out from the conditions, \
prints only the result, and nowhere contains it as a literal. \
{none}
"""

_ORDER = "Write each computation in this form, and nothing before, between or after them:"
_FORM = """\
**Computation 1: a short title**

Conditions Needed:
1. each given value, fact or definition that it starts from, one a line

Computation Expression:
$what is computed, in LaTeX$

Computation Result:
the result exactly as the text states it, a number or LaTeX

{name} Code Snippet:
```{language}
the whole program
```"""
_NONE = "If the text has no such computation, answer with the single word NONE."

_ORDER_JSON = 'Answer with one JSON object {"computations": [...]}, whose items have these keys:'
_FORM_JSON = """\
"title": a short title
"conditions": a list of each given value, fact or definition that it starts from
"expression": what is computed, in LaTeX without $
"result": the result exactly as the text states it, a number or LaTeX
"code": the whole program"""
_NONE_JSON = 'If the text has no such computation, answer {"computations": []}.'

_TEXT = r"""A ball is thrown so that its height after $t$ seconds is $h(t) = 40t - 5t^2$ metres. Its speed \
$h'(t) = 40 - 10t$ vanishes at $t = 4$, so it rises to $h(4) = 80$ metres. It lands at $t = 8$, and its mean height \
until then is $\frac{1}{8} \int_0^8 h(t)\,dt = \frac{160}{3}$ metres.""".replace("\\\n", "")
_HEIGHT = "The height is $h(t) = 40t - 5t^2$"
_TEXT_WITHOUT = (
    r"A function $f$ is even if $f(-x) = f(x)$ for all $x$. The cosine is even: $\cos(-\pi) = \cos(\pi) = -1$."
)


class _Example(NamedTuple):
    """A computation in the example, in all languages. Python and MATLAB were run; Wolfram and Lean were not."""

    title: str
    conditions: list[str]
    expression: str
    result: str
    code: dict[Language, str]


_EXAMPLES = (
    _Example(
        "The greatest height",
        [_HEIGHT, "At the greatest height the speed $h'(t)$ is zero"],
        r"\max_t h(t)",
        "80",
        {
            "python": 'from sympy import diff, solve, symbols\n\nt = symbols("t")\nh = 40 * t - 5 * t**2\n'
            "top = solve(diff(h, t), t)[0]\nprint(h.subs(t, top))",
            "matlab": "h = [-5 40 0];\ntop = roots(polyder(h));\nfprintf('%.15g\\n', polyval(h, top));",
            "mathematica": "h[t_] := 40 t - 5 t^2\ntop = t /. First[Solve[h'[t] == 0, t]];\nPrint[InputForm[h[top]]]",
            "lean": "def h (t : Int) : Int := 40 * t - 5 * t ^ 2\n"
            "def speed (t : Int) : Int := 40 - 10 * t\n"
            "#eval (((List.range 9).map Int.ofNat).filter (fun t => speed t == 0)).map h |>.head!",
        },
    ),
    _Example(
        "The mean height",
        [_HEIGHT, "The ball is in the air from $t = 0$ to $t = 8$"],
        r"\frac{1}{8} \int_0^8 h(t)\,dt",
        r"\frac{160}{3}",
        {
            "python": 'from sympy import integrate, symbols\n\nt = symbols("t")\nh = 40 * t - 5 * t**2\n'
            "print(integrate(h, (t, 0, 8)) / 8)",
            "matlab": "h = @(t) 40*t - 5*t.^2;\nfprintf('%.15g\\n', integral(h, 0, 8) / 8);",
            "mathematica": "h[t_] := 40 t - 5 t^2\nPrint[InputForm[Integrate[h[t], {t, 0, 8}]/8]]",
            "lean": "def h (t : Int) : Int := 40 * t - 5 * t ^ 2\n"
            "def sixfold : Int := h 0 + 4 * h 4 + h 8 -- Simpson's rule is exact for a parabola\n"
            "def common : Nat := Int.gcd sixfold 6\n"
            '#eval IO.println s!"{sixfold / (common : Int)}/{6 / common}"',
        },
    ),
)


def prompt(chunk: str, language: Language, *, structured: bool = False) -> str:
    """What the model is asked about a chunk; with `structured`, the answer is JSON after `schema`."""
    return f"{shared(language, structured=structured)}{chunk}\n\nComputations:\n"


@cache
def shared(language: Language, *, structured: bool = False) -> str:
    """The beginning of every prompt for this language and form of answer."""
    name = _NAMES[language]
    order, form, none = (_ORDER_JSON, _FORM_JSON, _NONE_JSON) if structured else (_ORDER, _FORM, _NONE)
    task = _TASK.format(name=name, order=order, form=form.format(name=name, language=language), none=none)
    answers = (_answer_json(language), '{"computations": []}') if structured else (_answer(language), "NONE")
    examples = [
        f"Text:\n{text}\n\nComputations:\n{answer}\n\n"
        for text, answer in zip((_TEXT, _TEXT_WITHOUT), answers, strict=True)
    ]
    return f"{task}\nTwo examples.\n\n{''.join(examples)}Now do the same with this text.\n\nText:\n"


def _answer(language: Language) -> str:
    blocks = [
        render(number, one.title, one.conditions, one.expression, one.result, one.code[language], language)
        for number, one in enumerate(_EXAMPLES, 1)
    ]
    return "\n\n".join(blocks)


def _answer_json(language: Language) -> str:
    items = [one._asdict() | {"code": one.code[language]} for one in _EXAMPLES]
    return json.dumps({"computations": items}, ensure_ascii=False)


def render(
    number: int, title: str, conditions: list[str], expression: str, result: str, code: str, language: Language
) -> str:
    """One computation as the model is asked to write it; the fence is longer than any in the code."""
    numbered = "".join(f"\n{place}. {condition}" for place, condition in enumerate(conditions, 1))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return (
        f"**Computation {number}: {title}**\n\n"
        f"Conditions Needed:{numbered}\n\n"
        f"Computation Expression:\n${expression}$\n\n"
        f"Computation Result:\n{result}\n\n"
        f"{_NAMES[language]} Code Snippet:\n{fence}{language}\n{code}\n{fence}"
    )


def schema(language: Language) -> dict[str, Any]:
    """JSON schema of a structured answer, for the request field `structured_outputs` {"json": ...} of vLLM.

    The keys stand in the order of `render`, which the server's grammar keeps: the model states what it computes
    before it writes the program. The bounds (in characters) end a model that repeats itself inside a string.
    """
    fields: dict[str, Any] = {
        "title": _string(120),
        "conditions": {"type": "array", "items": _string(400), "maxItems": 12},
        "expression": _string(800),
        "result": _string(400),
        "code": _string(3000) | {"description": f"a complete program in {_NAMES[language]}"},
    }
    return _object({"computations": {"type": "array", "items": _object(fields), "maxItems": 12}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _string(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}
