"""Databento's DBN files as tables, of options and of stocks alike."""

import io
import warnings
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from leadline.archive import MOST
from leadline.errors import FeedError
from leadline.feed import File, meaning

ZSTD = b"\x28\xb5\x2f\xfd"
NONE = 2**63 - 1  # a price or quantity that is none
NEVER = 2**64 - 1  # a moment that is none
COLUMNS = (
    "publisher_id", "instrument_id", "ts_event", "ts_recv", "price", "size", "action", "side",
    "bid_px_00", "ask_px_00", "bid_sz_00", "ask_sz_00", "bid_pb_00", "ask_pb_00", "ts_ref",
    "quantity", "stat_type", "update_action", "raw_symbol", "underlying", "expiration",
    "strike_price", "instrument_class", "contract_multiplier", "currency",
)  # fmt: skip
TEXTS = ("action", "side", "raw_symbol", "underlying", "instrument_class", "currency")
WORDS = {
    "side": dict.fromkeys("ABN"),
    "action": dict.fromkeys("ACMRTFN"),
    "update_action": {"1": None},  # 2 takes a statistic back; nobody has met one of OPRA
    "instrument_class": dict.fromkeys("CP"),
}
CONSOLIDATED = ("tcbbo", "cmbp-1", "cbbo-1s", "cbbo-1m")

# An instrument's symbols of one day, and each record with what its instrument is.
TWICE = """
select instrument_id, until > lead(since) over (partition by instrument_id order by since) as again
from instruments
qualify again
"""
RECORDS = """
create temporary view records as
select given.*, instruments.* exclude (instrument_id)
from given
left join instruments
    on given.instrument_id = instruments.instrument_id
    and cast(to_timestamp(given.ts_recv // 1_000_000_000) as date) >= instruments.since
    and cast(to_timestamp(given.ts_recv // 1_000_000_000) as date) < instruments.until
"""


def moment(column: str) -> str:
    """Return SQL for the moment of nanoseconds, without what is finer than a microsecond."""
    return f"make_timestamp(cast(nullif({column}, {NEVER}) // 1000 as bigint)) at time zone 'UTC'"


def price(column: str) -> str:
    """Return SQL for a price in units of 1e-9."""
    return f"cast(cast(nullif({column}, {NONE}) as double) / 1e9 as decimal(18, 8))"


def quote(side: str) -> str:
    """Return SQL for one side of a quote, where there is one."""
    there = f"{side}_px_00 not in (0, {NONE})"
    return f"""
    case when {there} then {price(side + "_px_00")} end as {side},
    case when {there} then {side}_sz_00 end as {side}_size
    """


def opened(feed: str, file: File, datasets: Sequence[str]) -> Any:
    """Return a file as Databento's library reads it; refuse another dataset or a part of a file."""
    try:
        import databento
        from databento_dbn import DBNError
    except ImportError as error:
        raise FeedError(
            f"{feed}: it takes Databento's own library to read DBN files; "
            f"pip install 'leadline[databento]'"
        ) from error
    try:
        store = databento.DBNStore.from_bytes(unpacked(file))
    except (databento.BentoError, DBNError, ValueError) as error:
        raise FeedError(f"{file.origin}: it is no DBN file; fetch it again") from error
    if store.dataset not in datasets:
        own = datasets[0] if len(datasets) == 1 else f"one of {', '.join(datasets)}"
        raise FeedError(f"{file.origin}: it is of {store.dataset}, not of {own}; leave it out")
    return store


def unpacked(file: File) -> io.BytesIO:
    """Return what is in a file's zstd frames; a frame that does not end is refused."""
    import zstandard  # which Databento's library brings along

    packed = file.bytes()
    if not packed.startswith(ZSTD):
        return io.BytesIO(packed)
    whole, frame = io.BytesIO(), None
    try:
        for start in range(0, len(packed), 1 << 20):
            rest = packed[start : start + (1 << 20)]
            while rest:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                whole.write(frame.decompress(rest))
                if whole.tell() > MOST:
                    raise FeedError(f"{file.origin}: over {MOST >> 20:,} MiB; split it by days")
                rest, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    except zstandard.ZstdError as error:
        raise FeedError(f"{file.origin}: cut short or damaged; fetch it again") from error
    if frame:
        raise FeedError(f"{file.origin}: cut short or damaged; fetch it again")
    whole.seek(0)
    return whole


def records(file: File, store: Any) -> pa.Table:
    """Return a file's records, texts as text, and the place of each in it."""
    import numpy as np
    from databento.common.error import BentoWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", BentoWarning)  # half a record at the end
        try:
            array = np.ravel(store.to_ndarray())
        except BentoWarning as error:
            raise FeedError(f"{file.origin}: cut short or damaged; fetch it again") from error
    names = [name for name in COLUMNS if name in array.dtype.names]
    for name, words in WORDS.items():
        for word in np.unique(array[name]) if name in names else ():
            meaning(f"{file.origin}: {name}", words, str(word.decode() if name in TEXTS else word))
    columns = {name: array[name].astype("U") if name in TEXTS else array[name] for name in names}
    return pa.table({**columns, "place": np.arange(1, len(array) + 1)})


def symbols(file: File, store: Any) -> pa.Table:
    """Return which symbol each instrument has on which days, as the file itself says."""
    intervals = [
        (int(interval["symbol"]), interval["start_date"], interval["end_date"], symbol)
        for symbol, held in store.metadata.mappings.items()
        for interval in held
        if interval["symbol"]
    ]
    if not intervals or str(store.stype_out) != "instrument_id":
        raise FeedError(
            f"{file.origin}: it does not say what its instruments are; "
            f"fetch it with stype_out=instrument_id"
        )
    ids, since, until, named = zip(*intervals, strict=True)
    return pa.table({"instrument_id": ids, "since": since, "until": until, "symbol": named})
