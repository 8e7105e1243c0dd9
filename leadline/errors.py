"""The errors that a person can act on; whatever else is raised is a bug.

LeadlineError        exit code 1, or 3 where trying again may help
    ConfigError      leadline.toml, the environment, a flag
    ViewError        a file under sql/
    StoreError       the store's folder and the files in it
        AwayError    the service at which it lies does not answer for now
    FeedError        a source, and what it sent
    MissingError     a library that an extra brings
    QueryError       a question
        LateError    one that took longer than it may
        UnpricedError  no price of its span is followed by another
    NoticeError      a channel did not take a notice
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches

_RAISED = re.compile(r"^(?:leadline\.errors\.)?((?:Store|Away)Error): (.+)$", re.MULTILINE)
_LONGEST = 1_000  # letters of a sentence; what somebody sent may be of any length


class LeadlineError(Exception):
    """Say in one line where it is, what is wrong and what to do now."""

    def __init__(self, sentence: str, *, try_again: bool = False) -> None:
        super().__init__(_one_line(sentence))
        self.exit_code = 3 if try_again else 1


class ConfigError(LeadlineError):
    """A setting can't be used."""


class ViewError(LeadlineError):
    """A file under sql/ can't be used."""


class StoreError(LeadlineError):
    """The store can't be read or written."""


class AwayError(StoreError):
    """The service at which the store lies does not answer for now."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, try_again=True)


class FeedError(LeadlineError):
    """A source can't be reached, or sent something else than it should."""


class MissingError(LeadlineError):
    """A library that an extra brings is not installed."""


class QueryError(LeadlineError):
    """A question can't be answered."""


class LateError(QueryError):
    """A question took longer than it may, and was stopped."""


class UnpricedError(QueryError):
    """No price of a span is followed by another, so nobody can say what moved."""


class NoticeError(LeadlineError):
    """A channel did not take a notice.

    wait is how long the receiver asks to be left alone; what is final is not worth another try.
    """

    def __init__(
        self, sentence: str, *, wait: timedelta | None = None, is_final: bool = False
    ) -> None:
        super().__init__(sentence, try_again=not is_final)
        self.wait, self.is_final = wait, is_final


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean '…'` for the closest known name, or nothing."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean '{close[0]}'" if close else ""


def inner(error: BaseException) -> LeadlineError | None:
    """Return the error of ours that DuckDB tells of: it reads buckets through us."""
    if isinstance(error, LeadlineError):
        return error
    found = _RAISED.findall(str(error))
    if not found:
        return None
    kind, sentence = found[-1]
    return AwayError(sentence) if kind == "AwayError" else StoreError(sentence)


def _one_line(sentence: str) -> str:
    """Return a sentence as one line of letters: what it quotes may break lines, or steer a screen.

    Of what is too long the middle is left out, for the end says what to do now.
    """
    if len(sentence) > _LONGEST:
        sentence = f"{sentence[: _LONGEST - 200]} … {sentence[-197:]}"
    if sentence.isprintable():
        return sentence
    return "".join(
        each if each.isprintable() else ascii(each)[1:-1].replace("'", "") for each in sentence
    )


def first_line(error: Exception) -> str:
    """Return the first line of what DuckDB says, without the kind of its error."""
    if told := inner(error):
        return str(told)
    return str(error).strip().splitlines()[0].split("Error: ", 1)[-1]
