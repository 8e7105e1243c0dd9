-- what:     Option prints at a price, a volatility or a delta that no option has.
-- grain:    one row per print and version
-- status:   live
-- every:    1h
-- severity: medium
-- needs:    0s

with params as (
    select
        1.1 as max_worth,  -- times the stock for a call, times the strike for a put
        20 as max_iv,  -- 2,000 %: far beyond the last hour of a contract
        1.01 as max_delta,  -- rounding
        5 as max_quotes,  -- times the offer; a stale quote is nearer
        1 as min_distance_usd  -- of pennies the ratio says nothing
),

judged as (
    select
        prints.*,
        case
            when
                prints.currency <> 'USD' and prints.put_call = 'call'
                and prints.price > params.max_worth
                then 'a call for over one coin'
            when prints.currency <> 'USD' then null
            when
                prints.put_call = 'call'
                and prints.price > params.max_worth * prints.underlying_price
                then 'a call for more than the stock'
            when prints.put_call = 'put' and prints.price > params.max_worth * prints.strike
                then 'a put for more than its strike'
            when
                prints.ask > 0
                and prints.price > params.max_quotes * prints.ask + params.min_distance_usd
                then 'a price far above the offer'
        end as odd_price,
        case
            when prints.iv > params.max_iv then 'a volatility of ' || prints.iv
            when abs(prints.delta) > params.max_delta then 'a delta of ' || prints.delta
        end as odd_greek
    from raw.option_trades as prints
    cross join params
    where not prints.is_gone
)

select
    'option_trades' as dataset,
    contract as entity,
    known_at,
    coalesce(odd_price, odd_greek) as reason,
    to_json(struct_pack(
        source := source, venue := venue, trade_id := trade_id, price := cast(price as double),
        bid := cast(bid as double), ask := cast(ask as double), strike := cast(strike as double),
        underlying_price := cast(underlying_price as double), iv := iv, delta := delta
    )) as evidence
from judged
where odd_price is not null or odd_greek is not null
