"""Annotates one document."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from models import classifier, tokenizer
from transforms.classify.config import ClassifyConfig
from transforms.classify.language import detect_language
from transforms.records import Document, Dropped, Reason, drop
from transforms.text_format import formulas


def make_classify(config: ClassifyConfig) -> Callable[[Document], Iterable[Document | Dropped]]:
    """The stage's function; loads the model once for each worker process."""
    return partial(_classify, classifier.load(config.model or classifier.shipped("classify")))


def _classify(model: classifier.Classifier, document: Document) -> Iterable[Document | Dropped]:
    """The document with its own scores and counts in place of any that it came with; an empty one is dropped."""
    text = document.text
    if not text.strip():
        return [drop(document, "classify", Reason.EMPTY)]
    return [
        replace(
            document,
            math_score=model.score(text),
            language=detect_language(text),
            num_formulas=len(formulas(text)),
            num_tokens=tokenizer.count_tokens(text),
        )
    ]
