-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', expiration = '2024-03-15'
-- default: put_call = 'call', session_date = '2024-03-04', known_at = '2024-03-04 21:30Z'
-- default: origin = 'chain', screen = 1, volume = 1_300, open_interest = 1_000
-- default: oi_date = '2024-03-01', vol_oi_ratio = 1.3, last_price = 0.15, premium_usd = 19_500
-- default: is_0dte = false

-- case: 1,300 of 1,000 at 0.15 are low
-- given: features.volume_oi
select 'AAPL' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, round(score, 4), confidence,
--     notional_usd, headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-04 21:30Z', '2024-03-04 21:30Z', null, 20.5714, 0.5, 19_500,
    'AAPL240315C00180000: 1300 traded, 1.3 times the 1000 open',
    'options.volume_oi|AAPL|AAPL240315C00180000|screen|2024-03-04',
    '{
        "contract": "AAPL240315C00180000", "session_date": "2024-03-04", "origin": "chain",
        "screen": 1, "volume": 1300, "open_interest": 1000, "oi_date": "2024-03-01",
        "vol_oi_ratio": 1.3, "last_price": 0.15, "premium_usd": 19500, "is_0dte": false,
        "new_series": false
    }'
);

-- case: what reached no screen is not there
-- given: features.volume_oi
select 'AAPL' as underlying
where false;
-- expect: nothing

-- case: threefold with 100,000 USD is medium, tenfold with a million high, and the lower map counts
-- given: features.volume_oi
select *
from (
    values
    ('a', 2, 3, 100_000), ('b', 2, 6.5, 9_000_000), ('c', 3, 10, 1_000_000),
    ('d', 3, 55, 11_000_000), ('e', 3, 100, 20_000_000), ('f', 3, 900, 90_000_000),
    ('g', 1, 2.125, 900_000), ('h', 1, 9, 50_000), ('i', 2, 90, 550_000)
) as given (contract, screen, vol_oi_ratio, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 40), ('b', 50), ('c', 60), ('d', 69.5), ('e', 79), ('f', 79), ('g', 30), ('h', 30),
('i', 50);

-- case: what expires today is low at most
-- given: features.volume_oi
select
    3 as screen,
    50 as vol_oi_ratio,
    9_000_000 as premium_usd,
    true as is_0dte;
-- expect: score
values (39);

-- case: a new series is a mention, without a ratio
-- given: features.volume_oi
select
    *,
    0 as screen,
    0 as open_interest,
    null as vol_oi_ratio
from (values ('a', 19_500), ('b', 9_000_000)) as given (contract, premium_usd);
-- expect: score, headline, evidence ->> '$.new_series', evidence ->> '$.vol_oi_ratio', alert_key
values
(
    3.9, 'a: 1300 traded, a new series', 'true', null,
    'options.volume_oi|AAPL|a|new|2024-03-04'
),
(
    19, 'b: 1300 traded, a new series', 'true', null,
    'options.volume_oi|AAPL|b|new|2024-03-04'
);

-- case: each screen is answered once, by whichever origin tells it first
-- given: features.volume_oi
select *
from (
    values
    ('trades', 1, '2024-03-04 15:00Z'), ('trades', 3, '2024-03-04 17:00Z'),
    ('chain', 1, '2024-03-04 16:00Z'), ('chain', 2, '2024-03-04 18:00Z')
) as given (origin, screen, known_at);
-- expect: fired_at, confidence, alert_key
values
(
    '2024-03-04 15:00Z', 0.8, 'options.volume_oi|AAPL|AAPL240315C00180000|screen|2024-03-04'
),
(
    '2024-03-04 17:00Z', 0.8, 'options.volume_oi|AAPL|AAPL240315C00180000|tenfold|2024-03-04'
);

-- case: of two screens told at one moment the higher is the answer
-- given: features.volume_oi
select *
from (values ('trades', 1), ('chain', 2)) as given (origin, screen);
-- expect: alert_key
values ('options.volume_oi|AAPL|AAPL240315C00180000|threefold|2024-03-04');

-- case: the next session is another one, and a bound that is a parameter moves
-- param: max_score = 25
-- given: features.volume_oi
select
    *,
    2 as screen,
    9 as vol_oi_ratio,
    500_000 as premium_usd
from (
    values
    ('2024-03-04', '2024-03-04 21:30Z'), ('2024-03-05', '2024-03-05 21:30Z')
) as given (session_date, known_at);
-- expect: score, alert_key
values
(25, 'options.volume_oi|AAPL|AAPL240315C00180000|threefold|2024-03-04'),
(25, 'options.volume_oi|AAPL|AAPL240315C00180000|threefold|2024-03-05');

-- case: what is not known before the end of the span is not answered
-- span: 2024-03-04 2024-03-04T21:30Z
-- given: features.volume_oi
select 'AAPL' as underlying;
-- expect: nothing

-- case: a screen of the morning is not answered again in the afternoon
-- span: 2024-03-04T16:00Z 2024-03-05
-- given: features.volume_oi
select *
from (
    values
    ('trades', '2024-03-04 15:00Z'), ('chain', '2024-03-04 21:30Z')
) as given (origin, known_at);
-- expect: nothing

-- case: a weekly that was listed last week trades more than is open each day (noisy)
-- given: features.volume_oi
select
    'SPXW240308C05150000' as contract,
    'SPX' as underlying,
    '2024-03-08' as expiration,
    2 as screen,
    4 as vol_oi_ratio,
    3_000_000 as premium_usd;
-- expect: entity, round(score, 4)
values ('SPX', 42.8571);

-- case: two desks that trade one contract back and forth open nothing (noisy)
-- given: features.volume_oi
select
    'trades' as origin,
    5_000 as volume,
    5 as vol_oi_ratio,
    2 as screen,
    500_000 as premium_usd;
-- expect: direction, headline
values (null, 'AAPL240315C00180000: 5000 traded, 5.0 times the 1000 open');
