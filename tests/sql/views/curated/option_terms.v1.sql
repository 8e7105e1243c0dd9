-- default: calendar = 'XNYS', session_date = '2019-05-28', underlying = 'SPX', currency = 'USD'
-- default: expiration = '2019-06-21', strike = 2_900, put_call = 'call'
-- default: contract = 'SPX190621C02900000'
-- default: known_at = '2019-05-28 20:30Z', multiplier = 100, valid_from = '1970-01-01'

-- case: a root says how its contracts are exercised, and whether they settle at open or close
-- given: raw.option_chains
select *
from (
    values
    ('SPX190621C02900000', 1.9, 2.1),
    ('SPXW190621C02900000', 1.9, 2.2),
    ('SPY190621C00290000', null, null)
) as given (contract, bid, ask);
-- given: curated.option_roots
select *
from (
    values
    ('SPX', 'european', 'am', '1970-01-01 00:00Z'),
    ('SPXW', 'european', 'pm', '1970-01-01 00:00Z')
) as given (root, exercise_style, settlement, known_at);
-- expect: contract, mid, exercise_style, settlement, settles_at, quoted_at, series
values
('SPX190621C02900000', 2, 'european', 'am', '2019-06-21 13:30Z', '2019-05-28 20:00Z', 'SPX'),
('SPXW190621C02900000', 2.05, 'european', 'pm', '2019-06-21 20:00Z', '2019-05-28 20:00Z', 'SPXW'),
('SPY190621C00290000', null, 'american', 'pm', '2019-06-21 20:00Z', '2019-05-28 20:00Z', 'SPY');

-- case: what settles a Saturday is Friday, a half session closes early, and beyond the calendar
--     it is 16:00 of New York's winter
-- given: raw.option_chains
select *
from (
    values
    ('AAPL140621C00650000', '2014-06-21'),
    ('AAPL191129C00650000', '2019-11-29'),
    ('AAPL400120C00650000', '2040-01-20')
) as given (contract, expiration);
-- expect: contract, settles_at
values
('AAPL140621C00650000', '2014-06-20 20:00Z'),
('AAPL191129C00650000', '2019-11-29 18:00Z'),
('AAPL400120C00650000', '2040-01-20 21:00Z');

-- case: a picture of the day is quoted when it is known, a corrected one at the close
-- given: raw.option_chains
select *
from (
    values
    ('2019-05-28 15:00Z', 1.8, 2),
    ('2019-05-29 12:00Z', 1.7, 1.9)
) as given (known_at, bid, ask);
-- expect: bid, known_at, quoted_at, withdrawn_at
values
(1.8, '2019-05-28 15:00Z', '2019-05-28 15:00Z', '2019-05-29 12:00Z'),
(1.7, '2019-05-29 12:00Z', '2019-05-28 20:00Z', null);

-- case: what a source calls its mid stands in where it tells no quotes
-- given: raw.option_chains
select *
from (
    values
    ('a', null, null, 2),
    ('b', null, 2.2, null),
    ('c', 1.9, 2.1, 3)
) as given (contract, bid, ask, mid);
-- expect: contract, mid
values
('a', 2), ('b', null), ('c', 2);

-- case: a coin's prices are its dollars, its contracts are european and settle at 08:00
-- given: raw.option_chains
select
    'BTC-31MAY19-9000-C' as contract,
    '24/7' as calendar,
    'BTC' as currency,
    'deribit:BTC-USD' as underlying,
    '2019-05-31' as expiration,
    0.02 as bid,
    0.03 as ask,
    8_000 as underlying_price,
    '2019-05-28 15:00Z' as known_at;
-- given: raw.sessions
select
    '24/7' as calendar,
    '2019-05-28' as session_date,
    '2019-05-28 00:00Z' as opens_at,
    '2019-05-29 00:00Z' as closes_at,
    '1970-01-01 00:00Z' as known_at;
-- expect: bid, ask, mid, exercise_style, settles_at, quoted_at, series
values (
    160, 240, 200, 'european', '2019-05-31 08:00Z', '2019-05-28 15:00Z', 'deribit:BTC-USD'
);

-- case: what a source says of a contract goes before its root, from when it was said
-- given: raw.option_chains
select *
from (
    values
    ('SPX190621C02900000', '2019-05-28 14:00Z'),
    ('SPX190621C02900000', '2019-05-28 20:30Z')
) as given (contract, known_at);
-- given: raw.contracts
select
    'european' as exercise_style,
    'am' as settlement,
    '2019-06-21 12:00Z' as expires_at,
    '2019-05-28 18:00Z' as known_at;
-- expect: known_at, exercise_style, settles_at
values
('2019-05-28 14:00Z', 'american', '2019-06-21 20:00Z'),
('2019-05-28 20:30Z', 'european', '2019-06-21 12:00Z');

-- case: a digit behind a ticker says that something else is delivered, unless the root is known
-- given: raw.option_chains
select *
from (
    values
    ('AAPL1190621C00100000'),
    ('AAPL7190621C00100000'),
    ('AAPL190621C00100000')
) as given (contract);
-- given: curated.option_roots
select
    'AAPL7' as root,
    'american' as exercise_style,
    'pm' as settlement,
    '1970-01-01 00:00Z' as known_at;
-- expect: contract, is_adjusted
values
('AAPL1190621C00100000', true),
('AAPL7190621C00100000', false),
('AAPL190621C00100000', false);

-- case: a row that is gone withdraws the one before, and is none
-- given: raw.option_chains
select *
from (
    values
    ('2019-05-28 18:00Z', 1.8, false),
    ('2019-05-29 12:00Z', null, true)
) as given (known_at, bid, is_gone);
-- expect: known_at, withdrawn_at
values ('2019-05-28 18:00Z', '2019-05-29 12:00Z');
