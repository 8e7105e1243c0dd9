-- rule:    C7
-- what:    A large print that was published a quarter of an hour or more after it was executed.
-- grain:   one row per print and version
-- status:  live
-- every:   1m
-- needs:   0s, 2m of curated.equity_quotes
-- misses:  what a source tells without two times, as Lean's ticks; what it traded beside, for the
--          quotes of then are long gone
-- noisy:   where a clock is wrong; every morning, when what was executed overnight is reported

with params as (
    select
        900 as min_delay_s,  -- vendors' late signature print; rule book C7
        200_000 as min_value_usd,  -- a block by law, rule book C6; smaller ones are many
        10_000_000 as big_value_usd,  -- medium from here on; rule book C7
        0.05 as phantom_frac,  -- that far from the market of its publication; rule book C7
        interval 60 seconds as max_quote_age  -- an older one may no longer be in force
),

prints as (
    select
        tape.*,
        params.min_delay_s, params.big_value_usd, params.phantom_frac, params.max_quote_age,
        cast(timezone('America/New_York', tape.traded_at) as date) < tape.session_date
            as is_previous_day
    from curated.equity_prints as tape
    cross join params
    where
        tape.report_delay_s >= params.min_delay_s
        and tape.value_usd >= params.min_value_usd
        and tape.counts_volume
),

beside as (
    select
        prints.*,
        case
            when
                quotes.quoted_at >= prints.known_at - prints.max_quote_age
                and quotes.bid <= quotes.ask
                then cast(quotes.bid + quotes.ask as double) / 2
        end as mid_now
    from prints
    asof left join curated.equity_quotes as quotes
        on prints.symbol = quotes.symbol and prints.known_at > quotes.quoted_at
),

measured as (
    select
        *,
        round(cast(price as double) / nullif(mid_now, 0) - 1, 9) as away_frac,
        coalesce(trade_class in ('late', 'prior_price', 'average', 'extended'), false)
            as is_told_late
    from beside
)

select
    symbol as entity,
    'underlying' as entity_type,
    traded_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    -- It describes the past: information, and medium at most.
    round(
        case
            when value_usd >= big_value_usd
                then 40 + 19 * least(1, log10(cast(value_usd as double) / big_value_usd))
            else 5 + 14 * least(1, log10(report_delay_s / min_delay_s) / 2)
        end, 6
    ) as score,
    cast(case when is_told_late then 0.8 else 0.4 end as double) as confidence,
    cast(value_usd as double) as notional_usd,
    symbol || ': ' || cast(round(size) as bigint) || ' shares for '
    || cast(round(value_usd) as bigint) || ' USD told '
    || cast(round(report_delay_s / 60) as bigint) || ' min after they traded'
    || case when abs(away_frac) > phantom_frac then ', far from the market' else '' end
        as headline,
    to_json(struct_pack(
        trade_ids := [venue || ':' || trade_id], delay_class := case
            when is_previous_day then 'previous_day' else 'late_signature'
        end,
        report_delay_s := report_delay_s, trade_class := trade_class, conditions := conditions,
        offex := is_offex, price := cast(price as double), size := cast(size as double),
        value_usd := cast(value_usd as double), mid_now := round(mid_now, 9),
        away_frac := away_frac, phantom := abs(away_frac) > phantom_frac,
        clock_quality := not is_told_late, traded_us := epoch_us(traded_at),
        known_us := epoch_us(known_at)
    )) as evidence,
    concat_ws(
        '|', 'off_exchange.late_print', symbol, venue || ':' || trade_id || '@' || value_usd,
        session_date
    ) as alert_key
from measured
where known_at < (select clock.until from ops.clock as clock)
