"""Finished calls on disk: nothing that was kept is lost, whoever is killed and whoever reads meanwhile."""

import json
import multiprocessing
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path

import fsspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.chat.messages import Reply
from transforms import files
from transforms.files import InputError, join, list_names, read_bytes, write_atomically
from transforms.served import completions as module
from transforms.served.completions import Completions, StoreError


def key(number: int) -> str:
    return blake2b(str(number).encode(), digest_size=16).hexdigest()


def answer(number: int) -> Reply:
    return Reply(f"the answer to {number} is {number**2}", "stop", number, 2, attempts=0)


def fill(store: Completions, numbers: Iterable[int]) -> None:
    store.put([(key(number), answer(number)) for number in numbers])


def opened(folder: str) -> Completions:
    store = Completions(folder)
    store.refresh()
    return store


def check(store: Completions, numbers: Iterable[int], missing: Iterable[int] = ()) -> None:
    for number in numbers:
        assert store.get(key(number)) == answer(number)
        assert key(number) in store
    for number in missing:
        assert store.get(key(number)) is None
        assert key(number) not in store


@pytest.fixture(params=["local", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "calls") if request.param == "local" else f"memory://{uuid.uuid4().hex}/calls"


def test_an_empty_folder(folder: str) -> None:
    store = opened(folder)
    check(store, [], [1])
    store.put([])
    store.pack()
    assert list_names(folder) == ()


def test_what_is_kept_is_found_by_its_own_and_by_other_processes(folder: str) -> None:
    store, early = opened(folder), opened(folder)
    fill(store, range(10))
    fill(store, range(10, 15))
    for reader in (store, opened(folder)):
        check(reader, range(15), [15])
    check(early, [], range(15))
    early.refresh()
    check(early, range(15))


def test_a_pack_holds_what_its_logs_held(folder: str) -> None:
    store = opened(folder)
    early = opened(folder)
    fill(store, range(10))
    early.refresh()
    store.pack()
    assert [name.partition("-")[0] for name in list_names(folder)] == ["pack"]
    fill(store, range(10, 12))
    assert sorted(name.partition("-")[0] for name in list_names(folder)) == ["log", "pack"]
    for reader in (store, opened(folder)):
        check(reader, range(12), [12])
    check(early, range(10))  # its logs have gone since it looked
    early.refresh()
    check(early, range(12))


def test_packs_of_one_process_after_another(folder: str) -> None:
    for start in range(0, 60, 20):
        store = Completions(folder, pack_rows=15)
        for number in range(start, start + 20):
            fill(store, [number])
    check(opened(folder), range(60), [60])
    names = [name.partition("-")[0] for name in list_names(folder)]
    assert (names.count("pack"), names.count("log") > 0) == (3, True)


def test_an_answer_that_was_stored_took_no_attempt(folder: str) -> None:
    store = opened(folder)
    store.put([(key(1), Reply("text", attempts=3))])
    assert [found and found.attempts for found in (store.get(key(1)), opened(folder).get(key(1)))] == [0, 0]


def test_the_last_of_two_answers_or_the_first_but_never_none(folder: str) -> None:
    store = opened(folder)
    fill(store, [1])
    fill(store, [1, 2])
    store.pack()
    other = opened(folder)
    fill(other, [1])
    other.pack()
    check(opened(folder), [1, 2])


def test_keys_that_begin_alike_are_never_taken_for_each_other(folder: str) -> None:
    store = opened(folder)
    keys = [f"{'ab' * 8}{number:016x}" for number in range(3)]
    store.put([(key, Reply(key, attempts=0)) for key in keys[:2]])
    store.pack()
    reader = opened(folder)
    assert [found and found.text for found in map(reader.get, keys)] == [*keys[:2], None]


TEXTS = ["", "\n\r\n\x85\u2028", "\x00", "数学 𝔸 é", "\u2028", '"}\\', "x" * 1_000_000, " lone tail \n"]


def test_texts_of_every_kind(folder: str) -> None:
    store = opened(folder)
    answers = [(key(i), Reply(text, "length", 2**31, 0, attempts=0)) for i, text in enumerate(TEXTS)]
    store.put(answers)
    for reader in (store, opened(folder)):
        assert [(key, reader.get(key)) for key, _ in answers] == answers
    store.pack()
    for reader in (store, opened(folder)):
        assert [(key, reader.get(key)) for key, _ in answers] == answers


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["put", "pack", "refresh", "new"]), max_size=12), st.integers(1, 4))
def test_whatever_several_processes_do_in_turn(steps: list[str], processes: int) -> None:
    folder = f"memory://{uuid.uuid4().hex}"
    stores = [Completions(folder, pack_rows=3) for _ in range(processes)]
    kept = 0
    for turn, step in enumerate(steps):
        store = stores[turn % processes]
        match step:
            case "put":
                fill(store, range(kept, kept + 2))
                kept += 2
            case "pack":
                store.pack()
            case "refresh":
                store.refresh()
                check(store, range(kept), [kept])
            case _:
                stores[turn % processes] = Completions(folder, pack_rows=3)
    check(opened(folder), range(kept), [kept])
    for store in stores:
        store.refresh()
        check(store, range(kept))


