-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: venue = 'CBOE', trade_id = 'a', opt_trade_class = 'regular', is_iso = false
-- default: is_floor = false, price = 3.00, size = 500, premium_usd = 150_000, side_prob = 0.8
-- default: price_bucket = 'at_ask', session_date = '2024-03-01', sequence = 1
-- default: traded_at = '2024-03-01 15:00:00Z', is_adjusted = false

-- case: the rule book's print of five hundred is a block, once nothing can follow it
-- given: curated.option_trades
select 'AAPL240315C00180000' as contract;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00Z', '2024-03-01 15:00:01.1Z', 'bull', 30, 1, 150_000,
    'AAPL240315C00180000 block of 500 bought for 150000 USD (regular)',
    'options.block|AAPL|AAPL240315C00180000|CBOE:a|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8, "trade_ids": ["CBOE:a"],
        "opt_trade_class": "regular", "is_iso": false, "is_floor": false, "size": 500,
        "price": 3, "premium_usd": 150000, "price_bucket": "at_ask", "delta": null, "iv": null,
        "underlying_price": null, "is_adjusted": false, "unknown_side": false,
        "traded_us": 1709305200000000, "known_us": 1709305200000000
    }'
);

-- case: what is arranged fires as it is told, and has a side only where somebody can say it
-- given: curated.option_trades
select
    *,
    timestamptz '2024-03-01 15:00:20Z' as known_at
from (
    values
    ('auction', 'auction', false, 1, 'at_ask'),
    ('no side', 'auction', false, null, 'mid'),
    ('cross', 'cross', false, 1, null),
    ('iso cross', 'cross', true, null, null),
    ('floor', 'floor', false, null, null),
    ('told floor', 'floor', false, -1, null)
) as given (contract, opt_trade_class, is_iso, side, price_bucket);
-- expect: evidence ->> '$.contract', fired_at, direction, confidence,
--     evidence ->> '$.unknown_side', headline
values
(
    'auction', '2024-03-01 15:00:20Z', 'bull', 1, 'false',
    'auction block of 500 bought for 150000 USD (auction)'
),
(
    'no side', '2024-03-01 15:00:20Z', null, 0.4, 'true',
    'no side block of 500 traded for 150000 USD (auction)'
),
(
    'cross', '2024-03-01 15:00:20Z', null, 0.4, 'true',
    'cross block of 500 traded for 150000 USD (cross)'
),
(
    'iso cross', '2024-03-01 15:00:20Z', null, 0.4, 'true',
    'iso cross block of 500 traded for 150000 USD (cross)'
),
(
    'floor', '2024-03-01 15:00:20Z', null, 0.4, 'true',
    'floor block of 500 traded for 150000 USD (floor)'
),
(
    'told floor', '2024-03-01 15:00:20Z', 'bear', 0.7, 'false',
    'told floor block of 500 sold for 150000 USD (floor)'
);

-- case: other classes, and what is below either bound, stay quiet
-- given: curated.option_trades
select *
from (
    values
    ('a', 'multi_leg', 500, 150_000), ('b', 'stock_tied', 500, 150_000),
    ('c', 'late', 500, 150_000), ('d', 'extended', 500, 150_000), ('e', null, 500, 150_000),
    ('f', 'regular', 99, 150_000), ('g', 'regular', 500, 99_999.99), ('h', 'regular', 500, null)
) as given (contract, opt_trade_class, size, premium_usd);
-- expect: nothing

-- case: at both bounds it fires
-- given: curated.option_trades
select
    100 as size,
    100_000 as premium_usd;
-- expect: score, notional_usd
values (25, 100_000);

-- case: its bounds are parameters
-- param: min_size = 10
-- param: min_premium_usd = 1_000
-- param: max_gap = 50 milliseconds
-- param: max_run_delay = 2 seconds
-- param: max_report_delay = 3 seconds
-- given: curated.option_trades
select
    10 as size,
    1_000 as premium_usd,
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as traded_at,
    timestamptz '2024-03-01 15:00Z' + known_ms * interval 1 millisecond as known_at,
    * exclude (ms, known_ms)
from (
    values
    ('a', 'regular', 0, 1_500), ('b', 'regular', 51, 1_500), ('c', 'cross', 0, 3_000),
    ('d', 'cross', 0, 3_001)
) as given (trade_id, opt_trade_class, ms, known_ms);
-- expect: evidence ->> '$.trade_ids[0]', fired_at
values
('CBOE:a', timestamptz '2024-03-01 15:00:02.05Z'),
('CBOE:b', timestamptz '2024-03-01 15:00:02.101Z'),
('CBOE:c', timestamptz '2024-03-01 15:00:03Z');

-- case: a print on a book that is part of a run is no block, whoever began it
-- given: curated.option_trades
select
    * exclude (us),
    timestamptz '2024-03-01 15:00Z' + us * interval 1 microsecond as traded_at
