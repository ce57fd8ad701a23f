"""The value of an expression tree in floats, complex numbers or arrays: the check that a statement holds."""

import ast
import cmath
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy

from transforms.translate.latex.reader import called

Value: TypeAlias = Any  # float, complex or an array of two dimensions
CONSTANTS: Mapping[str, Value] = {"pi": math.pi, "E": math.e, "oo": math.inf, "I": 1j}
_STEP = 1e-5  # of a difference quotient
_MAX_TERMS = 2_000  # of a sum that is added up
_MAX_POWER = 100  # of a matrix

_REAL: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "floor": math.floor,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh,
    "ceiling": math.ceil,
    "radians": math.radians,
    "degrees": float,
    "gcd": lambda *values: math.gcd(*map(int, values)),
    "lcm": lambda *values: math.lcm(*map(int, values)),
    "Mod": lambda value, modulus: value % modulus,
    "Abs": abs,
    "Max": max,
    "Min": min,
    "root": lambda value, degree: _root(value, degree),
    "cot": lambda value: 1 / math.tan(value),
    "sec": lambda value: 1 / math.cos(value),
    "csc": lambda value: 1 / math.sin(value),
    "Gamma": math.gamma,
    "ff": lambda n, k: math.gamma(n + 1) / math.gamma(n - k + 1),
    "factorial": lambda value: math.gamma(value + 1),
    "binomial": lambda n, k: _binomial(n, k),
}  # fmt: skip
_COMPLEX: dict[str, Callable[..., Value]] = {
    "sqrt": cmath.sqrt, "exp": cmath.exp, "log": cmath.log, "Abs": abs, "sin": cmath.sin, "cos": cmath.cos,
    "sinh": cmath.sinh, "cosh": cmath.cosh, "conjugate": lambda value: complex(value).conjugate(),
    "re": lambda value: value.real, "im": lambda value: value.imag,
}  # fmt: skip
_ARRAYS: dict[str, Callable[..., Value]] = {"det": numpy.linalg.det, "transpose": numpy.transpose}
_PLAIN: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(node: ast.expr, values: Mapping[str, Value]) -> Value:
    """The value of an elementary expression, first derivatives as difference quotients, short sums added up.

    The work is bounded whatever the numbers are. Raises ArithmeticError, ValueError, LookupError or TypeError where
    there is none (numpy's LinAlgError is a ValueError).
    """
    match node:
        case ast.Constant(value=value) if isinstance(value, int | float):
            return float(value)
        case ast.Name(id=name):
            return CONSTANTS[name] if name in CONSTANTS else values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, values)
        case ast.BinOp(left=left, op=sign, right=right):
            return _operation(sign, evaluate(left, values), evaluate(right, values))
        case ast.Call(args=[body, ast.Name(id=variable)]) if called(node) == "diff":
            _check_single(body)
            at = values[variable]
            ahead, behind = (evaluate(body, {**values, variable: at + step}) for step in (_STEP, -_STEP))
            return (ahead - behind) / (2 * _STEP)
        case ast.Call(args=[body, ast.Tuple(elts=[ast.Name(id=index), low, high])]) if called(node) in _REPEATED:
            return _REPEATED[called(node)](_terms(body, index, (low, high), values))
        case ast.Call(args=[ast.List(elts=rows)]) if called(node) == "Matrix":
            return numpy.array([[evaluate(entry, values) for entry in getattr(row, "elts", ())] for row in rows])
        case ast.Call(args=entries) if called(node) == "vector":
            return numpy.array([evaluate(entry, values) for entry in entries])
        case ast.Call():
            return _function(called(node), [evaluate(argument, values) for argument in node.args])
    raise ValueError("no elementary expression")


_REPEATED: dict[str, Callable[[list[Value]], Value]] = {"summation": math.fsum, "product": math.prod}


def _terms(body: ast.expr, index: str, limits: tuple[ast.expr, ast.expr], values: Mapping[str, Value]) -> list[Value]:
    _check_single(body)
    low, high = (evaluate(limit, values) for limit in limits)
    if not (low == int(low) and high == int(high) and high - low < _MAX_TERMS):
        raise ValueError("no sum that can be added up")
    most = _MAX_TERMS // (1 + sum(1 for _ in ast.walk(body)))
    if high - low > most:
        raise ValueError("a sum of too many terms")
    return [evaluate(body, {**values, index: float(k)}) for k in range(int(low), int(high) + 1)]


def _check_single(body: ast.expr) -> None:
    """Refuses a sum of sums or a derivative of derivatives: the work would grow with every level."""
    if any(called(node) in ("diff", *_REPEATED) for node in ast.walk(body)):
        raise ValueError("a sum of sums")


def _operation(sign: ast.operator, left: Value, right: Value) -> Value:
    arrays = isinstance(left, numpy.ndarray), isinstance(right, numpy.ndarray)
    match sign:
        case ast.Pow() if arrays[0]:
            if right != int(right) or abs(right) > _MAX_POWER:
                raise ValueError("no power of a matrix")
            return numpy.linalg.matrix_power(left, int(right))
        case ast.Pow() if isinstance(left, complex) or isinstance(right, complex):
            return left**right
        case ast.Pow():
            return math.pow(left, right)
        case ast.Mult() if all(arrays):
            return left @ right
        case ast.Add() | ast.Sub() if arrays[0] != arrays[1]:
            raise ValueError("a matrix and a number")
    return _PLAIN[type(sign)](left, right)


def _function(name: str, arguments: list[Value]) -> Value:
    if any(isinstance(argument, numpy.ndarray) for argument in arguments):
        return _ARRAYS[name](*arguments)
    if name in _COMPLEX and (name not in _REAL or any(isinstance(argument, complex) for argument in arguments)):
        return _COMPLEX[name](*arguments)
    return float(_REAL[name](*arguments))


def _binomial(n: float, k: float) -> float:
    if 0 <= n < k and n == int(n) and k == int(k):
        return 0.0
    return math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(n - k + 1))


def _root(value: float, degree: float) -> float:
    return -math.pow(-value, 1 / degree) if value < 0 and degree % 2 == 1 else math.pow(value, 1 / degree)


def close(a: Value, b: Value, tolerance: float, least: float) -> bool:
    """Whether two values are equal up to a relative tolerance of the larger one, or of `least`."""
    first, second = numpy.asarray(a), numpy.asarray(b)
    if first.shape != second.shape:
        return False
    size = max(least, float(numpy.abs(first).max()), float(numpy.abs(second).max()))
    return bool((numpy.abs(first - second) <= tolerance * size).all())
