-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', session_date = '2019-05-28', calendar = 'XNYS'
-- default: next_contract = 'SPX190621C02900000', source = 'cboe_chains'

-- case: a chain holds the open interest of the session before, over Memorial Day too
-- given: curated.chain_snapshots
select
    '2019-05-28 20:30Z' as known_at,
    '2019-05-29 12:00Z' as withdrawn_at,
    1.9 as bid,
    2.1 as ask,
    2.05 as last,
    2.0 as mid,
    2.02 as mark,
    300 as volume,
    0.12 as iv,
    0.25 as delta,
    0.001 as gamma,
    -120.5 as theta,
    310.2 as vega,
    2_802.39 as underlying_price,
    100 as multiplier,
    false as is_adjusted,
    'SPX' as root;
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-23', 900, '2019-05-24 10:30Z'),
    ('2019-05-24', 1_000, '2019-05-28 10:30Z'),
    ('2019-05-28', 1_100, '2019-05-29 10:30Z')
) as given (oi_date, next_open_interest, known_at);
-- expect: session_date, underlying, contract, expiration, strike, put_call, bid, ask, last, volume,
--     iv, open_interest, oi_date, known_at, withdrawn_at, delta, gamma, underlying_price, mid,
--     mark, theta, vega, multiplier, is_adjusted, is_dead, calendar, root, source
values (
    '2019-05-28', 'SPX', 'SPX190621C02900000', '2019-06-21', 2_900, 'call', 1.9, 2.1, 2.05, 300,
    0.12, 1_000, '2019-05-24', '2019-05-28 20:30Z', '2019-05-29 12:00Z', 0.25, 0.001, 2_802.39, 2,
    2.02, -120.5, 310.2, 100, false, false, 'XNYS', 'SPX', 'cboe_chains'
);

-- case: each snapshot has the figure that stood when it was known, and none where none did
-- given: curated.chain_snapshots
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
) as given (next_open_interest, known_at, withdrawn_at);
-- expect: known_at, open_interest
values
('2019-05-28 10:00Z', null),
('2019-05-28 14:00Z', 1_000),
('2019-05-28 15:00Z', 1_200),
('2019-05-28 16:00Z', null);

-- case: a snapshot later than the tenth session's close keeps its prices and has no open interest
-- given: curated.chain_snapshots
select *
from (
    values
    ('2019-06-11 20:00:00Z', 1.9),
    ('2019-06-11 20:00:01Z', 2.0)
) as given (known_at, bid);
-- given: curated.open_interest
select
    '2019-05-24' as oi_date,
    1_000 as next_open_interest,
    '2019-05-28 10:30Z' as known_at;
-- expect: known_at, bid, open_interest
values
('2019-06-11 20:00:00Z', 1.9, 1_000),
('2019-06-11 20:00:01Z', 2.0, null);

-- case: a coin's chain has the open interest of the day before, on a Monday too
-- given: curated.chain_snapshots
select
    '2026-07-06 04:00Z' as known_at,
    '2026-07-06' as session_date,
    '24/7' as calendar;
-- given: curated.open_interest
select
    '2026-07-05' as oi_date,
    '2026-07-06 04:00Z' as known_at,
    12.5 as next_open_interest,
    '24/7' as calendar;
-- expect: open_interest, oi_date
values (12.5, '2026-07-05');

-- case: on the ex-date the new symbol has the old one's open interest, and the old one none
-- given: curated.chain_snapshots
select
    *,
    '2014-06-09' as session_date,
    '2014-06-09 20:30Z' as known_at
from (values ('AAPL140621C00650000'), ('AAPL140621C00092860')) as given (contract);
-- given: curated.open_interest
select
    'AAPL140621C00650000' as contract,
    '2014-06-06' as oi_date,
    18_853 as open_interest,
    'AAPL140621C00092860' as next_contract,
    131_971 as next_open_interest,
    '2014-06-09 10:30Z' as known_at;
-- given: curated.dead_contracts
select
    'AAPL140621C00650000' as contract,
    '2014-06-09' as ex_date,
    '2014-06-09 20:30Z' as known_at,
    '2014-09-03 20:00Z' as ends_at;
-- expect: contract, open_interest, oi_date, is_dead
values
('AAPL140621C00650000', null, null, true),
('AAPL140621C00092860', 131_971, '2014-06-06', false);

-- case: a dead symbol is alive before its ex-date, and again once it trades
-- given: curated.chain_snapshots
select
    'AAPL150117C00230000' as contract,
    session_date,
    closes_at as known_at
from curated.us_sessions
where session_date between '2014-06-06' and '2014-06-12';
-- given: curated.dead_contracts
select
    'AAPL150117C00230000' as contract,
    '2014-06-09' as ex_date,
    '2014-06-09 20:00Z' as known_at,
    '2014-06-11 20:00Z' as withdrawn_at,
    '2014-09-03 20:00Z' as ends_at;
-- expect: session_date, is_dead
values
('2014-06-06', false), ('2014-06-09', true), ('2014-06-10', true), ('2014-06-11', false),
('2014-06-12', false);

-- case: eleven sessions before the span hold the figure of the latest snapshot that may have one
-- span: 2019-06-11T20:00Z 2019-06-12
-- given: curated.chain_snapshots
select '2019-06-11 20:00Z' as known_at;
-- given: curated.open_interest
select
    '2019-05-24' as oi_date,
    1_000 as next_open_interest,
    '2019-05-28 10:30Z' as known_at;
-- expect: open_interest
values (1_000);
