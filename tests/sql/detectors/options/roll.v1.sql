-- default: underlying = 'AAPL', venue = 'CBOE', session_date = '2024-03-11', tier = 1
-- default: package_type = 'diagonal', n_legs = 2, n_prints = 2, size = 500, side = 1
-- default: started_at = '2024-03-11 15:00:00.00Z', ended_at = '2024-03-11 15:00:00.01Z'
-- default: known_at = '2024-03-11 15:00:01.06Z', net_price = 1.2, premium_usd = 60_000
-- default: net_premium_usd = 60_000, package_id = 'AAPL240315C00180000|CBOE:a'
-- default: legs = [{'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call',
--     'contract': 'AAPL240315C00180000', 'size': 500, 'price': 3.8, 'premium_usd': 190_000,
--     'edge_usd': 0, 'delta': null, 'side': -1, 'trade_ids': ['CBOE:a']},
--     {'expiration': '2024-04-19', 'strike': 185, 'put_call': 'call',
--     'contract': 'AAPL240419C00185000', 'size': 500, 'price': 5, 'premium_usd': 250_000,
--     'edge_usd': 500, 'delta': null, 'side': 1, 'trade_ids': ['CBOE:b']}]
-- default: oi_date = '2024-03-08', contract = 'AAPL240315C00180000'

-- case: 500 calls of this week sold for 500 of the next month's carry a long position on
-- given: features.option_packages
select 1 as tier;
-- given: features.prior_open_interest
select
    '2024-03-11 10:30Z' as known_at,
    2_000 as open_interest;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-11 15:00:00.01Z', '2024-03-11 15:00:01.06Z', 'bull', 40, 0.9,
    250_000,
    '500 of AAPL240315C00180000 rolled to AAPL240419C00185000 at 1.20 paid, long',
    'options.roll|AAPL|AAPL240315C00180000|CBOE:a|2024-03-11',
    '{
        "package_id": "AAPL240315C00180000|CBOE:a", "package_type": "diagonal", "venue": "CBOE",
        "tier": 1, "legs": [
            {
                "expiration": "2024-03-15", "strike": 180, "put_call": "call",
                "contract": "AAPL240315C00180000", "size": 500, "price": 3.8,
                "premium_usd": 190000, "edge_usd": 0, "delta": null, "side": -1,
                "trade_ids": ["CBOE:a"]
            },
            {
                "expiration": "2024-04-19", "strike": 185, "put_call": "call",
                "contract": "AAPL240419C00185000", "size": 500, "price": 5,
                "premium_usd": 250000, "edge_usd": 500, "delta": null, "side": 1,
                "trade_ids": ["CBOE:b"]
            }
        ],
        "n_prints": 2, "size": 500, "side": 1, "net_price": 1.2, "premium_usd": 60000,
        "net_premium_usd": 60000, "leg_usd": 250000, "near_days": 4, "far_days": 39,
        "strike_change": 5, "open_interest": 2000, "oi_date": "2024-03-08", "is_near_end": true, "is_inferred": false, "unknown_side": false,
        "unknown_interest": false, "started_us": 1710169200000000, "ended_us": 1710169200010000
    }'
);

-- case: other packages are no roll
-- given: features.option_packages
select *
from (values ('vertical'), ('ratio'), ('straddle'), ('other')) as given (package_type);
-- expect: nothing

-- case: it takes 100 contracts, or 100,000 USD of the dearer leg
-- given: features.option_packages
select
    package_id,
    size,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call', 'contract': 'A',
            'size': size, 'price': 1, 'premium_usd': premium_usd, 'edge_usd': 0, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-04-19', 'strike': 180, 'put_call': 'call', 'contract': 'B',
            'size': size, 'price': 1, 'premium_usd': 90_000, 'edge_usd': 0, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:b']
        }
    ] as legs
from (
    values
    ('a', 99, 99_999), ('b', 100, 99_999), ('c', 99, 100_000)
) as given (package_id, size, premium_usd);
-- expect: evidence ->> '$.package_id', notional_usd, direction, score
values ('b', 99_999, null, 24.9999), ('c', 100_000, null, 25);

-- case: bounds that are parameters move
-- param: min_size = 501
-- param: min_premium_usd = 250_001
-- given: features.option_packages
select 1 as tier;
-- expect: nothing

-- case: more than was open can't have been closed
-- given: features.option_packages
select *
from (values ('a', 500), ('b', 501)) as given (package_id, size);
-- given: features.prior_open_interest
select
    '2024-03-11 10:30Z' as known_at,
    500 as open_interest;
-- expect: evidence ->> '$.package_id'
values ('a');

