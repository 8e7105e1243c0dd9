-- what:    What the roots of OSI symbols stand for that are not plainly a ticker.
-- grain:   one row per root and first day; the newest publication stands
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by root, valid_from order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.option_roots
)

select
    root,
    underlying,
    multiplier,
    exercise_style,
    settlement,
    valid_from,
    valid_to,
    known_at
from newest
where age = 1 and not is_gone
