-- rule:    A19
-- what:    The expert score of Donoho 2004: a day's points, and the sum of five days.
-- grain:   one row per underlying and whole session with calls that expire within two months;
--          points is null where the z or the stock's return is not known, score where one of the
--          five sessions with such calls has no points
-- status:  live
-- needs:   5 sessions

with pointed as (
    select
        *,
        case
            when near_call_volume > 3_000 then 5
            when near_call_volume > 1_000 then 4
            when near_call_volume > 300 then 3
            else 0
        end as volume_points,
        case when near_call_z20 > 4 then 4 when near_call_z20 > 2 then 2 else 0 end as z_points,
        case when top_series_pct <= 40 then 4 when top_series_pct <= 50 then 2 else 0 end
            as series_points,
        -- Without a single put there is nothing to be less than.
        case
            when c_vs_high_put > 2 or (c_vs_high_put is null and near_call_mean20 is not null)
                then 2
            when c_vs_high_put > 1.3 then 1
            else 0
        end as high_put_points,
        case
            when return2_pct > 5 and return2_pct <= 55 then 2
            when return2_pct > 0 and return2_pct <= 5 then 1
            when return2_pct > -11 and return2_pct <= -5 then -1
            else 0
        end as return_points,
        case
            when call_put_ratio > 6 or near_put_volume = 0 then 2
            when call_put_ratio > 3 then 1
            else 0
        end as ratio_points
    from features.donoho_inputs
),

daily as (
    select
        *,
        case
            when near_call_z20 is not null and return2_pct is not null
                then
                    volume_points + z_points + series_points + high_put_points + return_points
                    + ratio_points
        end as points,
        coalesce(n_articles > 0.2 * n_articles_30d, false) as is_news_day
    from pointed
),

summed as (
    select
        *,
        sum(points) over five_sessions as points5,
        count(points) over five_sessions as n_points,
        count(*) over five_sessions as n_days
    from daily
    window
        five_sessions as (
            partition by underlying order by place
            range between 4 preceding and current row
        )
)

select
    session_date,
    place,  -- counts the whole sessions of the calendar
    known_at,  -- half an hour after the close
    underlying,
    near_call_volume,
    near_put_volume,
    near_call_premium_usd,
    near_call_mean20,
    near_call_z20,
    top_series_pct,
    c_vs_high_put,
    return2_pct,
    call_put_ratio,
    n_articles,
    n_articles_30d,
    volume_points,  -- 3, 4, 5 above 300, 1,000, 3,000 contracts
    z_points,  -- 2, 4 above a z of 2, 4
    series_points,  -- 4, 2 up to 40, 50 % in one contract
    high_put_points,  -- 1, 2 above 1.3, 2 times the high puts
    return_points,  -- -1, 1, 2 for -11 to -5, 0 to 5, 5 to 55 %
    ratio_points,  -- 1, 2 above 3, 6 calls a put
    cast(points as bigint) as points,  -- of the day, -1 to 19
    n_days,  -- sessions with such calls among the five
    is_news_day,  -- over a fifth as many articles as in the 30 days before
    n_articles_30d is not null as has_news_counts,  -- else no day is one of news
    cast(
        case
            when n_points < n_days then null
            when is_news_day then 0
            else points5
        end as bigint
    ) as score  -- the sum of five sessions, 0 on a day of news
from summed
