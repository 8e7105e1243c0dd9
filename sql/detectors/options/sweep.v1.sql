-- rule:    A13
-- what:    One order taking one option from several venues within moments.
-- grain:   one row per contract, side and run of prints
-- status:  live
-- every:   5s
-- needs:   0s
-- misses:  prints without a side, and those reported over a second late; all but the first second
--          of a run without a gap; what the legs of a package have to do with each other
-- noisy:   when a stranger trades the same way inside the gap; when the side is a guess

with params as (
    select
        50_000 as min_premium_usd,  -- smaller ones are mostly retail; a guess
        3 as min_wide_exchanges  -- two venues may be two people; rule book A13
),

fired as (
    select
        parents.*,
        params.min_wide_exchanges,
        case  -- 20, 40, 60, 80 and 100 at 50 k, 250 k, 1 M, 10 M and 100 M USD
            when parents.premium_usd < 250_000 then 15 + parents.premium_usd / 10_000
            when parents.premium_usd < 1_000_000
                then 40 + (parents.premium_usd - 250_000) / 37_500
            when parents.premium_usd < 10_000_000
                then 60 + (parents.premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (parents.premium_usd - 10_000_000) / 4_500_000)
        end as score
    from features.option_parents as parents
    cross join params
    where parents.parent_kind = 'sweep' and parents.premium_usd >= params.min_premium_usd
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    case when (side = 1) = (put_call = 'call') then 'bull' else 'bear' end as direction,
    -- Few venues make a low one at most, below a golden premium.
    round(
        least(
            score, case when n_exchanges < min_wide_exchanges and score < 60 then 39 else 100 end
        ), 6
    ) as score,
    cast(
        0.2
        + case when iso_frac > 0 then 0.3 else 0 end
        + case when n_exchanges >= min_wide_exchanges then 0.2 else 0 end
        + case when is_through then 0.2 else 0 end
        + case when worse_usd >= 0 then 0.1 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || case when side = 1 then ' bought' else ' sold' end || ' in a sweep of '
    || n_exchanges || ' venues for ' || cast(round(premium_usd) as bigint) || ' USD' as headline,
    to_json(struct_pack(
        contract := contract, side := side, side_prob := side_prob, trade_ids := trade_ids,
        n_prints := n_prints, n_exchanges := n_exchanges, size := cast(size as double),
        premium_usd := cast(premium_usd as double), iso_frac := iso_frac,
        is_through := is_through, worse_usd := cast(worse_usd as double),
        first_price := cast(first_price as double), last_price := cast(last_price as double),
        delta := delta, iv := iv, underlying_price := cast(underlying_price as double),
        is_adjusted := is_adjusted, few_exchanges := n_exchanges < min_wide_exchanges,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.sweep', underlying, contract, first_trade_id, session_date)
        as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
