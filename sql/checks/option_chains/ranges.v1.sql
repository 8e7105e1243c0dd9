-- what:     Quotes and greeks of an option chain that no option has.
-- grain:    one row per contract, session and version
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

with params as (
    select
        1.1 as max_worth,  -- times the stock for a call, times the strike for a put
        20 as max_iv,  -- 2,000 %: far beyond the last hour of a contract
        1.01 as max_delta  -- rounding
),

judged as (
    select
        chains.*,
        case
            when chains.bid > chains.ask and chains.ask > 0 then 'its bid is above its offer'
            when chains.iv > params.max_iv then 'a volatility of ' || chains.iv
            when abs(chains.delta) > params.max_delta then 'a delta of ' || chains.delta
            when chains.delta < -0.05 and chains.put_call = 'call' then 'a call that falls'
            when chains.delta > 0.05 and chains.put_call = 'put' then 'a put that rises'
            when chains.gamma < 0 then 'a gamma of ' || chains.gamma
            when
                chains.currency = 'USD' and chains.put_call = 'call'
                and chains.bid > params.max_worth * chains.underlying_price
                then 'a call bid for more than the stock'
            when
                chains.currency = 'USD' and chains.put_call = 'put'
                and chains.bid > params.max_worth * chains.strike
                then 'a put bid for more than its strike'
        end as odd
    from raw.option_chains as chains
    cross join params
    where not chains.is_gone
)

select
    'option_chains' as dataset,
    contract as entity,
    known_at,
    odd as reason,
    to_json(struct_pack(
        source := source, session_date := session_date, bid := cast(bid as double),
        ask := cast(ask as double), strike := cast(strike as double), iv := iv, delta := delta,
        gamma := gamma, underlying_price := cast(underlying_price as double)
    )) as evidence
from judged
where odd is not null
