-- default: underlying = 'AAPL', venue = 'CBOE', session_date = '2024-03-01'
-- default: expiration = '2024-03-15', strike = 180, put_call = 'call', multiplier = 100
-- default: opt_trade_class = 'multi_leg', price = 2.0, size = 10, premium_usd = 2_000

-- case: two coded prints of one moment are a package, known 50 ms and a second behind its last
-- given: curated.option_prints
select
    *,
    traded_at as known_at
from (
    values
    ('A', 'a', 180, 5.0, 5_000, '2024-03-01 15:00:00.0000Z'),
    ('B', 'b', 185, 2.0, 2_000, '2024-03-01 15:00:00.0004Z')
) as given (contract, trade_id, strike, price, premium_usd, traded_at);
-- expect: package_id, underlying, venue, started_at, ended_at, known_at, session_date, tier,
--     is_stock_tied, block_id, n_legs, n_prints, size, has_ratio, multiplier, legs_premium_usd,
--     n_told, n_quoted, n_deltas
values (
    'A|CBOE:a', 'AAPL', 'CBOE', '2024-03-01 15:00:00Z', '2024-03-01 15:00:00.0004Z',
    '2024-03-01 15:00:01.0504Z', '2024-03-01', 1, false, null, 2, 2, 10, true, 100, 7_000,
    0, 0, 0
);

-- case: a leg's prints are added up, with what was paid over the mid where each had a quote
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    ('B', 'd', 185, 6, 2.00, 1_200, 2.05, 2.15, -1, 0.3),
    ('A', 'c', 180, 6, 5.05, 3_030, 4.90, 5.10, 1, 0.6),
    ('B', 'b', 185, 4, 2.00, 800, null, 2.15, -1, 0.3),
    ('A', 'a', 180, 4, 5.00, 2_000, 4.90, 5.10, 1, 0.6)
) as given (contract, trade_id, strike, size, price, premium_usd, bid, ask, side_told, delta);
-- expect: package_id, n_legs, n_prints, size, n_told, told_usd, n_quoted, n_deltas, told_delta,
--     legs_delta, to_json(legs)
values (
    'A|CBOE:a', 2, 4, 10, 2, 3_030, 1, 2, 3, 9,
    '[
        {
            "expiration": "2024-03-15", "strike": 180, "put_call": "call", "contract": "A",
            "size": 10, "price": 5.03, "premium_usd": 5030, "edge_usd": 30, "delta": 0.6,
            "side": 1, "trade_ids": ["CBOE:a", "CBOE:c"]
        },
        {
            "expiration": "2024-03-15", "strike": 185, "put_call": "call", "contract": "B",
            "size": 10, "price": 2, "premium_usd": 2000, "edge_usd": null, "delta": 0.3,
            "side": -1, "trade_ids": ["CBOE:b", "CBOE:d"]
        }
    ]'
);

-- case: a leg that prints alone in its moment joins another that does, within 50 ms
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    traded_at as known_at
from (
    values
    ('in time', 'A', '2024-03-01 15:00:00.000000Z'),
    ('in time', 'B', '2024-03-01 15:00:00.050000Z'),
    ('too late', 'C', '2024-03-01 15:00:00.000000Z'),
    ('too late', 'D', '2024-03-01 15:00:00.050001Z')
) as given (underlying, contract, traded_at);
-- expect: underlying, n_legs, known_at
values ('in time', 2, '2024-03-01 15:00:01.1Z');

-- case: what has two contracts in a moment stands for itself; the run's rest is another package
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    traded_at as known_at
from (
    values
    ('A', 5, '2024-03-01 15:00:00.000Z'),
    ('B', 5, '2024-03-01 15:00:00.001Z'),
    ('C', 7, '2024-03-01 15:00:00.010Z'),
    ('D', 5, '2024-03-01 15:00:00.020Z'),
    ('E', 5, '2024-03-01 15:00:00.0205Z'),
    ('F', 7, '2024-03-01 15:00:00.060Z')
) as given (contract, size, traded_at);
-- expect: package_id, n_legs, size, ended_at, known_at
values
('A|CBOE:A', 2, 5, '2024-03-01 15:00:00.001Z', '2024-03-01 15:00:01.11Z'),
('D|CBOE:D', 2, 5, '2024-03-01 15:00:00.0205Z', '2024-03-01 15:00:01.11Z'),
('C|CBOE:C', 2, 7, '2024-03-01 15:00:00.06Z', '2024-03-01 15:00:01.11Z');

