-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', session_date = '2019-05-28', calendar = 'XNYS'
-- default: currency = 'USD', next_contract = 'SPX190621C02900000'

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
) as given (oi_date, next_open_interest, known_at);
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
) as given (next_open_interest, known_at, withdrawn_at);
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
    1_000 as next_open_interest,
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
    1_000 as next_open_interest,
    '2019-05-28 10:30Z' as known_at;
-- expect: open_interest
values (1_000);

-- case: prices in a coin are dollars by the price of the coin, and those in dollars are
-- given: raw.option_chains
select
    *,
    0.05 as mark,
    '24/7' as calendar,
    '2026-07-06 04:00Z' as known_at,
    '2026-07-06' as session_date,
    60_000 as underlying_price
from (
    values
    ('BTC', 'BTC', 0.04, 0.06, 0.05, null),
    ('one side', 'BTC', null, 0.06, null, 0.049),
    ('linear', 'USDC', 2_400, 3_600, 3_000, null)
) as given (contract, currency, bid, ask, last, mid);
-- expect: contract, bid, ask, last, mid, mark, multiplier, is_adjusted, calendar, root
values
('BTC', 2_400, 3_600, 3_000, 3_000, 3_000, 1, false, '24/7', null),
('one side', null, 3_600, null, 2_940, 3_000, 1, false, '24/7', null),
('linear', 2_400, 3_600, 3_000, 3_000, 0.05, 1, false, '24/7', null);

-- case: without the coin's price nobody knows the dollars
-- given: raw.option_chains
select
    '2026-07-06 04:00Z' as known_at,
    '2026-07-06' as session_date,
    '24/7' as calendar,
    'ETH' as currency,
    0.04 as bid,
    0.06 as ask,
    0.05 as mark,
    0.6 as iv;
-- expect: bid, ask, mid, mark, iv
values (null, null, null, null, 0.6);

-- case: a coin's chain has the open interest of the day before, on a Monday too
-- given: raw.option_chains
select
    '2026-07-06 04:00Z' as known_at,
    '2026-07-06' as session_date,
    '24/7' as calendar,
    'BTC' as currency;
-- given: curated.open_interest
select
    '2026-07-05' as oi_date,
    '2026-07-06 04:00Z' as known_at,
    12.5 as next_open_interest,
    '24/7' as calendar;
-- expect: open_interest, oi_date
values (12.5, '2026-07-05');

-- case: a source that tells only a mid has it, and greeks are passed on
-- given: raw.option_chains
select
    '2019-05-28 20:30Z' as known_at,
    2.25 as mid,
    -120.5 as theta,
    310.2 as vega,
    0.001 as gamma;
-- expect: bid, ask, mid, mark, theta, vega, gamma, multiplier, is_adjusted, is_dead, root
values (null, null, 2.25, null, -120.5, 310.2, 0.001, 100, false, false, 'SPX');

-- case: the multiplier is the contract's own, else its root's, else a hundred shares
-- given: raw.option_chains
select
    *,
    '2019-05-28 20:30Z' as known_at
from (
    values
    ('AAPL190621C00200000', 'XNYS'), ('AAPL7190621C00200000', 'XNYS'),
    ('XYZ1190621C00010000', 'XNYS'), ('SPX190621C02900000', 'XNYS'),
    ('GE1190621C00010000', 'XNYS'), ('GE2190621C00010000', 'XNYS')
) as given (contract, calendar);
-- given: curated.option_roots
select
    *,
    '1990-01-01' as valid_from,
    '1970-01-01 00:00Z' as known_at
from (
    values
    ('AAPL7', 'AAPL', 10, null),
    ('SPX', 'SPX', 100, null),
    ('GE2', 'GE', 3, date '2019-05-28')
) as given (root, underlying, multiplier, valid_to);
-- given: curated.contracts
select *
from (
    values
    ('GE1190621C00010000', 150, true, '2019-05-28 12:00Z', null),
    ('SPX190621C02900000', 10, false, '2019-05-27 12:00Z', '2019-05-28 12:00Z'),
    ('AAPL190621C00200000', 7, false, '2019-05-28 20:31Z', null)
) as given (contract, multiplier, is_adjusted, known_at, withdrawn_at);
-- expect: contract, multiplier, is_adjusted
values
('AAPL190621C00200000', 100, false),
('AAPL7190621C00200000', 10, false),
('XYZ1190621C00010000', 100, true),
('SPX190621C02900000', 100, false),
('GE1190621C00010000', 150, true),
('GE2190621C00010000', 100, true);

-- case: on the ex-date the new symbol has the old one's open interest, and the old one none
-- given: raw.option_chains
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
-- given: raw.option_chains
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
