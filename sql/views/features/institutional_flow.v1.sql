-- rule:    D4
-- what:    Which way managers that reported two quarters in a row moved in a security, together.
-- grain:   one row per security (CUSIP), quarter and session with news, in which somebody that
--          reported both quarters holds or held it; net_change_pr is null below 20 quarters of
--          history and before the quarter's changes count
-- status:  live
-- misses:  index funds follow flows of their own: active_net_change_pct is without them

with params as (
    select
        2 as min_strong_pct,  -- founding threshold
        0.1 as max_neutral_pct,  -- rule book D4: a dead band
        60 as max_quarters,  -- of history
        20 as min_obs,  -- below it a percentile says nothing, rule book 0.3
        45 as halflife_days  -- of what a report is worth, rule book D4
),

moved as (
    select
        *,
        round(100 * cast(d_shares as double) / nullif(cast(prev_shares as double), 0), 6)
            as net_change_pct,
        cast(date_diff('quarter', date '1970-01-01', period_end) as bigint) as quarter_no
    from features.holder_sessions
    where n_compared > 0
),

-- Each earlier quarter as it stood when its changes began to count.
past as (
    select
        today.cusip, today.period_end, today.session_date, today.net_change_pct,
        earlier.net_change_pct as past_pct
    from moved as today
    cross join params
    inner join moved as earlier
        on
            today.cusip = earlier.cusip
            and today.quarter_no > earlier.quarter_no
            and today.quarter_no - params.max_quarters <= earlier.quarter_no
            and today.known_at >= earlier.known_at
    where today.is_settled and earlier.is_first_settled and earlier.net_change_pct is not null
),

ranks as (
    select
        cusip, period_end, session_date,
        count(*) as n_obs,
        sum(case when abs(past_pct) < abs(net_change_pct) then 1 else 0 end)
        + sum(case when abs(past_pct) <= abs(net_change_pct) then 1 else 0 end) as twice_rank
    from past
    group by cusip, period_end, session_date
)

select
    moved.cusip,
    moved.ticker,
    moved.issuer,
    moved.period_end,
    moved.session_date,
    moved.known_at,
    moved.prev_shares,
    moved.d_shares,
    moved.net_change_pct,  -- of the shares before; null where there were none
    moved.net_flow_usd,
    case
        when moved.net_change_pct > params.min_strong_pct then 'strong_inflow'
        when moved.net_change_pct > params.max_neutral_pct then 'inflow'
        when moved.net_change_pct < -params.min_strong_pct then 'strong_outflow'
        when moved.net_change_pct < -params.max_neutral_pct then 'outflow'
        when moved.net_change_pct is not null then 'neutral'
    end as flow_label,  -- strong_inflow, inflow, neutral, outflow or strong_outflow
    not moved.is_settled as is_preliminary,  -- too few have reported for the label to count
    round(
        100 * cast(moved.active_d_shares as double)
        / nullif(cast(moved.active_prev_shares as double), 0), 6
    ) as active_net_change_pct,  -- of active managers, hedge-type ones too
    moved.active_flow_usd,
    round(
        100 * cast(moved.index_d_shares as double)
        / nullif(cast(moved.index_prev_shares as double), 0), 6
    ) as index_net_change_pct,  -- of managers like an index
    round(
        100 * cast(moved.quant_d_shares as double)
        / nullif(cast(moved.quant_prev_shares as double), 0), 6
    ) as quant_net_change_pct,  -- of managers of many positions that trade
    coalesce(ranks.n_obs, 0) as n_obs,  -- quarters of history
    case
        when ranks.n_obs >= params.min_obs
            then round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
    end as net_change_pr,  -- mid-rank percentile of its size in its own history
    moved.coverage_frac,
    round(
        power(2, -cast(moved.session_date - moved.period_end as double) / params.halflife_days), 6
    ) as freshness,  -- 1 at the quarter's end, half of it 45 days later
    round(
        coalesce(least(moved.coverage_frac, 1), 1)
        * power(2, -cast(moved.session_date - moved.period_end as double) / params.halflife_days), 6
    ) as confidence,  -- coverage and freshness together, 0 to 1
    moved.n_compared,
    moved.n_new,
    moved.n_sold_out,
    moved.n_active,
    moved.is_first_settled,
    round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
        as net_change_rank  -- the same percentile from the first quarter on; a score shrinks it
from moved
cross join params
left join ranks
    on
        moved.cusip = ranks.cusip
        and moved.period_end = ranks.period_end
        and moved.session_date = ranks.session_date
