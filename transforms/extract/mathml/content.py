r"""Content MathML, which says what a formula means: `<apply><plus/><ci>a</ci><ci>b</ci></apply>` is `a+b`.

Only pages without presentation markup come here. Parentheses stand where the levels of operators ask for them.
"""

from collections.abc import Callable, Mapping, Sequence

from lxml.etree import _Element

from transforms.extract.mathml.piece import NOTHING, Piece, argument, joined, option
from transforms.extract.mathml.rows import row
from transforms.extract.mathml.tokens import identifier, number
from transforms.extract.symbols import spelled
from transforms.extract.tree import name, own_children

_RELATION, _SUM, _PRODUCT, _FUNCTION, _ATOM = 1, 3, 4, 5, 9
_INFIX = {
    "plus": ("+", _SUM), "minus": ("-", _SUM), "eq": ("=", _RELATION), "neq": (r"\neq", _RELATION),
    "lt": ("<", _RELATION), "gt": (">", _RELATION), "leq": (r"\leq", _RELATION), "geq": (r"\geq", _RELATION),
    "equivalent": (r"\equiv", _RELATION), "approx": (r"\approx", _RELATION), "implies": (r"\implies", 0),
    "in": (r"\in", _RELATION), "notin": (r"\notin", _RELATION), "subset": (r"\subseteq", _RELATION),
    "prsubset": (r"\subset", _RELATION), "notsubset": (r"\nsubseteq", _RELATION), "union": (r"\cup", _SUM),
    "notprsubset": (r"\not\subset", _RELATION), "intersect": (r"\cap", _SUM), "setdiff": (r"\setminus", _SUM),
    "cartesianproduct": (r"\times", _PRODUCT), "vectorproduct": (r"\times", _PRODUCT), "or": (r"\vee", 1),
    "scalarproduct": (r"\cdot", _PRODUCT), "outerproduct": (r"\otimes", _PRODUCT), "and": (r"\wedge", 1),
    
    "xor": (r"\oplus", 1), "compose": (r"\circ", _PRODUCT), "tendsto": (r"\to", _RELATION),
    "factorof": (r"\mid", _RELATION), "rem": (r"\bmod", _SUM),
}  # fmt: skip
_AROUND = {
    "abs": ("|", "|"), "floor": (r"\lfloor", r"\rfloor"), "ceiling": (r"\lceil", r"\rceil"), "card": ("|", "|"),
    "set": (r"\{", r"\}"), "list": ("(", ")"), "vector": ("(", ")"),
}  # fmt: skip
_AFTER = {"factorial": "!", "inverse": "^{-1}", "transpose": "^{T}"}
_BEFORE = {"not": r"\neg", "forall": r"\forall", "exists": r"\exists", "grad": r"\nabla", "laplacian": r"\nabla^{2}"}
_BIG = {"sum": r"\sum", "product": r"\prod", "int": r"\int", "limit": r"\lim"}
_NAMES = {
    "gcd": r"\gcd", "min": r"\min", "max": r"\max", "arg": r"\arg", "real": r"\Re", "imaginary": r"\Im", "ln": r"\ln",
    "log": r"\log", "determinant": r"\det", "lcm": r"\operatorname{lcm}", "divergence": r"\operatorname{div}",
    "curl": r"\operatorname{curl}", "sech": r"\operatorname{sech}", "csch": r"\operatorname{csch}",
} | {each: f"\\{each}" for each in (
    "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos", "arctan",
)}  # fmt: skip
CONSTANTS = {
    "pi": r"\pi", "exponentiale": "e", "imaginaryi": "i", "infinity": r"\infty", "emptyset": r"\emptyset",
    "reals": r"\mathbb{R}", "integers": r"\mathbb{Z}", "rationals": r"\mathbb{Q}", "naturalnumbers": r"\mathbb{N}",
    "complexes": r"\mathbb{C}", "primes": r"\mathbb{P}", "true": r"\text{true}", "false": r"\text{false}",
    "notanumber": r"\text{NaN}", "eulergamma": r"\gamma",
}  # fmt: skip
_QUALIFIERS = frozenset(["bvar", "lowlimit", "uplimit", "degree", "logbase", "condition", "domainofapplication"])


