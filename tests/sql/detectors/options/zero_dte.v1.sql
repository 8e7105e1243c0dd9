-- default: underlying = 'SPY', put_call = 'put', term = '0dte', session_date = '2024-03-01'
-- default: mark = 3, known_at = '2024-03-01 16:00Z', volume = 50_000, premium_usd = 900_000
-- default: package_frac = 0.4, n_obs = 60, mean20 = 12_000, ratio20 = 4.166667, z20 = 6.5
-- default: median60 = 10_000, max60 = 30_000, mz60 = 4.25

-- case: puts that expire today at five times their usual volume by eleven are medium
-- given: features.option_volume
select 'SPY' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'SPY', 'underlying', '2024-03-01 16:00Z', '2024-03-01 16:00Z', null, 50, 0.88, 900_000,
    'SPY: 50000 0-DTE puts in the first 90 minutes, usually 10000 by then',
    'options.zero_dte|SPY|put|2024-03-01',
    '{
        "session_date": "2024-03-01", "put_call": "put", "mark": 3, "volume": 50000,
        "premium_usd": 900000, "mz60": 4.25, "median60": 10000, "max60": 30000, "n_obs": 60,
        "short_history": false, "mean20": 12000, "ratio20": 4.166667, "z20": 6.5,
        "legacy_label": "high", "package_frac": 0.4, "days_to_earnings": null, "tags": null,
        "until_us": 1709308800000000
    }'
);

-- case: below any one of its bounds, and of another term, it stays quiet
-- given: features.option_volume
select *
from (
    values
    ('below the z', '0dte', 2.499999, 500, 100_000), ('thin', '0dte', 2.5, 499.5, 100_000),
    ('cheap', '0dte', 2.5, 500, 99_999), ('other term', 'all', 2.5, 500, 100_000),
    ('no z', '0dte', null, 500, 100_000)
) as given (underlying, term, mz60, median60, premium_usd);
-- expect: nothing

-- case: at every bound it fires
-- given: features.option_volume
select
    2.5 as mz60,
    500 as median60,
    100_000 as premium_usd;
-- expect: entity, score
values ('SPY', 20);

-- case: a session's first mark that is unusual counts, calls and puts each for themselves
-- given: features.option_volume
select *
from (
    values
    ('call', 1, '2024-03-01 15:00Z', 2.4), ('call', 2, '2024-03-01 15:30Z', 2.6),
    ('call', 3, '2024-03-01 16:00Z', 9), ('put', 3, '2024-03-01 16:00Z', 3)
) as given (put_call, mark, known_at, mz60);
-- expect: alert_key, fired_at, score
values
('options.zero_dte|SPY|call|2024-03-01', '2024-03-01 15:30Z', 22),
('options.zero_dte|SPY|put|2024-03-01', '2024-03-01 16:00Z', 30);

-- case: high asks for more than ever, critical for ten times the money, and both for 60 such days
-- given: features.option_volume
select
    *,
    9 as mz60
from (
    values
    ('all', 30_000, 1_000_000, 60), ('not the most', 50_000, 1_000_000, 60),
    ('less money', 30_000, 999_999, 60), ('Fridays', 30_000, 1_000_000, 50)
) as given (underlying, max60, premium_usd, n_obs);
-- expect: entity, score
values ('all', 88), ('not the most', 59), ('less money', 79), ('Fridays', 39);

-- case: on the day of a report everybody trades what ends today, medium at most (noisy)
-- given: features.option_volume
select
    9 as mz60,
    1_000_000 as premium_usd;
-- given: features.option_event_context
select
    'SPY' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    0 as days_to_earnings,
    true as is_capped,
    'earnings_day' as tags;
-- expect: score, evidence ->> '$.tags'
values (59, 'earnings_day');

-- case: a name that has such contracts on more days than before has more volume on them (noisy)
-- given: features.option_volume
select
    21 as n_obs,
    8 as mz60;
-- expect: score, evidence ->> '$.short_history'
values (39, 'true');

-- case: bounds that are parameters move
-- param: min_mz60 = 4
-- param: min_median60 = 20_000
-- param: min_premium_usd = 950_000
-- param: full_baseline = 50
-- param: is_suppressed_before_earnings = true
-- given: features.option_volume
select *
from (
    values
    ('all', 4, 20_000, 950_000, 50), ('z', 3.9, 20_000, 950_000, 50),
    ('median', 4, 19_999, 950_000, 50), ('premium', 4, 20_000, 949_999, 50),
    ('report', 4, 20_000, 950_000, 50)
) as given (underlying, mz60, median60, premium_usd, n_obs);
-- given: features.option_event_context
select
    'report' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    true as is_capped;
-- expect: entity, evidence ->> '$.short_history'
values ('all', 'false');
