r"""The kinds of math markup that are text, attribute, image, script or configuration, in the variants of the wild.

Each case is a markup and what becomes of it inside a paragraph; `HEADED` are those that need something in the page's
head. The renderings of MathML, MathJax and KaTeX have tests of their own.
"""

import pytest

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.records import Document, Page

BEFORE = "Here is some prose before the formula, which is long enough to be the content of a page."
AFTER = "And here is some more prose after it, which also belongs to the content of the page."
MATHJAX = "<script src='https://cdn.test/mathjax@3/es5/tex-chtml.js' async></script>"
ASCIIMATH = "<script src='https://cdn.test/MathJax.js?config=AM_HTMLorMML'></script>"


def document(markup: str, head: str = "", holder: str = "p") -> Document:
    opening, closing = (f"<{holder}>", f"</{holder}>")
    body = f"<article><p>{BEFORE}</p>{opening}{BEFORE} [[ {markup} ]] {AFTER}{closing}<p>{AFTER}</p></article>"
    page = f"<html><head><title>T</title>{head}</head><body>{body}</body></html>"
    result = extract(Page(id="1", content=page.encode()), ExtractConfig())
    assert isinstance(result, Document), result
    return result


def between(markup: str, head: str = "", holder: str = "p") -> str:
    text = document(markup, head, holder).text
    return text.partition("[[")[2].partition("]]")[0].strip()


