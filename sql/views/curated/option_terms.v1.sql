-- what:    Rows of option chains with how their contracts are exercised and when they settle.
-- grain:   one row per contract, session and version; without symbols that a split left behind
-- status:  live
-- needs:   0s

with params as (
    select
        interval 8 hours as coin_settles_after,  -- Deribit, OKX and Binance settle at 08:00 UTC
        interval 21 hours as stock_settles_after,  -- 16:00 New York of a day no calendar reaches
        7 as max_closed_days  -- no exchange rests longer: then it is the calendar that ends
),

described as (
    select
        chains.*,
        sessions.closes_at, contracts.expires_at,
        coalesce(
            contracts.exercise_style, roots.exercise_style,
            case when chains.calendar = 'XNYS' then 'american' else 'european' end
        ) as exercise_style,
        coalesce(contracts.settlement, roots.settlement, 'pm') as settlement
    from curated.option_chains as chains
    inner join curated.sessions as sessions
        on chains.calendar = sessions.calendar and chains.session_date = sessions.session_date
    left join curated.option_roots as roots
        on
            chains.root = roots.root
            and chains.session_date >= roots.valid_from
            and coalesce(chains.session_date < roots.valid_to, true)
    left join curated.contracts as contracts
        on
            chains.contract = contracts.contract
            and chains.known_at >= contracts.known_at
            and coalesce(chains.known_at < contracts.withdrawn_at, true)
    where not chains.is_dead
),

-- Until 2015 contracts expired on Saturdays: what settles them is the session before.
settled as (
    select
        described.*,
        case
            when described.expires_at is not null then described.expires_at
            when described.calendar = '24/7'
                then timezone('UTC', described.expiration + params.coin_settles_after)
            when described.expiration - final.session_date <= params.max_closed_days
                then
                    case described.settlement when 'am' then final.opens_at else final.closes_at end
            else timezone('UTC', described.expiration + params.stock_settles_after)
        end as settles_at
    from described
    cross join params
    asof left join curated.sessions as final
        on
            described.calendar = final.calendar
            and described.expiration >= final.session_date
)

select
    session_date,
    underlying,
    contract,
    expiration,
    strike,
    put_call,
    bid,  -- USD a unit
    ask,  -- USD a unit
    mid,  -- USD a unit, between bid and ask; where one is missing what the source calls so
    underlying_price,  -- USD
    iv,  -- the source's own, as its greeks
    delta,
    gamma,
    theta,
    vega,
    exercise_style,  -- american or european
    settlement,  -- am, pm: of which prices of the last day
    settles_at,  -- when the price is fixed that it settles at
    case when known_at < closes_at then known_at else closes_at end
        as quoted_at,  -- a chain of the past shows the close
    is_adjusted,  -- it delivers something else than its root's shares
    coalesce(root, underlying) as series,  -- contracts that settle alike on one day
    known_at,
    withdrawn_at,  -- when a newer snapshot became known
    calendar,
    source,
    volume,  -- contracts, up to the snapshot
    open_interest,  -- contracts, of the evening before
    multiplier  -- units of the underlying a contract
from settled
