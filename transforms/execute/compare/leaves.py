"""Whether two single values are the same: numbers with units, formulas, equations, sets, words."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare import formula, regions, units
from transforms.execute.compare.constants import same_constants
from transforms.execute.compare.formulas import proportional, same_formulas
from transforms.execute.compare.measures import scaled
from transforms.execute.compare.python import symbol_name
from transforms.execute.compare.signs import CommonLog
from transforms.execute.compare.values import Leaf
from transforms.execute.compare.words import same_words

_SYMBOL_LENGTH = 2  # longer names are words: `area = 12`
_COUNTS = re.compile(r"(?<![\w^{-])\d[\d.]*")  # numbers in what stands behind a number
_TELLING = 3  # digits
_DEGREE = Fraction("57.295779513082320876798154814105170332405472466564")


def same_leaves(stated: Leaf, printed: Leaf, rounded: bool) -> bool | None:
    """Whether two single values are equal; None where that cannot be decided."""
    if (equations := _same_equations(stated, printed)) is not None:
        return equations or None
    if _other_names(stated.name, printed.name):
        return None
    if stated.number and printed.number:
        return _same_measures(stated, printed, rounded)
    a, b = stated.value, printed.value
    unknowns = {symbol.name for symbol in b.free_symbols} if isinstance(b, sympy.Expr) else set()
    if stated.unit and a is not None and (stated.unit in unknowns or (unknowns and f"({stated.unit})" in stated.name)):
        a = a * sympy.Symbol(stated.unit)  # `5 m` may be a product
    if isinstance(b, sympy.Expr) and b.has(sympy.pi) and units.canonical(stated.unit) == "deg" and not printed.unit:
        a = a * sympy.pi / 180
    if stated.text == printed.text and stated.text and not stated.number:
        return True
    if a is None or b is None:
        if a is not None or b is not None:
            return same_words(stated, b) if a is None else same_words(printed, a)
        return True if stated.text == printed.text else None
    if isinstance(a, sympy.Set) and isinstance(b, sympy.Set):
        return regions.same_regions(a, b, lambda x, y: same_constants(stated, printed, x, y, rounded))
    if is_truth(a) or is_truth(b):
        return _same_truths(a, b)
    if not (isinstance(a, sympy.Expr) and isinstance(b, sympy.Expr)):
        return regions.same_members(stated, b)
    verdicts = [_same_expressions(stated, printed, x, y, rounded) for x, y in _meanings(a, b)]
    return True if True in verdicts else verdicts[0]


def is_truth(value: Any) -> bool:
    """A truth value or a relation; sympy takes a symbol for one too."""
    return isinstance(value, sympy.logic.boolalg.Boolean) and not isinstance(value, sympy.Expr)


def _other_names(stated: str, printed: str) -> bool:
    """Whether both are called by symbols, and not by the same; `y` and `f(x)` may be the same."""
    names = [symbol_name(name) for name in (stated, printed)]
    if any("(" in name for name in names):
        names = [re.sub(r"\([a-z]\)", "()", name) if name.count("(") == 1 else "" for name in names]
    short = all(0 < len(name) <= _SYMBOL_LENGTH or "(" in name for name in names)
    bases = [re.sub(r"\d", "", name) for name in names]
    return (
        short and names[0] != names[1] and (bases[0] != bases[1] or (bases[0] not in names and bases[1] not in names))
    )


def _same_measures(stated: Leaf, printed: Leaf, rounded: bool) -> bool | None:
    assert stated.number is not None  # noqa: S101
    assert printed.number is not None  # noqa: S101
    factor = units.ratio(stated.unit, printed.unit)
    shares = stated.number.percent, printed.number.percent
    mixed = shares[0] != shares[1] and (printed.unit if shares[0] else stated.unit)
    if factor is None or mixed:
        return None
    counts = [set(_COUNTS.findall(leaf.unit)) for leaf in (stated, printed)]
    if all(counts) and counts[0] != counts[1]:
        return None  # `5 km in 30 minutes`, `5 km in 25 minutes`
    number = scaled(printed.number, factor)
    found = plain.same_number(stated.number, number, rounded)
    if not found and units.canonical(stated.unit) == "deg" and not printed.unit and number.digits > 3:
        return plain.same_number(stated.number, scaled(number, _DEGREE), rounded)
    return found or (None if _may_be_rounded(stated, number) else False)


def _may_be_rounded(stated: Leaf, printed: plain.Number) -> bool:
    """Whether `113 cm^3` may stand for 113.097: a measure, to three digits or more, and not money."""
    kind, _ = units.measure(units.canonical(stated.unit)) or ("", None)
    number = stated.number
    return (
        bool(kind and number and printed.place and number.place is None and number.value.denominator == 1)
        and not re.match("money|euro|pound", kind)
        and number is not None
        and number.digits >= _TELLING
        and abs(number.value - printed.value) <= Fraction(1, 2)
    )


def _same_equations(stated: Leaf, printed: Leaf) -> bool | None:
    """Two equations with unknowns on both sides; None if they are not such."""
    sides = [_zero(leaf) for leaf in (stated, printed)]
    explicit = [isinstance(leaf.expression, sympy.Eq) or not _is_name(leaf.name) for leaf in (stated, printed)]
    if sides[0] is None or sides[1] is None or not any(explicit):
        return None
    if not sides[0].free_symbols or not sides[1].free_symbols:
        return None
    return proportional(sides[0], sides[1]) or (False if all(explicit) else None)


def _is_name(text: str) -> bool:
    return not text or re.fullmatch(r"\\?[A-Za-z]+'*(?:_\{?\w+\}?)?(?:\([^()]*\))?", text) is not None


def _zero(leaf: Leaf) -> Any:
    """What an equation says to be zero."""
    if isinstance(leaf.expression, sympy.Eq):
        return leaf.expression.lhs - leaf.expression.rhs
    value = leaf.value
    if not leaf.name or not isinstance(value, sympy.Expr):
        return None
    try:
        left = formula.parse(leaf.name)
    except Exception:  # sympy raises all kinds at odd input
        return None
    return left - value if isinstance(left, sympy.Expr) else None


def _same_truths(a: Any, b: Any) -> bool | None:
    if a in (True, False) and b in (True, False):
        return bool(a == b)
    if isinstance(a, sympy.And) and isinstance(b, sympy.And) and len(a.args) == len(b.args):
        left = list(b.args)
        for item in a.args:
            match = next((other for other in left if _same_truths(item, other)), None)
            if match is None:
                return False
            left.remove(match)
        return True
    relations = [side for side in (a, b) if isinstance(side, sympy.core.relational.Relational)]
    if len(relations) < 2:
        return None
    if all(isinstance(side, sympy.Eq) for side in relations):
        return proportional(a.lhs - a.rhs, b.lhs - b.rhs)
    if not all(hasattr(side, "gts") for side in relations):
        return True if a == b else None
    strict = [isinstance(side, sympy.Lt | sympy.Gt) for side in relations]
    return strict[0] == strict[1] and proportional(a.gts - a.lts, b.gts - b.lts, positive=True)


def _meanings(a: Any, b: Any) -> Iterator[tuple[Any, Any]]:
    r"""`i` and `e` are the constants, unless the other side has unknowns of that name; `\log` has two bases."""
    names = [{symbol.name for symbol in side.free_symbols} for side in (a, b)]
    constants = {"i": sympy.I, "e": sympy.E}
    a, b = (
        side.subs({s: constants[s.name] for s in side.free_symbols if s.name in constants.keys() - others})
        for side, others in ((a, names[1]), (b, names[0]))
    )
    if a.has(CommonLog) or b.has(CommonLog):
        for base in ((), (10,)):
            yield tuple(side.replace(CommonLog, lambda x, base=base: sympy.log(x, *base)) for side in (a, b))
    else:
        yield a, b


def _same_expressions(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    if sympy.nan in (a, b) or sympy.zoo in (a, b):
        return None
    if not a.free_symbols and not b.free_symbols:
        return same_constants(stated, printed, a, b, rounded)
    if a.has(sympy.Float) or b.has(sympy.Float):
        terms = _same_terms(stated, printed, a, b, rounded)
        if terms is not None:
            return terms
    return same_formulas(a, _with_argument_of(stated.name, b))


def _with_argument_of(name: str, b: Any) -> Any:
    """Of `f(t) = …` the unknown may have any name."""
    found = re.fullmatch(r"\s*\w+'*\((\\?\w+)\)", name)
    if found and len(b.free_symbols) == 1:
        return b.xreplace({next(iter(b.free_symbols)): sympy.Symbol(symbol_name(found[1]))})
    return b


def _same_terms(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    """Sums with decimals: coefficient by coefficient, rounded as they are written; None if the terms are others."""
    left, right = (sympy.expand(side).as_coefficients_dict() for side in (a, b))
    if left.keys() != right.keys():
        return None
    verdicts = [same_constants(stated, printed, left[term], right[term], rounded) for term in left]
    return False if False in verdicts else None if None in verdicts else True
