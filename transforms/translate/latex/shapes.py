"""Rows and columns of the matrices in an expression."""

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from transforms.translate.latex.lexer import Unreadable
from transforms.translate.latex.reader import called

Shape: TypeAlias = tuple[int, int] | None  # rows and columns, None for a number


def check_shapes(node: ast.expr, named: Mapping[str, tuple[int, int]] = MappingProxyType({})) -> Shape:
    """The shape of the value, where `named` are the matrices that have a name.

    Raises Unreadable where shapes do not fit, as in a dot product of columns.
    """
    match node:
        case ast.Name(id=name):
            return named.get(name)
        case ast.Call(args=[ast.List(elts=[ast.List(elts=first), *_] as rows)]):
            return len(rows), len(first)
        case ast.Call(args=[argument, *_]) if called(node) in ("det", "transpose"):
            height, width = check_shapes(argument, named) or (1, 1)
            if called(node) == "det" and height != width:
                raise Unreadable("a determinant of what is not square")
            return (width, height) if called(node) == "transpose" else None
        case ast.UnaryOp(operand=operand):
            return check_shapes(operand, named)
        case ast.BinOp(left=left, op=operator, right=right):
            return _shape(check_shapes(left, named), operator, check_shapes(right, named))
        case ast.Call(args=arguments):
            if any(check_shapes(argument, named) for argument in arguments if not isinstance(argument, ast.Tuple)):
                raise Unreadable("a function of a matrix")
    return None


def _shape(left: Shape, operator: ast.operator, right: Shape) -> Shape:
    match operator:
        case ast.Mult() if left and right and left[1] == right[0]:
            return left[0], right[1]
        case ast.Mult() if not (left and right):
            return left or right
        case ast.Add() | ast.Sub() if left == right:
            return left
        case ast.Div() if not right:
            return left
        case ast.Pow() if not right and (not left or left[0] == left[1]):
            return left
    raise Unreadable("shapes that do not fit")
