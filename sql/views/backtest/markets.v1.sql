-- rule:    F2
-- what:    How the whole market did in each session: an index fund, else the median of all stocks.
-- grain:   one row per session in which the fund, or ten entities, had a price and had one in the
--          session before; pairs have no market
-- status:  live
-- needs:   2 sessions

with params as (
    select
        'SPY' as fund,  -- stands for all stocks; the median where it has no bar
        10 as min_entities  -- a median of fewer is no market; a guess
),

steps as (
    select
        closes.bar, closes.place, closes.bar_at, closes.session_date, closes.entity,
        closes.known_at,
        closes.price / lag(closes.price) over in_order - 1 as return_frac,
        closes.place - lag(closes.place) over in_order as n_bars,
        closes.entity = params.fund as is_fund
    from backtest.session_closes as closes
    cross join params
    window in_order as (partition by closes.bar, closes.security_id order by closes.place)
),

bars as (
    select
        bar, place, bar_at, session_date,
        max(known_at) as known_at,
        count(*) as n_entities,
        median(return_frac) as median_frac,
        max(case when is_fund then return_frac end) as fund_frac,
        max(case when is_fund then entity end) as fund
    from steps
    where n_bars = 1
    group by bar, place, bar_at, session_date
),

told as (
    select
        bars.*,
        coalesce(bars.fund, 'median') as market,
        round(coalesce(bars.fund_frac, bars.median_frac), 9) as return_frac
    from bars
    cross join params
    where bars.fund is not null or bars.n_entities >= params.min_entities
)

select
    bar,  -- session
    session_date,  -- the session
    place,  -- counts the sessions, as in backtest.closes
    bar_at,  -- its end
    known_at,  -- when the last of its prices was known
    market,  -- the fund, or median
    n_entities,  -- that had a price in this session and in the one before
    return_frac,  -- of the session
    sum(ln(1 + return_frac)) over in_order as log_level,  -- of all sessions of the span so far
    row_number() over in_order as nth  -- counts the sessions of the span that have a market
from told
window in_order as (partition by bar order by place)
