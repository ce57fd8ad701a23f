"""The command line `mathcode-pile`; Beam's own options follow `--`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

STAGES = (
    "select",
    "extract",
    "classify",
    "filter",
    "dedup",
    "decontaminate",
    "translate",
    "execute",
    "assemble",
    "decontaminate_final",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status: 0, or 2 after a mistake of the user's."""
    ours, beam_args = split_beam(list(sys.argv[1:] if argv is None else argv))
    args = make_parser().parse_args(ours)
    args.beam = beam_args
    from pipelines import commands  # not before: Beam and the rest take seconds to load, and --help needs none of it

    try:
        getattr(commands, args.command)(args, Console())
    except commands.MISTAKES as mistake:
        said = str(mistake).partition(" [while running")[0]  # where in the pipeline it was is Beam's own affair
        print(f"mathcode-pile: {said}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, RuntimeError) as error:
        if not _is_interrupt(error):
            raise
        print("mathcode-pile: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:  # show … | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether the user pressed Ctrl-C: inside a pipeline, Beam makes another exception of it."""
    return error is not None and (isinstance(error, KeyboardInterrupt) or _is_interrupt(error.__context__))


def split_beam(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Our arguments, and Beam's: those behind the first `--`."""
    if "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], tuple(argv[at + 1 :])


def make_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="mathcode-pile", description="Build math+code pretraining corpora.", allow_abbrev=False
    )
    add = parser.add_subparsers(metavar="COMMAND", required=True).add_parser

    build = _command(add, "build", "build", "build the whole corpus, or go on with it")
    _add_corpus(build)
    build.add_argument("--dry-run", action="store_true", help="show what would run, and run nothing")

    stage = _command(add, "stage", "stage", "run one stage alone")
    stage.add_argument("name", choices=STAGES, metavar="NAME", help=", ".join(STAGES))
    _add_corpus(stage)
    stage.add_argument(
        "--documents", nargs="+", default=[], metavar="GLOB", help="assemble: the computations' documents"
    )

    plan = _command(add, "plan", "plan", "show what a build would run and what is done already")
    _add_corpus(plan)

    doctor = _command(add, "doctor", "check", "show what works on this machine, and how to mend what does not")
    doctor.add_argument("--endpoint", nargs="+", default=[], metavar="URL")
    doctor.add_argument("--model", default="", metavar="NAME")
    doctor.add_argument("paths", nargs="*", metavar="PATH", help="files or folders that should be reachable")

    show = _command(add, "show", "show", "show records in the terminal")
    show.add_argument("target", metavar="FILE|DIR")
    show.add_argument("--limit", type=int, default=10, metavar="N", help="records to show (default: 10)")
    show.add_argument("--id", default="", metavar="ID", help="only the record with this id")
    show.add_argument("--full", action="store_true", help="do not cut long texts")

    _add_makers(add)
    return parser


def _add_makers(add: Callable[..., argparse.ArgumentParser]) -> None:
    requests = _command(
        add, "requests", "requests", "export a build's model calls as OpenAI batch files, or import their answers"
    )
    requests.add_argument("direction", choices=("export", "import"))
    _add_corpus(requests)
    requests.add_argument(
        "--requests", nargs="+", required=True, metavar="DIR|GLOB", help="export: folder to write; import: answers"
    )
    requests.add_argument("--per-file", type=int, default=50_000, metavar="N", help="requests to a file (50,000)")

    report = _command(add, "report", "report", "write report.html anew, or compare two builds")
    report.add_argument("builds", nargs="+", metavar="DIR")
    report.add_argument("--output", default="", metavar="FILE", help="where the comparison of two builds is written")

    label = _command(add, "label", "label", "ask a served model for the seven classes, to train classifiers on")
    _add_folders(label)
    _add_model(label)

    train = _command(add, "train-classifier", "train", "train, test and quantize a fastText model")
    train.add_argument("--positive", nargs="+", required=True, metavar="GLOB", help="math: pages, or rows with text")
    train.add_argument("--negative", nargs="+", required=True, metavar="GLOB", help="not math")
    train.add_argument(
        "--labels", metavar="FILE", help="JSONL with url and label (math, nonmath): pages to use of each"
    )
    train.add_argument(
        "--for", dest="stage", choices=("select", "classify"), default="classify", help="whose text it reads"
    )
    train.add_argument(
        "--questions-per-file", type=int, default=0, metavar="N", help="rows with a question to take (default: all)"
    )
    train.add_argument("--output", required=True, metavar="FILE")


def _command(
    add: Callable[..., argparse.ArgumentParser], name: str, command: str, description: str
) -> argparse.ArgumentParser:
    parser = add(name, help=description, description=description, allow_abbrev=False)
    parser.set_defaults(command=command)
    return parser


def _add_corpus(parser: argparse.ArgumentParser) -> None:
    _add_folders(parser)
    option = parser.add_argument
    option("--benchmarks", metavar="DIR|none", help="JSONL files of questions that must not be in the corpus")
    option("--translator", choices=("symbolic", "vllm", "none"))
    _add_model(parser)
    option("--language", choices=("python", "matlab", "mathematica", "lean"), help="of the translated snippets")
    option("--sandbox", choices=("auto", "none"), help="none runs untrusted code without isolation")


def _add_folders(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option("--output", required=True, metavar="DIR")
    option(
        "--input", nargs="+", default=[], metavar="GLOB", help="WARC, HTML, JSONL or Parquet files, or folders of them"
    )
    option("--config", metavar="FILE", help="TOML that overlays the defaults")
    option("--workers", type=int, default=1, metavar="N", help="partitions that run at a time (default: 1)")


def _add_model(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option("--endpoint", nargs="+", metavar="URL", help="OpenAI-compatible servers, such as http://localhost:8000/v1")
    option("--model", metavar="NAME", help="the model that the endpoints serve")
    option("--max-calls", type=int, metavar="N", help="refuse to start where more model calls would be made")
