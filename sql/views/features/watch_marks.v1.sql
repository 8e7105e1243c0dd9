-- what:    How many times its threshold each watched symbol has moved, bar by bar and way by way.
-- grain:   one row per list, symbol, horizon, way (1 up, -1 down) and bar, where the list had it
--          when the bar was told
-- status:  live
-- needs:   5m, 22 sessions of features.watch_levels

with params as (
    select
        5 as threshold_pct,  -- rule book F1: where the list gives none, over days
        3 as threshold_sigma,  -- rule book F1: where the list gives none, over minutes
        0.7 as rearm_frac,  -- rule book F1: of the threshold, below which it is over
        interval 3 minutes as max_gap,  -- an older minute confirms nothing, rule book F1
        5.178571 as variance_14d  -- of a price over the mean of 14 closes, in those of a day
),

horizons as (
    select
        horizons.horizon,
        horizons.n_minutes
    from (
        values ('5m', 5), ('15m', 15), ('60m', 60), ('1d', null), ('14d', null)
    ) as horizons (horizon, n_minutes)
),

-- Without a horizon per cent are of the day, and deviations of a quarter of an hour.
watches as (
    select
        lists.watchlist, lists.symbol, lists.direction, lists.quantity, lists.cost_usd,
        lists.known_at, lists.withdrawn_at,
        horizons.horizon, horizons.n_minutes,
        case
            when lists.horizon is null and horizons.horizon = '15m' then null
            when
                lists.threshold_pct is null and lists.threshold_sigma is null
                and horizons.n_minutes is null
                then params.threshold_pct
            else lists.threshold_pct
        end as threshold_pct,
        case
            when lists.horizon is null and horizons.horizon = '1d' then null
            when
                lists.threshold_pct is null and lists.threshold_sigma is null
                and horizons.n_minutes is not null
                then params.threshold_sigma
            else lists.threshold_sigma
        end as threshold_sigma
    from curated.watchlists as lists
    cross join params
    inner join horizons
        on
            lists.horizon = horizons.horizon
            or (lists.horizon is null and horizons.horizon in ('1d', '15m'))
    where lists.is_active
),

ways as (
    select
        ways.way,
        ways.direction
    from (values (1, 'up'), (-1, 'down')) as ways (way, direction)
),

levels as (
    select
        symbol, session_date, known_at,
        100 * (close / nullif(lag(mean14) over in_order, 0) - 1) as chg_pct,
        ln(close / nullif(lag(mean14) over in_order, 0))
        / nullif(lag(sigma_d) over in_order, 0) as day_z
    from features.watch_levels
    window in_order as (partition by symbol order by session_date)
),

closes as (
    select
        watches.watchlist, watches.symbol, ways.way, levels.session_date,
        round(
            greatest(
                ways.way * levels.chg_pct / watches.threshold_pct,
                ways.way * levels.day_z / sqrt(params.variance_14d) / watches.threshold_sigma
            ), 9
        ) as times,
        params.rearm_frac
    from watches
    cross join params
    cross join ways
    inner join levels
        on
            watches.symbol = levels.symbol
            and watches.known_at <= levels.known_at
            and coalesce(watches.withdrawn_at > levels.known_at, true)
    where watches.horizon = '14d' and levels.chg_pct is not null
),

-- Was it over the mean of 14 closes by its threshold already, at the closes of 14 sessions before?
befores as (
    select
        watchlist, symbol, way,
        session_date as previous_date,
        last_value(
            case when times >= 1 then true when times < rearm_frac then false end ignore nulls
        ) over in_order as is_over_before
    from closes
    window
        in_order as (
            partition by watchlist, symbol, way order by session_date
            rows between 13 preceding and current row
        )
),

-- A bar is held against the list as it was when the bar became known.
bars as (
    select
        watches.watchlist, watches.symbol, watches.quantity, watches.cost_usd,
        watches.horizon, watches.n_minutes, watches.threshold_pct, watches.threshold_sigma,
        ways.way,
        changes.session_date, changes.previous_date, changes.bar, changes.starts_at,
        changes.known_at, changes.nth_minute, changes.price, changes.sigma_d,
        case watches.horizon
            when '5m' then changes.chg_5m_pct
            when '15m' then changes.chg_15m_pct
            when '60m' then changes.chg_60m_pct
            when '1d' then changes.chg_day_pct
            else changes.chg_14d_pct
        end as chg_pct,
        case watches.horizon
            when '5m' then changes.z_5m
            when '15m' then changes.z_15m
            when '60m' then changes.z_60m
            when '1d' then changes.z_day
            else changes.z_14d
        end as z,
        case watches.horizon
            when '5m' then changes.ago_5m_at
            when '15m' then changes.ago_15m_at
            when '60m' then changes.ago_60m_at
        end as ago_at
    from watches
    inner join features.watch_changes as changes
        on
            watches.symbol = changes.symbol
            and watches.known_at <= changes.known_at
            and coalesce(watches.withdrawn_at > changes.known_at, true)
    inner join ways on coalesce(watches.direction = ways.direction, true)
    where watches.threshold_pct is not null or watches.threshold_sigma is not null
),

scaled as (
    select
        *,
        way * chg_pct / threshold_pct as pct_times,
        way * z / threshold_sigma as sigma_times
    from bars
    where chg_pct / threshold_pct is not null or z / threshold_sigma is not null
),

-- A single odd price is no move; of a day there is one.
stepped as (
    select
        *,
        round(greatest(pct_times, sigma_times), 9) as times,
        lag(round(greatest(pct_times, sigma_times), 9)) over in_order as previous_times,
        lag(starts_at) over in_order as previous_at
    from scaled
    window
        in_order as (
            partition by watchlist, symbol, horizon, way, session_date order by known_at, starts_at
        )
)

select
    stepped.watchlist,
    stepped.symbol,
    stepped.horizon,  -- 5m, 15m, 60m, 1d or 14d
    stepped.n_minutes,  -- of the horizon; null of days
    stepped.way,  -- 1 up, -1 down
    stepped.session_date,
    stepped.bar,  -- 1m or 1d
    stepped.starts_at,
    stepped.known_at,
    stepped.nth_minute,  -- since the open, from 0
    stepped.price,  -- USD; of a pair its quote currency
    stepped.chg_pct,  -- over the horizon
    stepped.z,  -- standard deviations of the horizon
    stepped.ago_at,  -- the minute held against; null is the close before, or days
    stepped.sigma_d,  -- of a day's log return, up to the day before
    stepped.threshold_pct,  -- in force; null where none is
    stepped.threshold_sigma,  -- in force; null where none is
    stepped.times,  -- of the threshold, the larger of both; below 0 the other way
    coalesce(stepped.sigma_times > stepped.pct_times, stepped.pct_times is null)
        as is_by_sigma,  -- deviations are the larger
    case
        when
            stepped.times >= 1
            and (
                stepped.bar = '1d'
                or (
                    stepped.previous_times >= 1
                    and stepped.starts_at <= stepped.previous_at + params.max_gap
                )
            )
            then 1
        when stepped.times < params.rearm_frac then 0
    end as mark,  -- 1 over the threshold for sure, 0 so far below that it is over; else null
    coalesce(befores.is_over_before, false)
        as is_over_before,  -- it was, at the closes of the sessions before; of 14 days alone
    stepped.quantity,  -- shares or coins held
    stepped.cost_usd  -- paid for one
from stepped
cross join params
left join befores
    on
        stepped.horizon = '14d'
        and stepped.watchlist = befores.watchlist
        and stepped.symbol = befores.symbol
        and stepped.way = befores.way
        and stepped.previous_date = befores.previous_date
