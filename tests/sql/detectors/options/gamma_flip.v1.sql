-- default: underlying = 'SPY', session_date = '2024-03-04', known_at = '2024-03-04 16:00Z'
-- default: spot = 95, previous_spot = 97, crossed_flip = 95.918, gex_usd_1pct = -300_000
-- default: evening_date = '2024-03-01', evening_gex_usd_1pct = 1_770_656, gex_pr = 0.9, n_obs = 60
-- default: n_contracts = 6, sign_convention = 'dealers long calls, short puts'

-- case: a price that falls through the flip after a heavy evening is low, and says what it assumes
-- given: features.gamma_levels
select 'SPY' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'SPY', 'underlying', '2024-03-04 16:00Z', '2024-03-04 16:00Z', null, 29.5, 0.5, 1_770_656,
    'SPY: 97.00 to 95.00 USD crosses the gamma flip at 95.92; the evening before dealers had '
    '1770656 USD to hedge for 1 %, if long calls and short puts',
    'options.gamma_flip|SPY|1709568000000',
    '{
        "session_date": "2024-03-04", "crossed_flip": 95.918, "previous_spot": 97, "spot": 95,
        "gex_usd_1pct": -300000, "evening_date": "2024-03-01", "evening_gex_usd_1pct": 1770656,
        "gex_pr": 0.9, "n_obs": 60, "short_history": false, "n_contracts": 6,
        "sign_convention": "dealers long calls, short puts"
    }'
);

-- case: without a crossing, a history, a heavy evening or enough to hedge it stays quiet
-- given: features.gamma_levels
select *
from (
    values
    ('no crossing', null, 0.9, 1_000_000), ('no history', 95.918, null, 1_000_000),
    ('usual', 95.918, 0.799999, 1_000_000), ('small', 95.918, 0.9, -99_999.99)
) as given (underlying, crossed_flip, gex_pr, evening_gex_usd_1pct);
-- expect: nothing

-- case: at each bound it fires, whichever sign the evening had, and a short history is less sure
-- given: features.gamma_levels
select *
from (
    values ('a', 0.8, -100_000, 60), ('b', 1, 100_000, 59)
) as given (underlying, gex_pr, evening_gex_usd_1pct, n_obs);
-- expect: entity, score, confidence, notional_usd
values ('a', 20, 0.5, 100_000), ('b', 39, 0.3, 100_000);

-- case: a price that stays around the level fires again and again (noisy)
-- given: features.gamma_levels
select *
from (
    values ('2024-03-04 16:00Z', 97, 95), ('2024-03-04 17:00Z', 95, 97)
) as given (known_at, previous_spot, spot);
-- expect: fired_at, alert_key
values
('2024-03-04 16:00Z', 'options.gamma_flip|SPY|1709568000000'),
('2024-03-04 17:00Z', 'options.gamma_flip|SPY|1709571600000');

-- case: dealers who are short calls look the same (noisy)
-- given: features.gamma_levels
select 'GME' as underlying;
-- expect: entity, confidence
values ('GME', 0.5);
