-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', session_date = '2019-05-28', calendar = 'XNYS'
-- default: currency = 'USD', source = 'cboe_chains'

-- case: a snapshot is what its source said
-- given: raw.option_chains
select
    '2019-05-28 20:30Z' as known_at,
    1.9 as bid,
    2.1 as ask,
    2.05 as last,
    300 as volume,
    0.12 as iv,
    0.25 as delta,
    2_802.39 as underlying_price;
-- expect: session_date, underlying, contract, expiration, strike, put_call, bid, ask, last, volume,
--     iv, delta, underlying_price, mid, known_at, withdrawn_at, calendar, root, source
values (
    '2019-05-28', 'SPX', 'SPX190621C02900000', '2019-06-21', 2_900, 'call', 1.9, 2.1, 2.05, 300,
    0.12, 0.25, 2_802.39, 2, '2019-05-28 20:30Z', null, 'XNYS', 'SPX', 'cboe_chains'
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

-- case: a source that tells only a mid has it, and greeks are passed on
-- given: raw.option_chains
select
    '2019-05-28 20:30Z' as known_at,
    2.25 as mid,
    -120.5 as theta,
    310.2 as vega,
    0.001 as gamma;
-- expect: bid, ask, mid, mark, theta, vega, gamma, multiplier, is_adjusted, root
values (null, null, 2.25, null, -120.5, 310.2, 0.001, 100, false, 'SPX');

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
