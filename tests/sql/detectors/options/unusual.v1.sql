-- default: session_date = '2024-03-01', underlying = 'AAPL', mark = 3, unusual = 97.0299
-- default: known_at = '2024-03-01 16:00Z', premium_usd = 1_000_000, n_components = 3
-- default: max_pr = 0.99, top_component = 'put_volume', is_high = false, net_sign = -1
-- default: unusual_legacy = 80

-- case: put volume above 99 % of its own year is low, and bearish money gives it a side
-- given: features.option_unusual
select [struct_pack(component := 'put_volume', pr := 0.99, n_obs := 252)] as components;
-- expect: entity, entity_type, happened_at, fired_at, direction, round(score, 4), confidence,
--     notional_usd, headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 16:00Z', '2024-03-01 16:00Z', 'bear', 30.1495, 0.7, 1_000_000,
    'AAPL: put volume in the first 90 minutes is above 99.0 % of its own year; unusual 97.0',
    'options.unusual|AAPL|2024-03-01',
    '{
        "session_date": "2024-03-01", "mark": 3, "unusual": 97.0299, "max_pr": 0.99,
        "n_components": 3,
        "components": [{"component": "put_volume", "pr": 0.99, "n_obs": 252}],
        "top_component": "put_volume", "is_high": false, "unusual_legacy": 80, "net_sign": -1,
        "premium_usd": 1000000, "signed_unusual": -0.970299, "days_to_earnings": null,
        "tags": null, "n_windows": null, "report_ratio20": null, "max_report_ratio20": null,
        "until_us": 1709308800000000
    }'
);

-- case: below its bounds, and where it is not known, it stays quiet
-- given: features.option_unusual
select *
from (
    values
    ('usual', 94.999999, 100_000), ('cheap', 95, 99_999), ('unknown', null, 100_000)
) as given (underlying, unusual, premium_usd);
-- expect: nothing

-- case: at both bounds it fires
-- given: features.option_unusual
select
    95 as unusual,
    100_000 as premium_usd;
-- expect: entity, score
values ('AAPL', 20);

-- case: the map has its knots at 95, 99 and 100, and what is high by itself is high from 99 on
-- given: features.option_unusual
select *
from (
    values
    ('a', 97, false), ('b', 99, false), ('c', 99.5, false), ('d', 100, false),
    ('e', 98.9, true), ('f', 99, true), ('g', 100, true)
) as given (underlying, unusual, is_high);
-- expect: entity, score
values
('a', 30), ('b', 40), ('c', 49.5), ('d', 59), ('e', 39.5), ('f', 60), ('g', 79);

-- case: without a net there is no direction
-- given: features.option_unusual
select *
from (
    values
    ('bought', 1), ('nobody knows', 0)
) as given (underlying, net_sign);
-- expect: entity, direction
values ('bought', 'bull'), ('nobody knows', null);

-- case: a session's first mark that is unusual counts
-- given: features.option_unusual
select *
from (
    values
    (1, '2024-03-01 15:00Z', 94), (2, '2024-03-01 15:30Z', 96), (3, '2024-03-01 16:00Z', 100)
) as given (mark, known_at, unusual);
-- expect: alert_key, fired_at, score
values ('options.unusual|AAPL|2024-03-01', '2024-03-01 15:30Z', 25);

-- case: by chance one name in twenty is over the low bound (noisy)
-- given: features.option_unusual
select
    'name ' || nth as underlying,
    5 * nth - 2.5 as unusual
from range(1, 21) as given (nth);
-- expect: entity, score
values ('name 20', 32.5);

-- case: on the day of a report and when options expire it fires, and says so (noisy)
-- given: features.option_unusual
select
    100 as unusual,
    true as is_high,
    '2024-03-15' as session_date,
    '2024-03-15 15:00Z' as known_at;
-- given: features.option_event_context
select
    'AAPL' as underlying,
    '2024-03-15' as session_date,
    '2024-03-15 13:30Z' as known_at,
    0 as days_to_earnings,
    true as is_capped,
    'earnings_day' as tags;
-- given: features.option_expiry_days
select '2024-03-15' as session_date;
-- expect: score, evidence ->> '$.tags'
values (59, 'earnings_day expiry_day');

-- case: before a report it is more than medium where its highest figure is a volume beyond others
-- given: features.option_unusual
select
    *,
    100 as unusual,
    true as is_high
from (
    values
    ('calls', 'call_volume'), ('puts', 'put_volume'), ('net', 'net_premium'),
    ('within', 'call_volume')
) as given (underlying, top_component);
-- given: features.option_event_context
select
    *,
    '2024-03-01' as session_date,
    true as is_capped
from (values ('calls'), ('puts'), ('net'), ('within')) as given (underlying);
-- given: features.option_report_peaks
select
    *,
    '2024-03-01' as session_date,
    3 as mark,
    4 as n_windows,
    6.5 as call_ratio20,
    6 as max_call_ratio20,
    7 as put_ratio20,
    5 as max_put_ratio20
from (
    values
    ('calls', true, false), ('puts', false, true), ('net', true, true), ('within', false, true)
) as given (underlying, is_call_beyond, is_put_beyond);
-- expect: entity, score, evidence ->> '$.report_ratio20', evidence ->> '$.max_report_ratio20'
values
('calls', 79, '6.5', '6.0'), ('puts', 79, '7.0', '5.0'), ('net', 59, null, null),
('within', 59, '6.5', '6.0');

-- case: bounds that are parameters move
-- param: min_unusual = 98
-- param: medium_unusual = 98.5
-- param: min_premium_usd = 1_000_000
-- param: is_suppressed_before_earnings = true
-- given: features.option_unusual
select *
from (
    values
    ('all', 98.5, 1_000_000), ('usual', 97.9, 1_000_000), ('cheap', 98.5, 999_999),
    ('report', 98.5, 1_000_000)
) as given (underlying, unusual, premium_usd);
-- given: features.option_event_context
select
    'report' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    true as is_capped;
-- expect: entity, score
values ('all', 40);
