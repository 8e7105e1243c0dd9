"""Option chains of bitcoin and ether, Deribit's and OKX's, as one daily snapshot has them.

Source: daily snapshots of both exchanges' public answers, collected in public: one CSV a day,
    named by it (2026-07-06.csv), in a folder of the exchange's name.
Limits: one snapshot a day, between 03:37 and 04:42 UTC; OKX ends with 2026-07-10.
Quirks: known_at is the snapshot's moment; it comes before the expiry at 08:00, so its open
    interest is what the UTC day before has left, as far as a picture of the morning tells:
    oi_date is that day. Volatilities are percent of Deribit and fractions of OKX; positions and
    volumes are coins of Deribit and contracts of OKX (0.01 BTC, 0.1 ETH), here all coins; prices
    are in the coin, and so they stay. underlying_price is the expiry's forward of Deribit, and
    one index a coin of OKX. Deribit's greeks are empty; OKX's are of the price in the coin,
    as Black-Scholes shows (S^2 times its second derivative is gamma, S times its first delta, so
    that a put's falls below -1; vega is a point's, theta a day's, or of what is left of one):
    here they are those of the price in dollars, a year, and 1.00 of volatility.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("open_interest", "option_chains"), files="????-??-??.csv", parts=2)

COLUMNS = """
snapshot_utc text, exchange text, underlying text, instrument text, expiry text,
strike decimal(18, 8), type text, mark_price double, bid decimal(18, 8), ask decimal(18, 8),
mark_iv double, delta double, gamma double, vega double, theta double,
open_interest decimal(18, 4), volume_24h decimal(18, 4), underlying_price decimal(18, 8)
"""

TOLD = """
with told as (
    select
        *,
        try_strptime(snapshot_utc, '%Y-%m-%d %H:%M:%S') as snapshot_at,
        timezone('UTC', snapshot_at) as known_at,
        cast(snapshot_at as date) as session_date,
        cast(try_strptime(expiry, '%Y-%m-%d') as date) as expiration,
        case
            when exchange in ('deribit', 'okx') is not true
                then error('exchange is ' || coalesce(exchange, 'empty')
                    || ', and none of deribit, okx; mend the loader')
            when underlying in ('BTC', 'ETH') is not true then null
            when exchange = 'deribit' then 1
            when underlying = 'BTC' then 0.01
            else 0.1
        end as coins,  -- that one of open_interest and volume_24h is; null if nobody said
        round(median(mark_iv) over (partition by exchange), 4) as half_iv
    from lines
)
"""

CHAINS = f"""
{TOLD},

coined as (
    select
        *,
        cast(underlying_price as double) as usd,
        least(1, nullif(greatest(0, date_diff(
            'second', snapshot_at, expiration + interval 8 hours
        )), 0) / 86_400) as days  -- that theta is told of
    from told
)

select
    '24/7' as calendar,
    session_date,
    known_at,
    case when coins is not null
        then exchange || ':' || coined.underlying || '-USD'
    end as underlying,
    instrument as contract,
    expiration,
    strike,
    type as put_call,
    coined.underlying as currency,
    bid,
    ask,
    mark_price as mark,
    volume_24h * coins as volume,
    case
        when exchange = 'deribit' and half_iv < 5
            then error('half of mark_iv are below ' || half_iv || ', and Deribit says percent; '
                || 'mend the loader')
        when exchange = 'okx' and half_iv > 5
            then error('half of mark_iv are above ' || half_iv || ', and OKX says fractions; '
                || 'mend the loader')
        else nullif(case exchange when 'deribit' then mark_iv / 100 else mark_iv end, 0)
    end as iv,
    coined.delta + mark_price as delta,
    (coined.gamma + 2 * coined.delta) / usd as gamma,
    coined.theta * usd * 365 / days as theta,
    coined.vega * usd * 100 as vega,
    underlying_price
from coined
"""

OPEN_INTEREST = f"""
{TOLD}

select
    instrument as contract,
    '24/7' as calendar,
    session_date - 1 as oi_date,
    session_date,
    known_at,
    open_interest * coins as open_interest
from told
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file twice: as a chain and as the open interest of the day before."""
    for file in files:
        lines = file.csv(COLUMNS)
        yield "open_interest", lines.query("lines", OPEN_INTEREST)
        yield "option_chains", lines.query("lines", CHAINS)
