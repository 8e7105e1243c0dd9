-- what:    Bought and sold option premium up to a half-hour mark beside the same mark of its past.
-- grain:   one row per underlying, whole session and mark with premium; net_delta_usd is null where
--          no print has a delta, flow_z below 20 sessions with premium among the 60 before,
--          net_premium_pr below 20 in the year
-- status:  live
-- needs:   262 sessions

with params as (
    select
        60 as median_sessions,  -- rule book A7
        252 as rank_sessions,  -- a year, rule book 0.4
        20 as min_obs  -- below it neither a z nor a percentile says anything
),

sessions as (
    select
        session_date, opens_at, closes_at,
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

marks as (
    select
        sessions.session_date, sessions.place, numbers.mark,
        sessions.opens_at + numbers.mark * interval 30 minutes as mark_at
    from sessions
    cross join (
        values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13)
    ) as numbers (mark)
    cross join ops.clock as clock
    where
        sessions.closes_at >= clock.since
        and sessions.opens_at + numbers.mark * interval 30 minutes < clock.until
),

-- Between two marks there is nothing to tell, and nothing to compare.
hours as (
    select facts.*
    from features.option_flow_half_hours as facts
    cross join ops.clock as clock
    where
        facts.half_hour < 13
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
),

asked as (
    select
        marks.session_date, marks.place, marks.mark, marks.mark_at, hours.underlying,
        sum(hours.premium_usd) as premium_usd,
        sum(hours.package_premium_usd) as package_premium_usd,
        sum(hours.bought_usd + hours.sold_usd) as sided_usd,
        sum(case when hours.put_call = 'call' then hours.bought_usd - hours.sold_usd else 0 end)
            as net_call_usd,
        sum(case when hours.put_call = 'put' then hours.bought_usd - hours.sold_usd else 0 end)
            as net_put_usd,
        sum(case when hours.put_call = 'call' then hours.bought_usd else hours.sold_usd end)
            as bull_usd,
        sum(
            case when hours.put_call = 'call' then 1 else -1 end * hours.certain_net_usd
        ) as certain_net_usd,
        sum(hours.certain_usd) as certain_usd,
        sum(hours.net_delta_usd) as net_delta_usd,
        sum(hours.delta_premium_usd) as delta_premium_usd
    from hours
    inner join marks
        on hours.session_date = marks.session_date and hours.half_hour < marks.mark
    group by marks.session_date, marks.place, marks.mark, marks.mark_at, hours.underlying
    having sum(hours.premium_usd) > 0
),

-- Of every session that is over the premium, and the net, up to each of the 13 marks.
reaching as (
    select
        sessions.place, hours.underlying, hours.premium_usd,
        case when hours.put_call = 'call' then 1 else -1 end
        * (hours.bought_usd - hours.sold_usd) as net_usd,
        case when hours.half_hour < 1 then 1 else 0 end as by_1,
        case when hours.half_hour < 2 then 1 else 0 end as by_2,
        case when hours.half_hour < 3 then 1 else 0 end as by_3,
        case when hours.half_hour < 4 then 1 else 0 end as by_4,
        case when hours.half_hour < 5 then 1 else 0 end as by_5,
        case when hours.half_hour < 6 then 1 else 0 end as by_6,
        case when hours.half_hour < 7 then 1 else 0 end as by_7,
        case when hours.half_hour < 8 then 1 else 0 end as by_8,
        case when hours.half_hour < 9 then 1 else 0 end as by_9,
        case when hours.half_hour < 10 then 1 else 0 end as by_10,
        case when hours.half_hour < 11 then 1 else 0 end as by_11,
        case when hours.half_hour < 12 then 1 else 0 end as by_12,
        case when hours.half_hour < 13 then 1 else 0 end as by_13
    from hours
    inner join sessions on hours.session_date = sessions.session_date
),

past as (
    select
        place, underlying,
        [
            sum(premium_usd * by_1), sum(premium_usd * by_2), sum(premium_usd * by_3),
            sum(premium_usd * by_4), sum(premium_usd * by_5), sum(premium_usd * by_6),
            sum(premium_usd * by_7), sum(premium_usd * by_8), sum(premium_usd * by_9),
            sum(premium_usd * by_10), sum(premium_usd * by_11), sum(premium_usd * by_12),
            sum(premium_usd * by_13)
        ] as premiums,
        [
            sum(net_usd * by_1), sum(net_usd * by_2), sum(net_usd * by_3), sum(net_usd * by_4),
            sum(net_usd * by_5), sum(net_usd * by_6), sum(net_usd * by_7), sum(net_usd * by_8),
            sum(net_usd * by_9), sum(net_usd * by_10), sum(net_usd * by_11), sum(net_usd * by_12),
            sum(net_usd * by_13)
        ] as nets
    from reaching
    group by place, underlying
),

