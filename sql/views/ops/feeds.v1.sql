-- what:    How each feed does: LIVE, PARTIAL, STALE, DRIFT or WARMING, against its own history.
-- grain:   one row per feed and dataset that a load in force wrote to
-- status:  live
-- needs:   2d

with params as (
    select
        interval 1 day as recent,  -- what is called the last day
        interval 1 minute as min_silence,  -- a quiet market says nothing for that long
        1.5 as stale_factor,  -- times the usual pause; at 1 every late file would count
        100 as n_pauses,  -- the newest ones say what is usual
        5 as min_arrivals,  -- of fewer nobody knows how often it comes
        0.01 as max_rejected_frac,  -- more, and its source says what the contract does not know
        0.01 as max_lost_frac,  -- of the last day, in gaps
        5 as drift_factor,  -- times as many or as few rows as on a usual day
        20 as n_days,  -- that say what is usual
        5 as min_days  -- of fewer nobody knows
),

forgotten as (
    select forgets as load_id
    from raw.loads
    where forgets is not null
),

lines as (
    select loads.*
    from raw.loads as loads
    anti join forgotten on loads.load_id = forgotten.load_id
    where loads.action = 'load'
),

parts as (
    select
        feed, recorded_at, unnest(datasets) as part
    from lines
),

-- What the loop and its persons write is no feed; what a replay does not know yet is not there.
written as (
    select
        parts.feed,
        parts.part.dataset,
        parts.part.n_rows,
        parts.recorded_at,
        least(parts.part.newest_at, clock.until) as newest_at,
        clock.until
    from parts
    cross join ops.clock as clock
    where
        parts.part.newest_at is not null
        and coalesce(parts.part.since_date <= cast(clock.until as date), true)
        and parts.part.dataset not in (
            'rejected', 'alerts', 'alert_actions', 'deliveries', 'schedule_runs', 'watchlists',
            'check_results', 'latencies', 'backtest_runs', 'backtest_results', 'backtest_returns',
            'reviews', 'acts'
        )
),

arrivals as (
    select
        feed, dataset, newest_at, until,
        sum(n_rows) as n_rows,
        min(recorded_at) as recorded_at
    from written
    group by feed, dataset, newest_at, until
),

totals as (
    select
        feed, dataset, until,
        max(newest_at) as newest_at,
        min(recorded_at) as first_recorded_at,
        count(*) as n_arrivals,
        -- A day without trading says that its time is counted in sessions.
        dataset not in ('book_updates', 'book_tops', 'crypto_trades', 'feed_gaps')
        and count(*) filter (where extract(isodow from newest_at) = 6) = 0 as is_in_sessions
    from arrivals
    group by feed, dataset, until
),

counted as (
    select
        opens_at, closes_at,
        coalesce(sum(epoch_us(closes_at) - epoch_us(opens_at)) over before_it, 0) as us_before
    from curated.us_sessions
    window
        before_it as (
            order by sequence rows between unbounded preceding and 1 preceding
        )
),

moments as (
    select
        arrivals.feed, arrivals.dataset, arrivals.newest_at as at_moment, totals.is_in_sessions
    from arrivals
    inner join totals on arrivals.feed = totals.feed and arrivals.dataset = totals.dataset
    union
    select
        feed, dataset, until as at_moment, is_in_sessions
    from totals
),

-- Each moment on the feed's own clock, which stands still while the exchange is closed.
clocked as (
    select
        moments.feed, moments.dataset, moments.at_moment,
        case
            when moments.is_in_sessions and counted.opens_at is not null
                then
                    cast(counted.us_before as bigint)
                    + epoch_us(least(moments.at_moment, counted.closes_at))
                    - epoch_us(counted.opens_at)
            else epoch_us(moments.at_moment)
        end as own_us
    from moments
    asof left join counted on moments.at_moment >= counted.opens_at
),

steps as (
    select
        *,
        own_us - lag(own_us) over in_order as pause_us,
        count(*) over in_order as nth,
        count(*) over all_of_it as n_moments
    from clocked
    window
        in_order as (partition by feed, dataset order by at_moment),
        all_of_it as (partition by feed, dataset)
),

-- The last moment is that of the question; what came before it are arrivals.
pauses as (
    select
        steps.feed, steps.dataset,
        quantile_disc(steps.pause_us, 0.9)
        filter (
            where steps.nth between steps.n_moments - params.n_pauses and steps.n_moments - 1
        )
            as usual_us,
        max(case when steps.nth = steps.n_moments then steps.pause_us end) as silent_us
    from steps
    cross join params
    group by steps.feed, steps.dataset
),

days as (
    select
        feed, dataset,
        cast(timezone('UTC', newest_at) as date) as day,
        sum(n_rows) as n_rows
    from arrivals
    where cast(timezone('UTC', newest_at) as date) < cast(timezone('UTC', until) as date)
    group by feed, dataset, cast(timezone('UTC', newest_at) as date)
),

ranked as (
    select
        *,
        row_number() over (partition by feed, dataset order by day desc) as age
    from days
),

usual as (
    select
        ranked.feed, ranked.dataset,
        max(case when ranked.age = 1 then ranked.n_rows end) as day_rows,
        max(case when ranked.age = 1 then ranked.day end) as day,
        median(ranked.n_rows) filter (where ranked.age between 2 and params.n_days + 1)
            as usual_rows,
        count(*) - 1 as n_days
    from ranked
    cross join params
    group by ranked.feed, ranked.dataset
),

