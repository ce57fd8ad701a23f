"""The steps of a build: for each stage its flow, what decides its output, and how its rows are accounted for."""

from functools import partial
from typing import Any

from models import classifier, tokenizer
from pipelines import flows
from pipelines.config import CorpusConfig
from pipelines.workspace import Step
from transforms.decontaminate.benchmarks import digest_benchmarks
from transforms.execute import interpreters
from transforms.label import prompts as label_prompts
from transforms.translate import prompts


def classify(config: CorpusConfig, source: str) -> Step:
    """Pages, or rows that hold text already, to classified documents of one source."""
    chain = ("read", "select", "extract", "classify")
    flow = partial(flows.read_to_classify, config=config, source=source)
    return Step("classify", flow, {"source": source, **identity(config, *chain)}, chain)


def page_stage(config: CorpusConfig, name: str) -> Step:
    """`select` or `extract` alone."""
    flow = partial(flows.pages, config=config, name=name)
    return Step(name, flow, identity(config, "read", name), ("read", name))


def row_stage(config: CorpusConfig, name: str) -> Step:
    """A stage from rows to rows: classify, filter, decontaminate, decontaminate_final or execute."""
    settings = "decontaminate" if name == "decontaminate_final" else name
    return Step(name, partial(flows.rows, config=config, name=name), identity(config, settings), ("read", name))


def sign(config: CorpusConfig) -> Step:
    """Dedup, first phase."""
    return Step("dedup_sign", partial(flows.sign, config=config), identity(config, "dedup"))


def link(config: CorpusConfig) -> Step:
    """Dedup, second phase: over all signatures at once."""
    return Step("dedup_link", partial(flows.link, config=config), identity(config, "dedup"), whole=True)


def dedup(config: CorpusConfig, duplicates: str = "") -> Step:
    """Dedup, last phase; `duplicates` names the file that says who is dropped."""
    return Step("dedup", partial(flows.dedup, duplicates=duplicates), identity(config, "dedup"), ("read", "dedup"))


def label(config: CorpusConfig, processes: int = 1) -> Step:
    """Documents to labelled documents, in so many processes at a time."""
    flow = partial(flows.label, config=config, processes=processes)
    return Step("label", flow, identity(config, "label"), ("read", "label"))


def translate(config: CorpusConfig, processes: int = 1) -> Step:
    """Documents to computations, in so many processes at a time."""
    flow = partial(flows.translate, config=config, processes=processes)
    return Step("translate", flow, identity(config, "translate"), ("read", "translate"))


def assemble(config: CorpusConfig, whole: bool = False) -> Step:
    """Computations to documents; `whole` where a document's computations may stand in several partitions."""
    flow = partial(flows.assemble, config=config)
    return Step("assemble", flow, identity(config, "assemble"), ("read", "assemble"), whole)


def shards(config: CorpusConfig, root: str, sizes: dict[str, int]) -> Step:
    """Finished rows to shards; they have one place in a build, whatever their fingerprint."""
    flow = partial(flows.shards, folder=f"{root}/shards", sizes=sizes)
    return Step("shards", flow, identity(config, "shards"), ("shards",), whole=True, place="stages/shards")


def identity(config: CorpusConfig, *stages: str) -> dict[str, Any]:
    """What decides the output of the stages beside their input: settings, versions, models and benchmarks."""
    return {stage: _identity(config, stage) for stage in stages}


def _identity(config: CorpusConfig, stage: str) -> dict[str, Any]:
    settings = getattr(config, stage)
    known: dict[str, Any] = {"version": settings.VERSION, **settings.identity()}
    match stage:
        case "select" | "classify":
            known["model_digest"] = classifier.digest(settings.model or classifier.shipped(stage))
        case "decontaminate":
            known["benchmarks_digest"] = digest_benchmarks(settings.benchmarks)
        case "translate":
            known["prompt_version"] = prompts.VERSION
        case "execute":
            known["interpreters"] = interpreters.describe(settings)
        case "label":
            known["prompt_version"] = label_prompts.VERSION
        case _:
            pass
    return known | ({"tokenizer": tokenizer.name()} if stage in ("classify", "assemble") else {})
