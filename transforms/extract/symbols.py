r"""Unicode characters as LaTeX: commands of LaTeX and amssymb, a few of stmaryrd, names as in unicode-math.

A character that no command says stays as it is: KaTeX, MathJax and unicode-math print it.
"""

import re
import unicodedata
from collections.abc import Iterable

# command, character, command, character …; where LaTeX has several names, the one that authors write most.
_LETTERS = """
alpha α beta β gamma γ delta δ varepsilon ε epsilon ϵ zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ varphi φ phi ϕ chi χ
psi ψ omega ω digamma ϝ Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Upsilon ϒ Phi Φ Psi Ψ
Omega Ω Omega Ω mu µ aleph ℵ beth ℶ gimel ℷ daleth ℸ ell ℓ wp ℘ Re ℜ Im ℑ hbar ℏ imath ı jmath ȷ imath 𝚤 jmath 𝚥
eth ð mho ℧ Finv Ⅎ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ⌀ complement ∁ forall ∀ exists ∃ nexists ∄
top ⊤ bot ⟂ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ triangledown ▽ square □ square ◻ blacksquare ■
blacksquare ◼ lozenge ◊ blacklozenge ⧫ bigstar ★ blacktriangle ▲ blacktriangledown ▼ diamondsuit ♢ heartsuit ♡
clubsuit ♣ spadesuit ♠ diamondsuit ♦ heartsuit ♥ flat ♭ natural ♮ sharp ♯ checkmark ✓ maltese ✠ dagger †
ddagger ‡ S § P ¶ copyright © circledR ® circledS Ⓢ yen ¥ pounds £ surd √ neg ¬ backprime ‵ diagup ╱ diagdown ╲
ldots … cdots ⋯ vdots ⋮ ddots ⋱ euro €
"""
_OPERATORS = """
times × div ÷ pm ± mp ∓ cdot ⋅ cdot · circ ∘ bullet ∙ bullet • star ⋆ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
circledcirc ⊚ circledast ⊛ circleddash ⊝ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ wedge ∧ vee ∨ cap ∩ cup ∪
uplus ⊎ sqcap ⊓ sqcup ⊔ Cap ⋒ Cup ⋓ setminus ∖ smallsetminus ﹨ wr ≀ amalg ⨿ dotplus ∔ ltimes ⋉ rtimes ⋊
leftthreetimes ⋋ rightthreetimes ⋌ curlywedge ⋏ curlyvee ⋎ barwedge ⊼ veebar ⊻ doublebarwedge ⩞ intercal ⊺
divideontimes ⋇ diamond ⋄ triangleleft ◃ triangleright ▹ bigcirc ◯ bigcirc ○ bigtriangleup △ centerdot ⸱
gtrdot ⋗ lessdot ⋖ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ oiiint ∰ bigcup ⋃ bigcap ⋂
bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ bigsqcap ⨅
"""
_RELATIONS = """
leq ≤ geq ≥ leqq ≦ geqq ≧ leqslant ⩽ geqslant ⩾ ll ≪ gg ≫ lll ⋘ ggg ⋙ neq ≠ approx ≈ approxeq ≊ equiv ≡ cong ≅
sim ∼ simeq ≃ backsim ∽ backsimeq ⋍ asymp ≍ doteq ≐ doteqdot ≑ risingdotseq ≓ fallingdotseq ≒ circeq ≗
triangleq ≜ bumpeq ≏ Bumpeq ≎ eqcirc ≖ propto ∝ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽
curlyeqprec ⋞ curlyeqsucc ⋟ precsim ≾ succsim ≿ precapprox ⪷ succapprox ⪸ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃
subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ subseteqq ⫅ supseteqq ⫆ subsetneqq ⫋ supsetneqq ⫌ Subset ⋐
Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ perp ⊥ parallel ∥ nparallel ∦ mid ∣ nmid ∤ vdash ⊢
dashv ⊣ vDash ⊨ Vdash ⊩ Vvdash ⊪ nvdash ⊬ nvDash ⊭ nVdash ⊮ nVDash ⊯ bowtie ⋈ Join ⨝ smile ⌣ frown ⌢ between ≬
pitchfork ⋔ therefore ∴ because ∵ multimap ⊸ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷
lesseqgtr ⋚ gtreqless ⋛ lesseqqgtr ⪋ gtreqqless ⪌ eqslantless ⪕ eqslantgtr ⪖ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩
lnsim ⋦ gnsim ⋧ lnapprox ⪉ gnapprox ⪊ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ nsim ≁ ncong ≇ nprec ⊀ nsucc ⊁ npreceq ⋠
nsucceq ⋡ precneqq ⪵ succneqq ⪶ precnsim ⋨ succnsim ⋩ precnapprox ⪹ succnapprox ⪺ nsubseteq ⊈ nsupseteq ⊉
vartriangleleft ⊲ vartriangleright ⊳ trianglelefteq ⊴ trianglerighteq ⊵ ntriangleleft ⋪ ntriangleright ⋫
ntrianglelefteq ⋬ ntrianglerighteq ⋭ blacktriangleleft ◀ blacktriangleright ▶ eqsim ≂ thickapprox ⩰
"""
_ARROWS = """
to → leftarrow ← leftrightarrow ↔ uparrow ↑ downarrow ↓ updownarrow ↕ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔
Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷
implies ⟹ Longleftarrow ⟸ iff ⟺ hookrightarrow ↪ hookleftarrow ↩ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
nrightarrow ↛ nleftarrow ↚ nleftrightarrow ↮ nRightarrow ⇏ nLeftarrow ⇍ nLeftrightarrow ⇎ rightharpoonup ⇀
rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ upharpoonright ↾ upharpoonleft ↿ downharpoonright ⇂
downharpoonleft ⇃ rightleftharpoons ⇌ leftrightharpoons ⇋ rightleftarrows ⇄ leftrightarrows ⇆ rightrightarrows ⇉
leftleftarrows ⇇ upuparrows ⇈ downdownarrows ⇊ twoheadrightarrow ↠ twoheadleftarrow ↞ rightarrowtail ↣
leftarrowtail ↢ rightsquigarrow ⇝ leadsto ⤳ leftrightsquigarrow ↭ curvearrowleft ↶ curvearrowright ↷
circlearrowleft ↺ circlearrowright ↻ Lsh ↰ Rsh ↱ looparrowleft ↫ looparrowright ↬ dashrightarrow ⇢
dashleftarrow ⇠ Rrightarrow ⇛ Lleftarrow ⇚ langle ⟨ rangle ⟩ langle 〈 rangle 〉 langle 〈 rangle 〉 lfloor ⌊
rfloor ⌋ lceil ⌈ rceil ⌉ lgroup ⟮ rgroup ⟯ lmoustache ⎰ rmoustache ⎱ llbracket ⟦ rrbracket ⟧ llbracket 〚
rrbracket 〛 ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ backslash \\ | ‖ prime ′ quad \u2003 qquad \u2001
"""
_LITERAL = {
    "−": "-", "‐": "-", "‑": "-", "–": "-", "﹣": "-", "∗": "*", "∶": ":", "≔": ":=", "⩴": "::=", "≕": "=:", "⁄": "/",
    "∕": "/", "⧸": "/", "⟋": "/", "¦": "|", "❘": "|", "⏐": "|", "\u02b9": "'", "’": "'", "´": "'", "〃": "''",
    "⋅": r"\cdot", "″": "''", "‴": "'''", "⁗": "''''", "°": r"^{\circ}", "º": r"^{\circ}", "˚": r"^{\circ}",
    "℃": r"^{\circ}\mathrm{C}", "½": r"\tfrac{1}{2}", "⅓": r"\tfrac{1}{3}", "¼": r"\tfrac{1}{4}",
    "¾": r"\tfrac{3}{4}", "⅔": r"\tfrac{2}{3}", "Å": r"\mathring{A}", "\u212b": r"\mathring{A}", "∛": r"\sqrt[3]{}",
    "∜": r"\sqrt[4]{}", "∍": r"\ni", "≢": r"\not\equiv", "⊄": r"\not\subset", "⊅": r"\not\supset", "∌": r"\not\ni",
    "≉": r"\not\approx", "≄": r"\not\simeq", "≭": r"\not\asymp", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$",
    "{": r"\{", "}": r"\}", "_": r"\_", "~": r"\sim", "^": r"\text{\textasciicircum}", "⦃": r"\{", "⦄": r"\}",
    "⟪": r"\langle\langle", "⟫": r"\rangle\rangle", "⩵": "==", "⩶": "===", "⋲": r"\in", "∊": r"\in", "⨯": r"\times",
    "✕": r"\times", "∣": r"\mid", "ⅅ": r"\mathrm{D}", "ⅆ": "d", "ⅇ": "e", "ⅈ": "i", "ⅉ": "j", "ℎ": "h", "ο": "o",
    "ϴ": r"\Theta", "∆": r"\Delta", "⟩": r"\rangle", "⥢": r"\leftharpoonup", "￢": r"\neg", "⦵": r"\ominus",
    "⊧": r"\models", "⌀": r"\varnothing", "\u2062": "", "\u2061": "", "\u2063": "", "\u2064": "", "\u200b": "",
    "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u200e": "", "\u200f": "", "\u202f": r"\,",
    "\u2009": r"\,", "\u200a": r"\,", "\u2006": r"\,", "\u2005": r"\:", "\u205f": r"\:", "\u2004": r"\;",
    "\u2002": r"\enspace", "\u00a0": "~", "\u2007": "~", "\u2008": r"\,",
}  # fmt: skip
_LATIN_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))  # Greek, and look so: no command
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ"
_RUN = re.compile(f"[{_RAISED}]+|[{_LOWERED}]+|(?s:.)")


