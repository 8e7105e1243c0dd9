-- rule:    A17
-- what:    A price crosses the level at which dealers' hedging turns from damping it to driving it,
--          or back, after an evening on which they had much to hedge.
-- grain:   one row per underlying and full hour
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  what the day's trades did to positions, and what is opened and ends in it; there and
--          back within the time between two chains; what follows a session without a chain
-- noisy:   where dealers are not long calls and short puts, as with many stocks; when a price stays
--          around the level

with params as (
    select
        0.8 as min_gex_pr,  -- the evening before was above its own 80th percentile; rule book A17
        100_000 as min_gex_usd,  -- a smaller hedge moves no price; a guess
        60 as full_history  -- below it a percentile is a rough guess, rule book 0.3
)

select
    facts.underlying as entity,
    'underlying' as entity_type,
    facts.known_at as happened_at,
    facts.known_at as fired_at,
    -- It says how a price may move, not where to.
    cast(null as text) as direction,
    -- Low whatever the percentile: whose hedge it is is assumed.
    round(
        cast(
            20 + 19 * (facts.gex_pr - params.min_gex_pr) / nullif(1 - params.min_gex_pr, 0)
            as double
        ), 6
    ) as score,
    cast(case when facts.n_obs >= params.full_history then 0.5 else 0.3 end as double)
        as confidence,
    abs(facts.evening_gex_usd_1pct) as notional_usd,
    facts.underlying || ': ' || cast(round(facts.previous_spot, 2) as decimal(18, 2)) || ' to '
    || cast(round(facts.spot, 2) as decimal(18, 2)) || ' USD crosses the gamma flip at '
    || cast(round(facts.crossed_flip, 2) as decimal(18, 2)) || '; the evening before dealers had '
    || cast(round(abs(facts.evening_gex_usd_1pct)) as bigint)
    || ' USD to hedge for 1 %, if long calls and short puts' as headline,
    to_json(struct_pack(
        session_date := facts.session_date, crossed_flip := facts.crossed_flip,
        previous_spot := facts.previous_spot, spot := facts.spot,
        gex_usd_1pct := facts.gex_usd_1pct, evening_date := facts.evening_date,
        evening_gex_usd_1pct := facts.evening_gex_usd_1pct, gex_pr := facts.gex_pr,
        n_obs := facts.n_obs, short_history := facts.n_obs < params.full_history,
        n_contracts := facts.n_contracts, sign_convention := facts.sign_convention
    )) as evidence,
    concat_ws('|', 'options.gamma_flip', facts.underlying, epoch_ms(facts.known_at))
        as alert_key
from features.gamma_levels as facts
cross join params
where
    facts.crossed_flip is not null
    and facts.gex_pr >= params.min_gex_pr
    and abs(facts.evening_gex_usd_1pct) >= params.min_gex_usd
    and facts.known_at < (select clock.until from ops.clock as clock)
