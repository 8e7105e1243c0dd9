-- default: underlying = 'AAPL', session_date = '2024-03-04', known_at = '2024-03-04 15:15Z'
-- default: nth = 2, iv30 = 0.30, previous_iv30 = 0.25, iv30_error = 0.01, d_iv = 0.182322
-- default: n_changes = 60, middle = 0.001, mad = 0.02, max_d_iv = 0.09, jump_z = 5
-- default: vega_traded_usd = 10_000_000, calendar = 'XNYS'

-- case: five points in a quarter of an hour, five times beyond its time of day, are high
-- given: features.iv_quarter_change
select 'AAPL' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-04 15:15Z', '2024-03-04 15:15Z', null, 60, 1, 500_000,
    'AAPL: 30-day volatility 25.0 to 30.0 % in 15 minutes, z 5.0 for that time of day',
    'options.iv_jump_intraday|AAPL|1709565300000',
    '{
        "session_date": "2024-03-04", "nth": 2, "iv30": 0.3, "previous_iv30": 0.25, "rise": 0.05,
        "iv30_error": 0.01, "d_iv": 0.182322, "middle": 0.001, "mad": 0.02, "max_d_iv": 0.09,
        "jump_z": 5, "n_changes": 60, "short_history": false, "vega_traded_usd": 10000000
    }'
);

-- case: below any bound it stays quiet
-- given: features.iv_quarter_change
select *
from (
    values
    ('not 3.5 times', 3.499999, 0.25, 0.01), ('no z', null, 0.25, 0.01),
    ('a fall', 5, 0.35, 0.01), ('not two points', 5, 0.280001, 0.001),
    ('wide quotes', 5, 0.25, 0.025), ('no quotes', 5, 0.25, null)
) as given (underlying, jump_z, previous_iv30, iv30_error);
-- expect: nothing

-- case: at each bound it fires
-- given: features.iv_quarter_change
select *
from (
    values ('3.5 times', 3.5, 0.25, 0.01), ('two points', 5, 0.28, 0.009999)
) as given (underlying, jump_z, previous_iv30, iv30_error);
-- expect: entity, score, confidence
values ('3.5 times', 40, 1), ('two points', 60, 0.7);

-- case: the z has its knots at 3.5, 5, 7 and 14
-- given: features.iv_quarter_change
select *
from (
    values ('a', 3.5), ('b', 4.25), ('c', 5), ('d', 6), ('e', 7), ('f', 10.5), ('g', 14), ('h', 99)
) as given (underlying, jump_z);
-- expect: entity, score
values
('a', 40), ('b', 50), ('c', 60), ('d', 70), ('e', 80), ('f', 90), ('g', 100), ('h', 100);

-- case: what is no record, worth little, or has a short history is worth less
-- given: features.iv_quarter_change
select
    *,
    9 as jump_z
from (
    values
    ('no record', 0.182322, 60, 10_000_000), ('short', 0.09, 59, 10_000_000),
    ('not ten floors', 0.09, 60, 4_999_999), ('nothing traded', 0.09, 60, 499_999)
) as given (underlying, max_d_iv, n_changes, vega_traded_usd);
-- expect: entity, score
values ('no record', 59), ('short', 39), ('not ten floors', 79), ('nothing traded', 19);

-- case: the news of a known moment, or a chain told in pieces, looks the same (noisy)
-- given: features.iv_quarter_change
select 'SPX' as underlying;
-- expect: entity, score
values ('SPX', 60);
