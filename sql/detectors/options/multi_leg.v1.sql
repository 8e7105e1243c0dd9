-- rule:    A15
-- what:    A package of options, by what is left of its legs when they are netted.
-- grain:   one row per package
-- status:  live
-- every:   5s
-- needs:   0s
-- misses:  packages whose legs make no known type; what a leg of stock or of a future adds; the
--          direction where a leg has no delta or no quote; legs that are reported over a second
--          late, as floors mostly do
-- noisy:   when two orders meet in one moment; when a box is a loan and no bet; when one who
--          makes markets prints the same size in several options

with params as (
    select
        25_000 as min_premium_usd,  -- the first tier of rule book A3, of what is left
        50_000 as min_material_usd  -- below it a mention; the tiers of rule book A13 begin here
),

weighed as (
    select
        packages.*,
        params.min_material_usd,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when packages.premium_usd < 250_000 then 15 + packages.premium_usd / 10_000
            when packages.premium_usd < 1_000_000
                then 40 + (packages.premium_usd - 250_000) / 37_500
            when packages.premium_usd < 10_000_000
                then 60 + (packages.premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (packages.premium_usd - 10_000_000) / 4_500_000)
        end as usd_score,
        coalesce(packages.is_directional, false) and packages.premium_usd >= params.min_material_usd
            as is_material
    from features.option_packages as packages
    cross join params
    where packages.premium_usd >= params.min_premium_usd
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    case
        when not is_directional then 'neutral'
        when package_delta > 0 then 'bull'
        when package_delta < 0 then 'bear'
    end as direction,
    -- What bets on no direction, or on a small sum, is a mention.
    round(least(usd_score, case when is_material then 100 else 19 end), 6) as score,
    cast(
        0.2
        + case when tier = 1 then 0.3 else 0 end
        + case when is_told then 0.4 when side is not null then 0.2 else 0 end
        + case when package_delta is not null then 0.1 else 0 end as double
    ) as confidence,
    premium_usd as notional_usd,
    underlying || ' ' || replace(package_type, '_', ' ') || ' of ' || n_legs
    || case when n_legs = 1 then ' leg, ' else ' legs, ' end
    || cast(round(size) as bigint) || ' times at '
    || cast(cast(net_price as decimal(18, 2)) as text)
    || case side when 1 then ' paid: ' when -1 then ' taken: ' else ': ' end
    || cast(round(premium_usd) as bigint) || ' USD of '
    || cast(round(legs_premium_usd) as bigint) || ' in its legs'
    || coalesce(
        ', delta ' || cast(cast(package_delta as decimal(18, 2)) as text) || ' of '
        || cast(cast(legs_delta as decimal(18, 2)) as text), ''
    ) as headline,
    to_json(struct_pack(
        package_id := package_id, package_type := package_type, venue := venue,
        block_id := block_id, tier := tier, n_legs := n_legs, n_prints := n_prints,
        legs := legs, size := cast(size as double), ratio := ratio,
        multiplier := cast(multiplier as double), side := side, net_price := net_price,
        premium_usd := premium_usd, net_premium_usd := net_premium_usd,
        legs_premium_usd := legs_premium_usd, package_delta := package_delta,
        legs_delta := legs_delta, net_delta_usd := net_delta_usd,
        is_directional := is_directional, is_inferred := tier = 2,
        is_below_materiality := premium_usd < min_material_usd, unknown_side := side is null,
        unknown_delta := legs_delta is null,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.multi_leg', underlying, package_id, session_date) as alert_key
from weighed
where known_at < (select clock.until from ops.clock as clock)