recent as (
    select
        written.feed, written.dataset,
        sum(written.n_rows) as n_rows
    from written
    cross join params
    where written.newest_at >= written.until - params.recent
    group by written.feed, written.dataset
),

rejected as (
    select
        lines.feed,
        cast(sum(lines.n_rejected) as double)
        / nullif(sum(lines.n_rejected) + sum(lines.n_rows), 0) as rejected_frac
    from lines
    cross join params
    cross join ops.clock as clock
    where lines.recorded_at >= clock.until - params.recent
    group by lines.feed
),

gaps as (
    select
        gaps.source as feed, gaps.venue, gaps.pair, gaps.channel,
        min(gaps.began_at) as began_at,
        bool_or(gaps.ended_at is null) as is_open,
        sum(
            epoch_us(coalesce(gaps.ended_at, clock.until))
            - epoch_us(greatest(gaps.began_at, clock.until - params.recent))
        ) as lost_us
    from ops.feed_gaps as gaps
    cross join params
    cross join ops.clock as clock
    where
        coalesce(gaps.ended_at, clock.until) > clock.until - params.recent
        -- Whoever stops listening leaves a gap open for good.
        and (gaps.ended_at is not null or gaps.began_at > clock.until - params.recent)
    group by gaps.source, gaps.venue, gaps.pair, gaps.channel
),

lost as (
    select
        gaps.feed,
        min(gaps.began_at) as began_at,
        count(*) as n_channels,
        sum(case when gaps.is_open then 1 else 0 end) as n_open,
        least(1, max(gaps.lost_us) / (epoch_us(timestamp '1970-01-01' + params.recent) * 1.0))
            as lost_frac
    from gaps
    cross join params
    group by gaps.feed, params.recent
),

judged as (
    select
        totals.*, params.max_rejected_frac, params.drift_factor,
        coalesce(recent.n_rows, 0) as n_rows_day,
        rejected.rejected_frac,
        pauses.usual_us, pauses.silent_us,
        lost.began_at, lost.n_open, lost.lost_frac,
        usual.day, usual.day_rows, usual.usual_rows,
        coalesce(rejected.rejected_frac > params.max_rejected_frac, false) as is_rejecting,
        totals.newest_at < timestamptz '1990-01-01 00:00Z' as is_rule,
        totals.n_arrivals >= params.min_arrivals
        and pauses.silent_us > params.stale_factor * pauses.usual_us
        and pauses.silent_us > epoch_us(timestamp '1970-01-01' + params.min_silence) as is_stale,
        totals.n_arrivals < params.min_arrivals as is_warming,
        coalesce(lost.n_open > 0 or lost.lost_frac > params.max_lost_frac, false) as is_partial,
        usual.n_days >= params.min_days
        and (
            usual.day_rows > params.drift_factor * usual.usual_rows
            or usual.day_rows * params.drift_factor < usual.usual_rows
        ) as is_drifting
    from totals
    cross join params
    inner join pauses on totals.feed = pauses.feed and totals.dataset = pauses.dataset
    left join usual on totals.feed = usual.feed and totals.dataset = usual.dataset
    left join recent on totals.feed = recent.feed and totals.dataset = recent.dataset
    left join rejected on totals.feed = rejected.feed
    left join lost on totals.feed = lost.feed
),

named as (
    select
        *,
        case
            when is_rule then 'LIVE'
            when is_stale then 'STALE'
            when is_partial then 'PARTIAL'
            when is_rejecting or is_drifting then 'DRIFT'
            when is_warming then 'WARMING'
            else 'LIVE'
        end as state
    from judged
)

select
    feed,
    dataset,  -- its name, as in raw.*
    state,  -- LIVE, PARTIAL (gaps), STALE (silent), DRIFT (unlike itself), WARMING (too new)
    case state
        when 'STALE' then newest_at
        when 'PARTIAL' then began_at
        when 'DRIFT'
            then
                coalesce(
                    case when not is_rejecting then cast(day as timestamptz) end, newest_at
                )
        when 'WARMING' then first_recorded_at
    end as since_at,  -- of that state, as far as is known; null while it is LIVE
    newest_at,  -- known_at of its newest row, at most the question's end
    cast(n_rows_day as bigint) as n_rows_day,  -- rows of loads whose newest row is of the last day
    round(rejected_frac, 6) as rejected_frac,  -- of all rows loaded in the last day; null of none
    case
        when is_rule then 'it holds by rule, and nothing is due'
        when state = 'STALE'
            then
                'silent for ' || silent_us // 1_000_000 || ' s, usual are '
                || usual_us // 1_000_000 || ' s'
                || case when is_in_sessions then ' while the exchange is open' else '' end
        when state = 'PARTIAL' and n_open > 0 then n_open || ' gaps last since ' || began_at
        when state = 'PARTIAL'
            then cast(round(100 * lost_frac, 1) as text) || ' % of the last day are missing'
        when state = 'DRIFT' and is_rejecting
            then cast(round(100 * rejected_frac, 1) as text) || ' % of its rows were set aside'
        when state = 'DRIFT'
            then day_rows || ' rows on ' || day || ', usual are ' || cast(usual_rows as bigint)
        when state = 'WARMING' then 'loads so far: ' || n_arrivals || ', too few to tell'
        else 'it comes as it used to'
    end as reason,
    n_arrivals,  -- moments at which it brought something newer
    round(usual_us / 1e6, 6)
        as usual_pause_s,  -- nine of ten are shorter; of what rests with the exchange in open hours
    round(silent_us / 1e6, 6) as silent_s,  -- since its newest row, counted alike
    is_in_sessions  -- its time is that of open exchanges: it never came on a Saturday
from named
