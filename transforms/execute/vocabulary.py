"""The names of sympy that printed text may call."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Of sympy, under their own names: what printed text may call.
SYMPY_FUNCTIONS = _words("""
    sin cos tan cot sec csc asin acos atan acot atan2 sinh cosh tanh asinh acosh atanh exp log sqrt cbrt Abs sign
    factorial binomial gamma beta erf erfc zeta floor ceiling re im conjugate Rational Integer LambertW Ei Si Ci Max Min
    Mod Heaviside DiracDelta Interval Union besselj root fibonacci harmonic
""")
WRAPPERS = _words("array Matrix ImmutableMatrix MutableDenseMatrix FiniteSet Tuple list tuple set")
GREEK = _words("""
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda lambda_ mu nu xi pi rho sigma tau upsilon phi
    chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
""")
