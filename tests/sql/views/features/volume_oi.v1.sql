-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', expiration = '2024-03-15'
-- default: put_call = 'call', calendar = 'XNYS', session_date = '2024-03-04', is_dead = false
-- default: multiplier = 100, oi_date = '2024-03-01', opt_trade_class = 'regular', venue = 'CBOE'

-- case: 1,300 of 1,000 at 0.15 pass the screen, 480 do not, and of nothing all is new
-- given: curated.option_chains
select
    *,
    '2024-03-04 21:30Z' as known_at
from (
    values
    ('passes', 1_300, 1_000, 0.15), ('too few', 480, 300, 0.15), ('new', 1_300, 0, 0.15),
    ('unknown', 1_300, null, 0.15)
) as given (contract, volume, open_interest, last);
-- expect: contract, session_date, known_at, origin, screen, underlying, expiration, put_call,
--     volume, open_interest, oi_date, vol_oi_ratio, last_price, premium_usd, is_0dte
values
(
    'passes', '2024-03-04', '2024-03-04 21:30Z', 'chain', 1, 'AAPL', '2024-03-15', 'call', 1_300,
    1_000, '2024-03-01', 1.3, 0.15, 19_500, false
),
(
    'new', '2024-03-04', '2024-03-04 21:30Z', 'chain', 0, 'AAPL', '2024-03-15', 'call', 1_300, 0,
    '2024-03-01', null, 0.15, 19_500, false
);

-- case: each bound of the screen
-- given: curated.option_chains
select
    *,
    '2024-03-04 21:30Z' as known_at
from (
    values
    ('a', 500, 200, 1.00), ('b', 501, 200, 1.00), ('c', 600, 100, 1.00), ('d', 600, 101, 1.00),
    ('e', 600, 200, 0.10), ('f', 600, 200, 0.11), ('g', 1_249, 1_000, 1.00),
    ('h', 1_250, 1_000, 1.00), ('new and few', 500, 0, 1.00), ('new and cheap', 600, 0, 0.10)
) as given (contract, volume, open_interest, last);
-- expect: contract, screen
values ('b', 1), ('d', 1), ('f', 1), ('h', 1);

-- case: threefold and tenfold count with their premium, and without it only as the one below
-- given: curated.option_chains
select
    *,
    1_000 as open_interest,
    '2024-03-04 21:30Z' as known_at
from (
    values
    ('a', 2_999, 1.00), ('b', 3_000, 0.34), ('c', 3_000, 0.33), ('d', 10_000, 1.00),
    ('e', 10_000, 0.99), ('f', 9_999, 9.00)
) as given (contract, volume, last);
-- expect: contract, screen, premium_usd
values
('a', 1, 299_900), ('b', 2, 102_000), ('c', 1, 99_000), ('d', 3, 1_000_000), ('e', 2, 990_000),
('f', 2, 8_999_100);

-- case: a later snapshot is told where it reaches more, and what never traded has its mid
-- given: curated.option_chains
select
    *,
    1_000 as open_interest,
    0.5 as mid
from (
    values
    (1_300, 0.50, '2024-03-04 15:00Z', '2024-03-04 16:00Z'),
    (2_900, 0.50, '2024-03-04 16:00Z', '2024-03-04 17:00Z'),
    (3_100, null, '2024-03-04 17:00Z', null)
) as given (volume, last, known_at, withdrawn_at);
-- expect: known_at, screen, volume, last_price
values ('2024-03-04 15:00Z', 1, 1_300, 0.5), ('2024-03-04 17:00Z', 2, 3_100, 0.5);

-- case: of dead symbols and coins nothing is told, and what expires today says so
-- given: curated.option_chains
select
    *,
    1_300 as volume,
    1_000 as open_interest,
    1.00 as last,
    '2024-03-04 21:30Z' as known_at
from (
    values
    ('dead', '2024-03-15', 'XNYS', true), ('coin', '2024-03-15', '24/7', false),
    ('today', '2024-03-04', 'XNYS', false)
) as given (contract, expiration, calendar, is_dead);
-- expect: contract, is_0dte
values ('today', true);

