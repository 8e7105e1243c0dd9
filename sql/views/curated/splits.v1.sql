-- what:    Splits of stocks, each with the product of all splits up to it.
-- grain:   one row per symbol, ex-date and version; withdrawn_at is null while it stands; between
--          two ex-dates the factor of the earlier one holds
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.corporate_actions
    where action = 'split'
    window in_order as (partition by symbol, ex_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

splits as (
    select * from versions
    where not is_gone
),

-- A factor changes with its own split and with each one before it.
moments as (
    select
        symbol, ex_date,
        known_at as changed_at
    from splits
    union all
    select
        symbol, ex_date,
        replaced_at as changed_at
    from splits
    where replaced_at is not null
),

states as (
    select
        splits.symbol, splits.ex_date, splits.ratio, splits.replaced_at,
        moments.changed_at as known_at
    from splits
    inner join moments
        on
            splits.symbol = moments.symbol
            and splits.ex_date >= moments.ex_date
            and splits.known_at <= moments.changed_at
            and coalesce(splits.replaced_at > moments.changed_at, true)
    group by
        splits.symbol, splits.ex_date, splits.ratio, splits.replaced_at, moments.changed_at
),

factors as (
    select
        states.symbol, states.ex_date, states.ratio, states.replaced_at, states.known_at,
        round(exp(sum(ln(cast(earlier.ratio as double)))), 9) as factor
    from states
    inner join splits as earlier
        on
            states.symbol = earlier.symbol
            and states.ex_date >= earlier.ex_date
            and states.known_at >= earlier.known_at
            and coalesce(states.known_at < earlier.replaced_at, true)
    group by states.symbol, states.ex_date, states.ratio, states.replaced_at, states.known_at
)

select
    symbol,
    ex_date,  -- first session that trades with the new shares
    ratio,  -- new shares for one old: 7, or 0.1
    factor,  -- shares from ex_date on for one share before the first split
    known_at,
    coalesce(
        lead(known_at) over (partition by symbol, ex_date, replaced_at order by known_at),
        replaced_at
    ) as withdrawn_at  -- when it was corrected, or one before it was
from factors
