-- rule:    E1, D9
-- what:    What insiders bought less what they sold in 90 days, beside the company's worth, daily.
-- grain:   one row per ticker and session of the year after an insider's trade became known, told
--          five hours after the close, of the span and of the year before it; trades by plans are
--          in none; market_cap_usd and balance are null where no shares outstanding, or no close of
--          ten days, were known
-- status:  live
-- needs:   0s, 115d of curated.traded_bars
-- misses:  the worth of a company whose shares were split since they were counted; of two counts
--          the one that was told later counts, whatever day it is of

with params as (
    select
        interval 5 hours as max_wait,  -- all that FINRA, bars and the tape tell of a session is in
        interval 410 days as reach,  -- a year of sessions before what is asked, and some to spare
        interval 800 days as max_age,  -- what the first of them can still look at
        interval 366 days as max_silence,  -- after it a company is without insiders again
        89 as max_days,  -- and the day itself; rule book D9
        interval 10 days as max_close_age,  -- an older price is no price
        interval 4 days as max_bar_delay,  -- a bar told later is a correction of an old day
        interval 20 days as max_lag,  -- what comes later is held against no bar; rule book D8
        0.5 as max_off_frac  -- outside of the day's low and high; rule book D8
),

sessions as (
    select
        us.session_date,
        us.sequence as place,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    cross join ops.clock as clock
    where
        us.closes_at + params.max_wait < clock.until
        and us.closes_at + params.max_wait >= clock.since - params.reach
),

trades as (
    select
        trades.ticker, trades.accession_no, trades.line, trades.trans_date, trades.price,
        trades.known_at, trades.withdrawn_at,
        cast(timezone('America/New_York', trades.known_at) as date) as available_date,
        case trades.trans_code when 'P' then 1 else -1 end
        * cast(trades.value_usd as decimal(28, 2)) as net_usd
    from curated.insider_transactions as trades
    cross join params
    where
        trades.is_signal and trades.is_discretionary and trades.ticker is not null
        and trades.known_at >= (select clock.since from ops.clock as clock) - params.max_age
),

bars as (
    select symbol, session_date, known_at, withdrawn_at, low, high, close
    from curated.traded_bars
    where bar = '1d'
),

-- A price that is no market's was typed wrongly: its value is not summed.
odd as (
    select trades.accession_no, trades.line, trades.known_at
    from trades
    cross join params
    inner join bars
        on
            trades.ticker = bars.symbol
            and trades.trans_date = bars.session_date
            and trades.known_at >= bars.known_at
            and trades.known_at <= bars.known_at + params.max_lag
            and coalesce(trades.known_at < bars.withdrawn_at, true)
    group by
        trades.accession_no, trades.line, trades.known_at, trades.price, params.max_off_frac
    having
        trades.price < min(bars.low) * (1 - params.max_off_frac)
        or trades.price > max(bars.high) * (1 + params.max_off_frac)
),

sums as (
    select
        trades.ticker, sessions.place,
        sum(case when odd.line is null then trades.net_usd else 0 end) as net_usd,
        count(*) as n_trades,
        count(odd.line) as n_odd
    from trades
    cross join params
    inner join sessions
        on
            trades.known_at <= sessions.told_at
            and trades.available_date >= sessions.session_date - params.max_days
    left join odd
        on
            trades.accession_no = odd.accession_no
            and trades.line = odd.line
            and trades.known_at = odd.known_at
    where coalesce(trades.withdrawn_at > sessions.told_at, true)
    group by trades.ticker, sessions.place
),

moments as (select distinct ticker, known_at from trades),

companies as (select distinct ticker from trades),

standing as (
    select
        companies.ticker, sessions.session_date, sessions.place, sessions.told_at,
        moments.known_at as newest_at
    from companies
    cross join sessions
    asof left join moments
        on companies.ticker = moments.ticker and sessions.told_at >= moments.known_at
),

heard as (
    select standing.*
    from standing
    cross join params
    where standing.newest_at > standing.told_at - params.max_silence
),

counts as (
    select
        symbol, known_at,
        arg_max(shares, as_of_date) as shares
    from curated.shares_outstanding
    group by symbol, known_at
),

closes as (
    select
        bars.symbol, bars.known_at,
        max(bars.session_date) as session_date,
        arg_max(bars.close, bars.session_date) as close
    from bars
    cross join params
    where
        bars.close is not null
        and bars.known_at
        < timezone('UTC', bars.session_date + interval 1 day) + params.max_bar_delay
    group by bars.symbol, bars.known_at
),

valued as (
    select
        heard.*,
        cast(counts.shares as double) as shares
    from heard
    asof left join counts on heard.ticker = counts.symbol and heard.told_at >= counts.known_at
),

priced as (
    select
        valued.*,
        closes.session_date as close_date,
        cast(closes.close as double) as close
    from valued
    asof left join closes on valued.ticker = closes.symbol and valued.told_at >= closes.known_at
),

measured as (
    select
        priced.ticker, priced.session_date, priced.place, priced.told_at, priced.newest_at,
        cast(coalesce(sums.net_usd, 0) as double) as net_usd,
        coalesce(sums.n_trades, 0) as n_trades,
        coalesce(sums.n_odd, 0) as n_odd,
        case
            when priced.close_date >= cast(priced.session_date - params.max_close_age as date)
                then priced.shares * priced.close
        end as market_cap_usd
    from priced
    cross join params
    left join sums on priced.ticker = sums.ticker and priced.place = sums.place
)

select
    ticker as symbol,  -- the ticker by the company's forms
    session_date,
    told_at as known_at,
    newest_at,  -- when the last trade became known
    place,  -- of the session in the calendar
    round(net_usd, 2) as net_usd,  -- bought less sold, at the insiders' discretion
    cast(n_trades as bigint) as n_trades,  -- that became known in 90 days
    round(market_cap_usd, 2) as market_cap_usd,  -- of this class of shares, at the last close
    round(10_000 * net_usd / nullif(market_cap_usd, 0), 9)
        as balance,  -- bought less sold in basis points of the company's worth
    n_odd > 0 as has_odd_price  -- a trade is left out since its price can't be right
from measured
