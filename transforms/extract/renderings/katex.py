"""KaTeX's HTML to presentation MathML: its spans say what they are by class, and what stands where by `top:` in em.

KaTeX stacks what is above and below something in a `vlist`, whose rows name their distance from the baseline. Versions
up to 0.7 write it without `vlist-t`, and scripts without `msupsub`; 0.19 puts `katex-` before some of the classes.
"""

from collections.abc import Callable

from lxml.etree import _Element

from transforms.extract.renderings import build
from transforms.extract.renderings import katex_spans as spans
from transforms.extract.renderings.build import group, node
from transforms.extract.renderings.glyphs import NOT, from_drawing, from_pieces
from transforms.extract.renderings.katex_spans import Role, Row, parts, role, rows
from transforms.extract.renderings.tables import Cell, Columns, labelled, table
from transforms.extract.tree import text_of

Items = list[_Element]


def read(rendering: _Element) -> _Element | None:
    """The formula that an element of class `katex`, `katex-display` or `katex-html` shows; None if it shows none."""
    return None if build.is_too_deep(rendering) else build.math(_row(rendering))


def _row(parent: _Element, text: bool = False) -> Items:
    """All that a span holds, one after the other; `text`: where letters are words, not variables."""
    items: Items = []
    start = 0  # where the last span's items begin: the base of scripts that follow it
    for index, (child, found) in enumerate(parts(parent)):
        if found.kind == "msupsub" or (found.kind == "vlist" and index):
            items[start:] = [_scripts(child, items[start:])]
        elif found.kind == "tag":
            labels = [Cell(row.shift, 0, _row(row.span, True)) for row in rows(child)]
            items = labelled(items, labels or [Cell(0.0, 0, _row(child, True))])
        else:
            start = len(items)
            items += _element(child, found, text)
        if child.tail and child.tail.strip():
            items += build.tokens(build.visible(child.tail), "normal")
    return build.joined(items)


def _element(span: _Element, found: Role, text: bool) -> Items:
    if reader := _READERS.get(found.kind):
        return reader(span)
    items = _leaf(span, found, text)
    if len(span) and not _is_word(span, found):
        items += _row(span, text or found.kind == "text")
    return [node("mrow", *items)] if len(items) > 1 and _is_fenced(span) else items


def _is_fenced(span: _Element) -> bool:
    r"""Whether a span is what `\left` and `\right`, or a binomial's parentheses, enclose; one of them may be a dot."""
    kinds = [role(child).kind for child in span if isinstance(child.tag, str)]
    return len(kinds) > 2 and kinds[0] == "mopen" and kinds[-1] == "mclose"


def _is_word(span: _Element, found: Role) -> bool:
    """Whether a span is the name of a function, of which KaTeX moves single letters: `lo<span style=…>g</span>`."""
    return found.kind == "mop" and all(role(child).words <= {"mtight"} and not len(child) for child in span)


def _leaf(span: _Element, found: Role, text: bool) -> Items:
    """The characters that a span itself holds."""
    content = build.visible(text_of(span) if _is_word(span, found) else span.text)
    if not content or "transparent" in (span.get("style") or ""):
        return []
    if (text or found.kind == "text") and found.kind in {"mord", "text", ""} and not found.variable:
        variant = {"mathvariant": found.font} if found.font not in {"", "normal"} else {}
        return [node("mtext", text=content, **variant)]
    if found.kind in {"mord", ""}:
        return build.tokens(content, "" if found.variable else found.font)
    return build.operators(content)


def _scripts(span: _Element, base: Items) -> _Element:
    """A base with what its `msupsub`, or a bare `vlist`, raises and lowers."""
    scripts = [(row, items) for row in sorted(rows(span), reverse=True) if (items := _row(row.span))]
    nucleus = group(base)
    if len(scripts) == 2:
        return node("msubsup", nucleus, group(scripts[0][1]), group(scripts[1][1]))
    if len(scripts) != 1:
        return node("mrow", *base, *(item for _, items in scripts for item in items))
    return node("msub" if scripts[0][0].shift > 0 else "msup", nucleus, group(scripts[0][1]))


def _fraction(span: _Element) -> Items:
    stack = sorted(rows(span))
    halves = [group(_row(row.span)) for row in stack if not spans.is_line(row.span) and not spans.is_mark(row.span)]
    if len(halves) != 2:
        return halves
    return [node("mfrac", *halves, **({} if len(stack) > 2 else {"linethickness": "0"}))]


