-- rule:    E5
-- what:    A stock's return over five sessions, adjusted by what was known then, and its strength.
-- grain:   one row per symbol and session that has a bar, as has the session five before, told five
--          hours after the close; s_price and return_pr are null below 20 sessions of history
-- status:  live
-- needs:   258 sessions
-- misses:  stocks whose source tells prices only as adjusted for dividends; a dividend and a split
--          within the same five sessions, where the dividend is counted in the old shares

with params as (
    select
        interval 5 hours as max_wait,  -- as in features.off_exchange_sessions
        5 as return_sessions,  -- rule book E5
        252 as rank_sessions,  -- a year, rule book 0.4
        20 as min_obs,  -- below it a percentile says nothing, rule book 0.3
        20 as shrink_k,  -- of daily series, rule book 0.4
        interval 11 days as reach  -- as in features.score_components
),

sessions as (
    select
        us.session_date, us.sequence, us.opens_at,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    where us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

-- Each close as it stood on its own evening; what is corrected later enters no return.
closes as (
    select
        bars.symbol, bars.security_id, bars.session_date,
        sessions.sequence as place,
        sessions.told_at,
        cast(bars.close as double) as close
    from curated.traded_bars as bars
    inner join sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1d'
        and bars.close > 0
        and bars.known_at between sessions.opens_at and sessions.told_at
        and coalesce(bars.withdrawn_at > sessions.told_at, true)
),

pairs as (
    select
        today.symbol, today.security_id, today.session_date, today.place, today.told_at,
        today.close,
        earlier.session_date as from_date,
        earlier.close as from_close
    from closes as today
    cross join params
    inner join closes as earlier
        on
            today.security_id = earlier.security_id
            and today.place - params.return_sessions = earlier.place
),

-- What happened to a share within the five sessions, as far as it was known on the last evening.
actions as (
    select
        pairs.security_id, pairs.place,
        exp(sum(ln(cast(coalesce(actions.ratio, 1) as double)))) as ratio,
        sum(cast(coalesce(actions.amount_usd, 0) as double)) as paid_usd
    from pairs
    inner join curated.corporate_actions as actions
        on
            pairs.security_id = actions.security_id
            and pairs.from_date < actions.ex_date
            and pairs.session_date >= actions.ex_date
            and pairs.told_at >= actions.known_at
            and coalesce(pairs.told_at < actions.withdrawn_at, true)
    group by pairs.security_id, pairs.place
),

returns as (
    select
        pairs.*,
        pairs.place // params.rank_sessions as stretch,
        round(
            100 * (
                (pairs.close * coalesce(actions.ratio, 1) + coalesce(actions.paid_usd, 0))
                / pairs.from_close - 1
            ), 6
        ) as return_5d_pct
    from pairs
    cross join params
    left join actions
        on pairs.security_id = actions.security_id and pairs.place = actions.place
),

-- Beside its own stretch of a year and beside the next, so that a join need not look at them all.
past as (
    select
        security_id, place, stretch,
        abs(return_5d_pct) as size_pct
    from returns
    union all
    select
        security_id, place,
        stretch + 1 as stretch,
        abs(return_5d_pct) as size_pct
    from returns
),

asked as (
    select returns.*
    from returns
    cross join params
    where
        returns.told_at >= (select clock.since from ops.clock as clock) - params.reach
),

ranks as (
    select
        asked.security_id, asked.place,
        count(*) as n_obs,
        sum(case when past.size_pct < abs(asked.return_5d_pct) then 1 else 0 end)
        + sum(case when past.size_pct <= abs(asked.return_5d_pct) then 1 else 0 end)
            as twice_rank
    from asked
    cross join params
    inner join past
        on
            asked.security_id = past.security_id
            and asked.stretch = past.stretch
            and asked.place > past.place
            and asked.place - params.rank_sessions <= past.place
    group by asked.security_id, asked.place
),

ranked as (
    select
        asked.*,
        coalesce(ranks.n_obs, 0) as n_obs,
        params.shrink_k,
        case
            when ranks.n_obs >= params.min_obs
                then cast(ranks.twice_rank as double) / (2 * ranks.n_obs)
        end as pr
    from asked
    cross join params
    left join ranks on asked.security_id = ranks.security_id and asked.place = ranks.place
)

select
    symbol,
    session_date,
    told_at as known_at,  -- five hours after the close
    close,  -- USD, as traded
    from_date,  -- the session five before
    return_5d_pct,  -- percent, with dividends, of a share of from_date
    n_obs,  -- sessions of history in the year
    round(pr, 9) as return_pr,  -- mid-rank percentile of its size in its own year, 0 to 1
    round(sign(return_5d_pct) * pr * n_obs / (n_obs + shrink_k), 9)
        as s_price  -- its sign, its percentile, pulled to 0 where history is short; -1 to 1
from ranked
