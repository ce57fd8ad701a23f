import random
from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.config import DedupConfig
from transforms.dedup.in_memory import deduplicate, link
from transforms.dedup.links import buckets
from transforms.dedup.signature import matrix, normalize, shingles, sign
from transforms.records import Document, Dropped

CONFIG = DedupConfig()


def texts(seed: int, families: int, copies: int, words: int = 200) -> list[str]:
    """Families of near-duplicates: a text of made-up words, and copies with up to 2 % of the words changed."""
    rng = random.Random(seed)
    made = []
    for _ in range(families):
        base = [f"w{rng.randrange(10_000)}" for _ in range(words)]
        for copy in range(copies):
            share = 0.02 * copy / copies
            made.append(" ".join(f"x{rng.randrange(10_000)}" if rng.random() < share else w for w in base))
    return made


def kept(documents: list[Document]) -> set[tuple[str, str]]:
    return {(d.id, d.text) for d in deduplicate(documents, CONFIG) if isinstance(d, Document)}


def test_every_row_is_kept_or_dropped_for_one_that_is_kept() -> None:
    documents = [Document(f"{i:03d}", text) for i, text in enumerate(texts(1, 20, 5))]
    results = deduplicate([*documents, documents[3]], CONFIG)
    assert [r.id for r in results] == [d.id for d in [*documents, documents[3]]]
    ids = {r.id for r in results if isinstance(r, Document)}
    for result in results:
        if isinstance(result, Dropped):
            assert any(f'"duplicate_of": "{name}"' in result.detail for name in ids)
    assert Counter(r.reason for r in results if isinstance(r, Dropped))["same_id"] == 1


def test_a_second_text_with_one_id_does_not_pull_others_with_it() -> None:
    long, other = texts(2, 2, 1)
    long = long + " end" * 100
    documents = [Document("1", long), Document("1", other), Document("2", other)]
    assert kept(documents) == {("1", long), ("2", other)}


def test_equal_texts_of_two_sources() -> None:
    (text,) = texts(3, 1, 1)
    documents = [Document("1", text + " ", source="code"), Document("2", text.upper(), source="web")]
    assert kept(documents) == {("2", text.upper())}


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_decides_nothing(rng: random.Random) -> None:
    documents = [Document(f"{i % 30:03d}", text) for i, text in enumerate(texts(4, 8, 5, words=60))]
    shuffled = rng.sample(documents, len(documents))
    assert kept(shuffled) == kept(documents)


def test_pairs_agree_with_exact_jaccard() -> None:
    """Of the pairs above the threshold nearly all are linked; of the linked ones nearly all are above or close."""
    normal = [normalize(text) for text in texts(5, 30, 6)]
    sets = [set(shingles(text, CONFIG.shingle)) for text in normal]
    signatures = [sign(CONFIG, (str(i), Document(str(i), text))) for i, text in enumerate(normal)]
    values = matrix([s.minhash for s in signatures])
    bands = [set(buckets(CONFIG, s)) for s in signatures]
    found, true = set(), {}
    for a, b in combinations(range(len(sets)), 2):
        true[a, b] = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        if bands[a] & bands[b] and (values[a] == values[b]).mean() >= CONFIG.threshold:
            found.add((a, b))
    clear = {pair for pair, jaccard in true.items() if jaccard >= CONFIG.threshold + 0.05}
    assert len(clear) > 100
    assert len(clear & found) / len(clear) > 0.97
    assert sum(true[pair] >= CONFIG.threshold - 0.07 for pair in found) / len(found) > 0.98
    linked = {(int(x.a_key), int(x.b_key)) for x in link(CONFIG, signatures)}
    assert components(linked, len(sets)) == components(found, len(sets))


def components(pairs: set[tuple[int, int]], size: int) -> set[frozenset[int]]:
    group = {i: frozenset([i]) for i in range(size)}
    for a, b in pairs:
        union = group[a] | group[b]
        group.update(dict.fromkeys(union, union))
    return set(group.values())