-- case: fills of the same contracts in one run are one package; of others they are not
-- given: curated.option_prints
select
    *,
    traded_at as known_at
from (
    values
    ('A', 'a', 4, '2024-03-01 15:00:00.000Z'),
    ('B', 'b', 4, '2024-03-01 15:00:00.000Z'),
    ('A', 'c', 6, '2024-03-01 15:00:00.030Z'),
    ('B', 'd', 6, '2024-03-01 15:00:00.030Z'),
    ('A', 'e', 6, '2024-03-01 15:00:00.060Z'),
    ('C', 'f', 6, '2024-03-01 15:00:00.060Z')
) as given (contract, trade_id, size, traded_at);
-- expect: package_id, n_legs, n_prints, size
values
('A|CBOE:a', 2, 4, 10),
('A|CBOE:e', 2, 2, 6);

-- case: sizes are equal, or 1, 2 and 3 parts of one; all others are no package
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    ('1:1', 'A', 7), ('1:1', 'B', 7),
    ('1:2', 'A', 7), ('1:2', 'B', 14),
    ('1:3', 'A', 21), ('1:3', 'B', 7),
    ('2:3', 'A', 14), ('2:3', 'B', 21),
    ('1:2:1', 'A', 7), ('1:2:1', 'B', 14), ('1:2:1', 'C', 7),
    ('1:2:3', 'A', 7), ('1:2:3', 'B', 14), ('1:2:3', 'C', 21),
    ('1:4', 'A', 7), ('1:4', 'B', 28),
    ('5:7', 'A', 5), ('5:7', 'B', 7),
    ('2:3:4', 'A', 14), ('2:3:4', 'B', 21), ('2:3:4', 'C', 28),
    ('2:5:6', 'A', 14), ('2:5:6', 'B', 35), ('2:5:6', 'C', 42)
) as given (underlying, contract, size);
-- expect: underlying, size
values ('1:1', 7), ('1:2', 7), ('1:3', 7), ('2:3', 7), ('1:2:1', 7), ('1:2:3', 7);

-- case: six legs are the most
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    ('six', 'A'), ('six', 'B'), ('six', 'C'), ('six', 'D'), ('six', 'E'), ('six', 'F'),
    ('seven', 'A'), ('seven', 'B'), ('seven', 'C'), ('seven', 'D'), ('seven', 'E'),
    ('seven', 'F'), ('seven', 'G')
) as given (underlying, contract);
-- expect: underlying, n_legs
values ('six', 6);

-- case: without a code it takes ten contracts, one venue, one underlying and two contracts
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at,
    row_number() over () as trade_id
from (
    values
    ('ten', 'CBOE', 'regular', 'A', 10), ('ten', 'CBOE', 'auction', 'B', 10),
    ('nine', 'CBOE', 'regular', 'A', 9), ('nine', 'CBOE', 'regular', 'B', 9),
    ('two venues', 'CBOE', 'regular', 'A', 10), ('two venues', 'ISE', 'regular', 'B', 10),
    ('one contract', 'CBOE', 'regular', 'A', 10), ('one contract', 'CBOE', 'regular', 'A', 10),
    ('this', 'CBOE', 'regular', 'A', 10), ('that', 'CBOE', 'regular', 'B', 10),
    ('no leg', 'CBOE', 'floor', 'A', 10), ('no leg', 'CBOE', 'cross', 'B', 10),
    ('no class', 'CBOE', null, 'A', 10), ('no class', 'CBOE', null, 'B', 10)
) as given (underlying, venue, opt_trade_class, contract, size);
-- expect: underlying, tier, n_legs, size
values ('ten', 2, 2, 10);

-- case: coded prints, prints with stock and prints without a code never mix
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    ('multi_leg', 'A'), ('multi_leg', 'B'),
    ('stock_tied', 'C'), ('stock_tied', 'D'),
    ('regular', 'E'), ('regular', 'F')
) as given (opt_trade_class, contract);
-- expect: package_id, tier, is_stock_tied, n_legs
values
('A|CBOE:A', 1, false, 2),
('C|CBOE:C', 1, true, 2),
('E|CBOE:E', 2, false, 2);

-- case: one option alone is a package only if it came with stock
-- given: curated.option_prints
select
    *,
    opt_trade_class as trade_id,
    'A' as contract,
    '2024-03-01 15:00Z' as known_at,
    '2024-03-01 15:00Z' as traded_at
from (values ('multi_leg'), ('stock_tied')) as given (opt_trade_class);
-- expect: is_stock_tied, n_legs, n_prints
values (true, 1, 1);

