-- what:     Rows of 13F tables whose CUSIP does not agree with its own check digit.
-- grain:    one row per filing and CUSIP
-- status:   live
-- every:    1d
-- severity: low
-- needs:    0s

with told as (
    select
        accession_no, cusip,
        min(known_at) as known_at,
        min(line) as line,
        count(*) as n_rows,
        any_value(issuer) as issuer
    from raw.holdings
    where not is_gone
    group by accession_no, cusip
),

-- Digits stand for themselves and letters for 10 to 35; *, @ and # come after them.
digits as (
    select
        told.*, places.place,
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
        accession_no, cusip, known_at, line, n_rows, issuer,
        (10 - sum(worth // 10 + worth % 10) % 10) % 10 as check_digit
    from digits
    group by all
)

select
    'holdings' as dataset,
    'cusip:' || cusip as entity,
    known_at,
    'its last sign is ' || right(cusip, 1) || ', the others make it ' || check_digit as reason,
    to_json(struct_pack(
        accession_no := accession_no, line := line, n_rows := n_rows, issuer := issuer
    )) as evidence
from summed
where right(cusip, 1) <> cast(check_digit as text)
