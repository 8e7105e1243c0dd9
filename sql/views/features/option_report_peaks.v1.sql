-- rule:    A16
-- what:    Whether an underlying's options do more in the sessions before a report than they did in
--          those before any of its reports of a year, by the same time of day.
-- grain:   one row per underlying, whole session before a report and half-hour mark with volume;
--          nothing is beyond while fewer than 4 such weeks are known, each held against the 20
--          sessions before each of its days
-- status:  live
-- needs:   304 sessions, 0s of features.option_marks, 0s of features.option_event_context

with params as (
    select
        7 as near_sessions,  -- as in features.option_event_context
        4 as min_windows,  -- earlier reports, rule book A16
        271 as reach_sessions,  -- a year of them, where the fourth came early
        10 as min_mean_obs  -- a plain mean needs 10, rule book 0.3
),

sessions as (
    select
        session_date, opens_at, closes_at, sequence, is_half_session,
        sum(case when is_half_session then 0 else 1 end) over in_order as place
    from curated.us_sessions
    window in_order as (order by sequence rows between unbounded preceding and current row)
),

asked as (
    select
        marks.underlying, marks.session_date, marks.mark, marks.known_at,
        sessions.place, sessions.opens_at,
        sum(case when marks.put_call = 'call' then marks.volume else 0 end) as calls,
        sum(case when marks.put_call = 'put' then marks.volume else 0 end) as puts
    from features.option_marks as marks
    inner join sessions on marks.session_date = sessions.session_date
    inner join features.option_event_context as context
        on marks.underlying = context.underlying and marks.session_date = context.session_date
    where marks.term = 'all' and context.is_capped
    group by
        marks.underlying, marks.session_date, marks.mark, marks.known_at,
        sessions.place, sessions.opens_at
),

names as (
    select underlying, session_date, place, opens_at
    from asked
    group by underlying, session_date, place, opens_at
),

-- Reports of the past, as they were known before the session opened.
reports as (
    select
        names.underlying, names.session_date, names.place, told.event_id,
        min(
            case
                when
                    sessions.session_date
                    >= cast(timezone('America/New_York', told.reports_at) as date)
                    then sessions.sequence
            end
        ) as report_sequence,
        min(case when sessions.opens_at >= told.reports_at then sessions.sequence end)
            as reaction_sequence
    from names
    inner join curated.earnings as told
        on
            names.underlying = told.entity
            and names.opens_at > told.reports_at
            and names.opens_at >= told.known_at
            and coalesce(names.opens_at < told.withdrawn_at, true)
    inner join sessions
        on
            told.reports_at - interval 1 day <= sessions.closes_at
            and told.reports_at + interval 10 days >= sessions.opens_at
    group by names.underlying, names.session_date, names.place, told.event_id
),

windows as (
    select
        reports.underlying, reports.session_date, reports.report_sequence,
        sessions.place
    from reports
    cross join params
    inner join sessions
        on
            reports.report_sequence - params.near_sessions <= sessions.sequence
            and reports.reaction_sequence > sessions.sequence
            and reports.place - params.reach_sessions <= sessions.place
            and not sessions.is_half_session
    group by
        reports.underlying, reports.session_date, reports.report_sequence, sessions.place
),

wanted as (
    select underlying, mark
    from asked
    group by underlying, mark
),

volumes as (
    select
        hours.underlying, wanted.mark, sessions.place,
        sum(case when hours.put_call = 'call' then hours.volume else 0 end) as calls,
        sum(case when hours.put_call = 'put' then hours.volume else 0 end) as puts
    from features.option_half_hours as hours
    cross join ops.clock as clock
    inner join wanted on hours.underlying = wanted.underlying and hours.half_hour < wanted.mark
    inner join sessions on hours.session_date = sessions.session_date
    where
        not sessions.is_half_session
        and hours.session_date < cast(timezone('America/New_York', clock.until) as date)
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
    group by hours.underlying, wanted.mark, sessions.place
),