beside as (
    select
        asked.place, asked.mark, asked.underlying,
        asked.net_call_usd - asked.net_put_usd as net_now,
        past.place >= asked.place - params.median_sessions as is_recent,
        past.nets[asked.mark] as net_usd,
        cast(past.nets[asked.mark] as double) / past.premiums[asked.mark] as net_frac
    from asked
    cross join params
    inner join past
        on
            asked.underlying = past.underlying
            and past.place between asked.place - params.rank_sessions and asked.place - 1
    where past.premiums[asked.mark] > 0
),

middles as (
    select
        place, mark, underlying,
        count(*) as n_obs,
        count(case when is_recent then 1 end) as n_recent,
        median(case when is_recent then net_frac end) as median_frac,
        sum(case when abs(net_usd) < abs(net_now) then 1 else 0 end)
        + sum(case when abs(net_usd) <= abs(net_now) then 1 else 0 end) as twice_rank
    from beside
    group by place, mark, underlying
),

spreads as (
    select
        beside.place, beside.mark, beside.underlying,
        median(abs(beside.net_frac - middles.median_frac)) as mad_frac
    from beside
    inner join middles
        on
            beside.place = middles.place
            and beside.mark = middles.mark
            and beside.underlying = middles.underlying
    where beside.is_recent
    group by beside.place, beside.mark, beside.underlying
)

select
    asked.session_date,
    asked.mark,  -- half hours since the open, 1 to 13
    asked.mark_at as known_at,  -- the moment of the mark
    asked.underlying,
    cast(asked.premium_usd as bigint) as premium_usd,  -- of all prints from the open to the mark
    cast(asked.net_call_usd as bigint) as net_call_premium_usd,  -- calls bought less sold
    cast(asked.net_put_usd as bigint) as net_put_premium_usd,  -- puts bought less sold
    cast(asked.net_call_usd - asked.net_put_usd as bigint)
        as net_premium_usd,  -- bullish positive: net of calls less net of puts
    cast(asked.certain_net_usd as bigint)
        as certain_net_premium_usd,  -- the same, each print by how sure its side is
    cast(case when asked.delta_premium_usd > 0 then asked.net_delta_usd end as bigint)
        as net_delta_usd,  -- of the underlying, where deltas are
    round(cast(asked.bull_usd as double) / nullif(asked.sided_usd, 0), 9)
        as bull_share,  -- calls bought and puts sold over all that has a side, 0 to 1
    round(1 - cast(asked.sided_usd as double) / asked.premium_usd, 9)
        as unsided_frac,  -- premium without a side over all, 0 to 1
    round(cast(asked.package_premium_usd as double) / asked.premium_usd, 9)
        as multileg_frac,  -- premium of legs of packages over all, 0 to 1
    round(cast(asked.certain_usd as double) / nullif(asked.sided_usd, 0), 9)
        as certainty,  -- mean of 2 * side_prob - 1 of what has a side, by premium, 0 to 1
    coalesce(middles.n_recent, 0) as n_obs,  -- sessions with premium among the 60 before
    round(
        case
            when middles.n_recent >= params.min_obs
                then
                    0.6745 * (
                        cast(asked.net_call_usd - asked.net_put_usd as double) / asked.premium_usd
                        - middles.median_frac
                    ) / nullif(spreads.mad_frac, 0)
        end, 9
    ) as flow_z,  -- modified z of net over all premium in 60 sessions
    coalesce(middles.n_obs, 0) as n_obs252,  -- sessions with premium in the year before
    round(
        case
            when middles.n_obs >= params.min_obs
                then cast(middles.twice_rank as double) / (2 * middles.n_obs)
        end, 9
    ) as net_premium_pr  -- mid-rank percentile of the net's size in a year, 0 to 1
from asked
cross join params
left join middles
    on
        asked.place = middles.place
        and asked.mark = middles.mark
        and asked.underlying = middles.underlying
left join spreads
    on
        asked.place = spreads.place
        and asked.mark = spreads.mark
        and asked.underlying = spreads.underlying