def _root(span: _Element) -> Items:
    index: Items = []
    radicand: Items = []
    for child, found in parts(span):
        stack = [row for row in rows(child) if not spans.is_line(row.span) and not spans.is_mark(row.span)]
        items = [item for row in stack for item in _row(row.span)]
        if "root" in found.words:
            index = items
        else:
            radicand += items
    return [node("mroot", group(radicand), group(index))] if index else [node("msqrt", *radicand)]


def _stack(span: _Element) -> Items:
    """Something with a mark, a label, a line or a frame above, below or around it."""
    stack = rows(span)
    rules = [row.shift for row in stack if spans.is_line(row.span) and not spans.is_mark(row.span)]
    boxes = [row for row in stack if spans.is_box(row.span)]
    marks = [(row, items) for row in stack if spans.is_mark(row.span) and (items := _mark(row.span))]
    others = [row for row in stack if not spans.is_box(row.span) and not spans.is_mark(row.span)]
    rest = [(row, items) for row in others if (items := _content(row.span, rules))]
    arrow = "x-arrow" in role(span).words
    base = min((marks if arrow else rest) or rest or marks, key=lambda one: abs(one[0].shift), default=None)
    if base is None:
        return []
    nucleus = group(base[1])
    for box in boxes:
        nucleus = node("menclose", nucleus, notation=spans.notation(box.span))
    around = [one for one in (*rest, *marks) if one is not base]
    return [_labelled(nucleus, base[0], around, "accent" in role(span).words)]


def _mark(span: _Element) -> Items:
    stretchy = "false" if any("accent-body" in found.words for _, found in parts(span)) else "true"
    return [node("mo", text=text, stretchy=stretchy)] if (text := spans.mark(span)) else []


def _labelled(nucleus: _Element, base: Row, others: list[tuple[Row, Items]], accent: bool) -> _Element:
    """A nucleus with what stands over and under it; an accent may have the height of its base."""
    over = [group(items) for row, items in others if row.shift < base.shift or (accent and row.shift == base.shift)]
    under = [group(items) for row, items in others if row.shift > base.shift]
    attributes = {"accent": "true"} if accent else {}
    match over, under:
        case [], []:
            return nucleus
        case [above], []:
            return node("mover", nucleus, above, **attributes)
        case [], [below]:
            return node("munder", nucleus, below)
        case [above], [below]:
            return node("munderover", nucleus, below, above)
    return node("mrow", nucleus, *over, *under)


def _content(span: _Element, rules: list[float]) -> Items:
    """A row's content; a table in it gets the lines that stand in the rows beside it."""
    only = parts(span)
    if rules and len(only) == 1 and only[0][1].kind == "mtable":
        return _matrix(only[0][0], rules)
    return _row(span)


def _matrix(span: _Element, rules: list[float] | None = None) -> Items:
    """A table: one span for each column, with its cells in a `vlist`."""
    cells: list[Cell] = []
    aligns: list[str] = []
    gaps: list[bool] = []
    lines: list[int] = []
    gap = False
    for child in span:
        words = role(child).words
        align = next((word[-1] for word in words if word.startswith("col-align-")), "")
        if align:
            cells += [Cell(row.shift, len(aligns), _row(row.span)) for row in rows(child)]
            aligns.append(align)
            gaps.append(gap)
        elif "vertical-separator" in words:
            lines.append(len(aligns))
        gap = not align and (gap or "arraycolsep" in words)
    return [table(cells, Columns(aligns, gaps, lines, rules or []))]


def _delimiter(span: _Element) -> Items:
    character = from_pieces(build.visible(text_of(span)).strip()) or from_drawing(span)
    return [node("mo", text=character, stretchy="true")] if character else []


def _space(span: _Element) -> Items:
    if "newline" in role(span).words:
        return [node("mspace", linebreak="newline")]
    width = build.em_width(span)
    return [node("mspace", width=f"{width}em")] if width >= 0.9 else []


def _lap(span: _Element) -> Items:
    r"""`\rlap` and `\llap`; KaTeX draws `\notin` as `∈` with a slash laid over it."""
    items = _row(span)
    slash = len(items) == 1 and items[0].text == "/" and role(span).kind == "llap"
    return [node("mo", text=NOT)] if slash else items


def _drawing(span: _Element) -> Items:
    character = from_drawing(span)
    return [node("mo", text=character)] if character else []


_READERS: dict[str, Callable[[_Element], Items]] = {
    "mfrac": _fraction,
    "sqrt": _root,
    "accent": _stack,
    "accentunder": _stack,
    "x-arrow": _stack,
    "vlist-t": _stack,
    "vlist": _stack,
    "delimsizing": _delimiter,
    "mtable": _matrix,
    "mspace": _space,
    "rlap": _lap,
    "llap": _lap,
    "overlay": _drawing,
}
