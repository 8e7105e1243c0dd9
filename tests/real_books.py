"""A real book as tables, and its levels as orders: no venue that shows orders is at hand."""

from collections import defaultdict
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from leadline.feed import files
from loaders import binance_book

# A level is an order from when its price appears to when it is gone.
ORDER_ID = """
    hash(epoch, book_side, price, sum(case when prev_size = 0 then 1 else 0 end) over (
        partition by epoch, book_side, price order by sequence
    )) % 1_000_000_000_000 as order_id
"""


def bitcoin(real: Path) -> dict[str, pa.Table]:
    """Read eleven minutes of Binance's BTC-USDT, by dataset."""
    folder = real / "crypto_binance_hftbacktest" / "spot"
    found, _ = files([folder], binance_book.FEED.knows, binance_book.FEED.parts)
    parts = defaultdict[str, list[pa.Table]](list)
    for dataset, extract in binance_book.read(found):
        parts[dataset].append(cast(Any, extract).rows)
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}
