-- rule:    D5
-- what:    How strongly managers stand behind a security: by heads, and by active weights.
-- grain:   one row per security (CUSIP), quarter and session with news; conviction_score is null
--          below 4 quarters of history, conviction_pr below 20; both before the quarter's changes
--          count, and where no active manager reported both quarters
-- status:  live
-- misses:  a manager's weight is that in its disclosed longs; puts do not count against it. The
--          weight of each manager's own position (conviction_weight) is in features.best_ideas

with params as (
    select
        60 as max_quarters,  -- of history
        20 as min_obs,  -- below it a percentile says nothing, rule book 0.3
        4 as min_score_obs,  -- a score is pulled to its middle instead, rule book E1
        4 as shrink_k  -- of quarterly series, rule book 0.4
),

moved as (
    select
        *,
        case when n_active > 0 then d_weight_sum end as active_weight_change,
        cast(date_diff('quarter', date '1970-01-01', period_end) as bigint) as quarter_no
    from features.holder_sessions
),

-- Each earlier quarter as it stood when its changes began to count.
past as (
    select
        today.cusip, today.period_end, today.session_date, today.active_weight_change,
        earlier.active_weight_change as past_change
    from moved as today
    cross join params
    inner join moved as earlier
        on
            today.cusip = earlier.cusip
            and today.quarter_no > earlier.quarter_no
            and today.quarter_no - params.max_quarters <= earlier.quarter_no
            and today.known_at >= earlier.known_at
    where
        today.is_settled and earlier.is_first_settled
        and today.active_weight_change is not null and earlier.active_weight_change is not null
),

ranks as (
    select
        cusip, period_end, session_date,
        count(*) as n_obs,
        sum(case when past_change < active_weight_change then 1 else 0 end)
        + sum(case when past_change <= active_weight_change then 1 else 0 end) as twice_rank
    from past
    group by cusip, period_end, session_date
),

ranked as (
    select
        moved.*,
        params.min_obs, params.min_score_obs, params.shrink_k,
        coalesce(ranks.n_obs, 0) as n_obs,
        cast(ranks.twice_rank as double) / (2 * ranks.n_obs) as pr
    from moved
    cross join params
    left join ranks
        on
            moved.cusip = ranks.cusip
            and moved.period_end = ranks.period_end
            and moved.session_date = ranks.session_date
)

select
    cusip,
    ticker,
    issuer,
    period_end,
    session_date,
    known_at,
    n_holders,
    n_new,
    n_sold_out,
    case
        when n_compared > 0
            then round(100 * cast(n_new - n_sold_out as double) / nullif(n_holders, 0), 6)
    end as conviction_legacy,  -- new less sold out, in percent of the holders; founding rule
    n_active,
    active_weight_change,  -- active managers' changes of weight, each in its own usual size
    n_obs,  -- quarters of history
    round(case when n_obs >= min_obs then pr end, 9)
        as conviction_pr,  -- mid-rank percentile of that in its own history
    round(
        case
            when n_obs >= min_score_obs
                then 100 * (n_obs * pr + shrink_k * 0.5) / (n_obs + shrink_k)
        end, 6
    ) as conviction_score,  -- 0 to 100: the percentile, pulled to 50 where history is short
    active_flow_usd,
    coverage_frac,
    is_settled,
    is_first_settled
from ranked
