r"""Arithmetic read by latex2sympy2_extended from a skeleton, in which every operand is one letter.

Why a skeleton and not the formula: the library evaluates while it parses (`\binom{9}{4}`, determinants, `12 \div 4`),
and takes `(3)(4)` for a mixed number and `30^\circ` for 30 radians. A skeleton leaves nothing to evaluate or to
misread: it holds `+ - \cdot /`, fractions, roots, powers and letters, each letter once. Its tree is rebuilt as
Python's own (`ast`), where each letter gives way to the operand that it stood for. Skeletons repeat and are cached.
"""

import ast
import functools
from collections.abc import Sequence

import sympy
from latex2sympy2_extended import latex2sympy
from latex2sympy2_extended.latex2sympy2 import ConversionConfig

from transforms.translate.latex.lexer import Unreadable

# Letters that the library takes for plain symbols (not d, e, f, g, h, i, E, I, which mean something to it).
LETTERS = "abcklmnopqrstuvwxyzABCDFGHJKLMNOPQRSTUVWXYZ"
_CONFIG = ConversionConfig(interpret_as_mixed_fractions=False, lowercase_symbols=False)


def assemble(skeleton: str, operands: Sequence[ast.expr]) -> ast.expr:
    """The skeleton's tree with `operands[k]` for `LETTERS[k]`; raises Unreadable if the library refuses it."""
    tree = _parse(skeleton, len(operands))
    filled: ast.expr = _Fill(dict(zip(LETTERS, operands, strict=False))).visit(ast.parse(tree, mode="eval").body)
    return filled


@functools.lru_cache(maxsize=1 << 14)
def _parse(skeleton: str, count: int) -> str:
    """The skeleton as Python source, each of its `count` letters once."""
    try:
        tree = latex2sympy(skeleton, normalization_config=None, conversion_config=_CONFIG)
    except Exception as error:  # the library raises bare Exceptions
        raise Unreadable(f"{type(error).__name__} in {skeleton}") from error
    used = [str(symbol) for node in sympy.preorder_traversal(tree) if (symbol := node).is_Symbol]
    if sorted(used) != sorted(LETTERS[:count]):
        raise Unreadable("read otherwise than written: " + skeleton)
    return ast.unparse(_python(tree))


def _python(tree: sympy.Basic) -> ast.expr:
    """A tree of sums, products, powers and roots as Python, its terms and factors in the order of the skeleton."""
    match tree:
        case sympy.Symbol():
            return ast.Name(str(tree))
        case sympy.Add():
            return _sum(sorted(tree.args, key=_place))
        case sympy.Mul():
            return _product(tree)
        case sympy.Pow(base=base, exp=sympy.Rational(p=1, q=2)):
            return ast.Call(ast.Name("sqrt"), [_python(base)], [])
        case sympy.Pow(exp=sympy.Integer(p=-1)):
            return _product(tree)
        case sympy.Pow(base=base, exp=sympy.Pow(base=degree, exp=sympy.Integer(p=-1))):
            return ast.Call(ast.Name("root"), [_python(base), _python(degree)], [])
        case sympy.Pow(base=base, exp=exponent):
            return ast.BinOp(_python(base), ast.Pow(), _python(exponent))
    raise Unreadable(f"{type(tree).__name__} in arithmetic")


def _place(tree: sympy.Basic) -> int:
    """Where the tree begins in the skeleton."""
    return min((LETTERS.index(str(symbol)) for symbol in tree.free_symbols), default=-1)


def _sum(terms: Sequence[sympy.Basic]) -> ast.expr:
    total = _python(terms[0])
    for term in terms[1:]:
        sign, positive = _sign(term)
        total = ast.BinOp(total, ast.Sub() if sign < 0 else ast.Add(), _python(positive))
    return total


def _sign(term: sympy.Basic) -> tuple[int, sympy.Basic]:
    """A term without its leading -1, and the sign."""
    if isinstance(term, sympy.Mul) and sympy.S.NegativeOne in term.args:
        rest = [factor for factor in term.args if factor != -1]
        return -1, rest[0] if len(rest) == 1 else sympy.Mul(*rest, evaluate=False)
    return 1, term


def _product(tree: sympy.Basic) -> ast.expr:
    factors = _factors(tree)
    sign = -1 if sum(factor == -1 for factor in factors) % 2 else 1
    ordered = sorted((factor for factor in factors if factor != -1), key=_place)
    above = [_python(factor) for factor in ordered if not _inverse(factor)]
    below = [_python(factor.args[0]) for factor in ordered if _inverse(factor)]
    product = _joined(above) if above else ast.Constant(1)
    for divisor in below:
        product = ast.BinOp(product, ast.Div(), divisor)
    return ast.UnaryOp(ast.USub(), product) if sign < 0 else product


def _factors(tree: sympy.Basic) -> list[sympy.Basic]:
    """The factors of a product of products."""
    if isinstance(tree, sympy.Mul):
        return [factor for argument in tree.args for factor in _factors(argument)]
    return [tree]


def _inverse(factor: sympy.Basic) -> bool:
    return isinstance(factor, sympy.Pow) and factor.exp == -1


def _joined(factors: Sequence[ast.expr]) -> ast.expr:
    product = factors[0]
    for factor in factors[1:]:
        product = ast.BinOp(product, ast.Mult(), factor)
    return product


class _Fill(ast.NodeTransformer):
    """Puts the operands in the place of the letters."""

    def __init__(self, operands: dict[str, ast.expr]) -> None:
        self.operands = operands

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A letter; `sqrt` and `root` are names of more than one letter."""
        return self.operands.get(node.id, node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """A factor 1 goes: it comes from a fraction before something, 1/2 of it."""
        left: ast.expr = self.visit(node.left)
        right: ast.expr = self.visit(node.right)
        if isinstance(node.op, ast.Mult) and isinstance(left, ast.Constant) and left.value == 1:
            return right
        return ast.BinOp(left, node.op, right)
