-- default: calendar = 'XNYS', session_date = '2019-05-28', underlying = 'SPX', root = 'SPX'
-- default: contract = 'SPX190621C02900000', expiration = '2019-06-21', strike = 2_900
-- default: put_call = 'call', known_at = '2019-05-28 20:30Z', is_dead = false
-- default: valid_from = '1970-01-01'

-- case: a root says how its contracts are exercised, and whether they settle at open or close
-- given: curated.option_chains
select *
from (
    values
    ('SPX', 2), ('SPXW', 2.05), ('SPY', null)
) as given (root, mid);
-- given: curated.option_roots
select *
from (
    values
    ('SPX', 'european', 'am', '1970-01-01 00:00Z'),
    ('SPXW', 'european', 'pm', '1970-01-01 00:00Z')
) as given (root, exercise_style, settlement, known_at);
-- expect: series, mid, exercise_style, settlement, settles_at, quoted_at
values
('SPX', 2, 'european', 'am', '2019-06-21 13:30Z', '2019-05-28 20:00Z'),
('SPXW', 2.05, 'european', 'pm', '2019-06-21 20:00Z', '2019-05-28 20:00Z'),
('SPY', null, 'american', 'pm', '2019-06-21 20:00Z', '2019-05-28 20:00Z');

-- case: a root counts from its first day to its last
-- given: curated.option_chains
select *
from (
    values
    ('2019-05-24', '2019-05-24 20:30Z'),
    ('2019-05-28', '2019-05-28 20:30Z'),
    ('2019-05-29', '2019-05-29 20:30Z')
) as given (session_date, known_at);
-- given: curated.option_roots
select *
from (
    values
    ('european', 'am', '2019-05-28', '2019-05-29', '1970-01-01 00:00Z')
) as given (exercise_style, settlement, valid_from, valid_to, known_at);
-- expect: session_date, settlement
values
('2019-05-24', 'pm'), ('2019-05-28', 'am'), ('2019-05-29', 'pm');

-- case: what settles a Saturday is Friday, a half session closes early, and beyond the calendar
--     it is 16:00 of New York's winter
-- given: curated.option_chains
select *
from (
    values
    ('2014-06-21'), ('2019-11-29'), ('2040-01-20')
) as given (expiration);
-- expect: expiration, settles_at
values
('2014-06-21', '2014-06-20 20:00Z'),
('2019-11-29', '2019-11-29 18:00Z'),
('2040-01-20', '2040-01-20 21:00Z');

-- case: a picture of the day is quoted when it is known, a corrected one at the close
-- given: curated.option_chains
select *
from (
    values
    ('2019-05-28 15:00Z', 1.8, '2019-05-29 12:00Z'),
    ('2019-05-29 12:00Z', 1.7, null)
) as given (known_at, bid, withdrawn_at);
-- expect: bid, known_at, quoted_at, withdrawn_at
values
(1.8, '2019-05-28 15:00Z', '2019-05-28 15:00Z', '2019-05-29 12:00Z'),
(1.7, '2019-05-29 12:00Z', '2019-05-28 20:00Z', null);

-- case: a coin's contracts are european and settle at 08:00
-- given: curated.option_chains
select
    'BTC-31MAY19-9000-C' as contract,
    '24/7' as calendar,
    null as root,
    'deribit:BTC-USD' as underlying,
    '2019-05-31' as expiration,
    '2019-05-28 15:00Z' as known_at;
-- given: curated.sessions
select
    '24/7' as calendar,
    '2019-05-28' as session_date,
    '2019-05-28 00:00Z' as opens_at,
    '2019-05-29 00:00Z' as closes_at;
-- expect: series, exercise_style, settles_at, quoted_at
values ('deribit:BTC-USD', 'european', '2019-05-31 08:00Z', '2019-05-28 15:00Z');

-- case: what a source says of a contract goes before its root, from when it was said
-- given: curated.option_chains
select *
from (
    values
    ('2019-05-28 14:00Z'), ('2019-05-28 20:30Z')
) as given (known_at);
-- given: curated.contracts
select
    'european' as exercise_style,
    'am' as settlement,
    '2019-06-21 12:00Z' as expires_at,
    '2019-05-28 18:00Z' as known_at;
-- expect: known_at, exercise_style, settles_at
values
('2019-05-28 14:00Z', 'american', '2019-06-21 20:00Z'),
('2019-05-28 20:30Z', 'european', '2019-06-21 12:00Z');

-- case: a symbol that a split left behind is left out
-- given: curated.option_chains
select true as is_dead;
-- expect: nothing
