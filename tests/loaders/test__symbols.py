"""Which stocks are asked for, and how others write them."""

from pathlib import Path

from leadline.http import Http
from loaders._symbols import FIRST, dashed, dotted, wanted


def test_a_feed_asks_for_its_own_stocks_unless_others_are_named(tmp_path: Path) -> None:
    with Http("feed", contact=None, folder=tmp_path) as http:
        own = wanted(http)
        http.symbols = ("IBM", "BRK.B")

        assert (own, wanted(http)) == (FIRST, ("IBM", "BRK.B"))


def test_a_class_has_a_dash_there_and_a_dot_here() -> None:
    assert dashed("BRK.B") == "BRK-B"
    assert dotted("BRK-B") == "BRK.B"
