"""The names of Python, sympy and LaTeX that the sandbox's readers know. Standard library only."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What gives back its (first) argument, at most in another notation.
TRANSPARENT = _words("""
    str repr int float complex round bool format Fraction Decimal Rational Integer Float S sympify parse_expr N n evalf
    latex pretty list tuple set Matrix array asarray FiniteSet Tuple Eq join strip literal_eval eval item tolist
""")
ROUNDING = _words("round around round_ N n evalf format")  # of these only the first argument
REWRITING = _words("simplify expand factor nsimplify together apart trigsimp sorted abs Abs")
# Functions with a notation of their own, which a stated answer may hold too.
ELEMENTARY = _words("""
    sqrt cbrt root pow sin cos tan cot sec csc asin acos atan sinh cosh tanh exp log ln factorial binomial
""")
SYMBOLS = _words("symbols Symbol var Dummy")
ROUNDERS = _words("round around round_ quantize evalf N n format set_printoptions nsimplify")
SPELLINGS = {
    **{"ln": "log", "exp": "e", "E": "e", "infty": "oo", "inf": "oo", "infinity": "oo", "I": "i", "j": "i"},
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "binom": "binomial", "Abs": "abs"},
}
# LaTeX commands that are notation, not a part of the answer.
NOTATION = _words("""
    frac dfrac tfrac left right cdot times div text mathrm mbox quad qquad approx pm mp begin end pmatrix bmatrix matrix
    displaystyle boxed or and to in circ degree
""")