SCRIPTS = {
    "math/tex": (r"<script type='math/tex'>\alpha_1</script>", r"$\alpha_1$"),
    "math/tex, attributes before": (r"<script id=MathJax-Element-1 type=math/tex>a<b</script>", "$a<b$"),
    "math/tex, upper case": (r"<SCRIPT TYPE='math/tex'>a</SCRIPT>", "$a$"),
    "math/tex display": (r"<script type='math/tex; mode=display'>a</script>", "$$a$$"),
    "math/tex display, no blank": (r"<script type='math/tex;mode=display'>a</script>", "$$a$$"),
    "text/latex": (r"<script type='text/latex'>\beta</script>", r"$\beta$"),
    "math/latex": (r"<script type='math/latex'>\beta</script>", r"$\beta$"),
    "math/asciimath": ("<script type='math/asciimath'>p^2/q</script>", r"$\frac{p^{2}}{q}$"),
    "math/asciimath display": ("<script type='math/asciimath; mode=display'>x/2</script>", r"$$\frac{x}{2}$$"),
    "math/mml": (
        "<script type='math/mml'><math><mfrac><mi>p</mi><mi>q</mi></mfrac></math></script>",
        r"$\frac{p}{q}$",
    ),
    "math/mml display": ("<script type='math/mml'><math display='block'><mi>p</mi></math></script>", "$$p$$"),
    "math/mml with namespace": (
        "<script type='math/mml'><math xmlns='http://www.w3.org/1998/Math/MathML'><msqrt><mi>p</mi></msqrt></math>"
        "</script>",
        r"$\sqrt{p}$",
    ),
    "katex.render into an element": (
        "<span id='f1'></span> and more"
        r"<script>katex.render('c = \\pm\\sqrt{a}', document.getElementById('f1'), {throwOnError: false});</script>",
        r"$c = \pm\sqrt{a}$ and more",
    ),
    "katex.render display": (
        r"""<span id="f2">old</span><script>
        var el = document.getElementById("f2");
        katex.render("\\frac{p}{q}", el, { displayMode: true });</script>""",
        r"$$\frac{p}{q}$$",
    ),
    "katex.renderToString": (
        r"<span id='f3'></span><script>document.querySelector('#f3').innerHTML=katex.renderToString('x_{1}')</script>",
        "$x_{1}$",
    ),
    "katex.render of a raw string": (
        r"<span id='f4'></span><script>katex.render(String.raw`\frac{p}{q}`, document.getElementById('f4'))</script>",
        r"$\frac{p}{q}$",
    ),
    "katex.render where the script stands": (r"<script>katex.render('\\frac{p}{q}', el)</script>", r"$\frac{p}{q}$"),
    "katex.render of a variable": ("<script>katex.render(source, el)</script> none", "none"),
    "katex.render in a comment": (r"<script>// katex.render('x^2', el)</script> none", "none"),
}
TAGS = {
    "math with raw TeX": (r"<math>x^2 + \frac{1}{2}</math>", r"$x^2 + \frac{1}{2}$"),
    "tex": (r"<tex>\sqrt{2}</tex>", r"$\sqrt{2}$"),
    "latex": (r"<latex>\sqrt{2}</latex>", r"$\sqrt{2}$"),
    "la-tex": (r"<la-tex>\sqrt{2}</la-tex>", r"$\sqrt{2}$"),
    "x-tex": (r"<x-tex>\sqrt{2}</x-tex>", r"$\sqrt{2}$"),
    "asciimath": ("<asciimath>sqrt2</asciimath>", r"$\sqrt{2}$"),
    "d-math": (r"<d-math>\sqrt{2}</d-math>", r"$\sqrt{2}$"),
    "d-math block": (r"<d-math block>\sqrt{2}</d-math>", r"$$\sqrt{2}$$"),
    "math-renderer": (r"<math-renderer class='js-inline-math'>$\sqrt{2}$</math-renderer>", r"$\sqrt{2}$"),
    "math-field": (r"<math-field read-only>\sqrt{2}</math-field>", r"$\sqrt{2}$"),
    "math-inline": (r"<math-inline>\sqrt{2}</math-inline>", r"$\sqrt{2}$"),
    "math-display": (r"<math-display>\sqrt{2}</math-display>", r"$$\sqrt{2}$$"),
    "amp-mathml": (r"<amp-mathml layout='container' data-formula='\[x_1\]'></amp-mathml>", "$$x_1$$"),
    "socratic": ("<mathjax>#p^2/q#</mathjax>", r"$\frac{p^{2}}{q}$"),
    "mathjax with TeX": (r"<mathjax>\(p_1\)</mathjax>", "$p_1$"),
    "JATS": ("<inline-formula><tex-math>p_1</tex-math></inline-formula>", "$p_1$"),
    "JATS alternatives": (
        r"<disp-formula><alternatives><tex-math>\documentclass{minimal}\usepackage{amsmath}\begin{document}$$p_1 + q$$"
        r"\end{document}</tex-math><mml:math><mml:mi>p</mml:mi></mml:math><graphic/></alternatives></disp-formula>",
        "$$p_1 + q$$",
    ),
    "JATS alternatives without LaTeX": (
        "<alternatives><mml:math><mml:msqrt><mml:mi>p</mml:mi></mml:msqrt></mml:math><inline-graphic/></alternatives>",
        r"$\sqrt{p}$",
    ),
}
CLASSES = {
    "stack exchange": (r"<span class='math-container'>$a_1$</span>", "$a_1$"),
    "stack exchange display": (r"<span class='math-container'>$$a_1$$</span>", "$$a_1$$"),
    "pandoc": (r"<span class='math inline'>\(a_1\)</span>", "$a_1$"),
    "pandoc, raw": ("<span class='math inline'>a+b</span>", "$a+b$"),
    "pandoc, other order": (r"<span class='inline math'>\(a_1\)</span>", "$a_1$"),
    "pandoc display": (r"<span class='math display'>\[a_1\]</span>", "$$a_1$$"),
    "remark": ("<span class='math math-inline'>a_1</span>", "$a_1$"),
    "remark display": ("<div class='math math-display'>a_1</div>", "$$a_1$$"),
    "remark code": ("<code class='language-math math-inline'>a_1</code>", "$a_1$"),
    "jsMath": ("<span class='math'>a+b</span> and <span class='math'>x</span>", "$a+b$ and $x$"),
    "jsMath display": (r"<div class='math'>\sum x</div>", r"$$\sum x$$"),
    "gitlab": ("<code data-math-style='inline' class='code math js-render-math'>a_1</code>", "$a_1$"),
    "gitlab without script": ("<code class='code math'>a_1 + b</code>", "$a_1 + b$"),
    "gitlab display": ("<pre class='code math js-render-math' data-math-style='display'>a_1</pre>", "$$a_1$$"),
    "fence": ("<pre><code class='language-math'>a_1 + b\n</code></pre>", "$$a_1 + b$$"),
    "fence, lang-": ("<pre class='lang-math'><code>a_1 + b</code></pre>", "$$a_1 + b$$"),
    "ckeditor": (r"<span class='math-tex'>\(a_1\)</span>", "$a_1$"),
    "springer": (r"<span class='mathjax-tex'>\(a_1\)</span>", "$a_1$"),
    "springer display": (r"<div class='mathjax-tex'>$$a_1$$</div>", "$$a_1$$"),
    "ams-math": (r"<span class='ams-math'>$a_1$</span>", "$a_1$"),
    "wp-katex": ("<span class='wp-katex-eq' data-display='false'>a_1</span>", "$a_1$"),
    "wp-katex display": ("<span class='wp-katex-eq katex-display' data-display='true'>a_1</span>", "$$a_1$$"),
    "katex error": (r"<span class='katex-error' title='ParseError'>\undefined{x}</span>", r"$\undefined{x}$"),
    "wiki error": (r"<strong class='texerror'>\frac{1}{2}</strong>", r"$\frac{1}{2}$"),
    "wiki error, with what it says": (
        r"<strong class='error texerror'>Failed to parse (unknown function\foo): \foo{1} + (x): y</strong>",
        r"$\foo{1} + (x): y$",
    ),
    "wiki error, with its server": (
        "<span class='texerror'>Failed to parse (SVG (MathML can be enabled): Invalid response (&quot;none&quot;) from "
        r"&quot;https://w.test/&quot;:): {\displaystyle a_1}</span>",
        "$a_1$",
    ),
    "GladTeX": ("<eq>a_1</eq>", "$a_1$"),
    "GladTeX display": ("<eq env='displaymath'>a_1</eq>", "$$a_1$$"),
    "mathquill": (
        "<span class='mq-math-mode'><span class='mq-selectable'>$a_1$</span><b class='mq-root-block'>a1</b></span>",
        "$a_1$",
    ),
    "mathquill, old": (
        "<span class='mathquill-rendered-math'><span class='selectable'>$a_1$</span><var>a</var><sub>1</sub></span>",
        "$a_1$",
    ),
    "mathquill, not rendered": ("<span class='mathquill-embedded-latex'>a_1</span>", "$a_1$"),
    "quill": ("<span class='ql-formula' data-value='a_1'>a1</span>", "$a_1$"),
    "AM": ("<span class='AM'>`x/2`</span>", r"$\frac{x}{2}$"),
    "equation": (r"<span class='equation'>\frac{1}{2}</span>", r"$\frac{1}{2}$"),
    "equation in words": ("<span class='equation'>Equation 3</span>", "Equation 3"),
    "tex": (r"<span class='tex'>\frac{1}{2}</span>", r"$\frac{1}{2}$"),
}
ATTRIBUTES = {
    "data-tex": ("<span class='ztext-math' data-eeimg='1' data-tex='a_i'>a i</span>", "$a_i$"),
    "data-latex": (r"<span data-latex='\frac{1}{2}'>1 2</span>", r"$\frac{1}{2}$"),
    "data-math": (r"<span class='x' data-math='\frac{1}{2}'></span>", r"$\frac{1}{2}$"),
    "data-math, no command": ("<span data-math='x+1'></span>", "$x+1$"),
    "data-expr": (r"<span class=tex data-expr='\frac{1}{2}'>1 2</span>", r"$\frac{1}{2}$"),
    "data-equation": (r"<span data-equation='\frac{1}{2}'></span>", r"$\frac{1}{2}$"),
    "data-formula": (r"<div data-formula='\frac{1}{2}'></div>", r"$$\frac{1}{2}$$"),
    "data-katex": (r"<span data-katex='\frac{1}{2}'></span>", r"$\frac{1}{2}$"),
    "data-asciimath": ("<span data-asciimath='1/2'></span>", r"$\frac{1}{2}$"),
    "data-mathml": (
        "<span data-mathml='&lt;math&gt;&lt;msqrt&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/msqrt&gt;&lt;/math&gt;'>x</span>",
        r"$\sqrt{x}$",
    ),
    "tiptap": (r"<span data-type='inline-math' data-latex='a_1'></span>", "$a_1$"),
    "tiptap block": (r"<div data-type='block-math' data-latex='a_1'></div>", "$$a_1$$"),
    "canvas": (
        "<img class='equation_image' title='x' src='/equation_images/x' alt='LaTeX: x_2' data-equation-content='x_2'>",
        "$x_2$",
    ),
    "a setting": ("<span data-math='true'>text</span>", "text"),
    "percent-encoded": ("<span data-latex='%5Cfrac%7B1%7D%7B2%7D'></span>", r"$\frac{1}{2}$"),
}
FRAC = r"$\frac{1}{2}$"
ENCODED = "%5Cfrac%7B1%7D%7B2%7D"
IMAGES = {
    "wordpress": (
        f"<img src='https://s0.wp.com/latex.php?latex={ENCODED}&amp;bg=fff&amp;fg=000&amp;s=0' alt=''>",
        FRAC,
    ),
    "wordpress, plus": ("<img src='//l.wordpress.com/latex.php?bg=fff&latex=x+%2B+1'>", "$x + 1$"),
    "wordpress, displaystyle": (
        f"<img src='https://s0.wp.com/latex.php?latex=%5Cdisplaystyle+{ENCODED}&bg=fff'>",
        FRAC,
    ),
    "wordpress, srcset": (f"<img srcset='https://s0.wp.com/latex.php?latex={ENCODED}&bg=fff 1x, b 2x'>", FRAC),
    "wordpress, lazy": (
        f"<img src='data:image/gif;base64,R0' data-src='https://s0.wp.com/latex.php?latex={ENCODED}'>",
        FRAC,
    ),
    "wordpress, for readers without scripts": (
        f"<img src='data:image/gif;base64,R0'><noscript><img src='//s0.wp.com/latex.php?latex={ENCODED}'></noscript>",
        FRAC,
    ),
    "wordpress, twice": (
        f"<img data-src='//s0.wp.com/latex.php?latex={ENCODED}'>"
        f"<noscript><img src='//s0.wp.com/latex.php?latex={ENCODED}'></noscript>",
        FRAC,
    ),
    "wordpress, alt": (r"<img src='/a.png' class='latex' alt='\frac{1}{2}' title='\frac{1}{2}'>", FRAC),
    "codecogs": (r"<img src='https://latex.codecogs.com/gif.latex?\frac{1}{2}'>", FRAC),
    "codecogs, encoded": (f"<IMG SRC='http://latex.codecogs.com/svg.latex?{ENCODED}' BORDER=0>", FRAC),
    "codecogs, image": (f"<img src='https://latex.codecogs.com/svg.image?{ENCODED}'>", FRAC),
    "codecogs, download": (f"<img src='https://latex.codecogs.com/png.download?{ENCODED}'>", FRAC),
    "codecogs, junk": (
        r"<img src='http://latex.codecogs.com/gif.latex?\dpi{120}&space;\bg_white&space;\fn_cm&space;\large&space;\frac{1}{2}'>",
        FRAC,
    ),
    "codecogs, encoded junk": (
        "<img src='https://latex.codecogs.com/png.latex?%5Cinline%20%5Cdpi%7B300%7D%20%5Cbg_white%20%5Clarge%20"
        + ENCODED
        + "'>",
        FRAC,
    ),
    "codecogs, colour": (r"<img src='https://latex.codecogs.com/gif.latex?{\color{Blue}&space;x_1&space;}'>", "$x_1$"),
    "codecogs, inside": (r"<img src='//latex.codecogs.com/gif.latex?a&space;&plus;&space;b'>", "$a + b$"),
    "codecogs, editor": (
        f"<a href='http://www.codecogs.com/eqnedit.php?latex={ENCODED}' target='_blank'>"
        f"<img src='http://latex.codecogs.com/gif.latex?{ENCODED}' title='{ENCODED}'></a>",
        FRAC,
    ),
    "codecogs, editor image": (f"<img src='https://www.codecogs.com/eqnedit.php?latex={ENCODED}'>", FRAC),
    "codecogs, and an empty parameter": ("<img src='https://latex.codecogs.com/svg.image?x^2&amp;'>", "$x^2$"),
    "habr": ("<img class='formula' source='a_1' alt='a_1' data-tex='inline' src='x.svg'>", "$a_1$"),
    "habr display": ("<img class='formula' source='a_1' alt='a_1' data-tex='display' src='x.svg'>", "$$a_1$$"),
    "mathtex": (r"<img src='http://www.forkosh.com/mathtex.cgi?\frac{1}{2}'>", FRAC),
    "mimetex": (r"<img src='/cgi-bin/mimetex.cgi?\large \frac{1}{2}'>", FRAC),
    "google charts": (f"<img src='https://chart.googleapis.com/chart?cht=tx&amp;chl={ENCODED}'>", FRAC),
    "google charts, other order": (f"<img src='http://chart.apis.google.com/chart?chl={ENCODED}&cht=tx&chs=40'>", FRAC),
    "google charts, a pie": (
        "<img src='https://chart.googleapis.com/chart?cht=p3&amp;chl=Hello|World' alt='a pie'>",
        "",
    ),
    "zhihu": (f"<img src='https://www.zhihu.com/equation?tex={ENCODED}' alt='[公式]' eeimg='1'>", FRAC),
    "github": (f"<img src='https://render.githubusercontent.com/render/math?math={ENCODED}&mode=inline'>", FRAC),
    "brainly": (f"<img src='https://tex.z-dn.net/?f={ENCODED}' alt='{ENCODED}'>", FRAC),
    "math.now.sh": (f"<img src='https://math.now.sh?from={ENCODED}'>", FRAC),
    "upmath": (f"<img src='https://i.upmath.me/svg/{ENCODED}' alt='formula'>", FRAC),
    "texify": (r"<img src='http://www.texify.com/img/\normalsize\!\frac{1}{2}.gif'>", FRAC),
    "tex2img": (f"<img src='http://www.sciweavers.org/tex2img.php?eq={ENCODED}&bc=White&fc=Black'>", FRAC),
    "a server nobody knows": (f"<img src='/render.aspx?size=2&latex={ENCODED}'>", FRAC),
    "aops": ("<img class='latex' src='//latex.artofproblemsolving.com/1.png' alt='$x_1$' width=9>", "$x_1$"),
    "aops display": (r"<img src='//latex.artofproblemsolving.com/1.png' class='latexcenter' alt='\[x_1\]'>", "$$x_1$$"),
    "latex2html": ("<IMG WIDTH='9' ALIGN='MIDDLE' SRC='img1.png' ALT='$ x_1 $'>", "$x_1$"),
    "latex2html display": (
        r"<IMG SRC='img1.gif' ALT='\begin{displaymath}x_1\end{displaymath}'>",
        "$$x_1$$",
    ),
    "latex2html marker": ("<img src='img1.gif' alt='% latex2html id marker 12\n$x_1$'>", "$x_1$"),
    "latex2html comment": ("<!-- MATH $x_1 + 1$ --><img src='img1.gif' alt='$x_1 +...$'>", "$x_1 + 1$"),
    "doxygen": ("<img class='formulaInl' alt='$ x_1 $' src='form_0.png'/>", "$x_1$"),
    "doxygen display": (r"<img class='formulaDsp' alt='\[ x_1 \]' src='form_0.png'/>", "$$x_1$$"),
    "imgmath": ("<img class='math' src='_images/math/0f.png' alt='x_1'/>", "$x_1$"),
    "moodle": ("<img class='texrender' title='x_1' alt='x_1' src='https://m.test/filter/tex/pix.php/3a.gif'>", "$x_1$"),
    "moodle without class": ("<img alt='x_1' src='https://m.test/filter/tex/pix.php/3a.png'>", "$x_1$"),
    "quicklatex": (
        "<img src='https://q.test/ql.png' class='ql-img-inline-formula quicklatex-auto-format' alt='&#120;&#95;&#49;'"
        " title='Rendered by QuickLaTeX.com' height=12>",
        "$x_1$",
    ),
    "quicklatex display": (
        r"<img class='ql-img-displayed-equation' src='q.png' alt='\[ x_1 \]' title='Rendered by QuickLaTeX.com'>",
        "$$x_1$$",
    ),
    "ck-12": (f"<img class='x-ck12-math' alt='{ENCODED}' src='/flx/math/inline/{ENCODED}'>", FRAC),
    "ck-12 block": (f"<img class='x-ck12-block-math' alt='{ENCODED}' src='x.png'>", f"${FRAC}$"),
    "wiris": (
        "<img class='Wirisformula' role='math' alt='square root of x' src='x.png' data-mathml='«math xmlns=¨http://www.w3."
        "org/1998/Math/MathML¨»«msqrt»«mi»x«/mi»«/msqrt»«/math»'>",
        r"$\sqrt{x}$",
    ),
    "wiris, an entity": (
        "<img data-mathml='«math»«mi»x«/mi»«mo»§#8804;«/mo»«mn»1«/mn»«/math»' class='Wirisformula' alt='x'>",
        r"$x\leq 1$",
    ),
    "wiris, in the text": ("«math xmlns=¨x¨»«msqrt»«mi»x«/mi»«/msqrt»«/math»", r"$\sqrt{x}$"),
    "wikipedia": (
        r"<img class='mwe-math-fallback-image-inline' aria-hidden='true' alt='{\displaystyle x_1}'"
        " src='https://wikimedia.org/api/rest_v1/media/math/render/svg/ab'>",
        "$x_1$",
    ),
    "wikipedia display": (
        r"<img src='x.svg' class='mw-invert mwe-math-fallback-image-display' alt='{\displaystyle x_1}'>",
        "$$x_1$$",
    ),
    "wikipedia, without class": (
        r"<img alt='x_1' src='https://wikimedia.org/api/rest_v1/media/math/render/svg/ab'>",
        "$x_1$",
    ),
    "wikipedia, old": ("<img class='tex' alt='x_1' src='//upload.wikimedia.org/math/a/b/c/abc.png'>", "$x_1$"),
    "a picture": ("<img src='cat.png' alt='A cat and $5'>", ""),
    "a picture of class formula": ("<img src='f.png' class='formula' alt='Formula 3 as a picture'>", ""),
}
TEXT = {
    "bbcode tex": ("[tex]x_1[/tex]", "$x_1$"),
    "bbcode itex": ("[itex]x_1[/itex]", "$x_1$"),
    "bbcode math": ("[math]x_1[/math]", "$x_1$"),
    "bbcode latex": ("[latex]x_1[/latex]", "$x_1$"),
    "bbcode upper case": ("[TEX]x_1[/TEX] and [MATH]y[/MATH]", "$x_1$ and $y$"),
    "bbcode imath": ("[imath]x_1[/imath]", "$x_1$"),
    "bbcode dmath": ("[dmath]x_1[/dmath]", "$$x_1$$"),
    "bbcode display": ("[latex display='true']x_1[/latex]", "$$x_1$$"),
    "bbcode with a line break": (r"[tex]a \\<br>b[/tex]", "$a \\\\ b$"),
    "bbcode talk": ("the [tex] tag, closed by [/tex]", "the [tex] tag, closed by [/tex]"),
    "wordpress": ("$latex x_1$", "$x_1$"),
    "wordpress, nbsp": ("$latex&nbsp;x_1$", "$x_1$"),
    "wordpress, options": (r"$latex \displaystyle x_1 &amp;s=2&amp;bg=ffffff$", "$x_1$"),
    "escaped math": ("&lt;math&gt;x_1&lt;/math&gt;", "$x_1$"),
    "escaped math, display": ("&lt;math display='block'&gt;x_1&lt;/math&gt;", "$$x_1$$"),
    "escaped tex": (r"&lt;tex&gt;\frac{1}{2}&lt;/tex&gt;", FRAC),
    "escaped MathML": ("&lt;math&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/math&gt;", "$x$"),
    "parentheses": (r"\(x_1\)", "$x_1$"),
    "brackets": (r"\[x_1\]", "$$x_1$$"),
    "escaped less than": ("$a &lt; b$", "$a < b$"),
    "dollars twice": ("$$a_1 &amp; b$$", "$$a_1 & b$$"),
    "in a link": (r"<a href='/x'>\(x_1\)</a>", "$x_1$"),
    "in bold": (r"<strong>\(x_1\)</strong>", "$x_1$"),
    "several": (r"\(a_1\), \(b_2\) and $c_3$", "$a_1$, $b_2$ and $c_3$"),
    "twice escaped": (r"\\(x_1\\)", "$x_1$"),
    "curly prime": ("$f&#8217;(x) = 0$", "$f'(x) = 0$"),
    "in a span": (r"$<span>x_1 + \alpha</span>$", r"$x_1 + \alpha$"),
    "blank that does not break": (r"$a&nbsp;=&nbsp;\alpha$", r"$a = \alpha$"),
    "an escaped dollar": (r"costs \$5 and \$6", r"costs \$5 and \$6"),
    "equation": (
        r"\begin{equation}\label{e}a = b \tag{1}\end{equation}",
        r"$$\begin{equation}\label{e}a = b \tag{1}\end{equation}$$",
    ),
    "nested environments": (
        r"\begin{equation}\begin{aligned}a &amp;= b\end{aligned}\end{equation}",
        r"$$\begin{equation}\begin{aligned}a &= b\end{aligned}\end{equation}$$",
    ),
    "cases in align": (
        r"\begin{align*}a &amp;= \begin{cases}1\\2\end{cases}\end{align*}",
        r"$$\begin{align*}a &= \begin{cases}1\\2\end{cases}\end{align*}$$",
    ),
    "eqnarray": (r"\begin{eqnarray}a&amp;=&amp;b\end{eqnarray}", r"$$\begin{eqnarray}a&=&b\end{eqnarray}$$"),
    "subequations": (
        r"\begin{subequations}\begin{align}a&amp;=b\end{align}\end{subequations}",
        r"$$\begin{subequations}\begin{align}a&=b\end{align}\end{subequations}$$",
    ),
    "a matrix in a matrix": (
        r"\begin{pmatrix}\begin{pmatrix}a_1\end{pmatrix}\end{pmatrix}",
        r"$$\begin{pmatrix}\begin{pmatrix}a_1\end{pmatrix}\end{pmatrix}$$",
    ),
    "an environment with line breaks": (
        r"\begin{align}<br />a &amp;= b \\<br />c &amp;= d<br />\end{align}",
        "$$\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}$$",
    ),
    "environments that are talked about": (
        r"\begin{equation} begins a formula, \end{equation} ends it",
        r"\begin{equation} begins a formula, \end{equation} ends it",
    ),
    "an extension asked for": (r"\(\require{cancel}\) and \(\cancel{x}\)", r"and $\cancel{x}$"),
    "references": (r"see \eqref{e} and \ref{f}", r"see \eqref{e} and \ref{f}"),
}
HTML = {
    "sup": ("x<sup>2</sup>", "$x^2$"),
    "sub": ("x<sub>i</sub>", "$x_i$"),
    "coefficient": ("3x<sup>2</sup>", "$3x^2$"),
    "chain": ("x<sub>i</sub><sup>2</sup>", "$x_i^2$"),
    "longer script": ("x<sup>n+1</sup>", "$x^{n+1}$"),
    "italic": ("<i>x</i><sup>2</sup> and <em>a</em><sub><i>n</i></sub>", "$x^2$ and $a_n$"),
    "var": ("<var>x</var><sub><var>i</var>+1</sub>", "$x_{i+1}$"),
    "greek": ("α<sub>1</sub>", r"$\alpha_1$"),
    "minus": ("e<sup>−x</sup>", "$e^{-x}$"),
    "sum": ("a<sup>2</sup> + b<sup>2</sup>", "$a^2 + b^2$"),
    "side by side": ("a<sub>i</sub>b<sub>j</sub>", "$a_ib_j$"),
    "parentheses": ("(a + b)<sup>2</sup>", "$(a + b)^2$"),
    "function": ("f(x)<sup>2</sup>", "$f(x)^2$"),
    "brackets": ("[a, b]<sup>n</sup>", "$[a, b]^n$"),
    "a remark": ("(as we said before)<sup>2</sup>", "(as we said before)^2"),
    "numbers": ("10<sup>3</sup> and 10<sup>-6</sup> and 1024<sub>10</sub>", "10^3 and 10^{-6} and 1024_{10}"),
    "a note after a year": ("in 1998<sup>2</sup>", "in 1998^2"),
    "nested": ("2<sup>2<sup>n</sup></sup>", "$2^{2^n}$"),
    "deep": ("e<sup>x<sub>i</sub></sup>", "$e^{x_i}$"),
    "a unit": ("5 km<sup>2</sup>", "5 km^2"),
    "a unit of one letter": ("80 m<sup>2</sup>, 3 kg/m<sup>3</sup>", "80 m^2, 3 kg/m^3"),
    "a note": ("a word<sup>1</sup>", "a word^1"),
    "a note after a sentence": ("the end.<sup>12</sup> Next", "the end.[12] Next"),
    "a note by its class": ("a word<sup class='ltx_note_mark'>3</sup>", "a word[3]"),
    "a note in a link": (
        "a word<a href='#fn3'><sup>3</sup></a> and <sup><a href='#fn4'>4</a></sup>",
        "a word[3] and [4]",
    ),
    "a link to a note": ("fact<sup><a href='#n'>[1]</a></sup>", "fact[1]"),
    "ordinals": ("the 1<sup>st</sup>, 2<sup>nd</sup>, 1<sup>er</sup>", "the 1st, 2nd, 1er"),
    "trade mark": ("Name<sup>TM</sup>", "NameTM"),
    "water": ("H<sub>2</sub>O", "H_2O"),
    "sugar": ("C<sub>6</sub>H<sub>12</sub>O<sub>6</sub>", "C_6H_{12}O_6"),
    "carbon dioxide": ("CO<sub>2</sub>", "CO_2"),
    "ions": ("Ca<sup>2+</sup> and H<sup>+</sup>", "Ca^{2+} and H^+"),
    "isotope": ("<sup>14</sup>C", "^{14}C"),
    "a formula with a script": (r"\(x\) <span class='texhtml'>y</span><sup>2</sup>", "$x$ $y^2$"),
    "fraction": ("<sup>1</sup>/<sub>2</sub>", FRAC),
    "fraction slash": ("<sup>1</sup>⁄<sub>2</sub>", FRAC),
    "fraction entity": ("<sup>1</sup>&frasl;<sub>2</sub>", FRAC),
    "stacked": ("<span class='intbl'><em>1</em><strong>2</strong></span>", FRAC),
    "stacked, with powers": (
        "<span class='intbl'><em>x<sup>2</sup></em><strong>y</strong></span>",
        r"$\frac{x^2}{y}$",
    ),
    "num and den": ("<span class='frac'><span class='num'>1</span>⁄<span class='den'>2</span></span>", FRAC),
    "mixed number": (
        "<span class='frac'>3<span class='sr-only'>+</span>"
        "<span class='num'>1</span>⁄<span class='den'>2</span></span>",
        r"$3\frac{1}{2}$",
    ),
    "sfrac": (
        "<span class='sfrac tion'><span class='tion'><span class='num'>1</span><span class='sr-only'>/</span>"
        "<span class='den'>2</span></span></span>",
        FRAC,
    ),
    "frac of scripts": ("<span class='frac nowrap'><sup>1</sup>⁄<sub>2</sub></span>", FRAC),
    "fraction of divs": (
        "<span class='fraction'><span class='top'>a+b</span>"
        "<span class='bar'></span><span class='bottom'>c</span></span>",
        r"$\frac{a+b}{c}$",
    ),
    "texhtml": ("<span class='texhtml mvar' style='font-style:italic'>x</span>", "$x$"),
    "texhtml formula": (
        "<span class='texhtml'><i>x</i><sup>2</sup> + <i>α</i> ≤ 1</span>",
        r"$x^2 + \alpha \leq 1$",
    ),
    "texhtml root": (
        "<span class='texhtml'><span class='nowrap'>"
        "√<span style='border-top:1px solid; padding:0 0.1em;'>2</span></span></span>",
        r"$\sqrt{2}$",
    ),
    "texhtml overline": (
        "<span class='texhtml'><span style='text-decoration:overline;'>x</span></span>",
        r"$\overline{x}$",
    ),
    "SimpleMath": ("<span class='SimpleMath'>g_i^{-1} ∈ { 1, ..., n }</span>", r"$g_i^{-1} \in \{ 1, \ldots, n \}$"),
    "SimpleMath italics": ("<span class='SimpleMath'><em>G</em> = &lt; a, b &gt;</span>", "$G = < a, b >$"),
    "formula class": ("<span class='formula'><i>x</i> = <i>y</i><sup>2</sup></span>", "$x = y^2$"),
    "formula class with prose": ("<span class='formula'>the first formula</span>", "the first formula"),
    "pandoc without LaTeX": ("<span class='math inline'><em>x</em> = <em>y</em><sup>2</sup></span>", "$x = y^2$"),
    "Unicode": ("x² + √y ≤ π", "x² + √y ≤ π"),
}
TABLES = {
    "script": SCRIPTS,
    "tag": TAGS,
    "class": CLASSES,
    "attribute": ATTRIBUTES,
    "image": IMAGES,
    "text": TEXT,
    "html": HTML,
}
CASES = {f"{table}: {case}": pair for table, cases in TABLES.items() for case, pair in cases.items()}


