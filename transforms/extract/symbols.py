"""Unicode characters of MathML as LaTeX commands (names as in amssymb and unicode-math)."""

import unicodedata

_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon"
_GREEK += " varphi chi psi omega"

_NAMED = {
    "forall": "∀", "exists": "∃", "nexists": "∄", "partial": "∂", "nabla": "∇", "infty": "∞", "emptyset": "∅",
    "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇",
    "subsetneq": "⊊", "cup": "∪", "cap": "∩", "setminus": "∖", "times": "×", "div": "÷", "pm": "±", "mp": "∓",
    "cdot": "⋅", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗",
    "wedge": "∧", "vee": "∨", "neg": "¬", "leq": "≤", "geq": "≥", "ll": "≪", "gg": "≫", "neq": "≠", "approx": "≈",
    "equiv": "≡", "cong": "≅", "sim": "∼", "simeq": "≃", "propto": "∝", "prec": "≺", "succ": "≻", "preceq": "⪯",
    "succeq": "⪰", "leqslant": "⩽", "geqslant": "⩾", "perp": "⊥", "parallel": "∥", "mid": "∣", "nmid": "∤",
    "angle": "∠", "triangle": "△", "to": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
    "Leftarrow": "⇐", "Leftrightarrow": "⇔", "mapsto": "↦", "longrightarrow": "⟶", "longleftarrow": "⟵",
    "Longrightarrow": "⟹", "Longleftrightarrow": "⟺", "hookrightarrow": "↪", "uparrow": "↑", "downarrow": "↓",
    "rightharpoonup": "⇀", "rightleftharpoons": "⇌", "sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫",
    "iint": "∬", "iiint": "∭", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁", "bigotimes": "⨂",
    "bigwedge": "⋀", "bigvee": "⋁", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "langle": "⟨",
    "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "prime": "′", "hbar": "ℏ", "ell": "ℓ",
    "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "wp": "℘", "dagger": "†", "therefore": "∴", "because": "∵", "vdash": "⊢",
    "models": "⊨", "top": "⊤", "square": "□", "degree": "°", "epsilon": "ϵ", "varepsilon": "ε", "phi": "ϕ",
    "vartheta": "ϑ", "varrho": "ϱ", "varpi": "ϖ", "lVert": "‖", "triangleq": "≜", "trianglelefteq": "⊴",
    "imath": "ı", "jmath": "ȷ", "lesssim": "≲", "gtrsim": "≳", "iff": "⟺", "complement": "∁", "sphericalangle": "∢",
}  # fmt: skip
_LITERAL = {
    "−": "-", "⁢": "", "⁡": "", "⁣": "", "⁤": "", "\u00a0": " ", "\u2009": r"\,", "\u2003": r"\quad ", "ʹ": "'",
    "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}", "\\": r"\backslash ", "~": r"\sim ",
    "·": r"\cdot ", "⟩": r"\rangle ", "〈": r"\langle ", "〉": r"\rangle ", "″": "''", "∶": ":", "→": r"\to ",
    "⟺": r"\iff ", "‖": r"\| ", "°": r"^{\circ} ", "∧": r"\wedge ", "≔": ":=", "\u200b": "", "_": r"\_",
}  # fmt: skip


def _table() -> dict[str, str]:
    table = {char: f"\\{name} " for name, char in _NAMED.items()} | _LITERAL
    lower = [0x3B1 + i for i in range(25)]
    for code, name in zip(lower, _GREEK.split(), strict=True):
        table.setdefault(chr(code), "o" if name == "o" else f"\\{name} ")
        upper = chr(code - 0x20)
        if name in {"gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "psi", "omega"}:
            table[upper] = f"\\{name.capitalize()} "
    return table | {"Φ": r"\Phi "}


_SYMBOLS = _table()
# The mathematical alphabets of Unicode, by the words of a character's name.
_ALPHABETS = (
    ("DOUBLE-STRUCK", "mathbb"),
    ("BOLD FRAKTUR", "mathfrak"),
    ("FRAKTUR", "mathfrak"),
    ("BLACK-LETTER", "mathfrak"),
    ("SCRIPT", "mathcal"),
    ("SANS-SERIF", "mathsf"),
    ("MONOSPACE", "mathtt"),
    ("BOLD ITALIC", "boldsymbol"),
    ("BOLD", "mathbf"),
)


def to_latex(text: str) -> str:
    """Each character as LaTeX; a command is followed by a blank."""
    return "".join(_LITERAL.get(char, char) if char.isascii() else _styled(char) for char in text)


def _styled(char: str) -> str:
    """A letter of the mathematical alphabets as `\\mathbb{R}` and the like, any other character unchanged."""
    if char in _SYMBOLS:
        return _SYMBOLS[char]
    plain = unicodedata.normalize("NFKC", char)
    if plain == char or len(plain) != 1:
        return char
    name = unicodedata.name(char, "")
    inner = _SYMBOLS.get(plain, plain)
    if not name.startswith("MATHEMATICAL") and not any(word in name for word, _ in _ALPHABETS[:5]):
        return char
    return next((f"\\{command}{{{inner.strip()}}}" for word, command in _ALPHABETS if word in name), inner)
