-- default: contract = 'AAPL240315C00180000', root = 'AAPL', expiration = '2024-03-15'
-- default: strike = 180, put_call = 'call', calendar = 'XNYS', session_date = '2024-03-01'
-- default: currency = 'USD', source = 'massive_option_trades', venue = '302', condition = '209'
-- default: price = 2.5, size = 10, asset = 'option', valid_from = '1970-01-01'
-- default: source_feed = 'massive_option_trades', is_iso = false, is_floor = false
-- default: known_at = '2024-03-01 15:00Z', trade_class = 'regular'

-- case: ten contracts at 2.50 are 2,500 USD, at a venue and of a class by their names
-- given: raw.option_trades
select
    'a' as trade_id,
    '2024-03-01 15:00:00Z' as traded_at,
    '219' as condition;
-- given: curated.conditions
select
    '219' as condition,
    true as is_iso;
-- given: curated.venues
select
    '302' as venue_code,
    'CBOE' as venue;
-- expect: venue, trade_id, underlying, price, size, premium_usd, opt_trade_class, is_iso,
--     multiplier, is_adjusted, bid, side_told, withdrawn_at
values (
    'CBOE', 'a', 'AAPL', 2.5, 10, 2_500, 'regular', true, 100, false, null, null, null
);

-- case: a condition that nobody explains, and a venue that nobody names, are kept as they are
-- given: raw.option_trades
select
    'a' as trade_id,
    '2024-03-01 15:00:00Z' as traded_at,
    '999' as condition;
-- expect: venue, condition, opt_trade_class
values ('302', '999', null);

-- case: a code means what it meant on the day of the session
-- given: raw.option_trades
select
    'a' as trade_id,
    '2024-03-01 15:00:00Z' as traded_at;
-- given: curated.conditions
select
    '209' as condition,
    *
from (
    values
    ('cross', '1970-01-01', '2024-03-01'),
    ('regular', '2024-03-01', '2024-03-02'),
    ('late', '2024-03-02', null)
) as given (trade_class, valid_from, valid_to);
-- expect: opt_trade_class
values ('regular');

-- case: roots name their underlying and multiplier, and a digit behind a ticker an adjusted one
-- given: raw.option_trades
select
    *,
    root || '240315C00180000' as contract,
    root as trade_id,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('SPXW'),
    ('AAPL7'),
    ('AAPL1')
) as given (root);
-- given: curated.option_roots
select *
from (
    values
    ('SPXW', 'SPX', 100),
    ('AAPL7', 'AAPL', 10)
) as given (root, underlying, multiplier);
-- expect: root, underlying, multiplier, is_adjusted, premium_usd
values
('SPXW', 'SPX', 100, false, 2_500),
('AAPL7', 'AAPL', 10, false, 250),
('AAPL1', 'AAPL', 100, true, 2_500);

-- case: a price in a coin becomes dollars at the index, and none without it
-- given: raw.option_trades
select
    *,
    'BTC-1AUG26-63000-C' as contract,
    'deribit:BTC-USD' as root,
    '24/7' as calendar,
    'BTC' as currency,
    1 as multiplier,
    12.5 as size,
    0.0008 as price,
    0.0007 as bid,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('a', 60_000),
    ('b', null)
) as given (trade_id, underlying_price);
-- expect: trade_id, underlying, price, premium_usd, bid, ask
values
('a', 'deribit:BTC-USD', 48, 600, 42, null),
('b', 'deribit:BTC-USD', null, null, null, null);

-- case: a print that was touched is told from its versions, each with its end
-- given: raw.option_trades
select
    *,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('a', 2.5, false),
    ('told twice', 2.5, false),
    ('told twice', 2.6, false),
    ('gone', 2.5, false),
    ('gone', null, true)
) as given (trade_id, price, is_gone);
-- given: curated.touched_option_prints
select
    *,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('told twice', 2.5, '2024-03-01 15:01Z', true, false),
    ('told twice', 2.6, null, true, true),
    ('gone', 2.5, '2024-03-01 15:02Z', true, false),
    ('gone', 2.5, null, false, false)
) as given (trade_id, price, withdrawn_at, is_told, is_unmatched);
-- expect: trade_id, price, withdrawn_at, is_unmatched
values
('a', 2.5, null, false),
('told twice', 2.5, '2024-03-01 15:01Z', false),
('told twice', 2.6, null, true),
('gone', 2.5, '2024-03-01 15:02Z', false);
