-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', expiration = '2024-03-15'
-- default: strike = 180, put_call = 'call', side = 1, side_prob = 0.8, venue = 'CBOE'
-- default: opt_trade_class = 'regular', is_iso = false, price_bucket = 'at_ask'
-- default: price = 1.00, size = 10, premium_usd = 1_000, session_date = '2024-03-01'
-- default: traded_at = '2024-03-01 15:00:00Z', sequence = 1, is_adjusted = false

-- case: the rule book's rows are one sweep, two singles, one block and one split
-- given: curated.option_trades
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at
from (
    values
    ('C1', 1, 'A', 'a', 0, 10),
    ('C1', 1, 'B', 'b', 40, 20),
    ('C1', 1, 'C', 'c', 120, 30),
    ('C1', 1, 'A', 'd', 5_000, 50),
    ('C1', -1, 'B', 'e', 5_010, 50),
    ('C2', 1, 'A', 'f', 0, 500),
    ('C3', 1, 'X', 'g', 1_000, 30),
    ('C3', 1, 'X', 'h', 1_050, 30),
    ('C3', 1, 'X', 'i', 1_090, 40)
) as given (contract, side, venue, trade_id, ms, size);
-- expect: contract, side, parent_kind, n_prints, n_exchanges, size, ended_at - started_at,
--     first_trade_id, array_to_string(trade_ids, ' '), known_at
values
(
    'C1', 1, 'sweep', 3, 3, 60, interval 120 milliseconds, 'A:a', 'A:a B:b C:c',
    timestamptz '2024-03-01 15:00:01.22Z'
),
(
    'C1', 1, 'single', 1, 1, 50, interval 0 seconds, 'A:d', 'A:d',
    timestamptz '2024-03-01 15:00:06.1Z'
),
(
    'C1', -1, 'single', 1, 1, 50, interval 0 seconds, 'B:e', 'B:e',
    timestamptz '2024-03-01 15:00:06.11Z'
),
(
    'C2', 1, 'block', 1, 1, 500, interval 0 seconds, 'A:f', 'A:f',
    timestamptz '2024-03-01 15:00:01.1Z'
),
(
    'C3', 1, 'split', 3, 1, 100, interval 90 milliseconds, 'X:g', 'X:g X:h X:i',
    timestamptz '2024-03-01 15:00:02.19Z'
);

-- case: it measures its prints, and takes from the first what was known before it
-- given: curated.option_trades
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at
from (
    values
    ('ISE', 0, 10, 1.00, 1_000, 0.8, true, 0.41, 0.30, 179.50, 'at_ask'),
    ('CBOE', 10, 10, 1.03, 1_030, 0.8, false, 0.42, 0.31, 179.51, 'above_ask'),
    ('ISE', 20, 20, 1.02, 2_040, 0.65, true, 0.43, 0.32, 179.52, 'upper'),
    ('ISE', 150, 20, 1.02, 2_040, 0.65, true, 0.43, 0.32, 179.52, 'upper')
) as given (
    venue, ms, size, price, premium_usd, side_prob, is_iso, delta, iv, underlying_price,
    price_bucket
);
-- expect: n_prints, n_exchanges, n_hits, size, premium_usd, iso_frac, is_through, worse_usd,
--     first_price, last_price, min_price, max_price, side_prob, size_cv, delta, iv,
--     underlying_price
values
(
    3, 2, 3, 40, 4_070, 0.666667, false, 0.02, 1.00, 1.02, 1.00, 1.03, 0.75, 0.353553, 0.41,
    0.30, 179.50
),
(1, 1, 1, 20, 2_040, 1, false, 0, 1.02, 1.02, 1.02, 1.02, 0.65, null, 0.43, 0.32, 179.52);

-- case: what it is worse is seen from the side that began it
-- given: curated.option_trades
select *
from (
    values
    ('C1', 1, 'a', 1, 1.00, 'at_ask'), ('C1', 1, 'b', 2, 1.02, 'above_ask'),
    ('C2', -1, 'a', 1, 1.00, 'at_bid'), ('C2', -1, 'b', 2, 1.02, 'below_bid'),
    ('C3', -1, 'a', 1, 1.00, 'at_bid'), ('C3', -1, 'b', 2, 1.00, 'at_ask')
) as given (contract, side, trade_id, sequence, price, price_bucket);
-- expect: contract, worse_usd, is_through, size_cv
values
('C1', 0.02, true, 0),
('C2', -0.02, true, 0),
('C3', 0, false, 0);

-- case: the gap is 100 ms at most, and the whole a second
-- given: curated.option_trades
select
    * exclude (us),
    timestamptz '2024-03-01 15:00Z' + us * interval 1 microsecond as traded_at
from (
    values
    ('gap', 'a', 0), ('gap', 'b', 100_000), ('gap', 'c', 200_001),
    ('span', 'a', 0), ('span', 'b', 100_000), ('span', 'c', 200_000), ('span', 'd', 300_000),
    ('span', 'e', 400_000), ('span', 'f', 500_000), ('span', 'g', 600_000), ('span', 'h', 700_000),
    ('span', 'i', 800_000), ('span', 'j', 900_000), ('span', 'k', 1_000_000),
    ('span', 'l', 1_000_001), ('span', 'm', 1_100_000), ('span', 'n', 1_300_000)
) as given (contract, trade_id, us);
-- expect: contract, first_trade_id, n_prints, n_hits
values
('gap', 'CBOE:a', 2, 2),
('gap', 'CBOE:c', 1, 1),
('span', 'CBOE:a', 11, 2),
('span', 'CBOE:n', 1, 1);