@pytest.mark.parametrize("cut", [1, 20, 90])
def test_a_line_that_was_cut_short_is_asked_again_alone(tmp_path: Path, cut: int) -> None:
    fill(opened(str(tmp_path)), range(3))
    [log] = tmp_path.glob("log-*")
    log.write_bytes(log.read_bytes()[:-cut])
    check(opened(str(tmp_path)), range(2), [2])


def test_what_follows_a_line_that_was_cut_short_is_kept(tmp_path: Path) -> None:
    """A disk that was full for a while."""
    store = opened(str(tmp_path))
    fill(store, [1])
    [log] = tmp_path.glob("log-*")
    with log.open("ab") as file:
        file.write(b'{"key": "0000')
    fill(store, [2])
    check(opened(str(tmp_path)), [1, 2])


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\xff\xfe", b"null", b"[]", b"{}", b'{"key": 1}', b'{"key": "short"}', b"[" * 100_000, b"\x00" * 50),
        *(b'{"key": "' + b"0" * 32 + b'"}', json.dumps({"key": "z" * 32, "text": "", "finish_reason": ""}).encode()),
    ],
    ids=range(11),
)
def test_damaged_lines_are_passed_over(tmp_path: Path, line: bytes) -> None:
    fill(opened(str(tmp_path)), range(3))
    [log] = tmp_path.glob("log-*")
    lines = [row for row in log.read_bytes().splitlines(keepends=True) if row.strip()]
    log.write_bytes(lines[0] + line + b"\n" + b"".join(lines[1:]))
    check(opened(str(tmp_path)), range(3))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no pack"])
def test_a_damaged_pack_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack-0.parquet").write_bytes(content)
    with pytest.raises(StoreError, match=r"pack-0\.parquet is damaged, remove it") as raised:
        opened(str(tmp_path))
    assert len(str(raised.value).splitlines()) == 1


def test_a_pack_that_is_damaged_later_is_one_clear_line(tmp_path: Path) -> None:
    store = opened(str(tmp_path))
    fill(store, range(3))
    store.pack()
    [pack] = tmp_path.glob("pack-*")
    pack.write_bytes(b"x" * pack.stat().st_size)
    with pytest.raises(StoreError, match="is damaged"):
        store.get(key(1))


def test_files_of_others_and_half_written_ones_are_left_alone(tmp_path: Path) -> None:
    for name in ("README", "model-0.json", "pack-0.parquet.tmp", ".pack-1.parquet.1.tmp", "log-0.jsonl.tmp", "pack-x"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / "pack-folder.parquet").mkdir()
    store = opened(str(tmp_path))
    fill(store, [1])
    store.pack()
    check(opened(str(tmp_path)), [1])


def test_a_folder_that_is_deleted_costs_what_was_in_it_and_no_more(tmp_path: Path) -> None:
    store = opened(str(tmp_path / "calls"))
    fill(store, range(3))
    files.remove(str(tmp_path / "calls"))
    fill(store, range(3, 6))
    store.refresh()
    check(store, range(6))
    store.pack()
    check(opened(str(tmp_path / "calls")), range(6))


