"""`requests export` and `requests import`: the model calls of a build as files, and their answers back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from models.chat.messages import AnswerError, Reply, Request
from pipelines.errors import UserError
from transforms.files import join, list_names, open_file, write_atomically
from transforms.inputs import list_inputs
from transforms.served.batch import read_answer, write_request
from transforms.served.completions import Completions
from transforms.served.config import Served

_AT_ONCE = 1_000  # answers that are put on disk together
STORED, STORED_BEFORE = "stored", "stored before"


def export_requests(requests: Iterable[Request], folder: str, per_file: int) -> tuple[int, list[str]]:
    """Writes the requests to files in a folder that has none; returns how many there are, and the files' names.

    Raises `UserError` where the folder holds requests already.
    """
    if any(name.startswith("requests-") for name in list_names(folder)):
        raise UserError(f"{folder} holds requests already: choose another --requests, or remove them")
    count = 0
    files: list[str] = []
    for group in _groups(map(write_request, requests), per_file):
        files.append(join(folder, f"requests-{len(files):05d}.jsonl"))
        write_atomically(files[-1], b"".join(group))
        count += len(group)
    return count, files


def import_answers(patterns: Sequence[str], served: Served) -> Counter[str]:
    """Stores the answers in the files; returns how many lines were stored, were there already, or why not.

    Raises `UserError` where no line is an answer.
    """
    done = Completions(served.facts.folder)
    done.refresh()
    counts: Counter[str] = Counter()
    for file in list_inputs(patterns):
        with open_file(file.path) as stream:
            for lines in _groups(stream, _AT_ONCE):
                read = (_read(line, served.model, counts) for line in lines if line.strip())
                answers = dict(answer for answer in read if answer)
                new = [(key, reply) for key, reply in answers.items() if key not in done]
                counts.update({STORED: len(new), STORED_BEFORE: len(answers) - len(new)})
                done.put(new)
    done.pack()
    if not counts[STORED] + counts[STORED_BEFORE]:
        [(why, _)] = counts.most_common(1) or [("empty", 0)]
        raise UserError(f"no answer in {', '.join(patterns)}: {why}")
    return +counts


def _read(line: bytes, model: str, counts: Counter[str]) -> tuple[str, Reply] | None:
    try:
        return read_answer(line, model)
    except AnswerError as error:
        counts[str(error)] += 1
        return None


def _groups(items: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group
