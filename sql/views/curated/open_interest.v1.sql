-- what:    Open interest of option contracts, with the moment each figure was replaced, and what
--          it is called and counts on the morning after, when a split may have changed both.
-- grain:   one row per contract, session and version; withdrawn_at is null while it stands;
--          next_contract is null where a split makes it something else than shares of one stock
-- status:  live
-- needs:   0s

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.open_interest
    window in_order as (partition by contract, oi_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

figures as (
    select
        *,
        case
            when calendar = 'XNYS' then left(contract, greatest(length(contract) - 15, 0))
        end as root
    from versions
    where not is_gone
),

-- Before a split was known, nothing was known to change.
splits as (
    select
        root, ex_date, strike_ratio, known_at, withdrawn_at
    from curated.option_splits
    union all
    select
        root, ex_date,
        1 as strike_ratio,
        cast('1970-01-01 00:00Z' as timestamptz) as known_at,
        min(known_at) as withdrawn_at
    from curated.option_splits
    group by root, ex_date
),

carried as (
    select
        figures.contract, figures.oi_date, figures.open_interest,
        figures.calendar, figures.session_date, figures.root,
        case when splits.root is null then 1 else splits.strike_ratio end as strike_ratio,
        case
            when splits.known_at > figures.known_at then splits.known_at else figures.known_at
        end as known_at,
        case
            when figures.replaced_at is null then splits.withdrawn_at
            when splits.withdrawn_at is null then figures.replaced_at
            else least(figures.replaced_at, splits.withdrawn_at)
        end as withdrawn_at
    from figures
    left join splits
        on
            figures.root = splits.root
            and figures.oi_date < splits.ex_date
            and figures.session_date >= splits.ex_date
            and coalesce(figures.replaced_at > splits.known_at, true)
            and coalesce(figures.known_at < splits.withdrawn_at, true)
)

select
    carried.contract,
    carried.oi_date,
    carried.open_interest,
    carried.known_at,
    carried.withdrawn_at,  -- when a correction became known, or a split; null while it stands
    carried.calendar,
    carried.session_date,  -- the session on whose morning it is published
    case
        when carried.strike_ratio = 1 then carried.contract
        when carried.strike_ratio >= 2
            -- The strike divided and rounded to cents, in the symbol's thousandths.
            then left(carried.contract, length(carried.contract) - 8) || lpad(
                cast(
                    10 * (
                        (
                            2 * try_cast(right(carried.contract, 8) as bigint)
                            + 10 * carried.strike_ratio
                        ) // (20 * carried.strike_ratio)
                    ) as text
                ), 8, '0'
            )
    end as next_contract,  -- what it is called on session_date; after a split another symbol
    carried.open_interest * carried.strike_ratio
        as next_open_interest,  -- the same position in the contracts of session_date
    carried.strike_ratio,  -- contracts of session_date for one of oi_date; 1 where no split was
    dead.contract is not null as is_dead,  -- a symbol that a split left behind, frozen
    carried.root  -- of a US contract; null elsewhere
from carried
left join curated.dead_contracts as dead
    on
        carried.contract = dead.contract
        and carried.oi_date >= dead.ex_date
        and carried.known_at >= dead.known_at
        and carried.known_at < dead.ends_at
        and coalesce(carried.known_at < dead.withdrawn_at, true)