from (
    values
    ('run', 'a', 'regular', 1, 0, 500), ('run', 'b', 'regular', 1, 100_000, 1),
    ('apart', 'a', 'regular', 1, 0, 500), ('apart', 'b', 'regular', 1, 100_001, 1),
    ('no side', 'a', 'regular', null, 0, 500), ('no side', 'b', 'regular', null, 100_000, 500),
    ('other side', 'a', 'regular', 1, 0, 500), ('other side', 'b', 'regular', -1, 0, 1),
    ('auctioned', 'a', 'regular', 1, 0, 500), ('auctioned', 'b', 'auction', 1, 0, 1),
    ('crossed twice', 'a', 'cross', null, 0, 500), ('crossed twice', 'b', 'cross', null, 0, 500)
) as given (contract, trade_id, opt_trade_class, side, us, size);
-- expect: evidence ->> '$.contract', evidence ->> '$.trade_ids[0]'
values
('apart', 'CBOE:a'),
('other side', 'CBOE:a'),
('auctioned', 'CBOE:a'),
('crossed twice', 'CBOE:a'),
('crossed twice', 'CBOE:b');

-- case: an auction that was swept belongs to a run as a regular print does
-- given: curated.option_trades
select
    *,
    true as is_iso
from (
    values
    ('run', 'a', 'auction'), ('run', 'b', 'regular'), ('alone', 'a', 'auction')
) as given (contract, trade_id, opt_trade_class);
-- expect: evidence ->> '$.contract', fired_at
values ('alone', '2024-03-01 15:00:01.1Z');

-- case: a late report is none, after a second on a book and after ninety for the rest
-- given: curated.option_trades
select *
from (
    values
    ('a', 'regular', '2024-03-01 15:00:01Z'),
    ('b', 'regular', '2024-03-01 15:00:01.000001Z'),
    ('c', 'floor', '2024-03-01 15:01:30Z'),
    ('d', 'floor', '2024-03-01 15:01:30.000001Z')
) as given (contract, opt_trade_class, known_at);
-- expect: evidence ->> '$.contract', fired_at
values
('a', '2024-03-01 15:00:01.1Z'),
('c', '2024-03-01 15:01:30Z');

-- case: a late print beside a block and a cancel known later change nothing that fired
-- given: curated.option_trades
select *
from (
    values
    ('a', 500, '2024-03-01 15:00:00.02Z', '2024-03-01 15:30Z'),
    ('late', 500, '2024-03-01 16:30Z', null)
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: fired_at, evidence ->> '$.trade_ids[0]'
values (timestamptz '2024-03-01 15:00:01.1Z', 'CBOE:a');

-- case: a print that was corrected is answered once, by the first version that is large
-- given: curated.option_trades
select *
from (
    values
    ('a', 'cross', 500, '2024-03-01 15:00:01Z', '2024-03-01 15:00:31Z'),
    ('a', 'cross', 600, '2024-03-01 15:00:31Z', null),
    ('b', 'cross', 50, '2024-03-01 15:00:01Z', '2024-03-01 15:00:31Z'),
    ('b', 'cross', 500, '2024-03-01 15:00:31Z', null),
    ('c', 'regular', 500, '2024-03-01 15:00:01Z', '2024-03-01 15:00:31Z'),
    ('c', 'cross', 600, '2024-03-01 15:00:31Z', null)
) as given (contract, opt_trade_class, size, known_at, withdrawn_at);
-- expect: evidence ->> '$.contract', fired_at, evidence ->> '$.size'
values
('a', timestamptz '2024-03-01 15:00:01Z', '500.0'),
('b', timestamptz '2024-03-01 15:00:31Z', '500.0'),
('c', timestamptz '2024-03-01 15:00:01.1Z', '500.0');

-- case: one id at two venues, or of two contracts, is two blocks
-- given: curated.option_trades
select
    *,
    'cross' as opt_trade_class
from (values ('C1', 'CBOE'), ('C1', 'ISE'), ('C2', 'CBOE')) as given (contract, venue);
-- expect: alert_key
values
('options.block|AAPL|C1|CBOE:a|2024-03-01'),
('options.block|AAPL|C1|ISE:a|2024-03-01'),
('options.block|AAPL|C2|CBOE:a|2024-03-01');

-- case: the score is a sweep's, by premium alone
-- given: curated.option_trades
select *
from (
    values
    ('a', 150_000), ('b', 250_000), ('c', 625_000), ('d', 1_000_000), ('e', 5_500_000),
    ('f', 10_000_000), ('g', 55_000_000), ('h', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 30), ('b', 40), ('c', 50), ('d', 60), ('e', 70), ('f', 80), ('g', 90), ('h', 100);

-- case: the side says the direction, and the far quote makes it surer
-- given: curated.option_trades
select *
from (
    values
    ('a', 'call', -1, 'at_bid'), ('b', 'put', 1, 'above_ask'), ('c', 'put', -1, 'mid'),
    ('d', 'call', 1, 'at_bid')
) as given (contract, put_call, side, price_bucket);
-- expect: evidence ->> '$.contract', direction, confidence
values
('a', 'bear', 1), ('b', 'bear', 1), ('c', 'bull', 0.7), ('d', 'bull', 0.7);

-- case: a broker who crosses two customers shows a block that nobody began (noisy)
-- given: curated.option_trades
select
    'cross' as opt_trade_class,
    null as side,
    2_000_000 as premium_usd;
-- expect: direction, score, confidence
values (null, 62.222222, 0.4);

-- case: a mistake that is cancelled a moment later has fired (noisy)
-- given: curated.option_trades
select
    'floor' as opt_trade_class,
    null as side,
    '2024-03-01 15:00:20Z' as known_at,
    '2024-03-01 15:00:20.5Z' as withdrawn_at;
-- expect: fired_at, score
values ('2024-03-01 15:00:20Z', 30);

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:01.1Z
-- given: curated.option_trades
select 'AAPL240315C00180000' as contract;
-- expect: nothing
