-- what:    Volume of a stock off exchange and in all, five hours after the close.
-- grain:   one row per symbol, session and basis: `prints` where the tape tells it, `totals` where
--          FINRA's files and a session's bar do; offex_ratio is null without a bar, or where the
--          bar has less volume than FINRA, as one of a single venue has
-- scaled:  split_ratio
-- status:  live
-- needs:   1d

with params as (
    select
        interval 5 hours as max_wait  -- extended hours and FINRA's files are over; a later row
),                                    -- enters nothing

sessions as (
    select
        us.session_date, us.sequence, us.opens_at, us.closes_at,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    where us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

bars as (
    select
        bars.symbol, bars.session_date,
        cast(bars.volume as double) as volume,
        cast(bars.close as double) as close_usd,
        bars.volume_split / nullif(cast(bars.volume as double), 0) as split_ratio
    from curated.equity_bars as bars
    inner join sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1d'
        and bars.known_at between sessions.opens_at and sessions.told_at
        and coalesce(bars.withdrawn_at > sessions.told_at, true)
),

-- Before the consolidated file there were the facilities' own, which add up to it.
reported as (
    select
        volume.symbol, volume.session_date,
        case when volume.facility = 'CNMS' then 1 else 0 end as is_whole,
        cast(sum(volume.total_volume) as double) as total_volume,
        cast(sum(volume.short_volume) as double) as short_volume,
        row_number() over (
            partition by volume.symbol, volume.session_date
            order by case when volume.facility = 'CNMS' then 1 else 0 end desc
        ) as nth
    from curated.short_volume as volume
    inner join sessions on volume.session_date = sessions.session_date
    where
        volume.facility in ('CNMS', 'FNSQ', 'FNYX', 'FNQC', 'FNRA')
        and volume.known_at between sessions.opens_at and sessions.told_at
        and coalesce(volume.withdrawn_at > sessions.told_at, true)
    group by
        volume.symbol, volume.session_date, case when volume.facility = 'CNMS' then 1 else 0 end
),

told as (
    select
        symbol, session_date,
        'totals' as basis,
        cast(null as double) as volume,
        total_volume as offex_volume,
        cast(null as double) as offex_value_usd
    from reported
    where nth = 1
    union all
    select
        prints.symbol, prints.session_date,
        'prints' as basis,
        cast(prints.volume as double) as volume,
        cast(prints.offex_volume as double) as offex_volume,
        cast(prints.offex_value_usd as double) as offex_value_usd
    from features.equity_sessions as prints
),

measured as (
    select
        told.symbol, told.session_date, told.basis, told.offex_volume,
        sessions.told_at, sessions.closes_at, sessions.sequence as place,
        coalesce(told.volume, bars.volume) as volume,
        coalesce(told.offex_value_usd, told.offex_volume * bars.close_usd) as offex_value_usd,
        bars.close_usd,
        coalesce(bars.split_ratio, 1) as split_ratio,
        reported.short_volume / nullif(reported.total_volume, 0) as short_sale_frac
    from told
    inner join sessions on told.session_date = sessions.session_date
    left join bars on told.symbol = bars.symbol and told.session_date = bars.session_date
    left join reported
        on
            told.symbol = reported.symbol
            and told.session_date = reported.session_date
            and reported.nth = 1
)

select
    symbol,
    session_date,
    told_at as known_at,
    closes_at,
    basis,  -- who tells the off-exchange volume: prints of the tape, or FINRA's totals
    round(volume, 6) as volume,  -- shares, on and off exchange
    round(offex_volume, 6) as offex_volume,  -- shares
    round(offex_value_usd, 2) as offex_value_usd,  -- of totals: at the session's close
    round(case when offex_volume <= volume then offex_volume / nullif(volume, 0) end, 9)
        as offex_ratio,  -- off-exchange volume over volume, 0 to 1
    round(short_sale_frac, 9) as short_sale_frac,  -- of FINRA's total, sold short; 0 to 1
    close_usd,  -- as traded; null without a bar
    close_usd < 1 as is_sub_dollar,  -- a kind of its own: wholesalers trade most of it
    round(split_ratio, 9) as split_ratio,  -- shares of the span's end that one share became
    place  -- of the session in the calendar
from measured