@pytest.mark.parametrize(("markup", "expected"), CASES.values(), ids=list(CASES))
def test_in_a_paragraph(markup: str, expected: str) -> None:
    assert between(markup) == expected


@pytest.mark.parametrize("holder", ["div", "li", "td", "blockquote", "span", "dd"])
@pytest.mark.parametrize(
    "markup",
    [
        r"\(x_1\)", "$x_1$", "<span class='math'>$x_1$</span>", "<img class='tex' alt='x_1'>", "<i>x</i><sub>1</sub>",
        "<script type='math/tex'>x_1</script>", "<span data-tex='x_1'>x 1</span>", "[tex]x_1[/tex]",
    ],
)  # fmt: skip
def test_in_other_elements(markup: str, holder: str) -> None:
    outer = {"li": "<ul>{}</ul>", "td": "<table><tr>{}<td>b</td></tr></table>", "dd": "<dl><dt>t</dt>{}</dl>"}.get(
        holder, "{}"
    )
    inside = outer.format(f"<{holder}>{BEFORE} [[ {markup} ]] {AFTER}</{holder}>")
    page = f"<article><p>{BEFORE}</p>{inside}<p>{AFTER}</p></article>"
    result = extract(Page(id="1", content=page.encode()), ExtractConfig())
    assert isinstance(result, Document)
    assert result.text.partition("[[")[2].partition("]]")[0].strip() == "$x_1$"


