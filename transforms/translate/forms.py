"""Of what kind an expression is: rational, decimal, a value that is worked out."""

import ast

from transforms.translate.latex.reader import called
from transforms.translate.latex.trees import calls

# What maps rational numbers to rational numbers.
EXACT = frozenset(
    ["factorial", "binomial", "ff", "gcd", "lcm", "floor", "ceiling", "Abs", "Max", "Min", "Mod", "pow", "degrees"]
)


def is_rational(tree: ast.expr) -> bool:
    """Whether the tree has nothing but rational numbers and what maps them to rational numbers."""
    return not (calls(tree) - EXACT) and not has_float(tree) and not names_of(tree) and integer_powers(tree)


def integer_powers(tree: ast.expr) -> bool:
    """Whether no exponent holds a division."""
    return not any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and is_fraction(node.right, frozenset())
        for node in ast.walk(tree)
    )


def has_float(tree: ast.expr) -> bool:
    """Whether a decimal number occurs."""
    return any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree))


def names_of(tree: ast.AST) -> set[str]:
    """All names in it, bound ones and constants too, but no functions."""
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions}


def is_fraction(node: ast.expr, fractions: frozenset[str]) -> bool:
    """Whether the node's value is a Fraction once it is written with `_Fractions`."""
    match node:
        case ast.BinOp(op=ast.Div()):
            return True
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return is_fraction(left, fractions) or may_be_negative(right)
        case ast.BinOp(left=left, right=right):
            return is_fraction(left, fractions) or is_fraction(right, fractions)
        case ast.UnaryOp(operand=operand):
            return is_fraction(operand, fractions)
        case ast.Name(id=name):
            return name in fractions
        case ast.Call() if called(node) == "Abs":
            return is_fraction(node.args[0], fractions)
    return False


def may_be_negative(exponent: ast.expr) -> bool:
    """Whether an exponent may have a negative value."""
    return not (isinstance(exponent, ast.Constant) or (isinstance(exponent, ast.BinOp) and not _has_minus(exponent)))


def _has_minus(node: ast.expr) -> bool:
    return any(isinstance(child, ast.USub | ast.Sub | ast.Name) for child in ast.walk(node))


def states_decimals(tree: ast.expr) -> bool:
    """Whether the value is stated as a decimal number or as a percentage."""
    return any(_is_percentage(node) for node in ast.walk(tree)) or any(
        isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree)
    )


def has_lone_e(tree: ast.expr) -> bool:
    """Whether the letter e stands there without an exponent: often it is no number at all."""
    return any(isinstance(node, ast.Name) and node.id == "E" for node in ast.walk(tree))


def _is_percentage(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and node.right.value == 100


def is_mere_fraction(left: ast.expr, right: ast.expr) -> bool:
    """Whether a fraction of two numbers is only written otherwise: neither divided out nor reduced."""
    match left, right:
        case ast.BinOp(left=ast.Constant(), op=ast.Div(), right=ast.Constant(value=int(m))), _:
            match right:
                case ast.BinOp(left=ast.Constant(), op=ast.Div(), right=ast.Constant(value=int(n))):
                    return n >= m
            return not isinstance(right, ast.Constant | ast.UnaryOp)
    return False


def is_reduced(tree: ast.expr) -> bool:
    """Whether nothing is left to work out between plain numbers: a value, not a step on the way to one."""
    match tree:
        case ast.Constant() | ast.Name():
            return True
        case ast.Call(args=[ast.Constant()]) if called(tree) == "degrees":
            return True
        case ast.UnaryOp(operand=operand):
            return is_reduced(operand)
        case ast.BinOp(left=ast.Constant(), op=ast.Div() | ast.Pow(), right=ast.Constant()):
            return True
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=ast.BinOp(left=ast.Constant(value=10), op=ast.Pow())):
            return True
        case ast.BinOp(
            left=ast.Constant(value=int()),
            op=ast.Add(),
            right=ast.BinOp(left=ast.Constant(value=int(a)), op=ast.Div(), right=ast.Constant(value=int(b))),
        ) if a < b:
            return True  # a mixed number
        case ast.BinOp(left=left, right=right):
            return not (is_rational(left) and is_rational(right)) and is_reduced(left) and is_reduced(right)
        case ast.Call(args=arguments) if called(tree) in ("vector", "sqrt", "root", "log", "exp"):
            return all(map(is_reduced, arguments))
        case ast.Call(args=[ast.List(elts=rows)]) if called(tree) == "Matrix":
            return all(is_reduced(entry) for row in rows if isinstance(row, ast.List) for entry in row.elts)
    return False
