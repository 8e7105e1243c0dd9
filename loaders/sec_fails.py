"""Fails to deliver: a free history of which CUSIP had which symbol, as the clearing house had it.

Source: https://www.sec.gov/data-research/sec-markets-data/fails-deliver-data, a zip for each half
    of a month (cnsfails202605a.zip), fetched by hand: the names of its folders change.
Limits: files only; a stock is in it only on days on which someone failed to deliver it.
Quirks: symbols are written without the dot of a class, so that known classes are spelt out here;
    a symbol may be missing and a price a dot; the last lines count what is above them; the text is
    Latin-1; a symbol is told from its first day in a file on; known_at is 00:00 New York of the
    1st behind a first half and of the 16th behind a second one, by when the SEC has published.
"""

from collections.abc import Iterator

import pyarrow as pa

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files

FEED = Feed(writes=("securities",), files="cnsfails*.txt")

HEADER = "SETTLEMENT DATE|CUSIP|SYMBOL|QUANTITY (FAILS)|DESCRIPTION|PRICE"
# Classes that are listed, and whose symbol no company without one has.
CLASSED = (
    "AKO.A", "AKO.B", "BF.A", "BF.B", "BH.A", "BRK.A", "BRK.B", "CRD.A", "CRD.B", "CWEN.A", "GEF.B",
    "GTN.A", "HEI.A", "HVT.A", "JW.A", "JW.B", "LEN.B", "LGF.A", "LGF.B", "MKC.V", "MOG.A", "MOG.B",
    "PBR.A", "RDS.A", "RDS.B", "STZ.B", "TAP.A", "UHAL.B",
)  # fmt: skip

ROWS = """
with split as (select string_split(line, '|') as cell, line from lines),

cells as (
    select
        len(cell) >= 6 as is_one,
        case when is_one then cast(try_strptime(cell[1], '%Y%m%d') as date) end as day,
        case when is_one then trim(cell[2]) else line end as cusip,
        nullif(trim(cell[3]), '') as symbol,
        nullif(trim(array_to_string(cell[5:-2], '|')), '') as description
    from split
),

spells as (
    select
        cusip, symbol, min(day) as valid_from, arg_max(description, day) as issuer
    from cells
    where symbol is not null or not is_one
    group by cusip, symbol
)

select
    spells.cusip,
    coalesce(classed.ticker, spells.symbol) as ticker,
    spells.issuer,
    spells.valid_from,
    cast(null as date) as valid_to,
    cast(null as text) as class_title,
    cast(null as boolean) as has_options,
    timezone(
        'America/New_York', date_trunc('month', cast(valid_from as timestamp)) + interval 1 month
        + interval 1 day * case when day(valid_from) < 16 then 0 else 15 end
    ) as known_at
from spells
left join classed on spells.symbol = classed.symbol
qualify row_number() over (partition by cusip, valid_from order by ticker) = 1
order by spells.cusip, spells.valid_from
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each half month."""
    for file in files:
        yield from rows(file)


def rows(file: File) -> Iterator[Batch]:
    """Yield the first day of each symbol that a CUSIP has in a file."""
    header, *body = file.bytes().decode("latin-1").split("\n")
    if header.strip() != HEADER:
        raise FeedError(f"{file.origin}:1: the header is '{header.strip()[:60]}', not {HEADER}")
    told = [line.rstrip("\r") for line in body if line.strip() and not line.startswith("Trailer")]
    _count(file, body, len(told))
    lines = pa.table({"line": pa.array(told, pa.string())})
    classed = pa.table(
        {"symbol": [each.replace(".", "") for each in CLASSED], "ticker": list(CLASSED)}
    )
    with scratch() as con:
        con.register("lines", lines)
        con.register("classed", classed)
        yield "securities", Extract(file, con.sql(ROWS).to_arrow_table())


def _count(file: File, body: list[str], n_found: int) -> None:
    """Raise a FeedError where a trailer counts other lines than there are."""
    for line in body:
        if line.startswith("Trailer record count"):
            said = line.rpartition(" ")[2].strip()
            if said != str(n_found):
                raise FeedError(
                    f"{file.origin}: the trailer counts {said} lines, and there are {n_found:,}; "
                    f"fetch it again"
                )
