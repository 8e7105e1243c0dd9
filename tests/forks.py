"""Processes of their own for tests, each forked from one that has done its imports."""

import io
import multiprocessing
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from functools import partial
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from leadline import cli
from tests.doors import ROOT

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pandas", "tests.stores", __name__])
PATIENCE_S = 120
_meeting: list[Barrier] = []


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in a process each; return what each returns, or the error that it raises."""
    barrier = FORKS.Barrier(len(calls))
    with (
        tempfile.TemporaryDirectory() as folder,  # a forked process clears nothing up
        ProcessPoolExecutor(len(calls), FORKS, _be, (barrier, folder)) as pool,
    ):
        asked = [pool.submit(call) for call in calls]
        return [each.exception(PATIENCE_S) or each.result() for each in asked]


def meet() -> None:
    """Wait, in one of such processes, until all of them have come so far."""
    _meeting[0].wait(PATIENCE_S)


def leadline(
    *words: str | Path, store: Path, scratch: Path, before: Callable[[], None] | None = None
) -> tuple[int, str]:
    """Run the command line, after `before`; return its exit code and its last line on stderr."""
    scratch.mkdir(parents=True, exist_ok=True)
    said: tuple[int, str] = together(partial(_run, words, store, scratch, before))[0]
    return said


def start(
    *words: str | Path, store: Path, scratch: Path, before: Callable[[], None] | None = None
) -> ForkServerProcess:
    """Start the command line, after `before`, in a process that may be killed."""
    scratch.mkdir(parents=True, exist_ok=True)
    process = FORKS.Process(target=_exit, args=(words, store, scratch, before))
    process.start()
    return process


def _be(barrier: Barrier, folder: str) -> None:
    tempfile.tempdir = folder
    warnings.simplefilter("error")
    _meeting.append(barrier)


def _exit(*args: Any) -> None:
    sys.exit(_run(*args)[0])


def _run(
    words: tuple[str | Path, ...], store: Path, scratch: Path, before: Callable[[], None] | None
) -> tuple[int, str]:
    os.environ |= {
        "LEADLINE_STORE": str(store), "LEADLINE_PROJECT": str(ROOT), "TMPDIR": str(scratch),
        "LEADLINE_THREADS": "1",
    }  # fmt: skip
    tempfile.tempdir = None
    sys.argv = ["leadline", *map(str, words)]
    said = io.StringIO()
    if before:
        before()
    exit_code: Any = 0
    with redirect_stderr(said):
        try:
            cli.main()
        except SystemExit as ended:
            exit_code = ended.code
    return exit_code, said.getvalue().strip().rpartition("\n")[2]
