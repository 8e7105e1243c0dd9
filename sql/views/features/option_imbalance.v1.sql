-- what:    Calls against puts up to a half-hour mark beside the same mark of 20 sessions before.
-- grain:   one row per underlying, term, whole session and mark with volume, 0-DTE left out; pcr is
--          null without calls, call_share and what compares below 10 sessions with volume among
--          the 20, imb_z below all 20
-- status:  live
-- needs:   68 sessions, 0s of features.option_marks

with params as (
    select
        100 as kappa,  -- contracts at the usual share, which a thin day is mixed with; rule book A6
        20 as mean_sessions,  -- Donoho's month of trading
        33 as reach_sessions,  -- in which these lie, where the store lacks some
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        20 as min_obs  -- below it a z says nothing
),

asked as (
    select
        session_date, place, mark, known_at, underlying, term,
        sum(case when put_call = 'call' then volume else 0 end) as calls,
        sum(case when put_call = 'put' then volume else 0 end) as puts,
        sum(case when put_call = 'call' then premium_usd else 0 end) as call_premium_usd,
        sum(case when put_call = 'put' then premium_usd else 0 end) as put_premium_usd,
        sum(package_volume) as package_volume
    from features.option_marks
    where term <> '0dte'
    group by session_date, place, mark, known_at, underlying, term
),

sessions as (
    select * from features.option_sessions
    where term <> '0dte'
),

places as (
    select place
    from sessions
    group by place
),

loaded as (
    select
        place,
        row_number() over in_order as nth
    from places
    window in_order as (order by place)
),

days as (
    select
        sessions.underlying, sessions.term, sessions.place,
        min(loaded.nth) as nth,
        max(case when sessions.put_call = 'call' then sessions.volumes end) as calls,
        max(case when sessions.put_call = 'put' then sessions.volumes end) as puts
    from sessions
    inner join loaded on sessions.place = loaded.place
    group by sessions.underlying, sessions.term, sessions.place
),

marks as (
    select mark
    from asked
    group by mark
),

past as (
    select
        days.underlying, days.term, marks.mark, days.place, days.nth,
        coalesce(days.calls[marks.mark], 0) as calls,
        coalesce(days.puts[marks.mark], 0) as puts
    from days
    cross join marks
),

-- Each session's share is mixed with the usual one of its own 20 sessions before.
usual as (
    select
        past.*,
        case
            when
                count(*) over month_before >= params.min_mean_obs
                and min(past.place) over month_before >= past.place - params.reach_sessions
                then sum(past.calls) over month_before
        end as month_calls,
        sum(past.calls + past.puts) over month_before as month_volume
    from past
    cross join params
    where past.calls + past.puts > 0
    window
        month_before as (
            partition by past.underlying, past.term, past.mark
            order by past.nth
            range between 20 preceding and 1 preceding
        )
),

logits as (
    select
        usual.*,
        ln(
            nullif(usual.calls + params.kappa * usual.month_calls / usual.month_volume, 0)
            / nullif(
                usual.puts
                + params.kappa * (usual.month_volume - usual.month_calls) / usual.month_volume, 0
            )
        ) as logit
    from usual
    cross join params
),

placed as (
    select
        asked.underlying, asked.term, asked.place,
        max(loaded.nth) + 1 as nth
    from asked
    inner join loaded on asked.place > loaded.place
    group by asked.underlying, asked.term, asked.place
),

months as (
    select
        placed.underlying, placed.term, logits.mark, placed.place,
        count(*) as n_obs,
        sum(logits.calls) as month_calls,
        sum(logits.calls + logits.puts) as month_volume,
        count(logits.logit) as n_logit,
        avg(logits.logit) as mean_logit,
        stddev_samp(logits.logit) as sd_logit
    from placed
    cross join params
    inner join logits
        on
            placed.underlying = logits.underlying
            and placed.term = logits.term
            and logits.nth between placed.nth - params.mean_sessions and placed.nth - 1
            and logits.place >= placed.place - params.reach_sessions
    group by placed.underlying, placed.term, logits.mark, placed.place
),

