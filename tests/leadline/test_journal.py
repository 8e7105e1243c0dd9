"""Every line that was written is taken once, by whomever, and a broken one breaks no other."""

import multiprocessing
import resource
import signal
import stat
from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from leadline.journal import Journal, rows

SPAWN = multiprocessing.get_context("spawn")  # a fork of many threads may hang


def write(folder: Path, writer: int, n: int) -> None:
    for number in range(n):
        Journal(folder).add({"writer": writer, "n": number})


def write_on(folder: Path, said: Connection) -> None:
    for number in count():
        Journal(folder).add({"n": number})
        said.send_bytes(b".")


def fill(folder: Path, more: int) -> None:
    """Add a line where a file may grow by a few bytes alone."""
    journal = Journal(folder)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.size + more, journal.size + more))
    with pytest.raises(OSError, match=r"\S"):
        journal.add({"n": 2})


def test_lines_of_many_writers_are_taken_once_while_they_write(tmp_path: Path) -> None:
    children = [SPAWN.Process(target=write, args=(tmp_path, each, 200)) for each in range(3)]
    for child in children:
        child.start()

    taken: list[tuple[int, int]] = []
    while any(child.is_alive() for child in children):
        for path in Journal(tmp_path).take():
            taken += [(row["writer"], row["n"]) for row in rows(path)]
            path.unlink()
    for path in Journal(tmp_path).take():
        taken += [(row["writer"], row["n"]) for row in rows(path)]

    assert sorted(taken) == [(writer, n) for writer in range(3) for n in range(200)]


def test_a_killed_writer_loses_no_line_that_add_has_written(tmp_path: Path) -> None:
    told, said = SPAWN.Pipe(duplex=False)
    child = SPAWN.Process(target=write_on, args=(tmp_path, said))
    child.start()
    said.close()
    told.recv_bytes()
    child.kill()
    child.join()
    n_said = 1
    with suppress(EOFError):
        while told.recv_bytes():
            n_said += 1
    told.close()

    (path,) = Journal(tmp_path).take()
    found = [row["n"] for row in rows(path)]

    assert found == list(range(len(found)))
    assert n_said <= len(found) <= n_said + 1


def test_what_was_taken_and_not_carried_is_taken_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add({"n": 1})
    first = journal.take()
    journal.add({"n": 2})

    assert journal.take()[:1] == first
    assert [row["n"] for path in journal.take() for row in rows(path)] == [1, 2]


def test_a_damaged_line_stands_as_such_and_breaks_no_other(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.write_bytes(b'{"n": 1}\n\xff\xfe{\n[3]\n{"n": 4}\n')

    assert rows(path) == [{"n": 1}, {"damaged": 2}, {"damaged": 3}, {"n": 4}]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new")
    journal.add({"n": 1})

    (path,) = journal.take()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_disk_that_is_full_leaves_whole_lines(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add({"n": 1})

    child = SPAWN.Process(target=fill, args=(tmp_path, 5))
    child.start()
    child.join()
    assert child.exitcode == 0
    journal.add({"n": 3})

    (path,) = journal.take()
    assert rows(path) == [{"n": 1}, {"n": 3}]
