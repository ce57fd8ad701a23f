"""The symbols of AsciiMath: what each word or sign stands for (asciimath.org, "Syntax").

One string of `word=character` pairs for each group, since that is how the language's own tables read.
"""

_LOWER = "alpha=α beta=β gamma=γ delta=δ epsilon=ε epsi=ε varepsilon=ɛ zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ"
_LOWER += " lambda=λ lamda=λ mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ psi=ψ omega=ω"
_UPPER = "Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Lamda=Λ Xi=Ξ Pi=Π Sigma=Σ Phi=Φ Psi=Ψ Omega=Ω"
_LETTERS = "CC=ℂ NN=ℕ QQ=ℚ RR=ℝ ZZ=ℤ oo=∞ infty=∞ infinity=∞ aleph=ℵ ell=ℓ hbar=ℏ O/=∅ emptyset=∅"

_OPERATORS = "*=⋅ cdot=⋅ **=∗ ast=∗ ***=⋆ star=⋆ //=/ setminus=∖ xx=× times=× -:=÷ div=÷ divide=÷ @=∘ circ=∘ o+=⊕"
_OPERATORS += " oplus=⊕ ox=⊗ otimes=⊗ o.=⊙ odot=⊙ ^^=∧ wedge=∧ vv=∨ vee=∨ nn=∩ cap=∩ uu=∪ cup=∪ +-=± pm=± -+=∓ mp=∓"
_OPERATORS += " |><=⋉ ltimes=⋉ ><|=⋊ rtimes=⋊ |><|=⋈ bowtie=⋈"
_RELATIONS = "!==≠ ne=≠ :==≔ lt=< <=< <==≤ lt==≤ le=≤ leq=≤ gt=> >=> >==≥ gt==≥ ge=≥ geq=≥ ll=≪ gg=≫ mlt=≪ mgt=≫"
_RELATIONS += " -<=≺ -lt=≺ prec=≺ -<==⪯ preceq=⪯ >-=≻ succ=≻ >-==⪰ succeq=⪰ in=∈ !in=∉ notin=∉ sub=⊂ subset=⊂"
_RELATIONS += " sup=⊃ supset=⊃ sube=⊆ subseteq=⊆ supe=⊇ supseteq=⊇ !sub=⊄ !sube=⊈ -==≡ equiv=≡ ~==≅ cong=≅ ~~=≈"
_RELATIONS += " approx=≈ ~=∼ sim=∼ prop=∝ propto=∝"
_LOGIC = "neg=¬ not=¬ =>=⇒ implies=⇒ <=>=⇔ iff=⇔ AA=∀ forall=∀ EE=∃ exists=∃ _|_=⊥ bot=⊥ perp=⊥ TT=⊤ top=⊤"
_LOGIC += " |--=⊢ vdash=⊢ |===⊨ models=⊨"
_SIGNS = "int=∫ oint=∮ iint=∬ del=∂ partial=∂ grad=∇ nabla=∇ ...=… ldots=… :.=∴ therefore=∴ :'=∵ because=∵ /_=∠"
_SIGNS += " angle=∠ /_\\=△ triangle=△ '=′ prime=′ cdots=⋯ vdots=⋮ ddots=⋱ frown=⌢ diamond=⋄ square=□"
_ARROWS = "uarr=↑ uparrow=↑ darr=↓ downarrow=↓ rarr=→ rightarrow=→ ->=→ to=→ >->=↣ ->>=↠ >->>=⤖ |->=↦ mapsto=↦"
_ARROWS += " larr=← leftarrow=← harr=↔ leftrightarrow=↔ rArr=⇒ Rightarrow=⇒ lArr=⇐ Leftarrow=⇐ hArr=⇔ Leftrightarrow=⇔"
_LARGE = "sum=∑ prod=∏ coprod=∐ ^^^=⋀ bigwedge=⋀ vvv=⋁ bigvee=⋁ nnn=⋂ bigcap=⋂ uuu=⋃ bigcup=⋃"

LIMITS = frozenset(["lim", "Lim", "min", "max"])
FUNCTIONS = frozenset([
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "cot", "sec", "csc", "sech", "csch", "coth", "arcsin", "arccos",
    "arctan", "exp", "log", "ln", "det", "gcd", "lcm", "dim", "mod", "lub", "glb", "ker", "deg", "arg", "Sin", "Cos",
    "Tan", "Arcsin", "Arccos", "Arctan", "Sinh", "Cosh", "Tanh", "Cot", "Sec", "Csc", "Log", "Ln", "f", "g",
])  # fmt: skip
ACCENTS = {
    "hat": "^", "bar": "¯", "overline": "¯", "vec": "→", "dot": ".", "ddot": "..", "tilde": "~", "overarc": "⏜",
    "overparen": "⏜", "obrace": "⏞", "overbrace": "⏞",
}  # fmt: skip
UNDER = {"ul": "_", "underline": "_", "ubrace": "⏟", "underbrace": "⏟"}
FONTS = {
    "bb": "bold", "mathbf": "bold", "bbb": "double-struck", "mathbb": "double-struck", "cc": "script",
    "mathcal": "script", "tt": "monospace", "mathtt": "monospace", "fr": "fraktur", "mathfrak": "fraktur",
    "sf": "sans-serif", "mathsf": "sans-serif",
}  # fmt: skip
FENCES = {"abs": ("|", "|"), "norm": ("‖", "‖"), "floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
UNARY = frozenset(["sqrt", "cancel", *ACCENTS, *UNDER, *FONTS, *FENCES])
BINARY = frozenset(["frac", "root", "stackrel", "overset", "underset", "color", "class", "id"])
OPENERS = {
    "(": "(", "[": "[", "{": "{", "{:": "", "(:": "⟨", "<<": "⟨", "langle": "⟨", "|__": "⌊", "lfloor": "⌊",
    "|~": "⌈", "lceil": "⌈",
}  # fmt: skip
CLOSERS = {
    ")": ")", "]": "]", "}": "}", ":}": "", ":)": "⟩", ">>": "⟩", "rangle": "⟩", "__|": "⌋", "rfloor": "⌋",
    "~|": "⌉", "rceil": "⌉",
}  # fmt: skip
WORDS = {"and": " and ", "or": " or ", "if": " if ", "quad": "\u2003", "qquad": "\u2003\u2003"}
DIFFERENTIALS = frozenset(["dx", "dy", "dz", "dt"])


def _pairs(group: str) -> dict[str, str]:
    return {pair[:-2]: pair[-1] for pair in group.split()}


IDENTIFIERS = _pairs(" ".join([_LOWER, _UPPER, _LETTERS]))
LARGE = _pairs(_LARGE)
SIGNS = _pairs(" ".join([_OPERATORS, _RELATIONS, _LOGIC, _SIGNS, _ARROWS]))
"""Everything that is one operator."""

SYMBOLS = frozenset().union(
    IDENTIFIERS, LARGE, SIGNS, LIMITS, FUNCTIONS, UNARY, BINARY, OPENERS, CLOSERS, WORDS, DIFFERENTIALS,
    ["/", "_", "^", "|", "||", "text", "mbox"],
)  # fmt: skip
