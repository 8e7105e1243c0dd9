-- what:    A week's volume of a stock in dark pools and by other firms, beside all that traded.
-- grain:   one row per symbol, week and version; a ratio is null unless each of the week's
--          sessions has a bar
-- status:  live
-- needs:   60d

with totals as (
    select symbol, week_date, venue_kind, volume, known_at, withdrawn_at
    from curated.otc_volume
    where detail = 'symbol' and symbol is not null
),

moments as (
    select symbol, week_date, known_at
    from totals
    group by symbol, week_date, known_at
),

standing as (
    select
        moments.symbol, moments.week_date, moments.known_at,
        cast(sum(case when totals.venue_kind = 'ats' then totals.volume else 0 end) as double)
            as ats_volume,
        cast(sum(case when totals.venue_kind = 'non_ats' then totals.volume else 0 end) as double)
            as non_ats_volume
    from moments
    inner join totals
        on
            moments.symbol = totals.symbol
            and moments.week_date = totals.week_date
            and moments.known_at >= totals.known_at
            and coalesce(moments.known_at < totals.withdrawn_at, true)
    group by moments.symbol, moments.week_date, moments.known_at
),

versions as (
    select
        *,
        lead(known_at) over (partition by symbol, week_date order by known_at) as replaced_at
    from standing
),

lengths as (
    select
        versions.symbol, versions.week_date, versions.known_at,
        count(*) as n_sessions
    from versions
    inner join curated.us_sessions as sessions
        on
            versions.week_date <= sessions.session_date
            and versions.week_date + interval 5 days > sessions.session_date
    group by versions.symbol, versions.week_date, versions.known_at
),

traded as (
    select
        versions.symbol, versions.week_date, versions.known_at,
        count(*) as n_bars,
        cast(sum(bars.volume) as double) as volume
    from versions
    inner join curated.equity_bars as bars
        on
            versions.symbol = bars.symbol
            and versions.week_date <= bars.session_date
            and versions.week_date + interval 5 days > bars.session_date
            and versions.known_at >= bars.known_at
            and coalesce(versions.known_at < bars.withdrawn_at, true)
    where bars.bar = '1d'
    group by versions.symbol, versions.week_date, versions.known_at
),

measured as (
    select
        versions.*,
        case when traded.n_bars = lengths.n_sessions then traded.volume end as volume
    from versions
    left join traded
        on
            versions.symbol = traded.symbol
            and versions.week_date = traded.week_date
            and versions.known_at = traded.known_at
    left join lengths
        on
            versions.symbol = lengths.symbol
            and versions.week_date = lengths.week_date
            and versions.known_at = lengths.known_at
)

select
    symbol,
    week_date,  -- its Monday
    known_at,
    replaced_at as withdrawn_at,  -- when a restatement became known; null while it stands
    round(ats_volume, 6) as ats_volume,  -- shares in dark pools
    round(non_ats_volume, 6) as non_ats_volume,  -- shares by other firms off exchange
    round(volume, 4) as volume,  -- shares on and off exchange, by the sessions' bars
    round(ats_volume / nullif(volume, 0), 9) as ats_ratio,  -- of all volume, 0 to 1
    round(non_ats_volume / nullif(volume, 0), 9) as non_ats_ratio  -- of all volume, 0 to 1
from measured
