-- what:     Rows of a chain without the stock's price that others of the chain have, or that traded
--           and have no price at all.
-- grain:    one row per contract, session and version
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s

with chains as (
    select
        *,
        max(underlying_price) over whole as told_price
    from raw.option_chains
    where not is_gone
    window whole as (partition by source, underlying, session_date, load_id)
)

select
    'option_chains' as dataset,
    contract as entity,
    known_at,
    case
        when underlying_price is null and told_price is not null then 'it has no underlying_price'
        else 'it traded and has no price'
    end as reason,
    to_json(struct_pack(
        source := source, session_date := session_date, volume := cast(volume as double)
    )) as evidence
from chains
where
    (underlying_price is null and told_price is not null)
    or (volume > 0 and coalesce(last, bid, ask, mid, mark) is null)
