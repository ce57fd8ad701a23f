"""Expression trees written as Python source, in one of three ways: floats, fractions, sympy."""

import ast

from transforms.translate.forms import is_fraction, may_be_negative
from transforms.translate.latex.evaluation import CONSTANTS
from transforms.translate.latex.reader import call, called
from transforms.translate.latex.trees import free_names

# Function of the vocabulary → its name in `math`.
MATH = {
    "factorial": "factorial", "binomial": "comb", "ff": "perm", "gcd": "gcd", "lcm": "lcm", "floor": "floor",
    "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp", "log": "log", "radians": "radians", "Gamma": "gamma",
    "ceiling": "ceil",
}  # fmt: skip
_BUILTIN = {"Abs": "abs", "Max": "max", "Min": "min"}
_METHODS = frozenset(["det", "transpose", "subs"])
_LOGARITHMS = {2: "log2", 10: "log10"}


class Writer(ast.NodeTransformer):
    """Rewrites a tree into the source of one kind of snippet, and collects what that needs."""

    def __init__(self) -> None:
        self.modules: set[str] = set()

    def source(self, tree: ast.expr) -> str:
        """The tree as source; the tree itself stays."""
        own = ast.parse(ast.unparse(tree), mode="eval").body  # a deep copy would keep what two of its parts share
        return ast.unparse(ast.fix_missing_locations(self.visit(own)))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A function under its name in the snippet."""
        arguments: list[ast.expr] = [self.visit(argument) for argument in node.args]
        name = called(node)
        match name:
            case "Mod":
                return ast.BinOp(arguments[0], ast.Mod(), arguments[1])
            case "degrees":
                return arguments[0]
            case "pow":
                return call("pow", *arguments)
            case "root" if getattr(arguments[1], "value", None) == 3:
                return self._math("cbrt", arguments[:1])
            case "root":
                return ast.BinOp(arguments[0], ast.Pow(), ast.BinOp(ast.Constant(1), ast.Div(), arguments[1]))
            case "log" if len(arguments) == 2 and (base := getattr(arguments[1], "value", None)) in _LOGARITHMS:
                return self._math(_LOGARITHMS[base], arguments[:1])
        if name in _BUILTIN:
            return call(_BUILTIN[name], *arguments)
        return self._math(MATH[name], arguments)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A constant or a symbol."""
        constants = {"pi": "pi", "E": "e"}
        return self._attribute(constants[node.id]) if node.id in constants else node

    def _math(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        return ast.Call(self._attribute(name), arguments, [])

    def _attribute(self, name: str) -> ast.expr:
        self.modules.add("math")
        return ast.Attribute(ast.Name("math"), name)


class Floats(Writer):
    """Decimal results with `math`."""


class Fractions(Writer):
    """Exact results with whole numbers and `Fraction`."""

    def __init__(self, fractions: frozenset[str]) -> None:
        super().__init__()
        self.fractions = fractions  # the symbols whose values are fractions

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """An operation; quotients and negative powers stay exact."""
        left, right = self.visit(node.left), self.visit(node.right)
        exact = [is_fraction(side, self.fractions) for side in (node.left, node.right)]
        if isinstance(node.op, ast.Div) and not any(exact):
            return self._fraction(left, right)
        if isinstance(node.op, ast.Pow) and not exact[0] and may_be_negative(node.right):
            return ast.BinOp(self._fraction(left), node.op, right)
        return ast.BinOp(left, node.op, right)

    def _fraction(self, *arguments: ast.expr) -> ast.expr:
        self.modules.add("Fraction")
        return call("Fraction", *arguments)


class Sympy(Writer):
    """Exact and symbolic results with sympy."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A function under its name in the snippet."""
        name = called(node)
        arguments: list[ast.expr] = [self.visit(argument) for argument in node.args]
        if name == "degrees":
            return arguments[0]
        if name in _METHODS:
            return ast.Call(ast.Attribute(arguments[0], name), arguments[1:], [])
        if name == "root" and not free_names(node):
            name = "real_root"  # of -8, -2 is meant
        name = {"radians": "rad", "Gamma": "gamma", "vector": "Tuple"}.get(name, name)
        self.used.add(name)
        return call(name, *arguments)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A constant or a symbol."""
        if node.id in CONSTANTS:
            self.used.add(node.id)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """An operation; quotients and negative powers stay exact."""
        left, right = self.visit(node.left), self.visit(node.right)
        plain = not (_is_sympy(node.left) or _is_sympy(node.right))
        if isinstance(node.op, ast.Div) and plain:
            self.used.add("Rational")
            return call("Rational", left, right)
        if isinstance(node.op, ast.Pow) and plain and may_be_negative(node.right):
            self.used.add("Integer")
            return ast.BinOp(call("Integer", left), node.op, right)
        return ast.BinOp(left, node.op, right)


def _is_sympy(node: ast.expr) -> bool:
    """Whether the node's value is sympy's own once it is written with `Sympy`."""
    return any(
        isinstance(child, ast.Name | ast.Call | ast.Div)
        or (isinstance(child, ast.Constant) and isinstance(child.value, float))
        for child in ast.walk(node)
    ) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and may_be_negative(node.right))
