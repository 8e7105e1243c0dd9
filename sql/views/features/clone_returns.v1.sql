-- rule:    D7
-- what:    What following a manager's filing brought, from the session after it until the next.
-- grain:   one row per manager and portfolio that is over; told an hour after its last close
-- status:  live
-- needs:   135 sessions
-- misses:  a stock without a bar in the first session; what a stock was worth that stopped trading
--          is its last close, which is too much for a bankrupt one
-- noisy:   an amendment of either quarter makes a new portfolio, and costs again

with params as (
    select
        10 as n_largest,  -- rule book D7
        0.001 as cost_frac,  -- one way, rule book D7
        130 as max_sessions,  -- two quarters; whoever files no more is held no longer
        interval 1 hour as bar_delay,  -- a session's bars are known by then
        'SPY' as benchmark  -- the mean of all stocks where it has no bars
),

versions as (
    select
        cik, period_end, known_at,
        max(manager) as manager,
        max(accession_no) as accession_no
    from features.holder_positions
    group by cik, period_end, known_at
),

-- An amendment of an older quarter is nobody's portfolio of today.
newest as (
    select *
    from versions
    qualify
        period_end >= max(period_end) over (
            partition by cik order by known_at, period_end
            rows between unbounded preceding and current row
        )
),

hours as (
    select
        session_date, sequence, opens_at, closes_at,
        lag(opens_at) over (order by sequence) as previous_opens_at
    from curated.us_sessions
),

-- The first session that opens after the filing is known.
entered as (
    select
        newest.cik, newest.manager, newest.period_end, newest.known_at, newest.accession_no,
        hours.session_date as entry_date,
        hours.sequence as entry_place
    from newest
    inner join hours
        on newest.known_at >= hours.previous_opens_at and newest.known_at < hours.opens_at
),

held as (
    select
        *,
        lead(entry_place) over (partition by cik order by known_at, period_end) as next_place
    from entered
),

ended as (
    select
        held.*,
        params.n_largest, params.cost_frac, params.benchmark,
        hours.session_date as exit_date,
        hours.closes_at + params.bar_delay as told_at
    from held
    cross join params
    inner join hours
        on
            hours.sequence = least(
                coalesce(held.next_place, held.entry_place + params.max_sessions),
                held.entry_place + params.max_sessions
            )
    where
        coalesce(held.next_place > held.entry_place, true)
        and hours.closes_at + params.bar_delay < (select clock.until from ops.clock as clock)
),

picks as (
    select
        ended.cik, ended.known_at, ended.period_end, ended.entry_date, ended.exit_date,
        ended.told_at, ended.n_largest, positions.ticker,
        cast(positions.value_usd as decimal(28, 2)) as value_usd,
        row_number() over (
            partition by ended.cik, ended.period_end, ended.known_at
            order by positions.value_usd desc, positions.cusip asc
        ) as place
    from ended
    inner join features.holder_positions as positions
        on
            ended.cik = positions.cik
            and ended.period_end = positions.period_end
            and ended.known_at = positions.known_at
    where positions.shares > 0 and positions.put_call is null and positions.share_type = 'SH'
),

bars as (
    select symbol, session_date, close_full, known_at, withdrawn_at
    from curated.equity_bars
    where bar = '1d' and close_full > 0
),

-- The last close up to the end, so that what stopped trading is there too.
returns as (
    select
        picks.cik, picks.period_end, picks.known_at, picks.ticker,
        arg_max(bars.close_full, bars.session_date)
        / arg_min(bars.close_full, bars.session_date) - 1 as stock_return,
        min(bars.session_date) = picks.entry_date as is_priced,
        max(picks.value_usd) as value_usd
    from picks
    inner join bars
        on
            picks.ticker = bars.symbol
            and picks.entry_date <= bars.session_date
            and picks.exit_date >= bars.session_date
            and picks.told_at > bars.known_at
            and coalesce(picks.told_at <= bars.withdrawn_at, true)
    where picks.place <= picks.n_largest
    group by picks.cik, picks.period_end, picks.known_at, picks.ticker, picks.entry_date
),

clones as (
    select
        cik, period_end, known_at,
        count(*) as n_stocks,
        avg(stock_return) as mean_return,
        sum(round(stock_return, 9) * cast(value_usd as double))
        / nullif(cast(sum(value_usd) as double), 0) as weighted_mean_return
    from returns
    where is_priced
    group by cik, period_end, known_at
),

-- Without a close of anybody on its last day a portfolio is not over, as far as the store knows.
spans as (select distinct entry_date, exit_date, told_at, benchmark from ended),

markets as (
    select
        spans.entry_date, spans.exit_date,
        avg(later.close_full / earlier.close_full - 1) as all_return,
        max(
            case
                when earlier.symbol = spans.benchmark
                    then later.close_full / earlier.close_full - 1
            end
        ) as own_return
    from spans
    inner join bars as earlier
        on
            spans.entry_date = earlier.session_date
            and spans.told_at > earlier.known_at
            and coalesce(spans.told_at <= earlier.withdrawn_at, true)
    inner join bars as later
        on
            spans.exit_date = later.session_date
            and earlier.symbol = later.symbol
            and spans.told_at > later.known_at
            and coalesce(spans.told_at <= later.withdrawn_at, true)
    group by spans.entry_date, spans.exit_date
),

measured as (
    select
        ended.*,
        clones.n_stocks,
        round((1 + clones.mean_return) * power(1 - ended.cost_frac, 2) - 1, 6) as clone_return,
        round((1 + clones.weighted_mean_return) * power(1 - ended.cost_frac, 2) - 1, 6)
            as weighted_return,
        round(coalesce(markets.own_return, markets.all_return), 6) as benchmark_return,
        case when markets.own_return is null then 'mean of all' else ended.benchmark end
            as benchmark_name
    from ended
    inner join clones
        on
            ended.cik = clones.cik
            and ended.period_end = clones.period_end
            and ended.known_at = clones.known_at
    inner join markets
        on ended.entry_date = markets.entry_date and ended.exit_date = markets.exit_date
)

select
    cik,
    manager,
    period_end,
    told_at as known_at,  -- an hour after the last close
    known_at as filed_at,  -- when the portfolio became known
    entry_date,  -- session at whose close it is bought, the first that opens after filed_at
    exit_date,  -- session at whose close it is sold: that of the next filing
    n_stocks,  -- of the ten largest, that had a bar in the first session; equal weights
    clone_return,  -- 0.1 is 10 percent; after costs of both ways
    benchmark_return,  -- of SPY, or the mean of all stocks where it has no bars
    round(clone_return - benchmark_return, 6) as excess_return,  -- over the benchmark
    benchmark_name,  -- SPY or mean of all
    accession_no,
    weighted_return  -- clone_return with the weights of the filing in place of equal ones
from measured
