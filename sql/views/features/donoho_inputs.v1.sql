-- rule:    A19
-- what:    What the Donoho score is made of: calls that expire within two months, and their stock.
-- grain:   one row per underlying and whole session with such calls, as known half an hour after
--          the close; near_call_mean20 and near_call_z20 are null below 20 sessions of history,
--          return2_pct without both closing prices, the news without counts of the 30 days before
-- status:  live
-- needs:   46 sessions

with params as (
    select
        61 as near_days,  -- about two months, Donoho 2004
        20 as mean_sessions,  -- a month of trading, Donoho 2004
        33 as reach_sessions,  -- in which these lie, where the store lacks some
        30 as news_days  -- Donoho 2004
),

sessions as (
    select
        session_date, sequence,
        closes_at + interval 30 minutes as ready_at,  -- a closing price comes 15 minutes after it
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

hours as (
    select
        session_date, underlying,
        sum(case when put_call = 'call' then near_volume else 0 end) as calls,
        sum(case when put_call = 'put' then near_volume else 0 end) as puts,
        sum(case when put_call = 'call' then near_premium_usd else 0 end) as call_premium_usd
    from features.option_half_hours
    where half_hour < 13
    group by session_date, underlying
),

contracts as (
    select
        facts.session_date, facts.underlying, facts.contract,
        sum(facts.close_volume) as volume
    from features.option_contract_days as facts
    cross join params
    where
        facts.put_call = 'call'
        and facts.expiration <= facts.session_date + params.near_days
    group by facts.session_date, facts.underlying, facts.contract
),

series as (
    select
        session_date, underlying,
        max(volume) as top_volume
    from contracts
    group by session_date, underlying
),

places as (
    select sessions.place
    from hours
    inner join sessions on hours.session_date = sessions.session_date
    group by sessions.place
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
        hours.*,
        sessions.sequence, sessions.ready_at, sessions.place, loaded.nth
    from hours
    inner join sessions on hours.session_date = sessions.session_date
    inner join loaded on sessions.place = loaded.place
),

-- The 20 sessions before: one without such calls is a zero, one that the store lacks is none.
months as (
    select
        days.underlying, days.place,
        max(days.nth - past.nth) >= params.mean_sessions as is_whole,
        sum(case when days.nth - past.nth <= params.mean_sessions then past.calls else 0 end)
            as sum_calls,
        sum(
            case
                when days.nth - past.nth <= params.mean_sessions
                    then cast(past.calls as hugeint) * past.calls
                else 0
            end
        ) as sum_squares,
        list_sort(
            list(case when days.nth - past.nth <= params.mean_sessions then -past.puts else 0 end)
        ) as high_puts
    from days
    cross join params
    inner join days as past
        on
            days.underlying = past.underlying
            and past.place between days.place - params.reach_sessions and days.place - 1
    group by days.underlying, days.place, params.mean_sessions
),

-- The closing prices of the day and of two sessions before that stood by then, in equal shares.
closes as (
    select
        days.underlying, days.place,
        days.sequence - sessions.sequence as n_back,
        bars.close_split
    from days
    inner join curated.us_sessions as sessions
        on days.sequence = sessions.sequence or days.sequence - 2 = sessions.sequence
    inner join curated.equity_bars as bars
        on
            days.underlying = bars.symbol
            and sessions.session_date = bars.session_date
            and bars.bar = '1d'
            and days.ready_at > bars.known_at
            and coalesce(days.ready_at <= bars.withdrawn_at, true)
),

returns as (
    select
        underlying, place,
        max(case when n_back = 0 then close_split end)
        / nullif(max(case when n_back = 2 then close_split end), 0)
        - 1 as return2
    from closes
    group by underlying, place
),

counts as (
    select
        days.underlying, days.place,
        news.day = days.session_date as is_today,
        arg_max(
            struct_pack(n := news.n_articles, is_gone := news.is_gone),
            struct_pack(at := news.known_at, recorded_at := news.recorded_at, id := news.load_id)
        ) as told
    from days
    cross join params
    inner join raw.news_counts as news
        on
            days.underlying = news.symbol
            and news.day between days.session_date - params.news_days and days.session_date
            and days.ready_at > news.known_at
    group by days.underlying, days.place, days.session_date, news.day
),

articles as (
    select
        counts.underlying, counts.place,
        sum(case when counts.is_today then counts.told.n else 0 end) as n_today,
        sum(case when not counts.is_today then counts.told.n else 0 end) as n_before
    from counts
    where not counts.told.is_gone
    group by counts.underlying, counts.place
),

measured as (
    select
        days.*,
        months.is_whole,
        cast(months.sum_calls as double) / params.mean_sessions as mean20,
        sqrt(
            cast(
                params.mean_sessions * months.sum_squares
                - cast(months.sum_calls as hugeint) * months.sum_calls as double
            ) / (params.mean_sessions * (params.mean_sessions - 1))
        ) as sd20,
        -cast(
            months.high_puts[1] + coalesce(months.high_puts[2], 0)
            + coalesce(months.high_puts[3], 0) as double
        ) / 3 as high_puts,
        series.top_volume,
        returns.return2,
        articles.n_today, articles.n_before
    from days
    cross join params
    left join months on days.underlying = months.underlying and days.place = months.place
    left join series
        on days.underlying = series.underlying and days.session_date = series.session_date
    left join returns on days.underlying = returns.underlying and days.place = returns.place
    left join articles on days.underlying = articles.underlying and days.place = articles.place
)

select
    session_date,
    place,  -- counts the whole sessions of the calendar
    ready_at as known_at,  -- half an hour after the close
    underlying,
    cast(calls as bigint) as near_call_volume,  -- contracts that expire within two months
    cast(puts as bigint) as near_put_volume,  -- contracts that expire within two months
    cast(call_premium_usd as bigint) as near_call_premium_usd,  -- whole dollars
    round(case when is_whole then mean20 end, 6) as near_call_mean20,  -- contracts a session
    round(case when is_whole then (calls - mean20) / nullif(sd20, 0) end, 9)
        as near_call_z20,  -- standard deviations of the 20 sessions before
    round(100.0 * top_volume / calls, 9)
        as top_series_pct,  -- of the busiest contract in near_call_volume, 0 to 100
    round(case when is_whole then calls / nullif(high_puts, 0) end, 9)
        as c_vs_high_put,  -- over the mean of the three highest put volumes of the 20 sessions
    round(100 * return2, 9) as return2_pct,  -- of the stock over two sessions
    round(cast(calls as double) / nullif(puts, 0), 9) as call_put_ratio,  -- calls a put
    cast(n_today as bigint) as n_articles,  -- of the day
    cast(n_before as bigint) as n_articles_30d  -- of the 30 days before
from measured
where calls > 0 and ready_at < (select clock.until from ops.clock as clock)