-- Of the three sessions of the month with the most puts, and with the most calls.
highs as (
    select
        placed.underlying, placed.term, placed.place,
        list_sort(list(-coalesce(days.calls[13], 0))) as calls,
        list_sort(list(-coalesce(days.puts[13], 0))) as puts
    from placed
    cross join params
    inner join days
        on
            placed.underlying = days.underlying
            and placed.term = days.term
            and days.nth between placed.nth - params.mean_sessions and placed.nth - 1
            and days.place >= placed.place - params.reach_sessions
    group by placed.underlying, placed.term, placed.place
),

measured as (
    select
        asked.*,
        coalesce(months.n_obs, 0) as n_obs,
        case when months.n_logit >= params.min_obs then months.mean_logit end as mean_logit,
        case when months.n_logit >= params.min_obs then months.sd_logit end as sd_logit,
        case
            when months.n_obs >= params.min_mean_obs
                then cast(months.month_calls as double) / months.month_volume
        end as pi0,
        case
            when months.n_obs >= params.min_mean_obs
                then -(highs.calls[1] + highs.calls[2] + highs.calls[3]) / 3.0
        end as high_calls,
        case
            when months.n_obs >= params.min_mean_obs
                then -(highs.puts[1] + highs.puts[2] + highs.puts[3]) / 3.0
        end as high_puts
    from asked
    cross join params
    left join months
        on
            asked.underlying = months.underlying
            and asked.term = months.term
            and asked.mark = months.mark
            and asked.place = months.place
    left join highs
        on
            asked.underlying = highs.underlying
            and asked.term = highs.term
            and asked.place = highs.place
),

shared as (
    select
        measured.*,
        (measured.calls + params.kappa * measured.pi0)
        / (measured.calls + measured.puts + params.kappa) as call_share
    from measured
    cross join params
)

select
    session_date,
    mark,  -- half hours since the open, 1 to 13
    known_at,  -- the moment of the mark
    underlying,
    term,  -- all, near: expiring within two months
    cast(calls as bigint) as call_volume,  -- contracts from the open to the mark
    cast(puts as bigint) as put_volume,  -- contracts from the open to the mark
    cast(package_volume as bigint)
        as package_volume,  -- contracts of all terms that were legs of packages
    cast(call_premium_usd as bigint) as call_premium_usd,  -- whole dollars
    cast(put_premium_usd as bigint) as put_premium_usd,  -- whole dollars
    round(cast(puts as double) / nullif(calls, 0), 9) as pcr,  -- puts a call
    round(cast(calls - puts as double) / (calls + puts), 9)
        as cpi,  -- calls less puts over both, -1 to 1
    n_obs,  -- sessions with volume among the 20 before
    round(pi0, 9) as pi0,  -- usual share of calls at this mark, 0 to 1
    round(call_share, 9) as call_share,  -- share of calls, mixed with kappa of the usual ones
    round(
        (ln(nullif(call_share, 0) / nullif(1 - call_share, 0)) - mean_logit)
        / nullif(sd_logit, 0), 6
    ) as imb_z,  -- standard deviations of the logit of call_share above its mean of 20 sessions
    round(cast(calls as double) / nullif(high_puts, 0), 9)
        as c_vs_top_put,  -- calls over the mean of the month's 3 highest puts of a session; Donoho
    round(cast(puts as double) / nullif(high_calls, 0), 9)
        as p_vs_top_call,  -- puts over the mean of the month's 3 highest calls of a session
    round(cast(call_premium_usd as double) / nullif(put_premium_usd, 0), 9)
        as premium_ratio,  -- call premium over put premium
    round(
        cast(call_premium_usd - put_premium_usd as double)
        / nullif(call_premium_usd + put_premium_usd, 0), 9
    ) as premium_cpi  -- call less put premium over both, -1 to 1
from shared