CONFIG = "<script type='text/x-mathjax-config'>MathJax.Hub.Config(%s);</script><script src='/MathJax.js'></script>"
V3 = "<script>window.MathJax = %s;</script><script src='/mathjax/tex-svg.js'></script>"
KATEX = "<script src='/katex.min.js'></script><script>renderMathInElement(document.body, {delimiters: %s});</script>"
HEADED = {
    "AsciiMath backticks": (ASCIIMATH, "`p^2/q` and `code`", r"$\frac{p^{2}}{q}$ and $code$"),
    "AsciiMath by its script": ("<script src='ASCIIMathML.js'></script>", "`sum_(i=1)^n i`", r"$\sum_{i=1}^{n}i$"),
    "AsciiMath in MathJax 3": (
        V3 % "{loader: {load: ['input/asciimath', 'output/chtml']}}",
        "`sqrt 2`",
        r"$\sqrt{2}$",
    ),
    "AsciiMath delimiters": (
        CONFIG % "{asciimath2jax: {delimiters: [['@@','@@']]}}",
        "@@1/2@@ and `code`",
        r"$\frac{1}{2}$ and `code`",
    ),
    "no AsciiMath": (MATHJAX, "`p^2/q`", "`p^2/q`"),
    "dollars on": (
        CONFIG % r"{tex2jax: {inlineMath: [['$','$'], ['\\(','\\)']]}}",
        "$it is$ and $x$",
        "$it is$ and $x$",
    ),
    "dollars on, in JSON": (V3 % r'{"tex": {"inlineMath": [["$", "$"]]}}', "$speed = 5$", "$speed = 5$"),
    "dollars on, in a comment": (
        CONFIG % "{tex2jax: {/* inlineMath: [['$','$']], */ inlineMath: [['\\\\(','\\\\)']]}}",
        r"$it is$ and \(x\)",
        r"\$it is\$ and $x$",
    ),
    "dollars off": (
        CONFIG % r"{tex2jax: {inlineMath: [['\\(','\\)']]}}",
        r"$5$ or $6$ and \(x\)",
        r"\$5\$ or \$6\$ and $x$",
    ),
    "dollars off in KaTeX": (
        KATEX % r"[{left: '$$', right: '$$', display: true}, {left: '\\(', right: '\\)', display: false}]",
        r"a $b$ and \(x\)",
        r"a \$b\$ and $x$",
    ),
    "dollars on in KaTeX": (
        KATEX % "[{left: '$$', right: '$$', display: true}, {left: '$', right: '$', display: false}]",
        "$it is$",
        "$it is$",
    ),
    "own delimiters": (V3 % "{tex: {inlineMath: [['⟨', '⟩'], ['$', '$']]}}", "⟨x_1⟩ and $y$", "$x_1$ and $y$"),
    "own display delimiters": (V3 % "{tex: {displayMath: [['%%', '%%']]}}", "%%x_1%%", "$$x_1$$"),
    "own delimiters in KaTeX": (KATEX % '[{left: "@(", right: ")@", display: true}]', "@(x_1)@", "$$x_1$$"),
    "two dollars inline": (KATEX % '[{left: "$$", right: "$$", display: false}]', "$$x_1$$", "$x_1$"),
    "a backslash too few": (CONFIG % r"{tex2jax: {inlineMath: [['\(','\)']]}}", r"(see) \(x\)", "(see) $x$"),
    "unknown environments": (
        MATHJAX,
        r"\begin{mydisplay}x_1\end{mydisplay}",
        r"$$\begin{mydisplay}x_1\end{mydisplay}$$",
    ),
    "ignored": (MATHJAX, r"<span class='tex2jax_ignore'>\(x_1\)</span>", r"\(x_1\)"),
    "ignored, but": (
        MATHJAX,
        r"<span class='mathjax_ignore'><b class='mathjax_process'>\(x_1\)</b></span>",
        "$x_1$",
    ),
    "Markdown": (MATHJAX, "$x<em>1 + x</em>2 = \\alpha$", r"$x_1 + x_2 = \alpha$"),
    "italics in a formula": (MATHJAX, r"$<i>x</i>^2 + \alpha$", r"$x^2 + \alpha$"),
}


