-- what:    What happened beside a stock's price, on the session that could first answer to it.
-- grain:   one row per alert, insider and filing, day of managers' reports, halt, split, dividend
--          and earnings report that stands; price is null before the first bar of the span
-- status:  live
-- needs:   5 sessions

with alerts as (
    select
        entity as symbol,
        fired_at as happened_at,
        'alert' as kind,
        direction, severity,
        notional_usd as value_usd,
        headline, detector, alert_key
    from curated.alerts
    where withdrawn_at is null
),

-- What an insider chose to do, one filing at a time.
insiders as (
    select
        ticker as symbol,
        known_at as happened_at,
        'insider' as kind,
        case when side = 1 then 'bull' else 'bear' end as direction,
        cast(sum(value_usd) as double) as value_usd,
        owner || case when side = 1 then ' bought ' else ' sold ' end
        || format('{:,}', cast(sum(shares) as bigint)) || ' shares' as headline
    from curated.insider_transactions
    where withdrawn_at is null and is_discretionary and side is not null and ticker is not null
    group by ticker, known_at, side, owner, accession_no
),

managers as (
    select
        ticker as symbol,
        max(known_at) as happened_at,
        '13F' as kind,
        case
            when sum(trade_effect_usd) > 0 then 'bull'
            when sum(trade_effect_usd) < 0 then 'bear'
        end as direction,
        sum(trade_effect_usd) as value_usd,
        count(distinct cik)
        || case when count(distinct cik) = 1 then ' manager' else ' managers' end
        || ' told of ' || max(period_end) as headline
    from features.holder_positions
    where
        withdrawn_at is null and put_call is null and share_type = 'SH' and shares > 0
        and ticker is not null
    group by ticker, cast(timezone('America/New_York', known_at) as date)
),

-- They count from the morning of their day, however long before they were told.
actions as (
    select
        symbol, known_at,
        timezone('America/New_York', cast(ex_date as timestamp)) as ex_at,
        'split' as kind,
        null as value_usd,
        'split: ' || format('{:g}', cast(ratio as double)) || ' for 1' as headline
    from curated.splits
    where withdrawn_at is null
    union all
    select
        symbol, known_at,
        timezone('America/New_York', cast(ex_date as timestamp)) as ex_at,
        'dividend' as kind,
        cast(amount_usd as double) as value_usd,
        'dividend: ' || format('{:g}', cast(amount_usd as double)) || ' USD a share' as headline
    from curated.dividends
    where withdrawn_at is null
    union all
    select
        entity as symbol,
        known_at,
        reports_at as ex_at,
        'earnings' as kind,
        null as value_usd,
        'earnings report' as headline
    from curated.earnings
    where withdrawn_at is null
),

halts as (
    select
        symbol,
        told_at as happened_at,
        'halt' as kind,
        'halted at '
        || strftime(timezone('America/New_York', halted_at), '%H:%M:%S')
        || case
            when trades_at is not null
                then
                    ' for '
                    || format('{:.0f}', greatest(epoch(trades_at - halted_at) / 60, 1)) || ' min'
            else ''
        end
        || ': ' || halt_class || ' (' || reason || ')' as headline
    from curated.halts
    where withdrawn_at is null
),

told as (
    select * from alerts
    union all by name
    select * from insiders
    union all by name
    select * from managers
    union all by name
    select * from halts
    union all by name
    select
        symbol, kind, value_usd, headline,
        greatest(known_at, ex_at) as happened_at
    from actions
),

dated as (
    select
        told.*,
        coalesce(
            sessions.session_date, cast(timezone('America/New_York', told.happened_at) as date)
        ) as session_date
    from told
    asof left join curated.us_sessions as sessions on told.happened_at < sessions.closes_at
    where told.happened_at < (select clock.until from ops.clock as clock)
)

select
    dated.symbol,
    dated.happened_at as known_at,  -- when it fired, was told or came into force
    dated.session_date,  -- the first session that closed after it
    dated.kind,  -- alert, insider, 13F, halt, split, dividend or earnings
    dated.severity,  -- of an alert
    dated.direction,  -- bull or bear; of an insider what he did, of managers what they did in all
    dated.value_usd,
    dated.headline,
    dated.detector,  -- of an alert
    round(priced.close, 6) as price,  -- USD, of that session or the last one before it
    dated.alert_key
from dated
asof left join reports.price_days as priced
    on dated.symbol = priced.symbol and dated.session_date >= priced.session_date
order by dated.happened_at desc, dated.kind asc, dated.headline asc, dated.alert_key asc
