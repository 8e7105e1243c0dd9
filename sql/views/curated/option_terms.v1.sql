-- what:    Rows of option chains in dollars, with what their contracts are and when they settle.
-- grain:   one row per contract, session and version; prices are null where they are in a coin
--          whose price the snapshot does not tell
-- status:  live
-- needs:   0s

with params as (
    select
        interval 8 hours as coin_settles_after,  -- Deribit, OKX and Binance settle at 08:00 UTC
        interval 21 hours as stock_settles_after,  -- 16:00 New York of a day no calendar reaches
        7 as max_closed_days  -- no exchange rests longer: then it is the calendar that ends
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at,
        case when calendar = 'XNYS' then left(contract, greatest(length(contract) - 15, 0)) end
            as root
    from raw.option_chains
    window in_order as (partition by contract, session_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

newest_sessions as (
    select
        *,
        row_number() over (
            partition by calendar, session_date
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.sessions
),

sessions as (
    select
        calendar, session_date, opens_at, closes_at
    from newest_sessions
    where age = 1 and not is_gone
),

contracts as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.contracts
    window in_order as (partition by contract order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

described as (
    select
        versions.*,
        sessions.closes_at,
        contracts.expires_at,
        case when versions.calendar = 'XNYS' then 'american' else 'european' end as usual_style,
        coalesce(contracts.exercise_style, roots.exercise_style) as told_style,
        coalesce(contracts.settlement, roots.settlement, 'pm') as settlement,
        -- A digit behind a ticker says that the contract delivers something else than its shares.
        coalesce(
            contracts.is_adjusted,
            versions.calendar = 'XNYS' and roots.root is null
            and right(versions.root, 1) between '1' and '9'
        ) as is_adjusted,
        case
            when versions.currency in ('USD', 'USDC', 'USDT') then cast(1 as decimal(38, 8))
            else cast(versions.underlying_price as decimal(38, 8))
        end as coin_usd
    from versions
    inner join sessions
        on
            versions.calendar = sessions.calendar
            and versions.session_date = sessions.session_date
    left join curated.option_roots as roots
        on
            versions.root = roots.root
            and versions.session_date >= roots.valid_from
            and coalesce(versions.session_date < roots.valid_to, true)
    left join contracts
        on
            versions.contract = contracts.contract
            and versions.known_at >= contracts.known_at
            and coalesce(versions.known_at < contracts.replaced_at, true)
            and not contracts.is_gone
    where not versions.is_gone
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
    asof left join sessions as final
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
    cast(bid * coin_usd as decimal(18, 8)) as bid,  -- USD a unit
    cast(ask * coin_usd as decimal(18, 8)) as ask,  -- USD a unit
    case
        when bid is not null and ask is not null
            then cast((bid + ask) * coin_usd / 2 as decimal(18, 8))
        else cast(mid * coin_usd as decimal(18, 8))
    end as mid,  -- USD a unit, between bid and ask; else what the source calls so
    underlying_price,  -- USD
    iv,  -- the source's own, as its greeks
    delta,
    gamma,
    theta,
    vega,
    coalesce(told_style, usual_style) as exercise_style,  -- american or european
    settlement,  -- am, pm: of which prices of the last day
    settles_at,  -- when the price is fixed that it settles at
    case when known_at < closes_at then known_at else closes_at end
        as quoted_at,  -- a chain of the past shows the close
    is_adjusted,  -- it delivers something else than its root's shares
    coalesce(root, underlying) as series,  -- contracts that settle alike on one day
    known_at,
    replaced_at as withdrawn_at,  -- when a newer snapshot became known
    calendar,
    source
from settled