def _table() -> dict[str, str]:
    words = re.split("[ \n]+", f"{_LETTERS}{_OPERATORS}{_RELATIONS}{_ARROWS}".strip(" \n"))  # not at \u2003
    pairs = zip(words[::2], words[1::2], strict=True)
    table: dict[str, str] = {}
    for name, char in pairs:
        table.setdefault(char, f"\\{name}")
    return table | _LITERAL | {greek: f"\\mathrm{{{latin}}}" for greek, latin in _LATIN_CAPITALS.items()}


COMMANDS = _table()
# The mathematical alphabets of Unicode, by the words of a character's name.
_ALPHABETS = (
    ("DOUBLE-STRUCK", "mathbb"),
    ("FRAKTUR", "mathfrak"),
    ("BLACK-LETTER", "mathfrak"),
    ("SCRIPT", "mathcal"),
    ("SANS-SERIF BOLD", "mathsf"),
    ("SANS-SERIF", "mathsf"),
    ("MONOSPACE", "mathtt"),
    ("BOLD ITALIC", "boldsymbol"),
    ("BOLD", "mathbf"),
)
_COMMAND_END = re.compile(r"\\[A-Za-z]+$")


def to_latex(text: str) -> str:
    """Each character as LaTeX, a blank where a command would swallow the letter that follows."""
    return spelled(_symbol(match[0]) for match in _RUN.finditer(text))


