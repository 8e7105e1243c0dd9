-- what:    Short-sale share of off-exchange volume, its 5-session mean and own-history percentile.
-- grain:   one row per symbol, session and version of the consolidated file; short_share is null
--          without volume, mean5_pr is null below 20 sessions of history
-- status:  live
-- needs:   267 sessions

with params as (
    select
        5 as n_mean,  -- a week; one day of a thin name is noise
        252 as max_baseline_sessions,  -- a year, rule book 0.4
        20 as min_baseline_sessions  -- below it a percentile says nothing
),

shares as (
    select
        volume.symbol, volume.source_symbol, volume.session_date, volume.known_at,
        volume.withdrawn_at, volume.short_volume, volume.total_volume,
        sessions.sequence, sessions.closes_at,
        round(
            cast(volume.short_volume as double) / nullif(cast(volume.total_volume as double), 0), 9
        ) as short_share
    from curated.short_volume as volume
    inner join curated.us_sessions as sessions on volume.session_date = sessions.session_date
    where volume.facility = 'CNMS' and coalesce(volume.known_at <= sessions.late_at, true)
),

-- Each mean of what stood when the row became known; a day without the symbol has no share.
means as (
    select
        shares.source_symbol, shares.session_date, shares.known_at,
        round(sum(cast(past.short_share as decimal(18, 9))) / count(past.short_share), 9) as mean5,
        count(past.short_share) as n_days
    from shares
    cross join params
    inner join shares as past
        on
            shares.source_symbol = past.source_symbol
            and past.sequence between shares.sequence - params.n_mean + 1 and shares.sequence
            and shares.known_at >= past.known_at
            and coalesce(shares.known_at < past.withdrawn_at, true)
    group by shares.source_symbol, shares.session_date, shares.known_at
),

rows_with_means as (
    select
        shares.*,
        means.mean5, means.n_days
    from shares
    inner join means
        on
            shares.source_symbol = means.source_symbol
            and shares.session_date = means.session_date
            and shares.known_at = means.known_at
),

ranks as (
    select
        today.source_symbol, today.session_date, today.known_at,
        count(*) as n_obs,
        sum(case when past.mean5 < today.mean5 then 1 else 0 end)
        + sum(case when past.mean5 <= today.mean5 then 1 else 0 end) as twice_rank
    from rows_with_means as today
    cross join params
    inner join rows_with_means as past
        on
            today.source_symbol = past.source_symbol
            and past.sequence between
            today.sequence - params.max_baseline_sessions and today.sequence - 1
            and today.known_at >= past.known_at
            and coalesce(today.known_at < past.withdrawn_at, true)
    where past.mean5 is not null
    group by today.source_symbol, today.session_date, today.known_at
)

select
    today.symbol,
    today.session_date,
    today.known_at,
    today.withdrawn_at,
    today.closes_at,
    today.short_volume,
    today.total_volume,
    today.short_share,  -- short over total volume, 0 to 1
    cast(today.mean5 as double) as mean5,  -- mean share of the last five sessions that had one
    today.n_days,  -- how many of the five had one
    coalesce(ranks.n_obs, 0) as n_obs,  -- sessions in the baseline
    case
        when today.mean5 is not null and ranks.n_obs >= params.min_baseline_sessions
            then round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
    end as mean5_pr,  -- mid-rank percentile of mean5 in its own year, 0 to 1
    today.source_symbol
from rows_with_means as today
cross join params
left join ranks
    on
        today.source_symbol = ranks.source_symbol
        and today.session_date = ranks.session_date
        and today.known_at = ranks.known_at
