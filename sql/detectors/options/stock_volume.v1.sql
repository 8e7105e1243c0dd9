-- rule:    A20
-- what:    A stock's options trade more of it in a week, against its shares, than in its own year.
-- grain:   one row per underlying and week
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  whether calls or puts were bought; contracts that are adjusted count as 100 shares
-- noisy:   at expirations, and where calls are traded for a dividend

with params as (
    select
        0.99 as min_os_pr,  -- rule book A20
        1_000_000 as min_premium_usd  -- rule book A20
)

select
    facts.underlying as entity,
    'underlying' as entity_type,
    facts.closes_at as happened_at,
    facts.known_at as fired_at,
    -- Much of it comes before lower returns, for selling the stock short is dear: a weak prior.
    'bear' as direction,
    round(
        cast(
            20 + 19 * (facts.os_pr - params.min_os_pr) / nullif(1 - params.min_os_pr, 0) as double
        ), 6
    ) as score,
    cast(0.3 as double) as confidence,
    facts.premium_usd as notional_usd,
    facts.underlying || ': its options stand for ' || cast(round(100 * facts.os) as bigint)
    || ' % of the shares traded in the week, above '
    || cast(floor(100 * facts.os_pr) as bigint) || ' % of its own last ' || facts.n_obs || ' weeks'
        as headline,
    to_json(struct_pack(
        week_date := facts.week_date, contracts := cast(facts.contracts as double),
        shares := facts.shares, os := facts.os, d_os := facts.d_os, os_pr := facts.os_pr,
        n_obs := facts.n_obs, premium_usd := facts.premium_usd
    )) as evidence,
    concat_ws('|', 'options.stock_volume', facts.underlying, facts.week_date) as alert_key
from features.option_stock_weeks as facts
cross join params
cross join ops.clock as clock
where
    facts.os_pr >= params.min_os_pr
    and facts.premium_usd >= params.min_premium_usd
    and facts.known_at < clock.until
    -- A week is told at a midnight of UTC: between two of them nothing is read.
    and (epoch_us(clock.until) - 1) // 86_400_000_000
    > (epoch_us(clock.since) - 1) // 86_400_000_000