def apply(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`apply` and `bind`: an operator, or a function, with what it is applied to."""
    children = own_children(element)
    if not children:
        return NOTHING
    named = list(zip(map(name, children), pieces, strict=True))
    operands = [piece for tag, piece in named[1:] if tag not in _QUALIFIERS]
    qualifiers = {tag: piece for tag, piece in named[1:] if tag in _QUALIFIERS}
    return _applied(named[0][0], named[0][1], operands, qualifiers)


def _applied(operator: str, head: Piece, operands: Sequence[Piece], qualifiers: Mapping[str, Piece]) -> Piece:
    first = operands[0] if operands else NOTHING
    if operator == "minus" and len(operands) == 1:
        return Piece(f"-{_bound(first, _PRODUCT)}", level=_SUM)
    if operator == "times":
        return _product(operands)
    if (known := _INFIX.get(operator)) and operands:
        sign, level = known
        parts = [_bound(each, level + (operator == "minus" and index > 0)) for index, each in enumerate(operands)]
        return Piece(spelled(part for each in parts for part in (sign, each))[len(sign) :].lstrip(), level=level)
    if operator in _AROUND:
        return around(operator, operands)
    if operator in _AFTER:
        return Piece(_bound(first, _ATOM) + _AFTER[operator], level=_FUNCTION)
    if operator in _BIG or operator in {"diff", "partialdiff", "forall", "exists"}:
        return _quantified(operator, first, qualifiers)
    if (rule := _SPECIAL.get(operator)) and operands:
        return rule(operands, qualifiers)
    if operator in _BEFORE:
        return Piece(spelled([_BEFORE[operator], _bound(first, _FUNCTION)]), level=_FUNCTION)
    return _function(_NAMES.get(operator) or head.latex or f"\\operatorname{{{operator}}}", operands, qualifiers)


def _function(called: str, operands: Sequence[Piece], qualifiers: Mapping[str, Piece]) -> Piece:
    if "logbase" in qualifiers:
        called += f"_{argument(qualifiers['logbase'])}"
    inside = ",".join(each.latex for each in operands)
    simple = len(operands) == 1 and operands[0].level == _ATOM and called.startswith("\\") and len(inside) < 9
    return Piece(spelled([called, inside] if simple else [called, f"({inside})"]), level=_FUNCTION)


def _product(operands: Sequence[Piece]) -> Piece:
    parts: list[str] = []
    for each in operands:
        factor = _bound(each, _PRODUCT)
        parts.extend([r"\cdot"] if parts and factor[:1].isdigit() else [])
        parts.append(factor)
    return Piece(spelled(parts), level=_PRODUCT)


def _power(operands: Sequence[Piece], qualifiers: Mapping[str, Piece]) -> Piece:
    return Piece(f"{_bound(operands[0], _ATOM)}^{argument(row(operands[1:]))}", level=_FUNCTION)


def _root(operands: Sequence[Piece], qualifiers: Mapping[str, Piece]) -> Piece:
    degree = qualifiers.get("degree", NOTHING).latex
    return Piece(f"\\sqrt{option('' if degree == '2' else degree)}{argument(operands[0])}", True)


_SPECIAL: dict[str, Callable[[Sequence[Piece], Mapping[str, Piece]], Piece]] = {
    "power": _power,
    "root": _root,
    "divide": lambda operands, _: Piece(f"\\frac{argument(operands[0])}{argument(row(operands[1:]))}", True, True),
    "exp": lambda operands, _: Piece(f"e^{argument(operands[0])}", level=_FUNCTION),
    "conjugate": lambda operands, _: Piece(f"\\overline{argument(operands[0])}", True),
    "selector": lambda operands, _: Piece(f"{_bound(operands[0], _ATOM)}_{argument(row(operands[1:]))}", True),
}


def _quantified(operator: str, body: Piece, qualifiers: Mapping[str, Piece]) -> Piece:
    variable, low, high, where = (
        qualifiers.get(each, NOTHING).latex for each in ("bvar", "lowlimit", "uplimit", "condition")
    )
    if operator in {"diff", "partialdiff"}:
        sign = "d" if operator == "diff" else r"\partial"
        return Piece(f"\\frac{{{spelled([sign, _bound(body, _FUNCTION)])}}}{{{spelled([sign, variable])}}}", True, True)
    if operator in {"forall", "exists"}:
        return Piece(spelled([_BEFORE[operator], where or variable, ":", body.latex]), level=0)
    if operator == "int":
        limits = (f"_{{{low or where}}}" if low or where else "") + (f"^{{{high}}}" if high else "")
        return Piece(spelled([r"\int" + limits, body.latex, r"\,", "d" if variable else "", variable]), level=_SUM)
    sign = r"\to" if operator == "limit" else "="
    below = where or (spelled([variable, sign, low]) if low else variable)
    limits = (f"_{{{below}}}" if below else "") + (f"^{{{high}}}" if high else "")
    return Piece(spelled([_BIG[operator] + limits, _bound(body, _PRODUCT)]), level=_SUM, tall=True)


def _bound(piece: Piece, level: int) -> str:
    """An operand, in parentheses if its own operator binds less strongly than the one around it."""
    return f"({piece.latex})" if piece.level < level else piece.latex


def around(operator: str, pieces: Sequence[Piece]) -> Piece:
    """What stands in fences: absolute values, sets, lists, vectors."""
    left, right = _AROUND[operator]
    return Piece(spelled([left, ",".join(piece.latex for piece in pieces), right]))


def leaf(element: _Element, variant: str, pieces: Sequence[Piece]) -> Piece:
    """`ci`, `csymbol` and `cn`, whose parts `sep` divides; presentation markup inside is what they show."""
    if any(piece.latex for piece in pieces):
        return row(pieces)
    if name(element) != "cn":
        return identifier(element, variant)
    parts = [element.text or "", *(child.tail or "" for child in own_children(element) if name(child) == "sep")]
    parts = [part.strip() for part in parts]
    match (element.get("type") or "", parts):
        case "rational", [top, bottom]:
            return Piece(f"\\frac{{{top}}}{{{bottom}}}", True, True)
        case "e-notation", [mantissa, exponent]:
            return Piece(f"{mantissa}\\times 10^{{{exponent}}}", level=_PRODUCT)
        case "complex-cartesian", [real, imaginary]:
            return Piece(f"{real}+{imaginary}i", level=_SUM)
    return number(element, variant)


def interval(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`interval`: which end belongs to it."""
    closure = element.get("closure") or "closed"
    left, right = (
        ("(" if closure in {"open", "open-closed"} else "["),
        (")" if closure in {"open", "closed-open"} else "]"),
    )
    return Piece(f"{left}{','.join(piece.latex for piece in pieces)}{right}", True)


def matrix(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`matrix` of `matrixrow`."""
    return Piece(rf"\begin{{pmatrix}} {_lines(pieces)} \end{{pmatrix}}", True, True)


def piecewise(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`piecewise` of `piece` and `otherwise`."""
    return Piece(rf"\begin{{cases}} {_lines(pieces)} \end{{cases}}", True, True)


def cells(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`matrixrow`, `piece`."""
    return Piece(" & ".join(piece.latex for piece in pieces))


def otherwise(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """The last line of `piecewise`."""
    return Piece(f"{joined(pieces)} & \\text{{otherwise}}")


def _lines(pieces: Sequence[Piece]) -> str:
    return " \\\\ ".join(piece.latex for piece in pieces)
