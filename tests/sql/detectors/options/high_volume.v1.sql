-- default: underlying = 'AAPL', put_call = 'call', term = 'all', session_date = '2024-03-01'
-- default: mark = 3, known_at = '2024-03-01 16:00Z', volume = 5_000, premium_usd = 900_000
-- default: package_frac = 0.4, n_obs = 60, mean20 = 1_200, ratio20 = 4.166667, z20 = 6.5
-- default: median60 = 1_000, max60 = 3_000, mz60 = 4.25

-- case: five times its usual volume by eleven, with money and a year behind it, is medium
-- given: features.option_volume
select 'AAPL' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 16:00Z', '2024-03-01 16:00Z', null, 50, 0.88, 900_000,
    'AAPL: 5000 calls in the first 90 minutes, usually 1000 by then',
    'options.high_volume|AAPL|call|2024-03-01',
    '{
        "session_date": "2024-03-01", "put_call": "call", "mark": 3, "volume": 5000,
        "premium_usd": 900000, "mz60": 4.25, "median60": 1000, "max60": 3000, "n_obs": 60,
        "short_history": false, "mean20": 1200, "ratio20": 4.166667, "z20": 6.5,
        "legacy_label": "high", "package_frac": 0.4, "days_to_earnings": null, "tags": null,
        "n_windows": null, "report_ratio20": null, "max_report_ratio20": null,
        "until_us": 1709308800000000
    }'
);

-- case: at every bound it fires, and below any one of them it stays quiet
-- given: features.option_volume
select *
from (
    values
    ('at all bounds', 2.5, 100, 100_000), ('below the z', 2.499999, 100, 100_000),
    ('thin', 2.5, 99.5, 100_000), ('cheap', 2.5, 100, 99_999), ('no z', null, 100, 100_000)
) as given (underlying, mz60, median60, premium_usd);
-- expect: entity, score
values ('at all bounds', 20);

-- case: other terms have detectors of their own
-- given: features.option_volume
select *
from (
    values
    ('near'), ('0dte')
) as given (term);
-- expect: nothing

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
('options.high_volume|AAPL|call|2024-03-01', '2024-03-01 15:30Z', 22),
('options.high_volume|AAPL|put|2024-03-01', '2024-03-01 16:00Z', 30);

-- case: the map has its knots at 2.5, 3.5, 5, 7 and 12
-- given: features.option_volume
select
    *,
    1_000_000 as premium_usd
from (
    values
    ('a', 3), ('b', 3.5), ('c', 4.25), ('d', 5), ('e', 6), ('f', 7), ('g', 9.5), ('h', 12),
    ('i', 40)
) as given (underlying, mz60);
-- expect: entity, score
values
('a', 30), ('b', 40), ('c', 50), ('d', 60), ('e', 70), ('f', 80), ('g', 90), ('h', 100),
('i', 100);

-- case: high asks for more than ever, critical for ten times the money
-- given: features.option_volume
select
    *,
    9 as mz60
from (
    values
    ('all', 3_000, 1_000_000), ('not the most', 5_000, 1_000_000), ('less money', 3_000, 999_999)
) as given (underlying, max60, premium_usd);
-- expect: entity, score
values ('all', 88), ('not the most', 59), ('less money', 79);

-- case: a short history makes a low one at most, and is worth less
-- given: features.option_volume
select
    *,
    9 as mz60
from (
    values
    ('hardly', 59), ('barely', 20)
) as given (underlying, n_obs);
-- expect: entity, score, confidence, evidence ->> '$.short_history', evidence ->> '$.n_obs'
values
('hardly', 39, round(0.3 + 0.4 * 59 / 60 + 0.18, 6), 'true', '59'),
('barely', 39, round(0.3 + 0.4 * 20 / 60 + 0.18, 6), 'true', '20');

-- case: a fund that rolls its contracts looks the same, and says so by its packages (noisy)
-- given: features.option_volume
select 1 as package_frac;
-- expect: score, confidence, evidence ->> '$.package_frac'
values (50, 0.7, '1.0');