-- case: open interest counts as it was known then, of that session and contract
-- given: features.option_packages
select 1 as tier;
-- given: features.prior_open_interest
select
    *,
    'AAPL240315C00180000' as contract
from (
    values
    (100, '2024-03-11', '2024-03-11 10:30Z', '2024-03-11 12:00Z'),
    (700, '2024-03-11', '2024-03-11 12:00Z', '2024-03-11 16:00Z'),
    (200, '2024-03-11', '2024-03-11 16:00Z', null),
    (300, '2024-03-08', '2024-03-08 10:30Z', null)
) as given (open_interest, session_date, known_at, withdrawn_at);
-- expect: evidence ->> '$.open_interest'
values ('700.0');

-- case: who sells the near leg holds the far one, and a put falls with the stock
-- given: features.option_packages
select
    package_id,
    side,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': put_call, 'contract': 'A',
            'size': 500, 'price': 1, 'premium_usd': 50_000, 'edge_usd': 0, 'delta': null,
            'side': near_side, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-04-19', 'strike': 175, 'put_call': put_call, 'contract': 'B',
            'size': 500, 'price': 1, 'premium_usd': 90_000, 'edge_usd': 0, 'delta': null,
            'side': -near_side, 'trade_ids': ['CBOE:b']
        }
    ] as legs
from (
    values
    ('a', 'call', -1, 1), ('b', 'call', 1, -1), ('c', 'put', -1, 1), ('d', 'put', 1, -1),
    ('e', 'put', null, null)
) as given (package_id, put_call, near_side, side);
-- expect: evidence ->> '$.package_id', direction, headline
values
('a', 'bull', '500 of A rolled to B at 1.20 paid, long'),
('b', 'bear', '500 of A rolled to B at 1.20 taken, short'),
('c', 'bear', '500 of A rolled to B at 1.20 paid, long'),
('d', 'bull', '500 of A rolled to B at 1.20 taken, short'),
('e', null, '500 of A rolled to B at 1.20');

-- case: the score has its knots at 50 k, 250 k and 1 M USD of the dearer leg, and ends at 79
-- given: features.option_packages
select
    package_id,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call', 'contract': 'A',
            'size': 500, 'price': 1, 'premium_usd': 5, 'edge_usd': 0, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-04-19', 'strike': 175, 'put_call': 'call', 'contract': 'B',
            'size': 500, 'price': 1, 'premium_usd': leg_usd, 'edge_usd': 0, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:b']
        }
    ] as legs
from (
    values
    ('a', 5_000), ('b', 50_000), ('c', 250_000), ('d', 1_000_000), ('e', 50_000_000)
) as given (package_id, leg_usd);
-- expect: evidence ->> '$.package_id', score
values ('a', 15.5), ('b', 20), ('c', 40), ('d', 60), ('e', 79);

-- case: a code, a side, a known interest and a near end make better evidence
-- given: features.option_packages
select *
from (
    values
    ('all', 1, 1, '2024-03-11'), ('inferred', 2, 1, '2024-03-11'),
    ('no side', 1, null, '2024-03-11'), ('two weeks', 1, 1, '2024-03-01'),
    ('longer', 1, 1, '2024-02-29')
) as given (package_id, tier, side, session_date);
-- given: features.prior_open_interest
select
    '2024-03-11 10:30Z' as known_at,
    2_000 as open_interest;
-- expect: evidence ->> '$.package_id', confidence, evidence ->> '$.is_near_end'
values
('all', 0.9, 'true'), ('inferred', 0.7, 'true'), ('no side', 0.8, 'true'),
('two weeks', 0.7, 'true'), ('longer', 0.5, 'false');

-- case: what is not over by the end of the span is not answered
-- span: 2024-03-11 2024-03-11T15:00:01.06Z
-- given: features.option_packages
select 1 as tier;
-- expect: nothing

-- case: a calendar spread that is opened looks the same, where enough was open (noisy)
-- given: features.option_packages
select 'calendar' as package_type;
-- expect: direction, score, evidence ->> '$.unknown_interest'
values ('bull', 40, 'true');

-- case: a calendar spread that is closed looks like a roll back (noisy)
-- given: features.option_packages
select
    'calendar' as package_type,
    -1 as side,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call', 'contract': 'A',
            'size': 500, 'price': 3.8, 'premium_usd': 190_000, 'edge_usd': 0, 'delta': null,
            'side': 1, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-04-19', 'strike': 180, 'put_call': 'call', 'contract': 'B',
            'size': 500, 'price': 5, 'premium_usd': 250_000, 'edge_usd': 0, 'delta': null,
            'side': -1, 'trade_ids': ['CBOE:b']
        }
    ] as legs;
-- expect: direction, headline
values ('bear', '500 of A rolled to B at 1.20 taken, short');