-- What is asked is no row of the past where its session is not over.
days as (
    select underlying, mark, place, calls, puts, true as is_past
    from volumes
    union all
    select underlying, mark, place, calls, puts, false as is_past
    from asked
),

months as (
    select
        *,
        sum(case when is_past then 1 else 0 end) over month_before as n_month,
        sum(case when is_past then calls else 0 end) over month_before as month_calls,
        sum(case when is_past then puts else 0 end) over month_before as month_puts
    from days
    window
        month_before as (
            partition by underlying, mark
            order by place
            range between 20 preceding and 1 preceding  -- Donoho's month of trading
        )
),

measured as (
    select
        months.underlying, months.mark, months.place, months.is_past,
        months.calls * months.n_month / nullif(cast(months.month_calls as double), 0)
            as call_ratio20,
        months.puts * months.n_month / nullif(cast(months.month_puts as double), 0)
            as put_ratio20,
        months.calls / nullif(cast(months.calls + months.puts as double), 0)
        - months.month_calls / nullif(cast(months.month_calls + months.month_puts as double), 0)
            as call_shift
    from months
    cross join params
    where months.n_month >= params.min_mean_obs
),

peaks as (
    select
        asked.underlying, asked.session_date, asked.mark,
        count(distinct windows.report_sequence) as n_windows,
        max(past.call_ratio20) as max_call_ratio20,
        max(past.put_ratio20) as max_put_ratio20,
        min(past.call_shift) as min_call_shift,
        max(past.call_shift) as max_call_shift
    from asked
    inner join windows
        on asked.underlying = windows.underlying and asked.session_date = windows.session_date
    inner join measured as past
        on
            asked.underlying = past.underlying
            and asked.mark = past.mark
            and windows.place = past.place
            and past.is_past
    group by asked.underlying, asked.session_date, asked.mark
),

held as (
    select
        asked.underlying, asked.session_date, asked.mark, asked.known_at,
        coalesce(peaks.n_windows, 0) as n_windows,
        coalesce(peaks.n_windows >= params.min_windows, false) as is_enough,
        round(today.call_ratio20, 6) as call_ratio20,
        round(peaks.max_call_ratio20, 6) as max_call_ratio20,
        round(today.put_ratio20, 6) as put_ratio20,
        round(peaks.max_put_ratio20, 6) as max_put_ratio20,
        round(today.call_shift, 6) as call_shift,
        round(peaks.min_call_shift, 6) as min_call_shift,
        round(peaks.max_call_shift, 6) as max_call_shift
    from asked
    cross join params
    left join measured as today
        on
            asked.underlying = today.underlying
            and asked.mark = today.mark
            and asked.place = today.place
            and not today.is_past
    left join peaks
        on
            asked.underlying = peaks.underlying
            and asked.session_date = peaks.session_date
            and asked.mark = peaks.mark
)

select
    underlying,
    session_date,
    mark,  -- half hours since the open, 1 to 13
    known_at,  -- the moment of the mark
    n_windows,  -- earlier reports of a year whose sessions before it are known
    call_ratio20,  -- calls over their mean at this mark in the 20 sessions before
    max_call_ratio20,  -- the most that was in any session before those reports
    is_enough and coalesce(call_ratio20 > max_call_ratio20, false)
        as is_call_beyond,  -- calls trade more than before any of them
    put_ratio20,  -- puts over their mean, as of calls
    max_put_ratio20,  -- the most that was before those reports
    is_enough and coalesce(put_ratio20 > max_put_ratio20, false)
        as is_put_beyond,  -- puts trade more than before any of them
    call_shift,  -- share of calls less that of the 20 sessions before, -1 to 1
    min_call_shift,  -- the least that was before those reports
    max_call_shift,  -- the most that was before those reports
    is_enough
    and coalesce(call_shift < min_call_shift or call_shift > max_call_shift, false)
        as is_share_beyond  -- the share has shifted farther than before any of them, either way
from held