def spelled(parts: Iterable[str]) -> str:
    """LaTeX strings one after the other, a blank between a command and a letter or another command."""
    out: list[str] = []
    before = ""
    for part in parts:
        if not part:
            continue
        word = part[0].isalpha() or (part[0] == "\\" and part[1:2].isalpha())
        if word and _COMMAND_END.search(before[-40:]):
            out.append(" ")
        out.append(part)
        before = part
    return "".join(out)


def alphabet(char: str) -> tuple[str, str]:
    r"""A letter of Unicode's mathematical alphabets as its plain letter and a command: `("R", "mathbb")`.

    The command is "" for the italic ones, which are LaTeX's own, and for every other character.
    """
    plain = unicodedata.normalize("NFKC", char)
    if plain == char or len(plain) != 1 or char in COMMANDS:
        return char, ""
    name = unicodedata.name(char, "")
    found = next((command for words, command in _ALPHABETS if words in name), "")
    return (plain, found) if found or name.startswith("MATHEMATICAL") or "FULLWIDTH" in name else (char, "")


def _symbol(run: str) -> str:
    if len(run) > 1 or run in _RAISED or run in _LOWERED:
        plain = unicodedata.normalize("NFKC", run).replace("−", "-")
        return f"{'^' if run[0] in _RAISED else '_'}{{{plain}}}"
    if run in COMMANDS or run.isascii():
        return COMMANDS.get(run, run)
    plain, command = alphabet(run)
    if plain == run and len(parts := unicodedata.normalize("NFD", run)) == 2 and (accent := COMBINING.get(parts[1])):
        return f"\\{accent}{{{COMMANDS.get(parts[0], parts[0])}}}" if parts[0].isalpha() else run
    inner = COMMANDS.get(plain, plain)
    return f"\\{command}{{{inner}}}" if command else inner


COMBINING = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "overline",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring", "\u030c": "check",
    "\u0331": "underline", "\u0332": "underline", "\u0338": "not", "\u20d6": "overleftarrow", "\u20d7": "vec",
    "\u20db": "dddot", "\u20dc": "ddddot", "\u20e1": "overleftrightarrow",
}  # fmt: skip
