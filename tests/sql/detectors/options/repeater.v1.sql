-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: parent_kind = 'split', size = 100, premium_usd = 100_000, session_date = '2024-03-01'
-- default: first_price = 10.00, last_price = 10.00, is_through = false, side_prob = 0.8
-- default: first_trade_id = 'X:a', trade_ids = ['X:a']

-- case: the third order in an hour fires, once they weigh a quarter of a million
-- given: features.option_parents
select
    *,
    cast(started_at as timestamptz) + interval 100 milliseconds as ended_at,
    cast(started_at as timestamptz) + interval 1_200 milliseconds as known_at
from (
    values
    ('2024-03-01 15:00Z', 'X:a', 100_000, 100, 10.00, 10.10),
    ('2024-03-01 15:20Z', 'X:b', 100_000, 100, 10.10, 10.10),
    ('2024-03-01 15:40Z', 'X:c', 110_000, 110, 10.20, 10.30)
) as given (started_at, first_trade_id, premium_usd, size, first_price, last_price);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:40:00.1Z', '2024-03-01 15:40:01.2Z', 'bull', 41.6, 0.7,
    310_000, 'AAPL240315C00180000 bought 3 times in 40 minutes for 310000 USD',
    'options.repeater|AAPL|AAPL240315C00180000|X:a|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8, "n_parents": 3,
        "parents": [
            {
                "started_us": 1709305200000000, "parent_kind": "split", "size": 100,
                "premium_usd": 100000, "trade_ids": ["X:a"]
            },
            {
                "started_us": 1709306400000000, "parent_kind": "split", "size": 100,
                "premium_usd": 100000, "trade_ids": ["X:a"]
            },
            {
                "started_us": 1709307600000000, "parent_kind": "split", "size": 110,
                "premium_usd": 110000, "trade_ids": ["X:a"]
            }
        ],
        "size": 310, "size_cv": 0.04562, "equal_sizes": true, "premium_usd": 310000,
        "is_through": false, "first_price": 10, "last_price": 10.3, "worse_usd": 0.3,
        "started_us": 1709305200000000, "ended_us": 1709307600100000
    }'
);

-- case: two orders, another side, another contract, or too little in one or in all stay quiet
-- given: features.option_parents
select
    * exclude (minute),
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute + interval 1_100 milliseconds
        as known_at
from (
    values
    ('two', 1, 200_000, 0), ('two', 1, 200_000, 10),
    ('sides', 1, 200_000, 0), ('sides', 1, 200_000, 10), ('sides', -1, 200_000, 20),
    ('small', 1, 200_000, 0), ('small', 1, 200_000, 10), ('small', 1, 24_999.99, 20),
    ('light', 1, 83_000, 0), ('light', 1, 83_000, 10), ('light', 1, 83_999.99, 20),
    ('unknown', 1, 200_000, 0), ('unknown', 1, 200_000, 10), ('unknown', 1, null, 20)
) as given (contract, side, premium_usd, minute);
-- expect: nothing

-- case: at each bound it fires
-- given: features.option_parents
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as started_at,
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as ended_at,
    timestamptz '2024-03-01 15:00Z' + (ms + 1_100) * interval 1 millisecond as known_at
from (
    values
    ('premium', 25_000, 0), ('premium', 25_000, 10_000), ('premium', 200_000, 20_000),
    ('a second', 100_000, 0), ('a second', 100_000, 1_000), ('a second', 100_000, 2_000),
    ('half an hour', 100_000, 0), ('half an hour', 100_000, 1_800_000),
    ('half an hour', 100_000, 3_600_000)
) as given (contract, premium_usd, ms);
-- expect: evidence ->> '$.contract', fired_at, notional_usd
values
('premium', timestamptz '2024-03-01 15:00:21.1Z', 250_000),
('a second', timestamptz '2024-03-01 15:00:03.1Z', 300_000),
('half an hour', timestamptz '2024-03-01 16:00:01.1Z', 300_000);

-- case: beyond each bound it does not
-- given: features.option_parents
select
    * exclude (ms),
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as started_at,
    timestamptz '2024-03-01 15:00Z' + ms * interval 1 millisecond as ended_at,
    timestamptz '2024-03-01 15:00Z' + (ms + 1_100) * interval 1 millisecond as known_at
from (
    values
    ('a second', 0), ('a second', 999), ('a second', 1_998), ('a second', 2_997),
    ('half an hour', 0), ('half an hour', 1_800_000), ('half an hour', 3_600_001),
    ('first hour', 0), ('first hour', 1_500_000), ('first hour', 1_500_999),
    ('first hour', 3_000_000 + 660_001)
) as given (contract, ms);
-- expect: nothing

-- case: it goes on from the moment at which it is enough, and fires once
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minute * interval 1 minute as known_at,
    first_trade_id
from (
    values
    (0, 'X:a'), (10, 'X:b'), (20, 'X:c'), (30, 'X:d'), (50, 'X:e'), (70, 'X:f'), (100, 'X:g')
) as given (minute, first_trade_id);
-- expect: fired_at, notional_usd, evidence ->> '$.n_parents', alert_key
values (
    timestamptz '2024-03-01 15:20:01.1Z', 300_000, '3',
    'options.repeater|AAPL|AAPL240315C00180000|X:a|2024-03-01'
);