-- case: a block that its source names is the package, of whatever class and sizes
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    traded_at as known_at
from (
    values
    ('b1', 'cross', 'A', 12.5, '2024-03-01 15:00:00.00Z'),
    ('b1', 'cross', 'B', 40, '2024-03-01 15:00:00.00Z'),
    ('b1', null, 'C', 7.5, '2024-03-01 15:00:00.01Z'),
    ('b2', 'cross', 'D', 12.5, '2024-03-01 15:00:00.00Z'),
    ('b2', 'multi_leg', 'E', 25, '2024-03-01 15:00:00.00Z'),
    ('b3', 'cross', 'F', 12.5, '2024-03-01 15:00:00.00Z'),
    ('b4', 'cancel', 'G', 12.5, '2024-03-01 15:00:00.00Z'),
    ('b4', 'cross', 'H', 12.5, '2024-03-01 15:00:00.00Z')
) as given (block_id, opt_trade_class, contract, size, traded_at);
-- expect: block_id, tier, n_legs, size, has_ratio
values
('b1', 1, 3, 7.5, false),
('b2', 1, 2, 12.5, true);

-- case: a print that was reported over a second late, or cancelled by then, is no leg
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('late', 'A', '2024-03-01 15:00:00.0Z', null),
    ('late', 'B', '2024-03-01 15:00:01.1Z', null),
    ('in time', 'A', '2024-03-01 15:00:00.0Z', null),
    ('in time', 'B', '2024-03-01 15:00:01.0Z', null),
    ('cancelled', 'A', '2024-03-01 15:00:00.0Z', null),
    ('cancelled', 'B', '2024-03-01 15:00:00.0Z', '2024-03-01 15:00:01Z'),
    ('cancelled later', 'A', '2024-03-01 15:00:00.0Z', null),
    ('cancelled later', 'B', '2024-03-01 15:00:00.0Z', '2024-03-01 15:00:01.1Z')
) as given (underlying, contract, known_at, withdrawn_at);
-- expect: underlying, known_at
values
('in time', '2024-03-01 15:00:01.05Z'),
('cancelled later', '2024-03-01 15:00:01.05Z');

-- case: what is not over by the end of the question is not there
-- span: 2024-03-01 2024-03-01T15:00:01.05Z
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    traded_at as known_at
from (
    values
    ('over', 'A', '2024-03-01 14:59:59.999Z'),
    ('over', 'B', '2024-03-01 14:59:59.999Z'),
    ('not over', 'A', '2024-03-01 15:00:00Z'),
    ('not over', 'B', '2024-03-01 15:00:00Z')
) as given (underlying, contract, traded_at);
-- expect: underlying
values ('over');

-- case: moments more than 200 ms behind their run's begin stand for themselves, each at once
-- given: curated.option_prints
select
    *,
    row_number() over () as trade_id,
    traded_at as known_at
from (
    values
    ('A', '2024-03-01 15:00:00.000Z'), ('B', '2024-03-01 15:00:00.000Z'),
    ('C', '2024-03-01 15:00:00.050Z'),
    ('C', '2024-03-01 15:00:00.100Z'),
    ('C', '2024-03-01 15:00:00.150Z'),
    ('A', '2024-03-01 15:00:00.200Z'), ('B', '2024-03-01 15:00:00.200Z'),
    ('A', '2024-03-01 15:00:00.250Z'), ('B', '2024-03-01 15:00:00.250Z'),
    ('D', '2024-03-01 15:00:00.300Z'),
    ('E', '2024-03-01 15:00:00.350Z')
) as given (contract, traded_at);
-- expect: started_at, n_legs, size, known_at
values
('2024-03-01 15:00:00.00Z', 2, 20, '2024-03-01 15:00:01.25Z'),
('2024-03-01 15:00:00.25Z', 2, 10, '2024-03-01 15:00:01.30Z');

-- case: a moment without a gap ends after 50 ms, too
-- given: curated.option_prints
select
    prints.n as trade_id,
    case when prints.n % 2 = 0 then 'A' else 'B' end as contract,
    timestamptz '2024-03-01 15:00Z' + prints.n * interval 900 microseconds as traded_at,
    timestamptz '2024-03-01 15:00Z' + prints.n * interval 900 microseconds as known_at
from range(100) as prints (n);
-- expect: n_prints, ended_at, known_at
values (56, '2024-03-01 15:00:00.0495Z', '2024-03-01 15:00:01.0995Z');
