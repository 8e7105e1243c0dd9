-- rule:    D9
-- what:    What insiders bought and sold in the market, with habit and a look at the price.
-- grain:   one row per signal of curated.insider_transactions and version, of the span and of the
--          130 days before it, which is all that is asked of it; is_price_odd is null
--          where no bar of the day is known, or the trade came later than max_lag
-- status:  live
-- needs:   0s, 21d of curated.equity_bars
-- misses:  a price that is odd by less than half of the day's range

with params as (
    select
        interval 130 days as max_age,  -- 90 of a flow, 30 of a detector's memory, 10 to spare
        interval 20 days as max_lag,  -- what comes later is held against no bar
        0.5 as max_off_frac  -- outside of the day's low and high; rule book D8
),

trades as (
    select
        trades.*,
        params.max_lag, params.max_off_frac
    from curated.insider_transactions as trades
    cross join params
    where
        trades.is_signal
        and trades.known_at >= (select clock.since from ops.clock as clock) - params.max_age
),

-- The day's range as it stood when the form became known.
ranges as (
    select
        trades.accession_no, trades.line, trades.known_at,
        min(bars.low) as low,
        max(bars.high) as high
    from trades
    inner join curated.equity_bars as bars
        on
            trades.ticker = bars.symbol
            and trades.trans_date = bars.session_date
            and trades.known_at >= bars.known_at
            and trades.known_at <= bars.known_at + trades.max_lag
            and coalesce(trades.known_at < bars.withdrawn_at, true)
    where bars.bar = '1d'
    group by trades.accession_no, trades.line, trades.known_at
)

select
    trades.cik,
    trades.ticker,
    trades.issuer,
    trades.owner_cik,
    trades.owner,
    trades.owner_title,
    trades.is_director,
    trades.is_officer,
    trades.is_ten_percent,
    trades.accession_no,
    trades.line,
    trades.trans_date,
    cast(timezone('America/New_York', trades.known_at) as date)
        as available_date,  -- the day in New York on which it became known
    trades.known_at,
    trades.withdrawn_at,
    case trades.trans_code when 'P' then 1 else -1 end as side,  -- 1 bought, -1 sold
    trades.shares,
    trades.price,
    trades.value_usd,
    trades.is_discretionary,
    trades.is_exercise_sale,
    habits.habit,
    trades.price < ranges.low * (1 - trades.max_off_frac)
    or trades.price > ranges.high * (1 + trades.max_off_frac)
        as is_price_odd,  -- typed wrongly, or no market's: its value is not summed
    regexp_matches(
        lower(trades.owner_title), '(^|[^a-z])(ceo|chief executive|principal executive)'
    ) as is_ceo,  -- by the title; null where there is none
    regexp_matches(
        lower(trades.owner_title), '(^|[^a-z])(cfo|chief financial|principal financial)'
    ) as is_cfo  -- by the title; null where there is none
from trades
left join features.insider_habits as habits
    on
        trades.accession_no = habits.accession_no
        and trades.line = habits.line
        and trades.known_at = habits.known_at
left join ranges
    on
        trades.accession_no = ranges.accession_no
        and trades.line = ranges.line
        and trades.known_at = ranges.known_at
