-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', session_date = '2019-05-28'

-- case: a chain holds the open interest of the session before, over Memorial Day too
-- given: raw.option_chains
select
    '2019-05-28 20:30Z' as known_at,
    1.9 as bid,
    2.1 as ask,
    300 as volume,
    0.25 as delta,
    2_802.39 as underlying_price;
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-23', 900, '2019-05-24 10:30Z'),
    ('2019-05-24', 1_000, '2019-05-28 10:30Z'),
    ('2019-05-28', 1_100, '2019-05-29 10:30Z')
) as given (oi_date, open_interest, known_at);
-- expect: session_date, underlying, contract, expiration, strike, put_call, bid, ask, volume,
--     delta, underlying_price, open_interest, oi_date, known_at, withdrawn_at
values (
    '2019-05-28', 'SPX', 'SPX190621C02900000', '2019-06-21', 2_900, 'call', 1.9, 2.1, 300,
    0.25, 2_802.39, 1_000, '2019-05-24', '2019-05-28 20:30Z', null
);

-- case: a later snapshot of the session withdraws the one before, and a tombstone withdraws it too
-- given: raw.option_chains
select *
from (
    values
    ('2019-05-28 18:00Z', 1.8, false),
    ('2019-05-28 20:30Z', 1.9, false),
    ('2019-05-29 12:00Z', null, true)
) as given (known_at, bid, is_gone);
-- expect: bid, known_at, withdrawn_at
values
(1.8, '2019-05-28 18:00Z', '2019-05-28 20:30Z'),
(1.9, '2019-05-28 20:30Z', '2019-05-29 12:00Z');

-- case: each snapshot has the figure that stood when it was known, and none where none did
-- given: raw.option_chains
select *
from (
    values
    ('2019-05-28 10:00Z'),
    ('2019-05-28 14:00Z'),
    ('2019-05-28 15:00Z'),
    ('2019-05-28 16:00Z')
) as given (known_at);
-- given: curated.open_interest
select
    *,
    '2019-05-24' as oi_date
from (
    values
    (1_000, '2019-05-28 10:30Z', '2019-05-28 15:00Z'),
    (1_200, '2019-05-28 15:00Z', '2019-05-28 16:00Z')
) as given (open_interest, known_at, withdrawn_at);
-- expect: known_at, open_interest
values
('2019-05-28 10:00Z', null),
('2019-05-28 14:00Z', 1_000),
('2019-05-28 15:00Z', 1_200),
('2019-05-28 16:00Z', null);

-- case: a snapshot later than the tenth session's close keeps its prices and has no open interest
-- given: raw.option_chains
select *
from (
    values
    ('2019-06-11 20:00:00Z', 1.9),
    ('2019-06-11 20:00:01Z', 2.0)
) as given (known_at, bid);
-- given: curated.open_interest
select
    '2019-05-24' as oi_date,
    1_000 as open_interest,
    '2019-05-28 10:30Z' as known_at;
-- expect: known_at, bid, open_interest
values
('2019-06-11 20:00:00Z', 1.9, 1_000),
('2019-06-11 20:00:01Z', 2.0, null);

-- case: eleven sessions before the span hold the figure of the latest snapshot that may have one
-- span: 2019-06-11T20:00Z 2019-06-12
-- given: raw.option_chains
select '2019-06-11 20:00Z' as known_at;
-- given: curated.open_interest
select
    '2019-05-24' as oi_date,
    1_000 as open_interest,
    '2019-05-28 10:30Z' as known_at;
-- expect: open_interest
values (1_000);
