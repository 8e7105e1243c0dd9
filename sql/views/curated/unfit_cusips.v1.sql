-- what:    CUSIPs of 13F rows whose check digit does not fit: nobody can say which security it is.
-- grain:   one row per CUSIP
-- status:  live
-- misses:  a slip that makes another whole CUSIP, as one in ten does

with told as (
    select
        cusip,
        min(known_at) as known_at
    from raw.holdings
    where not is_gone
    group by cusip
),

-- Digits stand for themselves and letters for 10 to 35; *, @ and # come after them.
digits as (
    select
        told.cusip, told.known_at,
        (
            strpos(
                '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#',
                upper(substr(told.cusip, places.place, 1))
            ) - 1
        ) * (2 - places.place % 2) as worth
    from told
    cross join range(1, 9) as places (place)
),

summed as (
    select
        cusip, known_at,
        (10 - sum(worth // 10 + worth % 10) % 10) % 10 as check_digit
    from digits
    group by cusip, known_at
)

select
    cusip,  -- as the filer typed it
    cast(check_digit as text) as check_digit,  -- what its first eight characters make the last one
    'its last sign is ' || right(cusip, 1) || ', the others make it ' || check_digit
        as reason,  -- in words
    known_at  -- when the first row with it was
from summed
where right(cusip, 1) <> cast(check_digit as text)