-- case: trades add up to each screen at the print that reaches it
-- given: features.prior_open_interest
select
    1_000 as open_interest,
    '2024-03-04 11:30Z' as known_at;
-- given: raw.option_trades
select
    20_000 as size,
    '2024-03-04 14:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    size * price * 100 as premium_usd
from (
    values
    ('a', 1_000, 0.20, 'regular', '2024-03-04 14:31Z'),
    ('b', 249, 0.20, 'multi_leg', '2024-03-04 14:32Z'),
    ('c', 1, 0.20, 'floor', '2024-03-04 14:33Z'),
    ('d', 1_750, 0.50, 'auction', '2024-03-04 14:34Z'),
    ('e', 900, 9.00, 'administrative', '2024-03-04 14:35Z'),
    ('f', 7_000, 1.50, 'cross', '2024-03-04 14:36Z')
) as given (trade_id, size, price, opt_trade_class, known_at);
-- expect: known_at, origin, screen, volume, vol_oi_ratio, last_price, premium_usd
values
('2024-03-04 14:33Z', 'trades', 1, 1_250, 1.25, 0.20, 25_000),
('2024-03-04 14:34Z', 'trades', 2, 3_000, 3, 0.50, 112_500),
('2024-03-04 14:36Z', 'trades', 3, 10_000, 10, 0.50, 1_162_500);

-- case: a print that was withdrawn counts until that is known
-- given: features.prior_open_interest
select
    1_000 as open_interest,
    '2024-03-04 11:30Z' as known_at;
-- given: raw.option_trades
select
    20_000 as size,
    '2024-03-04 14:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    1.00 as price,
    size * 100 as premium_usd
from (
    values
    ('a', 1_000, '2024-03-04 14:31Z', '2024-03-04 14:32Z'),
    ('b', 400, '2024-03-04 14:33Z', null),
    ('c', 850, '2024-03-04 14:34Z', null)
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: known_at, screen, volume
values ('2024-03-04 14:34Z', 1, 1_250);

-- case: a figure of the evening before that is corrected counts from then on
-- given: features.prior_open_interest
select *
from (
    values
    (5_000, '2024-03-04 11:30Z', '2024-03-04 14:32Z'),
    (1_000, '2024-03-04 14:32Z', null)
) as given (open_interest, known_at, withdrawn_at);
-- given: raw.option_trades
select
    20_000 as size,
    '2024-03-04 14:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    1.00 as price,
    size * 100 as premium_usd
from (
    values
    ('a', 2_000, '2024-03-04 14:31Z'), ('b', 10, '2024-03-04 14:33Z')
) as given (trade_id, size, known_at);
-- expect: known_at, screen, volume, open_interest
values ('2024-03-04 14:33Z', 1, 2_010, 1_000);

-- case: a print four hours after the close is none of it, and one before is, though it is late
-- given: features.prior_open_interest
select
    1_000 as open_interest,
    '2024-03-04 11:30Z' as known_at;
-- given: raw.option_trades
select
    20_000 as size,
    '2024-03-04 14:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    1.00 as price,
    size * 100 as premium_usd
from (
    values
    ('a', 1_240, 'regular', '2024-03-04 14:31Z'), ('b', 10, 'late', '2024-03-05 00:59Z'),
    ('c', 9_000, 'late', '2024-03-05 01:00Z')
) as given (trade_id, size, opt_trade_class, known_at);
-- expect: known_at, screen, volume
values ('2024-03-05 00:59Z', 1, 1_250);

-- case: a session before the span holds what traded since the open
-- span: 2024-03-04T20:00Z 2024-03-05
-- given: features.prior_open_interest
select
    1_000 as open_interest,
    '2024-03-04 11:30Z' as known_at;
-- given: raw.option_trades
select
    20_000 as size,
    '2024-03-04 14:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    1.00 as price,
    size * 100 as premium_usd
from (
    values
    ('a', 1_240, '2024-03-04 14:30Z'), ('b', 10, '2024-03-04 20:00Z')
) as given (trade_id, size, known_at);
-- expect: known_at, volume
values ('2024-03-04 20:00Z', 1_250);
