"""What each command of `mathcode-pile` does."""

from argparse import Namespace
from typing import Any

from rich.console import Console

from models.errors import Unavailable
from pipelines import steps
from pipelines.batches import export_requests, import_answers
from pipelines.build import build as build_corpus
from pipelines.build import deduplicate, documents, list_sources, translate
from pipelines.calls import check_calls, check_prompts, keep_facts, labels, look, meet, recall, translations
from pipelines.config import CorpusConfig, load_config
from pipelines.doctor import doctor
from pipelines.errors import UserError
from pipelines.finish import funnel
from pipelines.funnel import funnel_table
from pipelines.partition import check_beam_args
from pipelines.plan import plan_table
from pipelines.preflight import check_build, check_columns, check_inputs, check_output, check_stage
from pipelines.progress import Reporter
from pipelines.report import compare_reports, rewrite_report
from pipelines.show import show as show_records
from pipelines.train import train_classifier
from pipelines.workspace import Upstream, Workspace, source
from transforms.decontaminate.benchmarks import BenchmarkError
from transforms.files import InputError
from transforms.inputs import list_inputs

MISTAKES = (UserError, InputError, BenchmarkError, Unavailable)


def build(args: Namespace, console: Console) -> None:
    """`build`: ends with the funnel, and the paths of the shards and the report."""
    config = configure(args)
    if args.dry_run:
        return plan(args, console)
    check_build(config, args.output)
    space = workspace(args, config, console)
    finished = config.translate.translator == "vllm" and _is_translated(args, config, console)
    config = _meet_model("translate", config, args.output, space, finished)
    build_corpus(config, space)
    console.print(funnel_table(funnel(space.states), _seconds(space)))
    space.reporter.line(f"shards  {args.output}/shards\nreport  {args.output}/report.html")


def stage(args: Namespace, console: Console) -> None:
    """`stage NAME`: one stage alone, into a folder of its own."""
    config, space, inputs = _alone(args.name, args, configure(args), console)
    match args.name:
        case "select" | "extract":
            space.run(steps.page_stage(config, args.name), inputs)
        case "dedup":
            deduplicate(config, space, inputs)
        case "translate":
            translate(config, space, inputs)
        case "assemble":
            documents = source(list_inputs(args.documents), config.partition.bytes)
            space.run(steps.assemble(config, whole=True), inputs, documents)
        case name:
            space.run(steps.row_stage(config, name), inputs)
    _conclude(args, space, console)


def label(args: Namespace, console: Console) -> None:
    """`label`: the rows of the input with the category that a served model puts each in."""
    served = {"endpoints": args.endpoint, "model": args.model, "max_calls": args.max_calls}
    config = load_config(args.config, {"label": {k: v for k, v in served.items() if v is not None}})
    config, space, inputs = _alone("label", args, config, console)
    pending = space.pending(steps.label(config), inputs) or ()
    check_calls(config.label, labels(config, pending))
    keep_facts(config.label)
    space.run(steps.label(config, space.processes(pending)), inputs)
    _conclude(args, space, console)


def plan(args: Namespace, console: Console) -> None:
    """`plan`: each stage with its state, its counts and the model calls still to make."""
    config = configure(args)
    space = workspace(args, config, console, dry=True)
    if config.translate.translator == "vllm":
        config = look(config, "translate", args.output)
    build_corpus(config, space)
    console.print(plan_table(config, space.states))


def requests(args: Namespace, console: Console) -> None:
    """`requests export`: builds up to translate, and writes the calls that are missing; `import`: stores answers."""
    config = configure(args)
    if config.translate.translator != "vllm":
        raise UserError("requests are the calls of --translator vllm: give it, and --model NAME")
    if args.per_file < 1:
        raise UserError(f"--per-file {args.per_file}: at least one is needed")
    if args.direction == "import":
        config = recall(config, "translate", args.output)
        counts = import_answers(args.requests, config.translate)
        console.print("\n".join(f"{count:,}  {what}" for what, count in counts.most_common()), highlight=False)
        return
    check_build(config, args.output)
    space = workspace(args, config, console)
    check_output(args.output)
    config = look(config, "translate", args.output)
    keep_facts(config.translate)
    space.reporter.line(check_prompts(config))
    clean = documents(config, space, list_sources(config))
    pending = space.pending(steps.translate(config), clean) or ()
    [folder] = args.requests
    count, files = export_requests(translations(config, pending), folder, args.per_file)
    space.reporter.line(f"{count:,} requests in {len(files):,} files in {folder}")


