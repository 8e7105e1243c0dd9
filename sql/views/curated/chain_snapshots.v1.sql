-- what:    Option chains in dollars, as each snapshot showed them.
-- grain:   one row per contract, session and version; prices are null where they are in a coin
--          whose price the snapshot does not tell
-- status:  live
-- needs:   0s

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.option_chains
    window in_order as (partition by contract, session_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

snapshots as (
    select
        *,
        case
            when calendar = 'XNYS' then left(contract, greatest(length(contract) - 15, 0))
        end as root,
        case
            when currency in ('USD', 'USDC', 'USDT') then cast(1 as decimal(38, 8))
            else cast(underlying_price as decimal(38, 8))
        end as coin_usd
    from versions
    where not is_gone
),

described as (
    select
        snapshots.*,
        contracts.is_adjusted as is_said_adjusted,
        -- A digit behind a ticker says that the contract delivers something else than its shares.
        snapshots.calendar = 'XNYS' and roots.root is null
        and right(snapshots.root, 1) between '1' and '9' as is_root_adjusted,
        coalesce(
            contracts.multiplier, roots.multiplier,
            case when snapshots.calendar = 'XNYS' then 100 else 1 end
        ) as multiplier
    from snapshots
    left join curated.contracts as contracts
        on
            snapshots.contract = contracts.contract
            and snapshots.known_at >= contracts.known_at
            and coalesce(snapshots.known_at < contracts.withdrawn_at, true)
    left join curated.option_roots as roots
        on
            snapshots.root = roots.root
            and snapshots.session_date >= roots.valid_from
            and coalesce(snapshots.session_date < roots.valid_to, true)
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
    cast(last * coin_usd as decimal(18, 8)) as last,  -- USD a unit
    volume,
    iv,
    known_at,
    replaced_at as withdrawn_at,  -- when a newer snapshot became known
    delta,
    gamma,
    underlying_price,  -- USD
    case
        when bid is not null and ask is not null
            then cast((bid + ask) * coin_usd / 2 as decimal(18, 8))
        else cast(mid * coin_usd as decimal(18, 8))
    end as mid,  -- USD a unit, between bid and ask; where one is missing what the source calls so
    cast(mark * coin_usd as decimal(18, 8)) as mark,  -- USD a unit
    theta,  -- USD a year
    vega,  -- USD per 1.00 of volatility
    multiplier,  -- units of the underlying a contract
    coalesce(is_said_adjusted, is_root_adjusted)
        as is_adjusted,  -- it delivers something else than its root's shares
    calendar,
    root,  -- of a US contract; null elsewhere
    source
from described
