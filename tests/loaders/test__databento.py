"""A DBN file is read whole, or refused in one sentence."""

from functools import partial
from io import BytesIO
from typing import Any

import pytest
import zstandard
from databento_dbn import Schema

from leadline.errors import FeedError
from leadline.feed import File
from loaders import _databento
from tests.dbn import ADJUSTED, SPY, message, trade

BODY = message(Schema.TRADES, trade(), trade(number=8))


def file(said: bytes) -> File:
    return File("x.dbn", "x.dbn", partial(BytesIO, said))


def opened(said: bytes) -> Any:
    return _databento.opened("feed", file(said), ["OPRA.PILLAR"])


@pytest.mark.parametrize(
    "packed",
    [
        BODY, zstandard.compress(BODY),
        zstandard.compress(BODY[:100]) + zstandard.compress(BODY[100:]),
    ],
)  # fmt: skip
def test_a_file_is_read_whole_packed_or_not_in_one_frame_or_in_several(packed: bytes) -> None:
    found = _databento.records(file(packed), opened(packed))

    assert found["instrument_id"].to_pylist() == [7, 8]
    assert found["place"].to_pylist() == [1, 2]


def test_it_says_itself_what_its_instruments_are() -> None:
    found = _databento.symbols(file(BODY), opened(BODY)).to_pylist()

    assert {row["instrument_id"]: row["symbol"] for row in found} == {7: SPY, 8: ADJUSTED}


@pytest.mark.parametrize(
    "said", [BODY[:-7], zstandard.compress(BODY)[:-7], zstandard.compress(BODY)[:40] + b"odd" * 9]
)
def test_what_is_cut_short_or_damaged_is_refused(said: bytes) -> None:
    with pytest.raises(FeedError, match=r"x\.dbn: cut short or damaged; fetch it again"):
        _databento.records(file(said), opened(said))


def test_what_is_no_file_of_its_kind_is_refused() -> None:
    with pytest.raises(FeedError, match="it is no DBN file; fetch it again"):
        opened(b"ts_event,price\n1,2\n")
    with pytest.raises(FeedError, match=r"it is of OPRA\.PILLAR, not of one of A, B; leave it out"):
        _databento.opened("feed", file(BODY), ["A", "B"])
