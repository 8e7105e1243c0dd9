-- what:    Option chains in dollars, with the open interest that was known when the snapshot was.
-- grain:   one row per contract, session and version; open_interest is null where none was known
--          by then, or where the snapshot came more than 10 sessions late; prices are null where
--          they are in a coin whose price the snapshot does not tell
-- status:  live
-- needs:   11 sessions

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
        versions.*,
        sessions.previous_date, sessions.late_at,
        case
            when versions.calendar = 'XNYS'
                then left(versions.contract, greatest(length(versions.contract) - 15, 0))
        end as root,
        case
            when versions.currency in ('USD', 'USDC', 'USDT') then cast(1 as decimal(38, 8))
            else cast(versions.underlying_price as decimal(38, 8))
        end as coin_usd
    from versions
    inner join curated.sessions as sessions
        on
            versions.calendar = sessions.calendar
            and versions.session_date = sessions.session_date
    where not versions.is_gone
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
    described.session_date,
    described.underlying,
    described.contract,
    described.expiration,
    described.strike,
    described.put_call,
    cast(described.bid * described.coin_usd as decimal(18, 8)) as bid,  -- USD a unit
    cast(described.ask * described.coin_usd as decimal(18, 8)) as ask,  -- USD a unit
    cast(described.last * described.coin_usd as decimal(18, 8)) as last,  -- USD a unit
    described.volume,
    described.iv,
    interest.next_open_interest as open_interest,  -- contracts of today, as cleared after oi_date
    interest.oi_date,  -- the session before
    described.known_at,
    described.replaced_at as withdrawn_at,  -- when a newer snapshot became known
    described.delta,
    described.gamma,
    described.underlying_price,  -- USD
    case
        when described.bid is not null and described.ask is not null
            then cast(
                (described.bid + described.ask) * described.coin_usd / 2 as decimal(18, 8)
            )
        else cast(described.mid * described.coin_usd as decimal(18, 8))
    end as mid,  -- USD a unit, between bid and ask; where one is missing what the source calls so
    cast(described.mark * described.coin_usd as decimal(18, 8)) as mark,  -- USD a unit
    described.theta,  -- USD a year
    described.vega,  -- USD per 1.00 of volatility
    described.multiplier,  -- units of the underlying a contract
    coalesce(described.is_said_adjusted, described.is_root_adjusted)
        as is_adjusted,  -- it delivers something else than its root's shares
    dead.contract is not null as is_dead,  -- a symbol that a split left behind, frozen
    described.calendar,
    described.root,  -- of a US contract; null elsewhere
    described.source
from described
left join curated.open_interest as interest
    on
        described.contract = interest.next_contract
        and described.previous_date = interest.oi_date
        and described.known_at >= interest.known_at
        and coalesce(described.known_at < interest.withdrawn_at, true)
        and coalesce(described.known_at <= described.late_at, true)
left join curated.dead_contracts as dead
    on
        described.contract = dead.contract
        and described.session_date >= dead.ex_date
        and described.known_at >= dead.known_at
        and described.known_at < dead.ends_at
        and coalesce(described.known_at < dead.withdrawn_at, true)
