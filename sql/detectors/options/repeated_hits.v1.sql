-- rule:    A14
-- what:    One option hit by the same side more than five times within 100 ms.
-- grain:   one row per contract, side and run of prints
-- status:  live
-- every:   5s
-- needs:   0s, 1 sessions of features.prior_close
-- misses:  hits of both sides at once, or without a side; those reported over a second late; small
--          ones where nobody knows a company's shares or price, for then the highest floor counts
-- noisy:   when an auction splits one small order among many; when many follow one signal

with params as (
    select
        6 as min_hits,  -- more than 5, [UW]
        10_000 as min_premium_usd,  -- of a company of at most 50 B USD, [UW]
        50_000 as min_premium_large_usd,  -- of one above it
        100_000 as min_premium_giant_usd,  -- of one above 500 B USD, and where nobody knows
        50_000_000_000 as max_small_cap_usd,  -- [UW]
        500_000_000_000 as max_large_cap_usd,  -- [UW]
        0.05 as max_equal_cv  -- a machine cuts equal slices; rule book A14
),

hits as (
    select parents.*
    from features.option_parents as parents
    cross join params
    where parents.n_hits >= params.min_hits and parents.premium_usd > params.min_premium_usd
),

-- The newest count that was known by then.
counted as (
    select
        hits.contract, hits.first_trade_id,
        arg_max(counts.shares, counts.as_of_date) as shares,
        max(counts.as_of_date) as shares_date
    from hits
    inner join curated.shares_outstanding as counts
        on
            hits.underlying = counts.symbol
            and hits.session_date >= counts.as_of_date
            and hits.known_at >= counts.known_at
            and coalesce(hits.known_at < counts.withdrawn_at, true)
    group by hits.contract, hits.first_trade_id
),

valued as (
    select
        hits.*,
        counted.shares, counted.shares_date,
        coalesce(hits.underlying_price, closes.close) as share_price,
        cast(counted.shares as double)
        * cast(coalesce(hits.underlying_price, closes.close) as double) as market_cap_usd
    from hits
    left join counted
        on hits.contract = counted.contract and hits.first_trade_id = counted.first_trade_id
    left join features.prior_close as closes
        on
            hits.underlying = closes.symbol
            and hits.session_date = closes.session_date
            and hits.known_at >= closes.known_at
            and coalesce(hits.known_at < closes.withdrawn_at, true)
),

floored as (
    select
        valued.*,
        coalesce(valued.size_cv < params.max_equal_cv, false) as is_equal,
        case
            when valued.market_cap_usd <= params.max_small_cap_usd then params.min_premium_usd
            when valued.market_cap_usd <= params.max_large_cap_usd then params.min_premium_large_usd
            else params.min_premium_giant_usd
        end as floor_usd,
        case
            when valued.last_price > valued.first_price then 'ascending'
            when valued.last_price < valued.first_price then 'descending'
            else 'level'
        end as variant
    from valued
    cross join params
),

fired as (
    select
        *,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when premium_usd < 250_000 then 15 + premium_usd / 10_000
            when premium_usd < 1_000_000 then 40 + (premium_usd - 250_000) / 37_500
            when premium_usd < 10_000_000 then 60 + (premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (premium_usd - 10_000_000) / 4_500_000)
        end as score
    from floored
    where premium_usd > floor_usd
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    case when (side = 1) = (put_call = 'call') then 'bull' else 'bear' end as direction,
    round(score, 6) as score,
    -- As of a sweep; equal slices and a known company stand where it has sweep orders and venues.
    cast(
        0.2
        + case when is_equal then 0.3 else 0 end
        + case when market_cap_usd is not null then 0.2 else 0 end
        + case when is_through then 0.2 else 0 end
        + case when worse_usd >= 0 then 0.1 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || case when side = 1 then ' bought' else ' sold' end || ' in ' || n_prints
    || ' hits, ' || variant || ', for ' || cast(round(premium_usd) as bigint) || ' USD'
        as headline,
    to_json(struct_pack(
        contract := contract, side := side, side_prob := side_prob, trade_ids := trade_ids,
        n_prints := n_prints, n_hits := n_hits, n_exchanges := n_exchanges,
        size := cast(size as double), size_cv := size_cv, equal_sizes := is_equal,
        premium_usd := cast(premium_usd as double), floor_usd := floor_usd,
        market_cap_usd := round(market_cap_usd, 2), shares := cast(shares as double),
        shares_date := shares_date, share_price := cast(share_price as double),
        unknown_market_cap := market_cap_usd is null, variant := variant,
        first_price := cast(first_price as double), last_price := cast(last_price as double),
        is_through := is_through, worse_usd := cast(worse_usd as double), iso_frac := iso_frac,
        delta := delta, iv := iv, is_adjusted := is_adjusted,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.repeated_hits', underlying, contract, first_trade_id, session_date)
        as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
