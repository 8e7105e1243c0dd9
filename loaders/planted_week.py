"""Weeks of the planted-event suite: draws one from a seed, and reads the files of one.

Source: written by `leadline planted make`, from a seed; no source is asked.
Limits: one week a store, since all weeks have the same days and names; half a year before it.
Quirks: the sample week's feeds draw it with another seed, at odd moments and under other names,
    and more is planted than there; what is planted is told in a key beside the files, and in none
    of them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, Files
from loaders import (
    _planted_names,
    _planted_options,
    equity_codes,
    option_codes,
    sample_crypto,
    sample_equity_trades,
    sample_filings,
    sample_insiders,
    sample_off_exchange,
    sample_option_trades,
    sample_options,
    sample_prices,
)
from loaders import _sample as sample
from loaders._sample_chains import N_SESSIONS, listed, quotes

FEED = Feed(
    writes=(
        "book_updates", "book_tops", "crypto_trades", "feed_gaps", "equity_bars", "equity_quotes",
        "equity_trades", "insider_transactions", "insider_owners", "insider_filings",
        "open_interest", "option_chains", "option_trades", "short_volume", "otc_volume",
        "securities", "shares_outstanding", "holdings", "filings", "conditions", "venues",
    ),
    files="*.parquet",
    parts=2,
)  # fmt: skip
NAME = "planted_week"
# What is judged: stretches of days begin a week before, and Friday's are told at night.
SPAN = datetime(2024, 2, 5, tzinfo=UTC), datetime(2024, 2, 17, 6, tzinfo=UTC)
# Of these nothing but the batches is wanted.
WHOLE = (
    sample_prices, sample_off_exchange, sample_equity_trades, sample_filings, sample_insiders,
    sample_crypto,
)  # fmt: skip


def read(files: Files) -> Iterator[Batch]:
    """Yield each file's rows; its name says of which dataset."""
    for file in files:
        dataset = file.name.rpartition("/")[2].removesuffix(".parquet")
        if dataset not in FEED.writes:
            raise FeedError(f"{file.origin}: it is of no dataset of a week; leave it out")
        try:
            rows = pq.read_table(pa.BufferReader(file.bytes()))
        except (pa.ArrowException, OSError) as error:
            raise FeedError(f"{file.origin}: it is no Parquet; make it again") from error
        yield dataset, Extract(file, rows)


def made(seed: int) -> Iterator[Batch]:
    """Yield a week's rows, and its events, under names of its own."""
    with sample.drawn(seed):
        names = _planted_names.drawn()
        for dataset, rows in _batches(seed):
            table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows))  # type: ignore[arg-type]
            is_code = dataset in ("conditions", "venues")
            yield dataset, table if is_code else _planted_names.renamed(table, names)


def _batches(seed: int) -> Iterator[Batch]:
    for module in WHOLE:
        yield from module.pull(_planted_names.NO_SPAN, _planted_names.NOBODY)
    yield from _options(seed)
    yield from _codes()


def _codes() -> Iterator[Batch]:
    """Yield what the letters of conditions and venues mean, in this feed's name."""
    letters = (option_codes, option_codes.BY_LETTER), (equity_codes, equity_codes.LETTERS)
    for module, feed in letters:
        for dataset, rows in module.pull(_planted_names.NO_SPAN, _planted_names.NOBODY):
            own = [dict(row) for row in rows if row.get("source_feed") == feed]
            if own:
                yield dataset, [row | {"source_feed": NAME} for row in own]


def _options(seed: int) -> Iterator[Batch]:
    """Yield chains, open interest and trades of one market of options."""
    chance, contracts = sample.rng("options"), listed()
    chain = quotes(chance, contracts)
    tape = sample_option_trades.Tape(contracts, quotes(sample.rng("options"), contracts))
    interest = sample_options.opened(chance, contracts, chain)
    _planted_options.thin_out(sample.rng("thin"), contracts, chain, interest)
    events = {"options.oi_change": sample_options.plant(chance, contracts, chain, interest)}
    jumps = sample.rng("jumps")
    events["options.iv_jump"] = _planted_options.jump_volatility(jumps, seed, contracts, chain)
    yield "open_interest", sample_options.interest_rows(contracts, interest)
    yield "option_chains", sample_options.chain_rows(chance, contracts, chain, interest)
    trades = sample.rng("option trades")
    for day in range(N_SESSIONS - _planted_options.N_TRADED, N_SESSIONS):
        sample_option_trades.background(trades, tape, day)
    planted = sample.rng("planted option trades")
    events |= _planted_options.planted(planted, tape, interest)
    for detector, told in events.items():
        yield sample.planted(detector, told)
    yield "option_trades", sample_option_trades.rows(tape)
