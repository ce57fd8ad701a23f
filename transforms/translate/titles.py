"""A computation that a text states, and the heading that says what is computed."""

import ast
from dataclasses import dataclass

from transforms.translate.latex.reader import called
from transforms.translate.latex.trees import calls, free_names
from transforms.translate.snippets import Task


@dataclass(frozen=True, slots=True)
class Claim:
    r"""A computation that the text states: `expression` has the value `result`, both as the author wrote them.

    The result begins with `\approx` where the author gives a whole number or an expression as an approximation: it does
    not show how many of its digits are right.
    """

    title: str
    expression: str
    result: str
    task: Task


def title(tree: ast.expr, task: Task) -> str:
    """A heading that says what is computed."""
    used = calls(tree)
    match called(tree):
        case "integrate":
            return "Indefinite integral" if is_indefinite(tree) else "Definite integral"
        case "diff" | "subs":
            return "Derivative"
        case "summation":
            return "Sum"
        case "product":
            return "Product"
        case "limit":
            return "Limit"
        case "det":
            return "Determinant"
    if "integrate" in used:
        return "Expression with an integral"
    if "Matrix" in used:
        return "Matrix calculation"
    if free_names(tree) - set(task.values):
        return {"expand": "Expansion", "factor": "Factorization"}.get(task.finish, "Simplification")
    return "Value of an expression" if task.values else "Numerical calculation"


def is_indefinite(tree: ast.expr) -> bool:
    """Whether the tree is an integral without limits."""
    return called(tree) == "integrate" and isinstance(tree, ast.Call) and isinstance(tree.args[1], ast.Name)
