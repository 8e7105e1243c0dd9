"""What every way to a source has: it counts what it asks, and asks again what may pass."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Self, TypeVar

import stamina

from leadline.errors import FeedError
from leadline.resume import Broken, Part, Taken

Errors = tuple[type[Exception], ...]
T = TypeVar("T")


class Later(Exception):
    """The source is busy; wait is as long as it asks for."""

    def __init__(self, what: str, wait: timedelta | None = None) -> None:
        super().__init__(what)
        self.wait = wait


class Source:
    """Asks for one feed, and counts its requests and their bytes.

    `passing` are the errors that may pass, `failing` those that say that asking is of no use.
    """

    passing: ClassVar[Errors] = ()
    failing: ClassVar[Errors] = ()

    def __init__(self, feed: str, folder: Path, tries: int, patience_s: float) -> None:
        """Keep downloads in a folder that all processes share.

        Patience bounds the wait for another's download of the same file, and the time in which a
        request is tried again.
        """
        self.requests, self.bytes = 0, 0
        self._feed, self._folder, self._patience_s = feed, folder, patience_s
        self._retry = stamina.RetryingCaller(tries, patience_s, wait_initial=1, wait_max=30)
        folder.mkdir(parents=True, exist_ok=True)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what it asks with."""
        self._open.close()

    def _again(self, host: str, once: Callable[[], T]) -> T:
        """Return what asking once gives; what may pass is tried again, with growing waits."""
        started, before = time.monotonic(), self.requests
        passing: Errors = (Later, Broken, *self.passing)
        told = passing + self.failing

        def may_pass(error: Exception) -> bool | timedelta:
            if not isinstance(error, Later) or error.wait is None:
                return isinstance(error, passing)
            left_s = self._patience_s - (time.monotonic() - started)
            return error.wait if error.wait.total_seconds() < left_s else False

        try:
            return self._retry(may_pass, once)
        except told as error:
            is_passing = isinstance(error, passing)
            tries, spent_s = self.requests - before, time.monotonic() - started
            what = (str(error) or type(error).__name__).rstrip(".")
            what += f" after {tries} {'try' if tries == 1 else 'tries'} in {spent_s:.0f} s"
            what += f" at {host}" + "; try again later" * is_passing
            raise FeedError(f"{self._feed}: {what}", try_again=is_passing) from error

    def _grown(self, part: Part, ask: Callable[[], T]) -> T:
        """Ask for a file until it is whole; bytes earn new tries, for a long one breaks often."""
        while True:
            before = part.size()
            try:
                return ask()
            except FeedError as error:
                if error.exit_code != 3 or part.size() <= before:
                    raise
            except OSError as error:
                what = f"{self._folder} can't be written, {error.strerror or error}"
                raise FeedError(
                    f"{self._feed}: {what}; make room there, then run this again"
                ) from error

    @contextmanager
    def _holding(self, address: str, shown: str) -> Iterator[Part]:
        """Hold the part of what lies at an address; nobody else is downloading it then."""
        folder = self._folder / sha256(address.encode()).hexdigest()[:32]
        with ExitStack() as held:
            try:
                part = held.enter_context(Part(folder, self._patience_s))
            except Taken as error:
                what = f"another download of {shown} is under way; try again later"
                raise FeedError(f"{self._feed}: {what}", try_again=True) from error
            yield part
