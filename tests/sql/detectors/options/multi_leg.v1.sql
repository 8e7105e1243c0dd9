-- default: underlying = 'AAPL', venue = 'CBOE', session_date = '2024-03-01', tier = 1
-- default: package_type = 'vertical', n_legs = 2, n_prints = 2, ratio = '1:1', size = 500
-- default: started_at = '2024-03-01 15:00:00.00Z', ended_at = '2024-03-01 15:00:00.01Z'
-- default: known_at = '2024-03-01 15:00:01.06Z', multiplier = 100, is_told = false, side = 1
-- default: net_price = 3, premium_usd = 150_000, net_premium_usd = 150_000
-- default: legs_premium_usd = 350_000, package_delta = 0.3, legs_delta = 1, is_directional = true
-- default: net_delta_usd = 2_700_000, package_id = 'AAPL240315C00180000|CBOE:a'

-- case: a call spread bought for 3.00, 500 times, is 150,000 USD and leans up
-- given: features.option_packages
select
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call', 'contract': 'A',
            'size': 500, 'price': 5, 'premium_usd': 250_000, 'edge_usd': 500, 'delta': 0.65,
            'side': 1, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-03-15', 'strike': 185, 'put_call': 'call', 'contract': 'B',
            'size': 500, 'price': 2, 'premium_usd': 100_000, 'edge_usd': 0, 'delta': 0.35,
            'side': -1, 'trade_ids': ['CBOE:b']
        }
    ] as legs;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00.01Z', '2024-03-01 15:00:01.06Z', 'bull', 30, 0.8,
    150_000,
    'AAPL vertical of 2 legs, 500 times at 3.00 paid: 150000 USD of 350000 in its legs, '
    || 'delta 0.30 of 1.00',
    'options.multi_leg|AAPL|AAPL240315C00180000|CBOE:a|2024-03-01',
    '{
        "package_id": "AAPL240315C00180000|CBOE:a", "package_type": "vertical", "venue": "CBOE",
        "block_id": null, "tier": 1, "n_legs": 2, "n_prints": 2,
        "legs": [
            {
                "expiration": "2024-03-15", "strike": 180, "put_call": "call", "contract": "A",
                "size": 500, "price": 5, "premium_usd": 250000, "edge_usd": 500, "delta": 0.65,
                "side": 1, "trade_ids": ["CBOE:a"]
            },
            {
                "expiration": "2024-03-15", "strike": 185, "put_call": "call", "contract": "B",
                "size": 500, "price": 2, "premium_usd": 100000, "edge_usd": 0, "delta": 0.35,
                "side": -1, "trade_ids": ["CBOE:b"]
            }
        ],
        "size": 500, "ratio": "1:1", "multiplier": 100, "side": 1, "net_price": 3,
        "premium_usd": 150000, "net_premium_usd": 150000, "legs_premium_usd": 350000,
        "package_delta": 0.3, "legs_delta": 1, "net_delta_usd": 2700000,
        "is_directional": true, "is_inferred": false, "is_below_materiality": false,
        "unknown_side": false, "unknown_delta": false, "started_us": 1709305200000000,
        "ended_us": 1709305200010000
    }'
);

-- case: the score has its knots at 50 k, 250 k, 1 M, 10 M and 100 M USD of what is left
-- given: features.option_packages
select
    *,
    premium_usd as net_premium_usd
from (
    values
    ('a', 25_000), ('b', 49_999), ('c', 50_000), ('d', 250_000), ('e', 1_000_000),
    ('f', 10_000_000), ('g', 100_000_000), ('h', 900_000_000)
) as given (package_id, premium_usd);
-- expect: evidence ->> '$.package_id', score, evidence ->> '$.is_below_materiality'
values
('a', 17.5, 'true'), ('b', 19, 'true'), ('c', 20, 'false'), ('d', 40, 'false'), ('e', 60, 'false'),
('f', 80, 'false'), ('g', 100, 'false'), ('h', 100, 'false');

-- case: below 25,000 USD, or where nobody knows what is left, it stays quiet
-- given: features.option_packages
select *
from (
    values
    ('a', 24_999.99), ('b', null)
) as given (package_id, premium_usd);
-- expect: nothing

-- case: bounds that are parameters move
-- param: min_premium_usd = 10_000
-- param: min_material_usd = 200_000
-- given: features.option_packages
select *
from (
    values
    ('a', 10_000), ('b', 199_999), ('c', 200_000)
) as given (package_id, premium_usd);
-- expect: evidence ->> '$.package_id', score
values ('a', 16), ('b', 19), ('c', 35);

-- case: what is not directional is neutral and a mention; what nobody knows has no direction
-- given: features.option_packages
select *
from (
    values
    ('up', 1, 0.3, true), ('down', -1, -0.3, true), ('neither', 1, 0.29, false),
    ('flat', 1, 0, false), ('no side', null, null, null)
) as given (package_id, side, package_delta, is_directional);
-- expect: evidence ->> '$.package_id', direction, score, evidence ->> '$.unknown_side'
values
('up', 'bull', 30, 'false'), ('down', 'bear', 30, 'false'), ('neither', 'neutral', 19, 'false'),
('flat', 'neutral', 19, 'false'), ('no side', null, 19, 'true');

-- case: a code, a side that the source tells and a known delta make better evidence
-- given: features.option_packages
select *
from (
    values
    ('all of it', 1, true, 1, 0.3), ('by the price', 1, false, 1, 0.3),
    ('no delta', 1, false, 1, null), ('no side', 1, false, null, null),
    ('inferred', 2, false, null, null)
) as given (package_id, tier, is_told, side, package_delta);
-- expect: evidence ->> '$.package_id', confidence, evidence ->> '$.is_inferred'
values
('all of it', 1.0, 'false'), ('by the price', 0.8, 'false'), ('no delta', 0.7, 'false'),
('no side', 0.5, 'false'), ('inferred', 0.2, 'true');

-- case: a headline says only what is known
-- given: features.option_packages
select *
from (
    values
    ('a', 'iron_condor', 4, null, null, null), ('b', 'buy_write', 1, -1, null, 0.4)
) as given (package_id, package_type, n_legs, side, package_delta, legs_delta);
-- expect: headline
values
('AAPL iron condor of 4 legs, 500 times at 3.00: 150000 USD of 350000 in its legs'),
('AAPL buy write of 1 leg, 500 times at 3.00 taken: 150000 USD of 350000 in its legs');

-- case: what is not over by the end of the span is not answered
-- span: 2024-03-01 2024-03-01T15:00:01.06Z
-- given: features.option_packages
select 1 as tier;
-- expect: nothing

-- case: two orders that meet in one moment make another package than either was (noisy)
-- given: features.option_packages
select
    'condor' as package_type,
    4 as n_legs,
    '1:1:1:1' as ratio;
-- expect: headline, direction, score
values (
    'AAPL condor of 4 legs, 500 times at 3.00 paid: 150000 USD of 350000 in its legs, '
    || 'delta 0.30 of 1.00', 'bull', 30
);

-- case: a box is a loan, however large, and a mention (noisy)
-- given: features.option_packages
select
    'box' as package_type,
    4 as n_legs,
    98_000_000 as premium_usd,
    0.0 as package_delta,
    false as is_directional;
-- expect: direction, score, notional_usd
values ('neutral', 19, 98_000_000);

-- case: one who makes markets in two options of one size is taken for a package (noisy)
-- given: features.option_packages
select 2 as tier;
-- expect: confidence, evidence ->> '$.is_inferred', score
values (0.5, 'true', 30);