def check(args: Namespace, console: Console) -> None:
    """`doctor`: fails where something that every build needs does not work."""
    if not doctor(console, args.endpoint, args.model, args.paths):
        raise UserError("not everything works here: see the lines marked fail")


def show(args: Namespace, console: Console) -> None:
    """`show`: records, readable."""
    show_records(args.target, console, args.limit, args.id, full=args.full)


def report(args: Namespace, console: Console) -> None:
    """`report`: one build anew, or two compared."""
    match args.builds:
        case [one]:
            console.print(rewrite_report(one), soft_wrap=True)
        case [one, other]:
            console.print(compare_reports(one, other, args.output or "comparison.html"), soft_wrap=True)
        case _:
            raise UserError("report takes one build, or two to compare")


def train(args: Namespace, console: Console) -> None:
    """`train-classifier`: prints precision, recall and size."""
    report = train_classifier(
        args.positive, args.negative, args.output, args.stage, args.labels, args.questions_per_file
    )
    console.print(report)


def configure(args: Namespace) -> CorpusConfig:
    """The configuration file overlaid with the options of the command line."""
    given: dict[str, dict[str, Any]] = {
        "decontaminate": {"benchmarks": args.benchmarks},
        "translate": {
            "translator": args.translator,
            "endpoints": args.endpoint,
            "model": args.model,
            "language": args.language,
            "max_calls": args.max_calls,
        },
        "execute": {"sandbox": args.sandbox},
    }
    overrides = {table: {k: v for k, v in values.items() if v is not None} for table, values in given.items()}
    return load_config(args.config, {t: v for t, v in overrides.items() if v}, tuple(args.input))


def workspace(args: Namespace, config: CorpusConfig, console: Console, only: str = "", dry: bool = False) -> Workspace:
    """The folder that the command works in."""
    if args.workers < 1:
        raise UserError(f"--workers {args.workers}: at least one is needed")
    if args.workers > 1 and args.output.startswith("memory://"):
        raise UserError("each process has a memory:// of its own: leave --workers out")
    check_beam_args(args.beam)
    return Workspace(
        args.output.rstrip("/"), Reporter(console), args.beam, args.workers, config.partition.files, only, dry
    )


def _alone(
    name: str, args: Namespace, config: CorpusConfig, console: Console
) -> tuple[CorpusConfig, Workspace, Upstream]:
    """The configuration and the folder of a stage that runs alone and what it reads, after all checks."""
    if not args.input:
        raise UserError(f"nothing to read: give {name} an --input")
    files = list_inputs(args.input)
    check_inputs(files, args.output)
    check_columns(name, files, console)
    check_stage(config, name)
    space = workspace(args, config, console, only=name)
    inputs = source(files, config.partition.bytes)
    asks = {"translate": steps.translate, "label": steps.label}
    finished = name in asks and space.finished(asks[name](config), inputs) is not None
    return _meet_model(name, config, args.output, space, finished), space, inputs


def _is_translated(args: Namespace, config: CorpusConfig, console: Console) -> bool:
    """Whether the build has its translations already."""
    space = workspace(args, config, console, dry=True)
    build_corpus(config, space)
    return any(state.step.name == "translate" and state.summary for state in space.states)


def _meet_model(stage: str, config: CorpusConfig, output: str, space: Workspace, finished: bool) -> CorpusConfig:
    """The configuration with what is known of the model that the stage asks, if any; then the output can be written.

    A stage that has finished needs no server, only what was kept of it.
    """
    asks = stage == "label" or (stage == "translate" and config.translate.translator == "vllm")
    if asks and finished:
        config = recall(config, stage, output)
    elif asks:
        config = meet(config, stage, output)
        if stage == "translate":
            space.reporter.line(check_prompts(config))
    check_output(output)
    return config


def _conclude(args: Namespace, space: Workspace, console: Console) -> None:
    console.print(funnel_table(funnel(space.states), _seconds(space)))
    space.reporter.line(f"rows  {args.output}")


def _seconds(space: Workspace) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for state in space.states:
        if state.summary:
            seconds[state.step.name] = seconds.get(state.step.name, 0.0) + state.summary.seconds
    return seconds
