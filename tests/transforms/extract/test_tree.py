import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from transforms.extract import tree
from transforms.extract.shallow import MAX_DEPTH, Shallow
from transforms.extract.tree import parse

DEEP = 100_000


def depth(root: etree._Element) -> int:
    now = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        now += 1 if event == "start" else -1
        deepest = max(deepest, now)
    return deepest


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "sup", "math", "mrow", "a", "p", "li", "q", "x:y", "svg"])
@pytest.mark.parametrize("count", [100, 255, 256, 2050, DEEP])
def test_nothing_is_lost_of_a_deep_page(tag: str, count: int) -> None:
    root = parse("<html><body>" + f"<{tag} id='1'>x" * count + f"</{tag}>y" * count + "<p>after</p>end")
    assert root is not None
    assert isinstance(root, html.HtmlElement)
    assert root.text_content() == "x" * count + "y" * count + "afterend"
    assert len(root.xpath("//@id")) == count
    assert depth(root) <= 256


def test_an_element_below_the_deepest_level_follows_its_parent() -> None:
    outer = MAX_DEPTH - 3  # with html, body and the list itself
    root = parse("<div>" * outer + "<ul>a<li>b<i>c</i>d</li>e</ul>f" + "<br>" * 2 + "<div>" * 60 + "g")
    assert root is not None
    [deepest] = root.xpath("//ul/..")
    assert etree.tostring(deepest).decode().startswith("<div><ul>a</ul><li>b</li><i>c</i>def<br/><br/><div/>")


def test_comments_and_odd_names_survive_below() -> None:
    deep = "<div>" * 300
    root = parse(deep + "<!-- MATH $x$ --><img src='a'><p/class='katex' \"=1 a<b='2'>x<o:p>y</o:p>")
    assert root is not None
    assert [comment.text for comment in root.iter(etree.Comment)] == [" MATH $x$ "]
    assert root.xpath("//img/@src") == ["a"]
    assert root.text_content() == "xy"


def test_a_text_that_is_too_long_for_libxml2() -> None:
    root = parse("<p>" + "x" * 11_000_000 + "</p><p>after")
    assert root is not None
    assert root.text_content().endswith("xafter")


SOUP = """<p> </p> <div> </div> <table> <tr> <td> </table> <ul> <li> </ul> <b> </b> <i> </i> <a> </a> <br> <img/src=x>
<math> <mi> </math> <script> </script> <!--c--> <head> <title> </title> <body> <html> <p/class='k'/id=i> <o:p> </o:p>
text &amp; &lt; <? ?> <![CDATA[ ]]> <select> <option> <svg> <pre> </pre> <form> </form> < > </ <p a"b>"""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SOUP.split()), min_size=1, max_size=30))
def test_the_flat_tree_of_a_page_that_is_not_deep_is_its_tree(parts: list[str]) -> None:
    page = " ".join(parts)
    usual = parse(page)
    if usual is None:
        return
    target = Shallow(tree._parser().makeelement)
    flat = html.document_fromstring(page.encode(), parser=tree._parser(huge_tree=True, target=target))
    assert etree.tostring(flat) == etree.tostring(usual)