-- case: both bounds are parameters, and so are the delay and the size of a block
-- param: max_gap = 50 milliseconds
-- param: max_span = 80 milliseconds
-- param: max_report_delay = 2 seconds
-- param: min_block_size = 10
-- given: curated.option_trades
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at,
    timestamptz '2024-03-01 15:00:01.9Z' as known_at
from (
    values
    ('gap', 'a', 0), ('gap', 'b', 50), ('gap', 'c', 101),
    ('span', 'a', 0), ('span', 'b', 40), ('span', 'c', 80), ('span', 'd', 90)
) as given (contract, trade_id, ms);
-- expect: contract, parent_kind, n_prints, known_at
values
('gap', 'split', 2, timestamptz '2024-03-01 15:00:02.1Z'),
('gap', 'block', 1, timestamptz '2024-03-01 15:00:02.151Z'),
('span', 'split', 3, timestamptz '2024-03-01 15:00:02.13Z');

-- case: other classes, and what has no side, are in none; an auction only if it was a sweep order
-- given: curated.option_trades
select *
from (
    values
    ('regular', false, 1), ('regular', false, null), ('auction', true, 1), ('auction', false, 1),
    ('cross', true, 1), ('floor', false, 1), ('multi_leg', false, 1), ('stock_tied', false, 1),
    ('late', false, 1), ('extended', false, 1), (null, false, 1)
) as given (opt_trade_class, is_iso, side);
-- expect: n_prints, iso_frac
values (2, 0.5);

-- case: what is reported later than a second after it traded is in none
-- given: curated.option_trades
select *
from (
    values
    ('a', '2024-03-01 15:00:00.01Z'),
    ('b', '2024-03-01 15:00:01Z'),
    ('c', '2024-03-01 15:00:01.000001Z')
) as given (trade_id, known_at);
-- expect: n_prints, array_to_string(trade_ids, ' ')
values (2, 'CBOE:a CBOE:b');

-- case: what is withdrawn before reports are in is in none, what is withdrawn later stays
-- given: curated.option_trades
select *
from (
    values
    ('a', '2024-03-01 15:00:00.01Z', '2024-03-01 15:00:01Z'),
    ('b', '2024-03-01 15:00:00.01Z', '2024-03-01 15:00:01.000001Z'),
    ('c', '2024-03-01 15:00:00.01Z', null)
) as given (trade_id, known_at, withdrawn_at);
-- expect: n_prints, array_to_string(trade_ids, ' ')
values (2, 'CBOE:b CBOE:c');

-- case: a correction within the second takes the place of what it corrects
-- given: curated.option_trades
select *
from (
    values
    ('a', 10, '2024-03-01 15:00:00.01Z', '2024-03-01 15:00:00.5Z'),
    ('a', 20, '2024-03-01 15:00:00.5Z', null)
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: parent_kind, n_prints, size
values ('single', 1, 20);

-- case: of two prints of one moment the source's order says which was first
-- given: curated.option_trades
select *
from (
    values
    ('z', 1, 1.00),
    ('a', 2, 1.02)
) as given (trade_id, sequence, price);
-- expect: first_trade_id, first_price, last_price
values ('CBOE:z', 1.00, 1.02);

-- case: one id at two venues is two prints
-- given: curated.option_trades
select *
from (
    values
    ('CBOE', '1'),
    ('ISE', '1')
) as given (venue, trade_id);
-- expect: parent_kind, array_to_string(trade_ids, ' ')
values ('sweep', 'CBOE:1 ISE:1');

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:01.1Z
-- given: curated.option_trades
select *
from (
    values
    ('C1', '2024-03-01 14:59:59.999999Z'),
    ('C2', '2024-03-01 15:00:00Z')
) as given (contract, traded_at);
-- expect: contract, known_at
values ('C1', timestamptz '2024-03-01 15:00:01.099999Z');

-- case: the most prints within 100 ms need not be its first
-- given: curated.option_trades
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at
from (
    values
    ('a', 0), ('b', 90), ('c', 180), ('d', 200), ('e', 260), ('f', 280), ('g', 281), ('h', 370)
) as given (trade_id, ms);
-- expect: n_prints, n_hits
values (8, 4);

-- case: six prints of twenty inside 80 ms are six hits of about twelve thousand
-- given: curated.option_trades
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at,
    20 as size,
    20 * 100 * price as premium_usd
from (
    values
    ('a', 0, 1.00), ('b', 16, 1.00), ('c', 32, 1.01), ('d', 48, 1.01), ('e', 64, 1.02),
    ('f', 80, 1.02)
) as given (trade_id, ms, price);
-- expect: n_hits, premium_usd, first_price, last_price, worse_usd, size_cv
values (6, 12_120, 1.00, 1.02, 0.02, 0);
