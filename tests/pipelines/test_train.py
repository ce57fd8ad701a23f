import gzip
import io
import itertools
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from models.classifier import Classifier
from models.training import Text, TrainSettings
from pipelines import train
from pipelines.errors import UserError
from pipelines.train import train_classifier
from transforms.files import InputError

NOUNS = ["theorem", "lemma", "integral", "matrix", "vector", "limit", "polynomial", "prime", "graph", "kernel"]
THINGS = ["recipe", "oven", "shirt", "match", "player", "minister", "hotel", "cookie", "ticket", "song"]
MATH = [f"Let the {a} of a {b} be bounded, then the {c} converges." for a, b, c in itertools.combinations(NOUNS, 3)]
OTHER = [f"Buy a {a} with the {b}, or see our {c} for free." for a, b, c in itertools.combinations(THINGS, 3)]
Texts = dict[str, list[str]]  # class → texts; "sites" → the sites of both classes


def write_jsonl(path: Path, rows: list[dict[str, str]]) -> str:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return str(path)


def html(text: str) -> bytes:
    return f"<html><body><nav>Home</nav><article><p>{text}</p></article></body></html>".encode()


def write_warc(path: Path, pages: dict[str, bytes]) -> str:
    with path.open("wb") as stream:
        for url, content in pages.items():
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response, record_urn=b"urn:uuid:" + url.encode())
            record.headers["WARC-Target-URI"] = url
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + content)
            record.is_http = True
            body = io.BytesIO()
            record.write(body)
            stream.write(body.getvalue())
    return str(path)


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    """What the model would be trained on, in place of training it."""
    seen: Texts = {}

    def fake(positive: Iterable[Text], negative: Iterable[Text], output: str, settings: TrainSettings) -> None:
        math, other = list(positive), list(negative)
        seen.update(positive=[text.text for text in math], negative=[text.text for text in other])
        seen["sites"] = [text.site for text in math + other]

    monkeypatch.setattr(train, "train", fake)
    return seen


def test_trains_a_model_from_questions_and_texts(tmp_path: Path) -> None:
    rows = [{"question": text, "solution": "The limit exists."} for text in MATH]
    questions = write_jsonl(tmp_path / "questions.jsonl.gz", rows)
    other = write_jsonl(tmp_path / "other.jsonl", [{"text": text} for text in OTHER])
    report = train_classifier([questions], [other], str(tmp_path / "model.ftz"), "classify")
    assert report.f1 == 1
    assert (
        Classifier.load(str(tmp_path / "model.ftz")).score("The polynomial has a limit, the integral converges.") > 0.9
    )


def test_one_warc_serves_both_classes(tmp_path: Path, texts: Texts) -> None:
    warc = write_warc(tmp_path / "pages.warc", {f"https://{n}.example/": html(f"page {n} " * 30) for n in "abc"})
    labels = [("a", "math"), ("b", "nonmath"), ("c", "unsure")]
    path = write_jsonl(tmp_path / "labels.jsonl", [{"url": f"https://{n}.example/", "label": x} for n, x in labels])
    questions = write_jsonl(tmp_path / "questions.jsonl", [{"question": "How many?"}])
    train_classifier([warc, questions], [warc], "model.ftz", "classify", path)
    assert [text[:8].strip() for text in texts["positive"]] == ["page a p", "How many"]
    assert [text[:8].strip() for text in texts["negative"]] == ["page b p"]


def test_each_stage_trains_on_what_it_sees(tmp_path: Path, texts: Texts) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(html("An article about the limit of a sequence, with enough words to be one. " * 10))
    train_classifier([str(page)], [str(page)], "model.ftz", "select")
    assert texts["positive"][0].startswith("Home")
    train_classifier([str(page)], [str(page)], "model.ftz", "classify")
    assert texts["positive"][0].startswith("An article")


def test_questions_are_taken_up_to_a_number_in_any_order(tmp_path: Path, texts: Texts) -> None:
    rows = [{"question": f"text {i}"} for i in range(50)]
    one, two = (write_jsonl(tmp_path / f"{i}.jsonl", r) for i, r in enumerate((rows, rows[::-1])))
    train_classifier([one], [two], "model.ftz", "classify", questions_per_file=10)
    assert len(texts["positive"]) == 10
    assert texts["positive"] == texts["negative"]
    train_classifier([one], [two], "model.ftz", "classify", questions_per_file=0)
    assert len(texts["positive"]) == 50


def test_texts_that_are_no_questions_are_all_taken(tmp_path: Path, texts: Texts) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", [{"text": f"text {i}"} for i in range(50)])
    train_classifier([rows], [rows], "model.ftz", "classify", questions_per_file=10)
    assert len(texts["positive"]) == 50


def test_rows_with_content_are_pages(tmp_path: Path, texts: Texts) -> None:
    rows = [{"content": "<p>one two three</p>", "url": "u", "text": "not this"}]
    train_classifier(
        [write_jsonl(tmp_path / "a.jsonl", rows)], [write_jsonl(tmp_path / "b.jsonl", rows)], "m", "select"
    )
    assert texts["positive"] == ["one two three"]


def test_a_column_of_labels_decides(tmp_path: Path, texts: Texts) -> None:
    rows = [{"text": "a", "label": "math"}, {"text": "b", "label": "nonmath"}, {"text": "c", "label": "poetry"}]
    folder = write_jsonl(tmp_path / "rows.jsonl", rows)
    train_classifier([folder], [folder], "model.ftz", "classify")
    assert (texts["positive"], texts["negative"]) == (["a", "c"], ["b", "c"])


def test_the_row_s_own_label_comes_before_the_list(tmp_path: Path, texts: Texts) -> None:
    rows = [{"url": "http://x/1", "text": "a", "label": "math"}, {"url": "http://x/2", "text": "b"}]
    source = write_jsonl(tmp_path / "rows.jsonl", rows)
    labels = write_jsonl(tmp_path / "labels.jsonl", [{"url": f"http://x/{n}", "label": "nonmath"} for n in (1, 2)])
    train_classifier([source], [source], "model.ftz", "classify", labels)
    assert (texts["positive"], texts["negative"]) == (["a"], ["b"])


def test_texts_know_their_site(tmp_path: Path, texts: Texts) -> None:
    urls = ["https://A.example:8080/x?y", "http://b.example/", "", "http://[broken"]
    rows = write_jsonl(tmp_path / "rows.jsonl", [{"url": url, "text": f"text {i}"} for i, url in enumerate(urls)])
    page = write_warc(tmp_path / "pages.warc", {"https://c.example/page": html("one two three " * 20)})
    train_classifier([rows], [page], "model.ftz", "classify")
    assert texts["sites"] == ["a.example", "b.example", "", "", "c.example"]


@pytest.mark.parametrize("rows", [[], [{"url": "u"}], [{"url": "u", "label": "maths"}], [{"label": "math"}]])
def test_labels_that_are_none(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    labels = write_jsonl(tmp_path / "labels.jsonl", rows)
    with pytest.raises(UserError, match=r"labels\.jsonl holds no labels"):
        train_classifier([labels], [labels], str(tmp_path / "model.ftz"), "classify", labels)


def test_mistakes_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    rows = write_jsonl(tmp_path / "few.jsonl", [{"text": "only one"}])
    with pytest.raises(UserError, match="too few different texts"):
        train_classifier([rows], [rows], str(tmp_path / "model.ftz"), "classify")
    with pytest.raises(InputError, match=r"none\.jsonl"):
        train_classifier([str(tmp_path / "none.jsonl")], [rows], str(tmp_path / "model.ftz"), "classify")
    assert not (tmp_path / "model.ftz").exists()
