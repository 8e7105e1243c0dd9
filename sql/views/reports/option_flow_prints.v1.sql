-- what:    The prints behind each row of the options tape.
-- grain:   one row per row of the tape and print of it, in its newest version
-- status:  live
-- needs:   0s
-- route:   option_flow_prints

with parents as (
    select
        parent_id, contract, legs, trade_ids
    from reports.option_flow
),

legs as (
    select
        parent_id, contract, trade_ids,
        cast(null as bigint) as leg_side
    from parents
    where legs is null
    union all
    select
        opened.parent_id, opened.leg.contract, opened.leg.trade_ids,
        opened.leg.side as leg_side
    from (
        select
            parent_id,
            unnest(legs) as leg
        from parents
    ) as opened
),

prints as (
    select
        parent_id, contract, leg_side,
        unnest(trade_ids) as print_id
    from legs
)

select
    prints.parent_id,  -- as in reports.option_flow
    prints.print_id,  -- venue:trade_id
    facts.traded_at,
    facts.known_at,
    facts.underlying,
    facts.contract,
    facts.expiration,
    facts.strike,
    facts.put_call,
    facts.venue,
    cast(facts.price as double) as price,  -- USD of one unit of the underlying
    cast(facts.size as double) as size,  -- contracts
    cast(facts.premium_usd as double) as premium_usd,
    cast(facts.bid as double) as bid,  -- USD, before the print
    cast(facts.ask as double) as ask,  -- USD, before the print
    facts.price_bucket,  -- where it lies between bid and ask
    facts.eff_pos,  -- -1 at the bid, 1 at the ask
    coalesce(prints.leg_side, facts.side) as side,  -- of a leg as its package tells it
    facts.side_prob,  -- that the print's own side is right, 0.5 to 1
    facts.opt_trade_class,
    facts.is_iso,
    facts.condition,
    facts.dte,
    facts.otm_pct,
    facts.iv,
    facts.delta,
    cast(facts.underlying_price as double) as underlying_price,
    facts.withdrawn_at  -- when a cancel became known, too late to take it from the row
from prints
inner join features.option_trade_facts as facts
    on
        prints.contract = facts.contract
        and prints.print_id = facts.venue || ':' || facts.trade_id
qualify
    row_number() over (
        partition by prints.parent_id, prints.contract, prints.print_id
        order by facts.known_at desc
    ) = 1
order by facts.traded_at, prints.parent_id, prints.print_id
