-- rule:    A15
-- what:    A position in options is carried from one expiration to a later one.
-- grain:   one row per package of two legs that differ in their expiration
-- status:  live
-- every:   5s
-- needs:   0s, 1 sessions of features.prior_open_interest
-- misses:  what is rolled in two orders, over days, or into another size or right; whether the near
--          leg was closed: its open interest says only whether it could have been, until the next
--          morning's
-- noisy:   when a calendar spread is opened; when one is closed, which is the same trade

with params as (
    select
        100_000 as min_premium_usd,  -- rule book A14's block, of the dearer leg; a guess
        100 as min_size,  -- or so many contracts a leg; rule book A14
        14 as max_near_days,  -- by then most of those who will roll do; a guess
        79 as max_score  -- nobody can tell that it is one; rule book 0.5
),

pairs as (
    select
        packages.*,
        params.max_near_days, params.max_score,
        packages.legs[1] as near_leg, packages.legs[2] as far_leg
    from features.option_packages as packages
    cross join params
    where
        packages.package_type in ('calendar', 'diagonal')
        and (
            packages.size >= params.min_size
            or greatest(packages.legs[1].premium_usd, packages.legs[2].premium_usd)
            >= params.min_premium_usd
        )
),

held as (
    select
        pairs.*,
        interest.open_interest, interest.oi_date,
        pairs.near_leg.contract as near_contract,
        pairs.far_leg.contract as far_contract,
        pairs.near_leg.put_call,
        pairs.near_leg.side as near_side,
        pairs.near_leg.expiration - pairs.session_date as near_days,
        pairs.far_leg.expiration - pairs.session_date as far_days,
        pairs.far_leg.strike - pairs.near_leg.strike as strike_change,
        greatest(pairs.near_leg.premium_usd, pairs.far_leg.premium_usd) as leg_usd
    from pairs
    left join features.prior_open_interest as interest
        on
            pairs.near_leg.contract = interest.contract
            and pairs.session_date = interest.session_date
            and pairs.known_at >= interest.known_at
            and coalesce(pairs.known_at < interest.withdrawn_at, true)
),

scored as (
    select
        *,
        near_days <= max_near_days as is_near_end,
        case  -- 20, 40 and 60 at 50 k, 250 k and 1 M USD of the dearer leg, 79 at 9.6 M
            when leg_usd < 250_000 then 15 + leg_usd / 10_000
            when leg_usd < 1_000_000 then 40 + (leg_usd - 250_000) / 37_500
            else 60 + (leg_usd - 1_000_000) / 450_000
        end as score
    from held
    -- More than was open can't have been closed.
    where coalesce(size <= open_interest, true)
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    -- What is held afterwards: who sells the near leg holds the far one.
    case
        when near_side is null then null
        when (near_side = -1) = (put_call = 'call') then 'bull'
        else 'bear'
    end as direction,
    round(least(score, max_score), 6) as score,
    cast(
        0.2
        + case when tier = 1 then 0.2 else 0 end
        + case when side is not null then 0.1 else 0 end
        + case when open_interest is not null then 0.2 else 0 end
        + case when is_near_end then 0.2 else 0 end as double
    ) as confidence,
    round(leg_usd, 6) as notional_usd,
    cast(round(size) as bigint) || ' of ' || near_contract || ' rolled to ' || far_contract
    || ' at ' || cast(cast(net_price as decimal(18, 2)) as text)
    || case side when 1 then ' paid' when -1 then ' taken' else '' end
    || case near_side when -1 then ', long' when 1 then ', short' else '' end as headline,
    to_json(struct_pack(
        package_id := package_id, package_type := package_type, venue := venue, tier := tier,
        legs := legs, n_prints := n_prints, size := cast(size as double), side := side,
        net_price := net_price, premium_usd := premium_usd, net_premium_usd := net_premium_usd,
        leg_usd := round(leg_usd, 6), near_days := near_days, far_days := far_days,
        strike_change := strike_change, open_interest := cast(open_interest as double),
        oi_date := oi_date, is_near_end := is_near_end, is_inferred := tier = 2,
        unknown_side := side is null, unknown_interest := open_interest is null,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.roll', underlying, package_id, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
