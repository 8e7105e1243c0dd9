"""leadline live, a process of its own, listens to venues of this machine, and stores the truth."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from tests.desks import SmallDesk, run, small_desk, start
from tests.doors import ROOT
from tests.market import Market
from tests.venues import LOSE, SKIP, SWAP, TWICE, Binance, Bitfinex, Open

DATASETS = ("feed_gaps", "book_updates", "book_tops", "crypto_trades")
ASIDE = "known_date, recorded_at, load_id"
PATIENCE_S = 60


def laid_out(root: Path, *opened: Open, pairs: str = "all") -> SmallDesk:
    desk = small_desk(root)
    shutil.rmtree(root / "loaders", ignore_errors=True)
    shutil.copytree(ROOT / "loaders", root / "loaders")
    for name in DATASETS:
        desk.write(f"sql/tables/{name}.sql", (ROOT / f"sql/tables/{name}.sql").read_text())
    hosts = "\n".join(each.settings for each in opened)
    desk.write("leadline.toml", f'pairs = "{pairs}"\n[addresses]\n{hosts}\n')
    return desk


def rows(desk: SmallDesk, name: str, columns: str) -> list[Any]:
    with desk.warehouse() as house:
        asked = house.ask(f"raw.{name}", BEGINNING, FOREVER).project(columns)
        return sorted(map(str, asked.to_arrow_table().to_pylist()))


def tops(desk: SmallDesk, venue: str) -> list[tuple[str, int, Any]]:
    with desk.warehouse() as house:
        asked = house.ask("raw.book_tops", BEGINNING, FOREVER).filter(f"venue = '{venue}'")
        names = "pair, update_id, best_bid, best_ask, bid_size, ask_size"
        told = asked.project(names).fetchall()
    return [(pair, number, tuple(top)) for pair, number, *top in told]


def until(is_so: Any, what: str) -> Iterator[None]:
    """Go on until something is so."""
    deadline = monotonic() + PATIENCE_S
    while not is_so():
        assert monotonic() < deadline, what
        yield
        sleep(0.005)


def is_heard(opened: Open) -> bool:
    """Say whether every pair of a venue is listened to."""
    lines = opened.venue.lines
    n_pairs = len(opened.venue.market.pairs)
    if isinstance(opened.venue, Binance):
        n_asked = len({path for path in opened.venue.asked if "/depth" in path})
        return n_asked == n_pairs and len(lines) == 1
    return sum(len(line.channels) for line in lines) == 2 * n_pairs


def live(desk: SmallDesk, *words: str) -> Any:
    return start(desk.root, "live", "--every", "1s", *words)


@pytest.mark.parametrize("n_steps", [30, pytest.param(60, marks=pytest.mark.soak)])
@pytest.mark.soak
def test_what_is_stored_is_the_true_book_and_a_recording_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_steps: int
) -> None:
    monkeypatch.setenv("WEBSOCKETS_BACKOFF_INITIAL_DELAY", "0.05")
    names = [f"C{nth:02}-USD" for nth in range(11)]
    with (
        Open(Binance(Market(1, "BTC-USDT", "ETH-USDT", "ZRX-BTC"), behind_ms=1_300)) as binance,
        Open(Bitfinex(Market(2, "LTC-EUR", *names), behind_ms=-1_300)) as bitfinex,
    ):
        venues: list[Open] = [binance, bitfinex]
        desk = laid_out(tmp_path / "desk", *venues)
        process = live(
            desk, "--feeds", "binance_book,bitfinex_book", "--record", str(tmp_path / "kept")
        )
        for fault in ("", SKIP, TWICE, SWAP, LOSE):
            for _ in until(lambda: all(map(is_heard, venues)), f"heard before {fault}"):
                binance.do(binance.venue.step())
            sleep(1.0 if fault == SKIP else 0.0)  # its first snapshots, which were asked for, come
            for nth in range(n_steps):
                binance.do(binance.venue.step(fault if nth == 10 else ""))
                # More connections than a few would have to wait for their turn.
                is_hurt = nth == 10 and fault in (SKIP, LOSE)
                bitfinex.do(bitfinex.venue.step(fault if is_hurt else ""))
        for _ in until(lambda: all(map(is_heard, venues)), "heard at the end"):
            binance.do(binance.venue.step())
        for _ in range(n_steps):
            for each in venues:
                each.do(each.venue.step())
        sleep(0.5)  # the last message is on its way
        process.send_signal(2)
        _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130, err
    for name, opened in (("binance", binance), ("bitfinex", bitfinex)):
        told, oracle = tops(desk, name), opened.venue.oracle
        wrong = [each for each in told if each[2] not in oracle.get(each[:2], ())]
        assert wrong == []
        assert {pair for pair, *_ in told} == {pair.name for pair in opened.venue.market.pairs}
    reasons = rows(desk, "feed_gaps", "venue, reason")
    assert {"'binance'" in each and "'gap'" in each for each in reasons} == {True, False}
    assert any("bitfinex" in each and "disconnect" in each for each in reasons)

    again = laid_out(tmp_path / "again")
    for feed in ("binance_book", "bitfinex_book"):
        loaded = run(again.root, "load", feed, "--from", str(tmp_path / "kept"))
        assert loaded.code == 0, loaded.err
    for name in DATASETS:
        # Of a gap a source says no order; the store counts those of a load.
        columns = f"* exclude ({ASIDE}{', sequence' * (name == 'feed_gaps')})"
        stored = rows(desk, name, columns)
        assert len(stored) > 3
        assert rows(again, name, columns) == stored


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("<html>", "bitfinex_book: Expecting value"),
        pytest.param(
            '{"event": "weather"}',
            "an event that it does not know, weather",
            marks=pytest.mark.soak,
        ),
        pytest.param(
            "[1,2,3]",
            "bitfinex_book: a channel that nobody subscribed to, 1",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_what_no_venue_says_ends_it_with_a_sentence_and_what_came_before_is_kept(
    tmp_path: Path, said: str, sentence: str
) -> None:
    with Open(Bitfinex(Market(3, "LTC-EUR"))) as bitfinex:
        desk = laid_out(tmp_path / "desk", bitfinex)
        process = live(desk, "--feeds", "bitfinex_book")
        for _ in until(lambda: is_heard(bitfinex), "heard"):
            pass
        bitfinex.do(bitfinex.venue.step())
        bitfinex.do(bitfinex.venue.say(said))
        _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert sentence in err.splitlines()[-1]
    assert len(tops(desk, "bitfinex")) > 0


def test_pairs_that_are_not_traded_are_a_sentence(tmp_path: Path) -> None:
    with Open(Binance(Market(4, "BTC-USDT"))) as binance:
        desk = laid_out(tmp_path / "desk", binance, pairs="BTC-USDC")
        process = live(desk, "--feeds", "binance_book")
        _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    said = "binance_book: Binance trades no pair BTC-USDC; did you mean 'BTC-USDT'"
    assert err.splitlines()[-1] == said
