"""Reads what Python, sympy and numpy print: a syntax tree of which only values and known functions are understood."""

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare.notation import closing
from transforms.execute.compare.signs import NotReadable, names
from transforms.execute.compare.values import Group, Leaf, Value

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(sympy, name)
    for name in names("""
    sin cos tan cot sec csc asin acos atan acot atan2 sinh cosh tanh coth asinh acosh atanh exp log sqrt cbrt Abs sign
    factorial binomial gamma beta erf erfc zeta floor ceiling re im conjugate arg Rational Integer LambertW Ei Si Ci
    Max Min Mod Heaviside DiracDelta Union Intersection Complement And Or Not Eq Ne Lt Le Gt Ge besselj root fibonacci
    harmonic polylog loggamma lucas FiniteSet ImageSet Lambda Piecewise asec acsc acoth Float lowergamma uppergamma
    fresnels fresnelc expint li Li elliptic_k elliptic_e hyper rf ff subfactorial catalan bernoulli euler totient sinc
    """)
    if hasattr(sympy, name)
} | {
    **{"ln": sympy.log, "Fraction": sympy.Rational, "abs": sympy.Abs, "arcsin": sympy.asin, "arccos": sympy.acos},
    **{"arctan": sympy.atan, "mpf": sympy.Float, "Decimal": sympy.Float, "log10": lambda x: sympy.log(x, 10)},
    **{"log2": lambda x: sympy.log(x, 2), "CRootOf": sympy.CRootOf, "mpc": lambda real, imag: real + imag * sympy.I},
    **{"Interval": sympy.Interval, "StrictLessThan": sympy.Lt, "LessThan": sympy.Le, "StrictGreaterThan": sympy.Gt},
    **{
        "AccumBounds": sympy.AccumBounds,
        "GreaterThan": sympy.Ge,
        "Equality": sympy.Eq,
        "Unequality": sympy.Ne,
        "complex": lambda a, b: a + b * sympy.I,
    },
}
_CONSTANTS = {
    **{"pi": sympy.pi, "E": sympy.E, "I": sympy.I, "oo": sympy.oo, "inf": sympy.oo, "nan": sympy.nan, "zoo": sympy.zoo},
    **{
        name: getattr(sympy.S, name) for name in ("EmptySet", "Reals", "Integers", "Naturals", "Naturals0", "Complexes")
    },
    **{name: getattr(sympy.S, name) for name in ("EulerGamma", "GoldenRatio", "Catalan", "Rationals")},
    **{"infj": sympy.oo * sympy.I, "UniversalSet": sympy.S.UniversalSet, "true": sympy.true, "false": sympy.false},
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    **{ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv},
    **{ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Mod: sympy.Mod},
    **{ast.BitAnd: sympy.And, ast.BitOr: sympy.Or, ast.Invert: sympy.Not},
}
_RELATIONS: dict[type[ast.AST], Callable[..., Any]] = {
    **{ast.Lt: sympy.Lt, ast.LtE: sympy.Le, ast.Gt: sympy.Gt, ast.GtE: sympy.Ge, ast.Eq: sympy.Eq, ast.NotEq: sympy.Ne},
}
# Calls that only wrap what they show, and how many values that is: the first argument, or all of them.
_WRAPPERS = re.compile(
    r"(?:Immutable|Mutable)?(?:Dense|Sparse)?Matrix|array|list|tuple|Tuple|deque|matrix|dict_\w+|Vector"
)
_SETS = ("set", "frozenset", "FiniteSet")
_AXES = tuple(sympy.Symbol(f"unit{axis}") for axis in "ijk")
_KNOWN = (
    *("Poly", "PurePoly", "Quantity", "sympify", "S", "str", "Str", "OrderedDict", "Counter", "defaultdict", "dict"),
)
_SCALARS = re.compile(r"(?:u?int|float|complex|bool|longdouble|clongdouble|str)\d*_?")


