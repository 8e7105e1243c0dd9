-- what:    What splits do to the symbols of options: by what the strike is divided, and the
--          contracts multiplied.
-- grain:   one row per root, ex-date and version; strike_ratio is 1 once a split was taken back,
--          and null where it is no whole number: then the contract delivers something else, under
--          another root, and the plain symbol is a new one
-- status:  live

with named as (
    select
        symbol,
        replace(symbol, '.', '') as root
    from curated.splits
    union all
    select
        underlying as symbol,
        root
    from curated.option_roots
),

roots as (
    select
        symbol, root
    from named
    group by symbol, root
),

versions as (
    select
        roots.root, splits.ex_date, splits.known_at, splits.withdrawn_at,
        case
            when splits.ratio >= 2 and splits.ratio % 1 = 0 then cast(splits.ratio as bigint)
        end as strike_ratio,
        lead(splits.known_at) over in_order as told_again_at
    from curated.splits as splits
    inner join roots on splits.symbol = roots.symbol
    window in_order as (partition by roots.root, splits.ex_date order by splits.known_at)
),

states as (
    select
        root, ex_date, strike_ratio, known_at, withdrawn_at
    from versions
    union all
    select
        root, ex_date,
        1 as strike_ratio,
        withdrawn_at as known_at,
        told_again_at as withdrawn_at
    from versions
    where withdrawn_at is not null and told_again_at is distinct from withdrawn_at
)

select
    root,
    ex_date,  -- first session of the new symbols
    strike_ratio,  -- a whole number from 2
    known_at,
    withdrawn_at  -- when it was corrected or taken back
from states