-- case: calls that are traded for a dividend look the same (noisy)
-- given: features.option_volume
select
    5_000_000 as premium_usd,
    8 as mz60;
-- expect: score, notional_usd
values (84, 5_000_000);

-- case: on the news of a report it fires, medium at most before it, and says what is near (noisy)
-- given: features.option_volume
select
    *,
    9 as mz60,
    1_000_000 as premium_usd
from (
    values
    ('before', '2024-03-15', '2024-03-15 15:00Z'), ('after', '2024-03-15', '2024-03-15 15:00Z')
) as given (underlying, session_date, known_at);
-- given: features.option_event_context
select
    *,
    '2024-03-15' as session_date,
    '2024-03-15 13:30Z' as known_at
from (
    values
    ('before', 5, true, 'pre_earnings'), ('after', null, false, 'post_earnings')
) as given (underlying, days_to_earnings, is_capped, tags);
-- given: features.option_expiry_days
select '2024-03-15' as session_date;
-- expect: entity, score, evidence ->> '$.tags', evidence ->> '$.days_to_earnings'
values
('before', 59, 'pre_earnings expiry_day', '5'),
('after', 88, 'post_earnings expiry_day', null);

-- case: what exceeds all sessions before four earlier reports is more than a report explains
-- given: features.option_volume
select
    *,
    9 as mz60,
    1_000_000 as premium_usd,
    'call' as put_call,
    3 as mark
from (values ('beyond'), ('within'), ('puts')) as given (underlying);
-- given: features.option_event_context
select
    *,
    '2024-03-01' as session_date,
    true as is_capped
from (values ('beyond'), ('within'), ('puts')) as given (underlying);
-- given: features.option_report_peaks
select
    *,
    '2024-03-01' as session_date,
    4 as n_windows,
    6 as max_call_ratio20,
    7 as put_ratio20,
    6 as max_put_ratio20
from (
    values
    ('beyond', 3, 6.5, true, false), ('beyond', 4, 9, false, false), ('within', 3, 6, false, false),
    ('puts', 3, 5, false, true)
) as given (underlying, mark, call_ratio20, is_call_beyond, is_put_beyond);
-- expect: entity, score, evidence ->> '$.n_windows', evidence ->> '$.report_ratio20',
--     evidence ->> '$.max_report_ratio20'
values
('beyond', 88, '4', '6.5', '6.0'), ('within', 59, '4', '6.0', '6.0'),
('puts', 59, '4', '5.0', '6.0');

-- case: who wants the week before a report silent says so
-- param: is_suppressed_before_earnings = true
-- given: features.option_volume
select *
from (
    values
    ('before'), ('after'), ('unknown')
) as given (underlying);
-- given: features.option_event_context
select
    *,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at
from (
    values
    ('before', true), ('after', false)
) as given (underlying, is_capped);
-- expect: entity
values ('after'), ('unknown');

-- case: bounds that are parameters move
-- param: min_mz60 = 4
-- param: min_median60 = 2_000
-- param: min_premium_usd = 950_000
-- param: full_baseline = 50
-- given: features.option_volume
select *
from (
    values
    ('all', 4, 2_000, 950_000, 50), ('z', 3.9, 2_000, 950_000, 50),
    ('median', 4, 1_999, 950_000, 50), ('premium', 4, 2_000, 949_999, 50)
) as given (underlying, mz60, median60, premium_usd, n_obs);
-- expect: entity, round(score, 4), evidence ->> '$.short_history'
values ('all', 46.6667, 'false');

-- case: the old labels are at two, three and five times the mean
-- given: features.option_volume
select *
from (
    values
    ('a', 1.99), ('b', 2), ('c', 3), ('d', 5)
) as given (underlying, ratio20);
-- expect: entity, evidence ->> '$.legacy_label'
values ('a', null), ('b', 'spike'), ('c', 'high'), ('d', 'extreme');
