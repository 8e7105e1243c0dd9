"""A parser as fuzzing sees it, and what it may do with what it is given."""

import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NamedTuple

from leadline.errors import LeadlineError

CPU_S = 5.0  # a run that takes longer hangs; the slowest seed takes a twentieth of it
GROWTH = 256 << 20  # bytes by which a run may raise the peak of memory

Inputs = Mapping[str, bytes]


class Rows(NamedTuple):
    """How many rows a run loaded, and how many it set aside with a reason."""

    loaded: int
    aside: int = 0


Call = Callable[[Inputs], Rows | None]


class Finding(Exception):
    """A parser did what it must not do."""


class _Hang(BaseException):
    """The processor's time is used up; no parser catches this."""


@dataclass(frozen=True)
class Parser:
    """What is fuzzed: sets of named inputs that it reads together, and the call that reads one.

    A run changes one input of a set. The call returns how many rows were loaded and set aside, or
    None where there is nothing to count. Whatever it raises but a LeadlineError is a finding.
    passes: lines that its page says it passes over, so that fewer rows are no loss.
    """

    name: str
    sets: tuple[Inputs, ...]
    call: Call
    passes: bool = False

    def set_of(self, name: str) -> Inputs:
        """Return the set that an input belongs to."""
        return next(each for each in self.sets if name in each)


def judged(parser: Parser, given: Inputs, cpu_s: float = CPU_S) -> tuple[str, Rows | None]:
    """Run a parser; return how it ended, and the rows that it accounts for.

    The end is `read` or the sentence of a refusal. Another end is a Finding.
    """
    before = peak()
    with _hurried(cpu_s):
        try:
            rows = parser.call(given)
            said = "read"
        except LeadlineError as error:
            rows, said = None, str(error)
        except _Hang as error:
            raise Finding(f"it hangs: over {cpu_s:g} s of the processor") from error
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of Rust is no Exception
            raise Finding(f"{type(error).__name__}: {str(error)[:300]}") from error
    if peak() - before > GROWTH:
        raise Finding(f"the peak of memory rose by {(peak() - before) >> 20:,} MiB")
    if said != "read" and ("\n" in said.strip() or len(said) > 2_000 or not said.strip()):
        raise Finding(f"what it says is no sentence of one line: {said[:300]!r}")
    return said, rows


def peak() -> int:
    """Return the most memory that this process has ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


@contextmanager
def _hurried(cpu_s: float) -> Iterator[None]:
    """Raise what no parser catches once its time is up; native code is asked when it returns."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _Hang

    began, before = time.process_time(), signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
        if time.process_time() - began > cpu_s:
            raise Finding(f"it hangs: over {cpu_s:g} s of the processor")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