-- case: a pause of more than half an hour begins another chain
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minute * interval 1 minute as known_at,
    first_trade_id
from (
    values
    (0, 'X:a'), (10, 'X:b'), (20, 'X:c'), (51, 'X:d'), (61, 'X:e'), (71, 'X:f')
) as given (minute, first_trade_id);
-- expect: fired_at, alert_key
values
(
    timestamptz '2024-03-01 15:20:01.1Z',
    'options.repeater|AAPL|AAPL240315C00180000|X:a|2024-03-01'
),
(
    timestamptz '2024-03-01 16:11:01.1Z',
    'options.repeater|AAPL|AAPL240315C00180000|X:d|2024-03-01'
);

-- case: asked for a moment in the middle of a long chain it begins no chain of its own
-- span: 2024-03-01T17:00Z 2024-03-02
-- given: features.option_parents
select
    timestamptz '2024-03-01 14:30Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 14:30Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 14:30:01.1Z' + minute * interval 1 minute as known_at
from range(0, 391, 10) as given (minute);
-- expect: nothing

-- case: the score is a sweep's, by the premium of all
-- given: features.option_parents
select
    given.contract,
    timestamptz '2024-03-01 15:00Z' + minutes.minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minutes.minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minutes.minute * interval 1 minute as known_at,
    case when minutes.minute = 2 then given.premium_usd - 100_000 else 50_000 end as premium_usd
from (values (0), (1), (2)) as minutes (minute)
cross join (
    values
    ('a', 250_000), ('b', 625_000), ('c', 1_000_000), ('d', 5_500_000), ('e', 10_000_000),
    ('f', 55_000_000), ('g', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 40), ('b', 50), ('c', 60), ('d', 70), ('e', 80), ('f', 90), ('g', 100);

-- case: equal sizes at the far quote, at a price that got worse, are better evidence
-- given: features.option_parents
select
    given.contract, given.put_call, given.side,
    timestamptz '2024-03-01 15:00Z' + minutes.minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minutes.minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minutes.minute * interval 1 minute as known_at,
    case when minutes.minute = 1 then given.size else 100 end as size,
    case when minutes.minute = 2 then given.is_through else true end as is_through,
    case when minutes.minute = 2 then given.last_price else 10.00 end as last_price
from (values (0), (1), (2)) as minutes (minute)
cross join (
    values
    ('none', 'call', 1, 150, false, 9.99), ('equal', 'call', -1, 100, false, 10.01),
    ('through', 'put', 1, 150, true, 9.99), ('worse', 'put', -1, 150, false, 9.99)
) as given (contract, put_call, side, size, is_through, last_price);
-- expect: evidence ->> '$.contract', direction, confidence
values
('none', 'bull', 0.3), ('equal', 'bear', 0.6), ('through', 'bear', 0.6), ('worse', 'bull', 0.4);

-- case: its bounds are parameters
-- param: min_parent_usd = 1_000
-- param: min_premium_usd = 4_000
-- param: min_parents = 4
-- param: min_gap = 2 seconds
-- param: max_gap = 3 seconds
-- param: max_span = 10 seconds
-- param: max_equal_cv = 1
-- given: features.option_parents
select
    contract,
    1_000 as premium_usd,
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as started_at,
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + s * interval 1 second as known_at
from (
    values
    ('a', 0), ('a', 2), ('a', 4), ('a', 7), ('b', 0), ('b', 1), ('b', 2), ('b', 3),
    ('c', 0), ('c', 2), ('c', 4), ('c', 8), ('d', 0), ('d', 3), ('d', 6), ('d', 7), ('d', 9),
    ('d', 11)
) as given (contract, s);
-- expect: evidence ->> '$.contract', fired_at, confidence
values
('a', timestamptz '2024-03-01 15:00:08.1Z', 0.7),
('d', timestamptz '2024-03-01 15:00:10.1Z', 0.7);

-- case: many who follow one piece of news look like one (noisy)
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as started_at,
    timestamptz '2024-03-01 15:00Z' + s * interval 1 second as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + s * interval 1 second as known_at,
    size
from (
    values (0, 20), (2, 700), (5, 35), (9, 210)
) as given (s, size);
-- expect: fired_at, confidence
values (timestamptz '2024-03-01 15:00:06.1Z', 0.4);

-- case: an index that is hedged all day fires again after each pause (noisy)
-- given: features.option_parents
select
    'SPX' as underlying,
    'SPXW240301P05100000' as contract,
    'put' as put_call,
    'C:' || minute as first_trade_id,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minute * interval 1 minute as known_at
from (values (0), (5), (10), (15), (60), (65), (70)) as given (minute);
-- expect: entity, direction, alert_key
values
('SPX', 'bear', 'options.repeater|SPX|SPXW240301P05100000|C:0|2024-03-01'),
('SPX', 'bear', 'options.repeater|SPX|SPXW240301P05100000|C:60|2024-03-01');

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:20:01.1Z
-- given: features.option_parents
select
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as started_at,
    timestamptz '2024-03-01 15:00Z' + minute * interval 1 minute as ended_at,
    timestamptz '2024-03-01 15:00:01.1Z' + minute * interval 1 minute as known_at
from (values (0), (10), (20)) as given (minute);
-- expect: nothing
