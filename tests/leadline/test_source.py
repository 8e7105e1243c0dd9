"""What may pass is asked again, what will not is told at once, and bytes earn new tries."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.resume import Broken, Piece
from leadline.source import Later, Source


class Told(Source):
    """A source that does in turn what it is told."""

    passing = (ConnectionError,)
    failing = (RuntimeError,)

    def __init__(self, folder: Path, *acts: Exception | str, patience_s: float = 60) -> None:
        super().__init__("a_feed", folder, 3, patience_s)
        self.acts = list(acts)

    def once(self) -> str:
        self.requests += 1
        act = self.acts.pop(0)
        if isinstance(act, Exception):
            raise act
        return act

    def ask(self, once: Callable[[], str] | None = None) -> str:
        return self._again("example.org", once or self.once)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("error", [Later("503"), Broken("5 of 9 bytes"), ConnectionError("reset")])
def test_what_may_pass_is_asked_again(tmp_path: Path, error: Exception) -> None:
    source = Told(tmp_path, error, error, "done")

    assert source.ask() == "done"
    assert source.requests == 3


def test_what_will_not_pass_is_told_at_once(tmp_path: Path) -> None:
    source = Told(tmp_path, RuntimeError("no such host."))

    with pytest.raises(FeedError) as caught:
        source.ask()

    assert str(caught.value) == "a_feed: no such host after 1 try in 0 s at example.org"
    assert caught.value.exit_code == 1


def test_a_wait_beyond_the_patience_is_not_begun(tmp_path: Path) -> None:
    source = Told(tmp_path, Later("429", timedelta(hours=1)))

    with pytest.raises(FeedError, match=r"429 after 1 try in 0 s at .*; try again later") as caught:
        source.ask()

    assert caught.value.exit_code == 3


def test_an_error_of_ours_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Told(tmp_path, KeyError("bug")).ask()


@pytest.mark.usefixtures("in_haste")
def test_bytes_earn_new_tries(tmp_path: Path) -> None:
    source = Told(tmp_path)

    with source._holding("https://example.org/file", "example.org/file") as part:

        def one_byte_more() -> str:
            source.requests += 1
            part.keep(Piece([b"x"], '"one"', "", part.size()))
            if part.size() < 10:
                raise Broken("cut")
            return "whole"

        found = source._grown(part, lambda: source.ask(one_byte_more))

    assert (found, source.requests) == ("whole", 10)


def test_a_disk_without_room_is_told(tmp_path: Path) -> None:
    source = Told(tmp_path)

    def no_room() -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with (
        source._holding("https://example.org/file", "example.org/file") as part,
        pytest.raises(FeedError) as caught,
    ):
        source._grown(part, no_room)

    assert str(caught.value) == (
        f"a_feed: {tmp_path} can't be written, No space left on device; "
        f"make room there, then run this again"
    )