def test_a_disk_that_is_full_ends_the_run_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(str(tmp_path))
    fill(store, [1])

    def full(path: str, data: bytes) -> None:
        raise InputError(f"cannot write {path}: OSError: [Errno 28] No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "append", full)
        with pytest.raises(StoreError, match="No space left") as raised:
            fill(store, [2])
    assert len(str(raised.value).splitlines()) == 1
    check(store, [1], [2])
    fill(store, [2])
    check(opened(str(tmp_path)), [1, 2])


def test_a_reader_between_all_steps_of_a_pack_finds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, reader = opened(str(tmp_path)), opened(str(tmp_path))
    fill(store, range(3))
    reader.refresh()
    seen: list[str] = []

    def spied(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def spy(*args: object) -> object:
            result = real(*args)
            seen.append(name)
            check(reader, range(3))
            check(opened(str(tmp_path)), range(3))
            return result

        return spy

    for name in ("write_atomically", "remove_files"):
        monkeypatch.setattr(module, name, spied(name, getattr(module, name)))
    store.pack()
    assert seen == ["write_atomically", "remove_files"]


def test_a_log_that_is_packed_between_listing_and_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, reader = opened(str(tmp_path)), Completions(str(tmp_path))
    fill(store, range(3))
    real = module.list_sizes

    def listed(folder: str) -> dict[str, int]:
        sizes = real(folder)
        store.pack()
        return sizes

    monkeypatch.setattr(module, "list_sizes", listed)
    reader.refresh()
    check(reader, range(3))


def test_readers_forget_logs_that_are_gone(tmp_path: Path) -> None:
    store, reader = Completions(str(tmp_path)), Completions(str(tmp_path))
    for start in range(0, 30, 10):
        fill(store, range(start, start + 10))
        reader.refresh()
        store.pack()
    reader.refresh()
    assert (reader._lines, reader._seen) == ({}, {})
    check(reader, range(30))


def test_many_small_objects_are_packed_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACK_LOGS", 5)
    folder = f"memory://{uuid.uuid4().hex}"
    store = opened(folder)
    for number in range(12):
        fill(store, [number])
    assert [name.partition("-")[0] for name in list_names(folder)] == ["log", "log", "pack", "pack"]
    check(opened(folder), range(12))


@pytest.mark.pipeline
def test_more_answers_than_one_pack_holds(tmp_path: Path) -> None:
    store = opened(str(tmp_path))
    for start in range(0, 25_000, 1_000):
        fill(store, range(start, start + 1_000))
    reader = opened(str(tmp_path))
    assert [name.partition("-")[0] for name in list_names(str(tmp_path))] == ["log", "pack"]
    check(reader, [*range(0, 25_000, 997), *range(19_990, 20_010)], [25_000])


def test_many_packs_are_looked_for_in_few_places(folder: str) -> None:
    for number in range(20):
        store = Completions(folder)
        fill(store, range(number * 3, number * 3 + 3))
        store.pack()
    reader = opened(folder)
    assert len(reader._indexes) <= 6
    check(reader, range(60), [60])
    fill(reader, [60])
    reader.pack()
    check(reader, range(61), [61])


@pytest.mark.pipeline
def test_threads_with_stores_of_their_own(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            store = Completions(str(tmp_path), pack_rows=7)
            for number in range(worker * 40, worker * 40 + 40):
                fill(store, [number])
                store.refresh()
                check(store, range(worker * 40, number + 1))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    check(opened(str(tmp_path)), range(160), [160])


def process(folder: str, worker: int, of: int) -> None:
    store = Completions(folder, pack_rows=50)
    for number in range(worker, 1_000, of):
        fill(store, [number])
        if number % 50 < of:
            store.refresh()
            check(store, range(worker, number + 1, of))


@pytest.mark.pipeline
def test_processes_that_write_and_read_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[3])  # the processes find their work in this module
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=process, args=(str(tmp_path), worker, 4)) for worker in range(4)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    assert [one.exitcode for one in processes] == [0] * 4
    check(opened(str(tmp_path)), range(1_000), [1_000])


KILLED = """
import os, signal, sys
from transforms import files
from transforms.served import completions
folder, at = sys.argv[1], int(sys.argv[2])
steps = 0
def dying(real):
    def call(*args, **kwargs):
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
for name in ("fsync", "replace", "unlink", "makedirs"):
    setattr(os, name, dying(getattr(os, name)))
for name in ("list_sizes", "remove_files", "_read_keys"):
    setattr(completions, name, dying(getattr(completions, name)))
from tests.transforms.served.test_completions import fill
store = completions.Completions(folder, pack_rows=4)
for number in range(10):
    fill(store, [number])
    print(number, flush=True)
store.pack()
print("end", flush=True)
"""


@pytest.mark.pipeline
def test_a_process_may_be_killed_at_every_step(tmp_path: Path) -> None:
    for at in range(1, 200):
        folder = str(tmp_path / str(at))
        done = subprocess.run([sys.executable, "-c", KILLED, folder, str(at)], capture_output=True, text=True)
        *kept, last = done.stdout.split() or [""]
        if last == "end":
            assert at > 20
            check(opened(folder), range(10))
            assert [name.partition("-")[0] for name in list_names(folder)] == ["pack"] * 3
            return
        assert done.returncode == -signal.SIGKILL, done.stderr
        check(opened(folder), map(int, filter(None, [*kept, last])), range(10, 12))
        again = opened(folder)
        fill(again, [n for n in range(10) if key(n) not in again])
        again.pack()
        check(opened(folder), range(10), [10])
    pytest.fail("it never ended")


@pytest.mark.pipeline
def test_s3(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = join(s3, "calls")
    store, early = Completions(folder, pack_rows=20), opened(folder)
    for number in range(0, 50, 2):
        fill(store, [number, number + 1])
    early.refresh()
    check(early, range(50), [50])
    names = [name.partition("-")[0] for name in list_names(folder)]
    assert (names.count("pack"), names.count("log")) == (2, 5)
    store.pack()
    check(early, range(50))
    check(opened(folder), range(50), [50])
    assert [name.partition("-")[0] for name in list_names(folder)] == ["pack"] * 3
    write_atomically(join(folder, "pack-bad.parquet"), b"bad")
    with pytest.raises(StoreError, match=r"pack-bad\.parquet is damaged"):
        opened(folder)
    fsspec.filesystem("s3").rm_file(join(folder, "pack-bad.parquet"))
    assert read_bytes(join(folder, list_names(folder)[0]))[:4] == b"PAR1"
