"""The names of Python, its libraries and LaTeX that the reader of snippets knows."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What gives back its (first) argument, at most in another notation or rounded.
SAME = _words("""
    bool evalf round around round_ format latex pretty copy deepcopy item squeeze ravel flatten run UnevaluatedExpr
    getvalue strip rstrip lstrip encode decode zfill ljust rjust center dedent Poly as_expr srepr quantize
    compile lru_cache cache __str__ __repr__ __float__ __int__ chr b64decode fromhex unhexlify DataFrame astype
    real_if_close sstr Template
""")
PARSED = _words("""
    int float complex sympify parse_expr literal_eval eval loads Decimal Integer Float S N n Fraction Rational mpq
    nsimplify mpmathify vpa sym str2num str2double double mpf mpc float16 float32 float64 int32 int64
""")
RATIONAL = _words("Fraction Rational mpq nsimplify")
CONTAINERS = _words("""
    list tuple set frozenset array asarray Matrix ImmutableMatrix FiniteSet Tuple tolist matrix deque ndarray Array
    Series tensor Vector atleast_1d column_stack
""")
# What changes its first argument.
MUTATORS = _words("""
    shuffle heappush heapify heappop heapreplace heappushpop insort insort_left insort_right fill_diagonal put copyto
""")
RECORDS = _words("Interval Point Point2D Point3D Quaternion Gt Ge Lt Le Ne")  # hold what they are given
REWRITING = _words("""
    simplify expand together apart trigsimp powsimp radsimp cancel collect ratsimp logcombine expand_trig
    expand_log factor_terms
""")
# Functions with a notation of their own, which a stated answer may hold too.
ELEMENTARY = _words("""
    sqrt cbrt root pow sin cos tan cot sec csc asin acos atan sinh cosh tanh exp log ln factorial binomial Abs Pow
    Mul Add
""")
# Of one value they give that value.
AGGREGATES = _words("""
    max min sum fsum mean fmean median mode prod average amax amin nansum nanmean nanmax nanmin Max Min gcd lcm
    reduce cumsum array_sum Add Mul
""")
CONSTANTS = _words("pi e tau phi GoldenRatio golden_ratio EulerGamma euler_gamma Catalan")  # whose digits are computed
LOGGERS = _words("debug info warning error critical exception")
SUMS = _words("sum fsum prod nansum cumsum array_sum reduce Add Mul")
SYMBOLS = _words("symbols Symbol var Dummy Symbols Function")
PRINTERS = _words("print pprint display pp pretty_print print_latex disp")
WRITERS = _words("write writelines puts fputs")
FORMATTERS = _words("printf fprintf sprintf")
ROUNDERS = _words("round around round_ quantize evalf N n format set_printoptions nsimplify")
OCTAVE_ROUNDERS = _words("printf round num2str mat2str format")
SPELLINGS = {
    **{"ln": "log", "exp": "e", "E": "e", "infty": "oo", "inf": "oo", "infinity": "oo", "I": "i", "j": "i"},
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "binom": "binomial", "Abs": "abs"},
}
# LaTeX commands that are notation, not a part of the answer.
NOTATION = _words("""
    frac dfrac tfrac left right cdot times div text mathrm mbox quad qquad approx pm mp begin end pmatrix bmatrix matrix
    displaystyle boxed or and to in circ degree
""")
