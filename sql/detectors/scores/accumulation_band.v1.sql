-- rule:    E3
-- what:    Managers and insiders together come to build, or to reduce, a position strongly.
-- grain:   one row per symbol, direction and session in which accumulation enters a strong band; it
--          enters again once it has come back by 3 points
-- status:  live
-- every:   1h
-- needs:   0s, 6 sessions of scores.accumulation, 6 sessions of scores.confidence
-- misses:  a score that came back by less than 3 points within five sessions; what managers did
--          since their quarter's end
-- noisy:   when a quarter is settled, all names enter at once: by chance one in eleven

with params as (
    select
        50 as strong,  -- over it, founding table
        3 as return_points,  -- hysteresis, as of the index
        60 as min_sure  -- confidence from which it is a medium one, rule book E3
),

places as (
    select session_date, sequence as place, closes_at
    from curated.us_sessions
),

days as (
    select
        told.symbol, told.session_date, told.known_at, told.accumulation, told.part_inst,
        told.part_insider, told.part_dp, told.f_inst,
        sure.confidence, sure.coverage, sure.agreement,
        places.place, places.closes_at,
        params.strong, params.return_points, params.min_sure
    from scores.accumulation as told
    cross join params
    inner join places on told.session_date = places.session_date
    left join scores.confidence as sure
        on told.symbol = sure.symbol and told.session_date = sure.session_date
),

-- Building and reducing are alike.
sides as (
    select
        days.*,
        sides.side,
        sides.side * days.accumulation as points
    from days
    cross join (values (1), (-1)) as sides (side)
),

steps as (
    select
        *,
        max(case when points > strong then place end) over before as in_place,
        max(case when points <= strong - return_points then place end) over before as out_place
    from sides
    window
        before as (
            partition by symbol, side order by place range between 5 preceding and 1 preceding
        )
),

scored as (
    select
        *,
        case  -- 20 at the edge and 39 at the end, sure ones 20 more
            when coalesce(confidence, 0) < min_sure then 20 + 19 * (points - strong) / 50
            else 40 + 19 * (points - strong) / 50
        end as score
    from steps
    where
        points > strong
        and (in_place is null or coalesce(out_place > in_place, false))
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    case when side = 1 then 'bull' else 'bear' end as direction,
    round(cast(score as double), 6) as score,
    round(cast(coalesce(confidence, 0) / 100 as double), 6) as confidence,
    cast(null as double) as notional_usd,
    symbol || ': accumulation ' || round(accumulation, 1)
    || case when side = 1 then ', strongly built' else ', strongly reduced' end
    || ', confidence ' || cast(round(coalesce(confidence, 0)) as bigint) as headline,
    to_json(struct_pack(
        session_date := session_date, accumulation := accumulation, part_inst := part_inst,
        part_insider := part_insider, part_dp := part_dp, f_inst := f_inst,
        confidence := confidence, coverage := coverage, agreement := agreement
    )) as evidence,
    concat_ws(
        '|', 'scores.accumulation_band', symbol,
        case when side = 1 then 'building' else 'reducing' end, session_date
    ) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