@pytest.mark.parametrize(("head", "markup", "expected"), HEADED.values(), ids=list(HEADED))
def test_what_the_page_configures(head: str, markup: str, expected: str) -> None:
    assert between(markup, head) == expected


MACROS = {
    "MathJax 2": (
        CONFIG % r'{TeX: {Macros: {RR: "{\\bf R}", bold: ["{\\bf #1}", 1]}}}',
        "",
        [r"\newcommand{\RR}{{\bf R}}", r"\newcommand{\bold}[1]{{\bf #1}}"],
    ),
    "MathJax 3": (
        V3
        % (
            "{tex: {macros: {R: '\\\\mathbb{R}', // the reals\n"
            "abs: ['\\\\left|#1\\\\right|', 1,], opt: ['#1^{#2}', 2, '2'],}}}"
        ),
        "",
        [r"\newcommand{\R}{\mathbb{R}}", r"\newcommand{\abs}[1]{\left|#1\right|}", r"\newcommand{\opt}[2][2]{#1^{#2}}"],
    ),
    "KaTeX": (
        "<script src='katex.js'></script>"
        r"""<script>renderMathInElement(b, {macros: {"\\RR": "\\mathbb{R}", "\\f": "#1f(#2)"}})</script>""",
        "",
        [r"\newcommand{\RR}{\mathbb{R}}", r"\newcommand{\f}[2]{#1f(#2)}"],
    ),
    "hidden": (
        MATHJAX,
        r"<span style='display:none'>\(\newcommand{\R}{\mathbb{R}} \def\d#1{#1}\)</span>",
        [r"\newcommand{\R}{\mathbb{R}}", r"\def\d#1{#1}"],
    ),
    "hidden, dollars": (
        MATHJAX,
        r"<span hidden>$$\newcommand{\R}{\mathbb{R}}$$</span>",
        [r"\newcommand{\R}{\mathbb{R}}"],
    ),
    "in the text": (
        MATHJAX,
        "<br>\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\N}{N}<br>",
        [r"\newcommand{\R}{\mathbb{R}}", r"\newcommand{\N}{N}"],
    ),
    "twice": (MATHJAX, r"\(\def\R{R}\) \(\def\R{R}\)", [r"\def\R{R}"]),
}


