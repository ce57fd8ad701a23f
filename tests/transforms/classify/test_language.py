import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.classify.language import UNDETERMINED, detect_language, prose

SENTENCES = {
    "en": "The sum of the angles of a triangle is equal to two right angles, and this holds in the plane.",
    "de": "Die Summe der Winkel eines Dreiecks ist gleich zwei rechten Winkeln, und das gilt in der Ebene.",
    "fr": "La somme des angles d'un triangle est égale à deux angles droits, et cela est vrai dans le plan.",
    "es": "La suma de los ángulos de un triángulo es igual a dos ángulos rectos, y esto vale en el plano.",
    "it": "La somma degli angoli di un triangolo è uguale a due angoli retti, e questo vale nel piano.",
    "ru": "Сумма углов треугольника равна двум прямым углам, и это верно на плоскости.",
    "pl": "Suma kątów trójkąta jest równa dwóm kątom prostym, i jest to prawdą na płaszczyźnie.",
    "zh": "三角形的内角和等于两个直角,这在平面上成立。",
    "ja": "三角形の内角の和は二直角に等しい。これは平面上で成り立つ。",
    "uk": "Сума кутів трикутника дорівнює двом прямим кутам, і це справедливо на площині для всіх трикутників.",
    "he": "סכום הזוויות במשולש שווה לשתי זוויות ישרות, וזה נכון במישור.",
    "th": "ผลรวมของมุมภายในของรูปสามเหลี่ยมเท่ากับสองมุมฉาก",
    "ar": "مجموع زوايا المثلث يساوي زاويتين قائمتين، وهذا صحيح في المستوى الإقليدي لكل مثلث.",
    "vi": "Tổng các góc của một tam giác bằng hai góc vuông, và điều này đúng trong mặt phẳng.",
    "ko": "삼각형의 내각의 합은 두 직각과 같다. 이것은 평면에서 성립한다.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_languages(language: str) -> None:
    assert detect_language(SENTENCES[language]) == language


@pytest.mark.parametrize("language", SENTENCES)
def test_formulas_and_code_do_not_count(language: str) -> None:
    formula = r"$$\text{und wir wählen die Zahl so, dass sie größer ist als alle anderen}$$" * 3
    code = "\n```python\nfor name in names:\n    print('the name of the user is', name)\n```\n" * 3
    assert detect_language(f"{SENTENCES[language]} {formula} {code} `der Wert ist nicht leer`") == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("これはペンです", "ja"), ("안녕하세요", "ko"), ("สวัสดีครับ", "th"), ("שלום לכולם", "he"), ("数学很美", "zh")],
)
def test_a_script_of_one_language_needs_few_letters(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_greek_letters_are_not_greek() -> None:
    text = "The angles α, β and γ of the triangle add up to π, and δ ε ζ η θ ι κ λ μ ν ξ are others."
    assert detect_language(text) == "en"


@pytest.mark.parametrize("text", ["", " ", "$x^2 + y^2$", "12345 67890", "```\nfor the of and\n```", "a b c"])
def test_undetermined(text: str) -> None:
    assert detect_language(text) == UNDETERMINED


def test_prose() -> None:
    assert prose("one $x$ two `y` three\n```\nz\n```\nfour $$w$$") == "one   two   three\n \nfour  "


@given(st.text(max_size=200))
def test_always_a_code(text: str) -> None:
    assert len(detect_language(text)) in (2, 3)


def test_seeds() -> None:
    """The language of the training texts that we wrote is known."""
    seeds = Path(__file__).parents[3] / "models" / "seeds"
    rows = [json.loads(line) for file in sorted(seeds.iterdir()) for line in file.open()]
    assert [row["text"][:30] for row in rows if detect_language(row["text"]) != row["language"]] == []
