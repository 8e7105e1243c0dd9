-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', root = 'AAPL', venue = 'CBOE'
-- default: expiration = '2024-03-15', strike = 180, put_call = 'call', multiplier = 100
-- default: session_date = '2024-03-01', traded_at = '2024-03-01 15:00Z', price = 2.5, size = 10
-- default: premium_usd = 2_500, trade_id = 'a', valid_from = '1970-01-01'
-- default: known_at = '2024-03-01 15:00Z'

-- case: ten contracts at 2.50 are 2,500 USD, two weeks from the close of their last day
-- given: curated.option_trades
select
    '2024-03-01 20:00Z' as traded_at,
    2.4 as bid,
    2.6 as ask,
    175 as underlying_price,
    -0.4 as delta;
-- expect: premium_usd, dte, is_0dte, settles_at, t_years, otm_pct, spread_pct, eff_pos,
--     notional_usd, delta_notional_usd, premium_tier_usd, dte_bucket, delta_bucket
values (
    2_500, 14, false, '2024-03-15 20:00Z', 0.038356164, 2.857143, 8, 0,
    175_000, -70_000, 0, '8-30', '0.4-0.6'
);

-- case: an index settles in the morning or in the evening of its last day, by its root
-- given: curated.option_trades
select
    *,
    'SPX' as underlying
from (
    values
    ('SPX', '2024-03-15'),
    ('SPXW', '2024-03-15'),
    ('SPXW', '2024-07-03')
) as given (root, expiration);
-- given: curated.option_roots
select *
from (
    values
    ('SPX', 'am'),
    ('SPXW', 'pm')
) as given (root, settlement);
-- expect: root, settles_at
values
('SPX', '2024-03-15 13:30Z'),
('SPXW', '2024-03-15 20:00Z'),
('SPXW', '2024-07-03 17:00Z');

-- case: a root's settlement counts for the days on which it holds
-- given: curated.option_trades
select *
from (values ('2024-03-01'), ('2024-03-08')) as given (session_date);
-- given: curated.option_roots
select
    'AAPL' as root,
    *
from (
    values
    ('am', '1970-01-01', '2024-03-08'),
    ('pm', '2024-03-08', null)
) as given (settlement, valid_from, valid_to);
-- expect: session_date, settles_at
values
('2024-03-01', '2024-03-15 13:30Z'),
('2024-03-08', '2024-03-15 20:00Z');

-- case: what expired on a Saturday was settled on Friday, before Easter on Thursday
-- given: curated.option_trades
select
    '2014-04-14' as session_date,
    *
from (
    values
    ('2014-05-17'),
    ('2014-04-19'),
    ('2099-01-16')
) as given (expiration);
-- expect: expiration, settles_at
values
('2014-05-17', '2014-05-16 20:00Z'),
('2014-04-19', '2014-04-17 20:00Z'),
('2099-01-16', '2099-01-16 21:00Z');

-- case: options on coins settle at 08:00 UTC, any day of the week
-- given: curated.option_trades
select
    'deribit:BTC-USD' as underlying,
    'deribit:BTC-USD' as root,
    *
from (
    values
    ('2024-03-02', '2024-03-02', '2024-03-02 02:00Z'),
    ('2024-03-02', '2024-03-03', '2024-03-02 08:00Z')
) as given (session_date, expiration, traded_at);
-- expect: expiration, dte, is_0dte, settles_at, t_years
values
('2024-03-02', 0, true, '2024-03-02 08:00Z', 0.000684932),
('2024-03-03', 1, false, '2024-03-03 08:00Z', 0.002739726);

-- case: behind its settlement no time is left
-- given: curated.option_trades
select
    '2024-03-15' as session_date,
    '2024-03-15 20:10Z' as traded_at;
-- expect: is_0dte, t_years
values (true, 0);

-- case: out of the money is above the underlying for calls, below it for puts, and never below 0
-- given: curated.option_trades
select *
from (
    values
    ('call', 180, 150), ('call', 180, 200), ('put', 180, 200), ('put', 180, 150), ('put', 180, 0),
    ('put', 180, null)
) as given (put_call, strike, underlying_price);
-- expect: put_call, underlying_price, otm_pct
values
('call', 150, 20), ('call', 200, 0), ('put', 200, 10), ('put', 150, 0), ('put', 0, null),
('put', null, null);

-- case: a print lies at -1 on the bid and at 1 on the ask; without a spread nowhere
-- given: curated.option_trades
select *
from (
    values
    (2.4, 2.4, 2.6), (2.45, 2.4, 2.6), (2.6, 2.4, 2.6), (2.8, 2.4, 2.6), (2.5, 2.5, 2.5),
    (0, 0, 0), (2.5, null, 2.6)
) as given (price, bid, ask);
-- expect: price, bid, eff_pos, spread_pct
values
(2.4, 2.4, -1, 8), (2.45, 2.4, -0.5, 8), (2.6, 2.4, 1, 8), (2.8, 2.4, 3, 8), (2.5, 2.5, null, 0),
(0, 0, null, null), (2.5, null, null, null);

-- case: each tier begins at its bound
-- given: curated.option_trades
select *
from (
    values
    (24_999.99), (25_000), (99_999), (100_000), (500_000), (1_000_000), (9_999_999),
    (10_000_000), (null)
) as given (premium_usd);
-- expect: premium_usd, premium_tier_usd
values
(24_999.99, 0), (25_000, 25_000), (99_999, 25_000), (100_000, 100_000), (500_000, 500_000),
(1_000_000, 1_000_000), (9_999_999, 1_000_000), (10_000_000, 10_000_000), (null, null);

-- case: buckets of days and of the delta without its sign
-- given: curated.option_trades
select *
from (
    values
    ('2024-03-01', -0.1), ('2024-03-02', 0.2), ('2024-03-08', 0.4), ('2024-03-09', 0.6),
    ('2024-03-31', 0.8), ('2024-04-30', 1), ('2024-05-01', -0.9), ('2024-08-28', 0),
    ('2024-08-29', null)
) as given (expiration, delta);
-- expect: expiration, dte_bucket, delta_bucket
values
('2024-03-01', '0', '0-0.2'),
('2024-03-02', '1-7', '0.2-0.4'),
('2024-03-08', '1-7', '0.4-0.6'),
('2024-03-09', '8-30', '0.6-0.8'),
('2024-03-31', '8-30', '0.8-1'),
('2024-04-30', '31-60', '0.8-1'),
('2024-05-01', '61-180', '0.8-1'),
('2024-08-28', '61-180', '0-0.2'),
('2024-08-29', 'over 180', null);
