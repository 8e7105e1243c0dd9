-- rule:    E2
-- what:    The Smart Money Index of a stock enters strong buying or strong selling, or its far end.
-- grain:   one row per symbol, edge and session in which it is crossed from inside; of two edges
--          the outer one; an edge is crossed again once the index has come back by 3 points
-- status:  live
-- every:   1h
-- needs:   0s, 6 sessions of scores.smart_money_index, 6 sessions of scores.confidence
-- misses:  an index that came back by less than 3 points within five sessions; the far end while
--          confidence is below 60
-- noisy:   by chance one name in 30 is in one of the bands, more where its components go together

with params as (
    select
        25 as edge_points,  -- from 50: 75 and 25, the founding bands; rule book E2
        35 as far_points,  -- from 50: 85 and 15, rule book E2
        3 as return_points,  -- hysteresis, rule book E2
        60 as min_sure  -- confidence from which a crossing is a medium one, rule book E2
),

places as (
    select session_date, sequence as place, closes_at
    from curated.us_sessions
),

days as (
    select
        told.symbol, told.session_date, told.known_at, told.smart_money_index,
        told.label, told.coverage, told.agreement,
        told.part_dp, told.part_inst, told.part_blocks, told.part_unusual,
        told.part_insider,
        sure.confidence,
        places.place, places.closes_at,
        params.edge_points, params.far_points, params.return_points, params.min_sure
    from scores.smart_money_index as told
    cross join params
    inner join places on told.session_date = places.session_date
    left join scores.confidence as sure
        on told.symbol = sure.symbol and told.session_date = sure.session_date
),

-- Buying and selling are alike: points beyond 50 on either side, each edge by itself.
sides as (
    select
        days.*,
        sides.side,
        sides.side * (days.smart_money_index - 50) as points
    from days
    cross join (values (1), (-1)) as sides (side)
),

-- Selling begins below 25, buying at 75.
edges as (
    select
        sides.*,
        edges.edge,
        case
            when edges.edge = 'far' then sides.points > sides.far_points
            when sides.side = 1 then sides.points >= sides.edge_points
            else sides.points > sides.edge_points
        end
        and sides.label is not null
        and (edges.edge = 'band' or coalesce(sides.confidence >= sides.min_sure, false)) as is_in,
        sides.points
        < case when edges.edge = 'far' then sides.far_points else sides.edge_points end
        - sides.return_points as is_out
    from sides
    cross join (values ('band'), ('far')) as edges (edge)
),

steps as (
    select
        *,
        max(case when is_in then place end) over before as in_place,
        max(case when is_out then place end) over before as out_place
    from edges
    window
        before as (
            partition by symbol, side, edge order by place
            range between 5 preceding and 1 preceding
        )
),

crossed as (
    select
        *,
        row_number() over (partition by symbol, side, place order by edge desc) as nth
    from steps
    where is_in and (in_place is null or coalesce(out_place > in_place, false))
),

scored as (
    select
        *,
        case  -- 20 at the edge and 39 at the end; sure ones 40 at the edge, 60 to 79 beyond the far
            when coalesce(confidence, 0) < min_sure then 20 + 19 * (points - edge_points) / 25
            when points <= far_points then 40 + 19 * (points - edge_points) / 10
            else 60 + 19 * (points - far_points) / 15
        end as score
    from crossed
    where nth = 1
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
    symbol || ': Smart Money Index ' || round(smart_money_index, 1)
    || case when side = 1 then ', strong buying' else ', strong selling' end
    || ', confidence ' || cast(round(coalesce(confidence, 0)) as bigint) as headline,
    to_json(struct_pack(
        session_date := session_date, smart_money_index := smart_money_index, edge := edge,
        points := round(points, 9), confidence := confidence, coverage := coverage,
        agreement := agreement, part_dp := part_dp, part_inst := part_inst,
        part_blocks := part_blocks, part_unusual := part_unusual, part_insider := part_insider
    )) as evidence,
    concat_ws(
        '|', 'scores.index_band', symbol, case when side = 1 then 'buying' else 'selling' end, edge,
        session_date
    ) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
