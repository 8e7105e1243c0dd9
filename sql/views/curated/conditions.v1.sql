-- what:    What each source's code of a trade's condition means, and on which days.
-- grain:   one row per feed, asset, tape, code and first day; the newest publication stands
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by source_feed, asset, tape, condition, valid_from
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.conditions
)

select
    source_feed,
    asset,
    tape,  -- on which it means this: A, B, C or any
    condition,
    name,
    trade_class,
    is_iso,
    is_floor,
    counts_volume,  -- its size is of the day's volume; null of options
    is_price_informative,  -- its price was made then and there; null of options
    meaning,
    valid_from,
    valid_to,
    known_at
from newest
where age = 1 and not is_gone
