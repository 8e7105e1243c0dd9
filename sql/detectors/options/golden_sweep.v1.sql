-- rule:    A13
-- what:    A sweep of at least a million dollars, and whether the strict rule holds it golden too.
-- grain:   one row per contract, side and run of prints
-- status:  live
-- every:   5s
-- needs:   0s, 1 sessions of features.prior_open_interest
-- misses:  what a sweep misses; the strict rule asks the contract's volume to exceed its open
--          interest, and only the sweep's own size is held against it
-- noisy:   when an index is hedged, where a million is small change; when the legs of a package
--          are swept one by one

with params as (
    select
        1_000_000 as min_premium_usd,  -- vendors' golden sweep, [TD] and [GSW]
        3 as min_wide_exchanges,  -- two venues may be two people; rule book A13
        0.6 as max_near_delta,  -- at the money ends there; glossary
        0.05 as max_near_frac  -- in the money at most, where no delta is sent; a guess
),

golden as (
    select
        parents.*,
        params.min_wide_exchanges,
        parents.side = 1 and parents.is_through as is_at_ask,
        case
            when parents.is_adjusted then null
            when parents.delta is not null then abs(parents.delta) <= params.max_near_delta
            when parents.put_call = 'call'
                then parents.strike >= parents.underlying_price * (1 - params.max_near_frac)
            else parents.strike <= parents.underlying_price * (1 + params.max_near_frac)
        end as is_near_or_out,
        case  -- 60, 80 and 100 at 1 M, 10 M and 100 M USD, as of any sweep
            when parents.premium_usd < 10_000_000
                then 60 + (parents.premium_usd - 1_000_000) / 450_000
            else least(100, 80 + (parents.premium_usd - 10_000_000) / 4_500_000)
        end as score
    from features.option_parents as parents
    cross join params
    where parents.parent_kind = 'sweep' and parents.premium_usd >= params.min_premium_usd
),

fired as (
    select
        golden.*,
        interest.open_interest, interest.oi_date,
        golden.size > interest.open_interest as is_over_interest
    from golden
    left join features.prior_open_interest as interest
        on
            golden.contract = interest.contract
            and golden.session_date = interest.session_date
            and golden.known_at >= interest.known_at
            and coalesce(golden.known_at < interest.withdrawn_at, true)
)

select
    underlying as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    case when (side = 1) = (put_call = 'call') then 'bull' else 'bear' end as direction,
    round(score, 6) as score,
    cast(
        0.2
        + case when iso_frac > 0 then 0.3 else 0 end
        + case when n_exchanges >= min_wide_exchanges then 0.2 else 0 end
        + case when is_through then 0.2 else 0 end
        + case when worse_usd >= 0 then 0.1 else 0 end as double
    ) as confidence,
    cast(premium_usd as double) as notional_usd,
    contract || case when side = 1 then ' bought' else ' sold' end || ' in a golden sweep of '
    || n_exchanges || ' venues for ' || cast(round(premium_usd) as bigint) || ' USD'
    || case when is_over_interest then ', more than was open' else '' end as headline,
    to_json(struct_pack(
        contract := contract, side := side, side_prob := side_prob, trade_ids := trade_ids,
        n_prints := n_prints, n_exchanges := n_exchanges, size := cast(size as double),
        premium_usd := cast(premium_usd as double), iso_frac := iso_frac,
        is_through := is_through, worse_usd := cast(worse_usd as double),
        is_strict := is_over_interest and is_at_ask and is_near_or_out,
        is_over_interest := is_over_interest, open_interest := cast(open_interest as double),
        oi_date := oi_date, is_at_ask := is_at_ask, is_near_or_out := is_near_or_out,
        strike := cast(strike as double), delta := delta, iv := iv,
        underlying_price := cast(underlying_price as double), is_adjusted := is_adjusted,
        started_us := epoch_us(started_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'options.golden_sweep', underlying, contract, first_trade_id, session_date)
        as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
