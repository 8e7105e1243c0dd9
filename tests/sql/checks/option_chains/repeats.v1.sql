-- default: underlying_price = 185, ask = 10

-- case: a chain under the next session's date is told; one in which quotes moved is not
-- given: raw.option_chains
select
    stocks.underlying, told.session_date,
    stocks.underlying || strikes.strike as contract,
    9 + case when stocks.underlying = 'IBM' then told.nth else 0 end as bid,
    5 + strikes.strike as volume,
    cast(told.session_date || ' 21:30Z' as timestamptz) as known_at
from (values ('2024-02-12', 1), ('2024-02-13', 2)) as told (session_date, nth)
cross join (values ('AAPL'), ('IBM')) as stocks (underlying)
cross join range(12) as strikes (strike);
-- expect: entity, known_at, reason
values (
    'AAPL', '2024-02-13 21:30Z', '12 of 12 contracts say what they said the session before'
);