@pytest.mark.parametrize(("head", "markup", "expected"), MACROS.values(), ids=list(MACROS))
def test_macros_go_into_their_column_and_never_into_the_text(head: str, markup: str, expected: list[str]) -> None:
    result = document(markup, head)
    assert result.macros.split("\n") == expected
    assert "newcommand" not in result.text
    assert "def" not in result.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            r"<p>\begin{align}</p><p>a &amp;= b \\</p><p>c &amp;= d</p><p>\end{align}</p>",
            "$$\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}$$",
        ),
        (r"<p>\[</p><p>x_1</p><p>\]</p>", "$$x_1$$"),
        (r"<p>$$ a</p><p>+ \alpha $$</p>", "$$a\n+ \\alpha$$"),
    ],
)  # fmt: skip
def test_formulas_cut_into_paragraphs(body: str, expected: str) -> None:
    page = f"<article><p>{BEFORE}</p>{body}<p>{AFTER}</p></article>"
    result = extract(Page(id="1", content=page.encode()), ExtractConfig())
    assert isinstance(result, Document)
    assert result.text == f"{BEFORE}\n\n{expected}\n\n{AFTER}"


def test_display_images_in_a_block() -> None:
    markup = "<div class='math'><p><img src='_images/math/0f.png' alt='x_1'/></p></div>"
    assert between(markup, holder="div") == "$$x_1$$"
