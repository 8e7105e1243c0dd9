-- rule:    A14
-- what:    One option bought or sold again and again, each time for real money, within the hour.
-- grain:   one row per contract, side and chain of parent orders, at the moment it is enough
-- status:  live
-- every:   5m
-- needs:   92m
-- misses:  orders below the least premium, and those that begin within a second of the one before;
--          of a chain without a pause of half an hour all but its first hour
-- noisy:   when many follow one piece of news; when an index is hedged all day

with params as (
    select
        25_000 as min_parent_usd,  -- of each order; rule book A14
        250_000 as min_premium_usd,  -- of all together; rule book A14
        3 as min_parents,  -- twice may be chance; rule book A14
        interval 1 second as min_gap,  -- sooner it is the same order going on
        interval 30 minutes as max_gap,  -- later it is another purpose; `needs` covers it
        interval 61 minutes as max_span,  -- three orders with the longest gaps; `needs` covers it
        0.05 as max_equal_cv  -- a machine cuts equal slices; rule book A14
),

parents as (
    select
        parents.*,
        params.min_gap, params.max_gap
    from features.option_parents as parents
    cross join params
    where parents.premium_usd >= params.min_parent_usd
),

steps as (
    select
        *,
        coalesce(lag(ended_at) over in_order + max_gap < started_at, true) as is_first,
        coalesce(lag(ended_at) over in_order + min_gap <= started_at, true) as is_repeat
    from parents
    window in_order as (partition by contract, side order by started_at)
),

chains as (
    select
        *,
        max(case when is_first then started_at end) over in_order as began_at
    from steps
    window in_order as (partition by contract, side order by started_at)
),

repeats as (
    select
        chains.*,
        count(*) over in_order as nth,
        sum(chains.premium_usd) over in_order as premium_so_far_usd
    from chains
    cross join params
    where chains.is_repeat and chains.started_at <= chains.began_at + params.max_span
    window
        in_order as (
            partition by chains.contract, chains.side, chains.began_at order by chains.started_at
        )
),

enough as (
    select
        repeats.contract, repeats.side, repeats.began_at,
        min(repeats.known_at) as fired_at
    from repeats
    cross join params
    where repeats.nth >= params.min_parents and repeats.premium_so_far_usd >= params.min_premium_usd
    group by repeats.contract, repeats.side, repeats.began_at
),

summed as (
    select
        repeats.contract, repeats.side, repeats.began_at, enough.fired_at,
        repeats.underlying, repeats.put_call,
        max(repeats.ended_at) as ended_at,
        min(repeats.session_date) as session_date,
        arg_min(repeats.first_trade_id, repeats.started_at) as first_trade_id,
        count(*) as n_parents,
        sum(repeats.size) as size,
        round(
            stddev_pop(cast(repeats.size as double)) / avg(cast(repeats.size as double)), 6
        ) as size_cv,
        sum(repeats.premium_usd) as premium_usd,
        min(case when repeats.is_through then 1 else 0 end) as n_through,
        round(avg(repeats.side_prob), 6) as side_prob,
        arg_min(repeats.first_price, repeats.started_at) as first_price,
        arg_max(repeats.last_price, repeats.started_at) as last_price,
        list_sort(
            list(struct_pack(
                started_us := epoch_us(repeats.started_at), parent_kind := repeats.parent_kind,
                size := cast(repeats.size as double),
                premium_usd := cast(repeats.premium_usd as double), trade_ids := repeats.trade_ids
            ))
        ) as parents
    from enough
    inner join repeats
        on
            enough.contract = repeats.contract
            and enough.side = repeats.side
            and enough.began_at = repeats.began_at
            and enough.fired_at >= repeats.known_at
    group by
        repeats.contract, repeats.side, repeats.began_at, enough.fired_at, repeats.underlying,
        repeats.put_call
),

fired as (
    select
        summed.*,
        coalesce(summed.size_cv < params.max_equal_cv, false) as is_equal,
        summed.side * (summed.last_price - summed.first_price) as worse_usd,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when summed.premium_usd < 250_000 then 15 + summed.premium_usd / 10_000
            when summed.premium_usd < 1_000_000
                then 40 + (summed.premium_usd - 250_000) / 37_500
            when summed.premium_usd < 10_000_000
                then 60 + (summed.premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (summed.premium_usd - 10_000_000) / 4_500_000)
        end as score
    from summed
    cross join params
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    fired_at,
    case when (side = 1) = (put_call = 'call') then 'bull' else 'bear' end as direction,
    round(score, 6) as score,
    cast(
        0.3
        + case when is_equal then 0.3 else 0 end
        + case when n_through = 1 then 0.3 else 0 end
        + case when worse_usd >= 0 then 0.1 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || case when side = 1 then ' bought ' else ' sold ' end || n_parents || ' times in '
    || (epoch_us(ended_at) - epoch_us(began_at)) // 60_000_000 || ' minutes for '
    || cast(round(premium_usd) as bigint) || ' USD' as headline,
    to_json(struct_pack(
        contract := contract, side := side, side_prob := side_prob, n_parents := n_parents,
        parents := parents, size := cast(size as double), size_cv := size_cv,
        equal_sizes := is_equal, premium_usd := cast(premium_usd as double),
        is_through := n_through = 1, first_price := cast(first_price as double),
        last_price := cast(last_price as double), worse_usd := cast(worse_usd as double),
        started_us := epoch_us(began_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.repeater', underlying, contract, first_trade_id, session_date)
        as alert_key
from fired
where fired_at < (select clock.until from ops.clock as clock)