def read_python(text: str) -> Value:
    """The value of a text in Python's syntax. Raises NotReadable, or whatever sympy raises at odd values."""
    text = re.sub(r"\blambda\b", "lambda_", text.strip())
    text = re.sub(r"<class '\w+'>,|\.\.\.,?|\bdtype=\w+", " ", text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotReadable(text[:60]) from None
    return from_tree(tree)


def read_array(inner: str) -> Value:
    """What numpy prints between brackets."""
    rows, at = [], 0
    if "[" in inner:
        while (start := inner.find("[", at)) >= 0:
            end = start + closing(inner[start:])
            if end < start:
                raise NotReadable(inner[:60])
            rows.append(read_array(inner[start + 1 : end]))
            at = end + 1
        return Group("tuple", tuple(rows))
    return Group("list", tuple(read_python(part) for part in inner.split()))


def from_tree(node: ast.expr, name: str = "") -> Value:
    """The value of a syntax tree: groups of values are ours, all else is sympy's."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
            return Group(kind, tuple(from_tree(item) for item in items), name)
        case ast.Dict(keys=keys, values=values):
            return Group(
                "dict", tuple(from_tree(v, ast.unparse(k)) for k, v in zip(keys, values, strict=True) if k), name
            )
        case ast.Call():
            if (value := _wrapped(node, name)) is not None:
                return value
        case ast.Constant(value=str() as inner) if inner.strip():
            return from_tree(ast.parse(inner.strip(), mode="eval").body, name)
    text = ast.unparse(node)
    if number := plain.number(text):
        return Leaf(text, None, number, name)
    return from_sympy(text, evaluate(node), name)


def _wrapped(node: ast.Call, name: str) -> Value | None:
    """A call that shows values: an array, a matrix, a set, a number of numpy's, an object with named fields."""
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    arguments = node.args
    if function in _SETS:
        items = [from_tree(item) for item in arguments]
        if function != "FiniteSet" and items:
            items = list(items[0].items) if isinstance(items[0], Group) else items
        return Group("set", tuple(items), name)
    if _WRAPPERS.fullmatch(function):
        inner = from_tree(arguments[0]) if len(arguments) == 1 else Group("tuple", tuple(map(from_tree, arguments)))
        return flat(inner, name) if isinstance(inner, Group) and ("atrix" in function or function == "array") else inner
    if (_SCALARS.fullmatch(function) and len(arguments) == 1) or (function in _KNOWN and arguments):
        return from_tree(arguments[-1] if function == "defaultdict" else arguments[0], name)
    if function not in _FUNCTIONS and node.keywords and not arguments:
        return Group("tuple", tuple(from_tree(k.value, k.arg or "") for k in node.keywords), name)
    if re.fullmatch("Point[23]?D?", function):
        return Group("tuple", tuple(map(from_tree, arguments)), name)
    if function in ("Eq", "Equality") and len(arguments) == 2 and _is_name(arguments[0]):
        return from_tree(arguments[1], ast.unparse(arguments[0]))
    return None


def _is_name(node: ast.expr) -> bool:
    """`x`, or `f(x)`."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id not in _FUNCTIONS
        and all(isinstance(argument, ast.Name) for argument in node.args)
    )


def flat(value: Group, name: str = "") -> Group:
    """A matrix; of one row or one column: a vector."""
    rows = [row.items if isinstance(row, Group) else (row,) for row in value.items]
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        return Group("tuple", tuple(item for row in rows for item in row), name)
    return Group("tuple", tuple(Group("tuple", row) for row in rows), name)


def from_sympy(text: str, value: Any, name: str = "") -> Value:
    """Matrices and finite sets as groups, all else as a leaf."""
    if isinstance(value, sympy.MatrixBase):
        rows = (Group("tuple", tuple(from_sympy(str(item), item) for item in value.row(i))) for i in range(value.rows))
        return flat(Group("tuple", tuple(rows)), name)
    if isinstance(value, sympy.FiniteSet | sympy.Tuple):
        kind = "set" if isinstance(value, sympy.FiniteSet) else "tuple"
        return Group(kind, tuple(from_sympy(str(item), item) for item in value.args), name)
    if not isinstance(value, sympy.Basic):
        raise NotReadable(text[:60])
    if isinstance(value, sympy.Expr) and value.has(*_AXES):
        parts = [sympy.expand(value).coeff(axis) for axis in _AXES[: 3 if value.has(_AXES[2]) else 2]]
        return Group("tuple", tuple(Leaf(str(part), part) for part in parts), name)
    return Leaf(text, value, None, name)


def evaluate(node: ast.expr) -> Any:
    """The sympy value of a syntax tree of numbers, names, arithmetic and known functions. Raises NotReadable."""
    match node:
        case ast.Constant(value=bool() as value):
            return sympy.true if value else sympy.false
        case ast.Constant(value=int() as value):
            return sympy.Integer(value)
        case ast.Constant(value=float()):
            return sympy.Float(ast.unparse(node))
        case ast.Constant(value=complex() as value):
            return sympy.Float(value.real) + sympy.I * sympy.Float(value.imag)
        case ast.Constant(value=str() as value):
            return evaluate(ast.parse(value, mode="eval").body)
        case ast.Name(id=name):
            return _CONSTANTS.get(name, sympy.Symbol(symbol_name(name)))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](evaluate(operand))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](evaluate(left), evaluate(right))
        case ast.Compare(left=left, ops=signs, comparators=others) if all(type(sign) in _RELATIONS for sign in signs):
            values = [evaluate(part) for part in (left, *others)]
            pairs = zip(values, signs, values[1:], strict=False)
            return sympy.And(*[_RELATIONS[type(sign)](a, b) for a, sign, b in pairs])
        case ast.Tuple(elts=items):
            return sympy.Tuple(*map(evaluate, items))
        case ast.Attribute(value=ast.Name(id="np"), attr=("True_" | "False_") as truth):
            return sympy.true if truth == "True_" else sympy.false
        case ast.Attribute(attr=("i" | "j" | "k") as axis):
            return sympy.Symbol(f"unit{axis}")
        case ast.Call():
            return _call(node)
    raise NotReadable(ast.unparse(node)[:60])


def _call(node: ast.Call) -> Any:
    keywords = {k.arg or "": evaluate(k.value) for k in node.keywords}
    match node.func:
        case ast.Attribute(value=ast.Name(id="Interval"), attr=("open" | "Lopen" | "Ropen") as ends):
            return getattr(sympy.Interval, ends)(*map(evaluate, node.args))
        case ast.Name(id="O"):
            return sympy.Integer(0)  # of a series: what is not written out
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np" | "math" | "sympy" | "numpy"), attr=name):
            return _apply(name, [evaluate(argument) for argument in node.args], keywords)
    raise NotReadable(ast.unparse(node)[:60])


def _apply(name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> Any:
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](*arguments, **keywords)
    if _SCALARS.fullmatch(name) and len(arguments) == 1:
        return arguments[0]
    if len(name) == 1 and not keywords:  # an unknown function f(x)
        return sympy.Function(name)(*arguments)
    raise NotReadable(name)


def symbol_name(name: str) -> str:
    r"""One spelling for `x_1`, `x_{1}`, `x1`, `lambda_`, `\lambda`."""
    return re.sub(r"[\\{}_\s]|text", "", name).replace("lamda", "lambda")
