-- default: underlying = 'AAPL', term = 'all', session_date = '2024-03-01', mark = 3
-- default: known_at = '2024-03-01 16:00Z', call_volume = 4_000, put_volume = 1_000
-- default: call_premium_usd = 800_000, put_premium_usd = 100_000, package_volume = 2_000
-- default: pcr = 0.25, cpi = 0.6, pi0 = 0.55, call_share = 0.79, imb_z = 4.25, n_obs = 20
-- default: c_vs_top_put = 1.5, p_vs_top_call = 0.2, premium_ratio = 8, put_call = 'call'
-- default: half_hour = 1, premium_usd = 900_000, bought_usd = 500_000, sold_usd = 130_000

-- case: four calls a put where it is usually even is medium, bullish where enough has a side
-- given: features.option_imbalance
select 'AAPL' as underlying;
-- given: features.option_flow_half_hours
select *
from (
    values
    (1, '2024-03-01 15:01Z'), (3, '2024-03-01 16:01Z')
) as given (half_hour, known_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 16:00Z', '2024-03-01 16:00Z', 'bull', 50, 0.76, 900_000,
    'AAPL: 4000 calls and 1000 puts in the first 90 minutes, usually 55 % calls by then',
    'options.call_put_imbalance|AAPL|2024-03-01',
    '{
        "session_date": "2024-03-01", "mark": 3, "call_volume": 4000, "put_volume": 1000,
        "pcr": 0.25, "cpi": 0.6, "pi0": 0.55, "call_share": 0.79, "imb_z": 4.25, "n_obs": 20,
        "c_vs_top_put": 1.5, "p_vs_top_call": 0.2, "call_premium_usd": 800000,
        "put_premium_usd": 100000, "premium_ratio": 8, "legacy_label": "very bullish",
        "unsided_frac": 0.3, "is_proxy": true, "package_frac": 0.4, "days_to_earnings": null,
        "tags": null, "n_windows": null, "call_shift": null, "min_call_shift": null,
        "max_call_shift": null, "until_us": 1709308800000000
    }'
);

-- case: below any one of its bounds, and of another term, it stays quiet
-- given: features.option_imbalance
select *
from (
    values
    ('not far', 'all', 2.499999, 400, 100, 60_000, 40_000),
    ('thin', 'all', 2.5, 399, 100, 60_000, 40_000),
    ('cheap', 'all', 2.5, 400, 100, 59_999, 40_000),
    ('no z', 'all', null, 400, 100, 60_000, 40_000),
    ('near', 'near', 2.5, 400, 100, 60_000, 40_000)
) as given (
    underlying, term, imb_z, call_volume, put_volume, call_premium_usd, put_premium_usd
);
-- expect: nothing

-- case: at every bound it fires, for calls and for puts
-- given: features.option_imbalance
select
    *,
    60_000 as call_premium_usd,
    40_000 as put_premium_usd
from (
    values
    ('calls', 2.5, 400, 100), ('puts', -2.5, 100, 400)
) as given (underlying, imb_z, call_volume, put_volume);
-- expect: entity, direction, score, notional_usd
values ('calls', null, 20, 100_000), ('puts', null, 20, 100_000);

-- case: where over half of the premium has no side nobody knows the direction
-- given: features.option_imbalance
select *
from (
    values
    ('half', -3), ('more', -3), ('calls', 3), ('nothing known', 3)
) as given (underlying, imb_z);
-- given: features.option_flow_half_hours
select
    *,
    '2024-03-01 15:01Z' as known_at,
    0 as sold_usd
from (
    values
    ('half', 450_000), ('more', 449_999), ('calls', 900_000)
) as given (underlying, bought_usd);
-- expect: entity, direction, evidence ->> '$.unsided_frac'
values
('half', 'bear', '0.5'), ('more', null, '0.500001'), ('calls', 'bull', '0.0'),
('nothing known', null, '1.0');

-- case: a session's first mark that is far off counts
-- given: features.option_imbalance
select *
from (
    values
    (1, '2024-03-01 15:00Z', 2.4), (2, '2024-03-01 15:30Z', -2.6), (3, '2024-03-01 16:00Z', 9)
) as given (mark, known_at, imb_z);
-- expect: alert_key, fired_at, score
values ('options.call_put_imbalance|AAPL|2024-03-01', '2024-03-01 15:30Z', 22);

-- case: the map has its knots at 2.5, 3.5, 5 and 7, and calls no one critical
-- given: features.option_imbalance
select *
from (
    values
    ('a', 3), ('b', 3.5), ('c', -4.25), ('d', 5), ('e', 6), ('f', 7), ('g', 40)
) as given (underlying, imb_z);
-- expect: entity, score
values
('a', 30), ('b', 40), ('c', 50), ('d', 60), ('e', 69.5), ('f', 79), ('g', 79);

-- case: a holder who writes calls looks bullish, until the sides are known (noisy)
-- given: features.option_imbalance
select 'AAPL' as underlying;
-- given: features.option_flow_half_hours
select
    '2024-03-01 15:01Z' as known_at,
    0 as bought_usd,
    100_000 as sold_usd;
-- expect: direction, evidence ->> '$.unsided_frac'
values (null, '0.888889');

-- case: calls that are traded for a dividend look the same (noisy)
-- given: features.option_imbalance
select
    9 as imb_z,
    'very bullish' as underlying;
-- expect: entity, score
values ('very bullish', 79);

-- case: one package on a thin day is told by its share (noisy)
-- given: features.option_imbalance
select 5_000 as package_volume;
-- expect: confidence, evidence ->> '$.package_frac'
values (0.3, '1.0');

-- case: before a report it is medium at most, and silent for who wants that
-- given: features.option_imbalance
select
    6 as imb_z,
    '2024-03-15' as session_date,
    '2024-03-15 15:00Z' as known_at;
-- given: features.option_event_context
select
    'AAPL' as underlying,
    '2024-03-15' as session_date,
    '2024-03-15 13:30Z' as known_at,
    3 as days_to_earnings,
    true as is_capped,
    'pre_earnings' as tags;
-- given: features.option_expiry_days
select '2024-03-15' as session_date;
-- expect: score, evidence ->> '$.tags'
values (59, 'pre_earnings expiry_day');

-- case: what is farther off, on its side, than before four earlier reports is not held to medium
-- given: features.option_imbalance
select *
from (values ('calls', 6), ('puts', -6), ('other side', -6), ('within', 6)) as given (
    underlying, imb_z
);
-- given: features.option_event_context
select
    *,
    '2024-03-01' as session_date,
    true as is_capped
from (values ('calls'), ('puts'), ('other side'), ('within')) as given (underlying);
-- given: features.option_report_peaks
select
    *,
    '2024-03-01' as session_date,
    4 as n_windows,
    -0.1 as min_call_shift,
    0.1 as max_call_shift
from (
    values
    ('calls', 3, 0.2, true), ('puts', 3, -0.2, true), ('other side', 3, 0.2, true),
    ('within', 3, 0.1, false), ('within', 4, 0.2, true)
) as given (underlying, mark, call_shift, is_share_beyond);
-- expect: entity, score, evidence ->> '$.call_shift', evidence ->> '$.n_windows'
values
('calls', 69.5, '0.2', '4'), ('puts', 69.5, '-0.2', '4'), ('other side', 59, '0.2', '4'),
('within', 59, '0.1', '4');

-- case: bounds that are parameters move
-- param: min_imb_z = 5
-- param: min_volume = 6_000
-- param: min_premium_usd = 1_000_000
-- param: max_unsided_frac = 0.95
-- param: is_suppressed_before_earnings = true
-- given: features.option_imbalance
select *
from (
    values
    ('all', 5, 5_000, 900_000), ('z', 4.9, 5_000, 900_000), ('volume', 5, 4_999, 900_000),
    ('premium', 5, 5_000, 899_999), ('report', 5, 5_000, 900_000)
) as given (underlying, imb_z, call_volume, call_premium_usd);
-- given: features.option_event_context
select
    'report' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    true as is_capped;
-- given: features.option_flow_half_hours
select
    'all' as underlying,
    '2024-03-01 15:01Z' as known_at,
    0 as bought_usd,
    50_000 as sold_usd;
-- expect: entity, direction
values ('all', 'bull');

-- case: the old labels are at 2, 1.2, 0.8 and 0.5
-- given: features.option_imbalance
select *
from (
    values
    ('a', 2.01), ('b', 2), ('c', 1.2), ('d', 0.8), ('e', 0.79), ('f', 0.5), ('g', 0.49)
) as given (underlying, premium_ratio);
-- expect: entity, evidence ->> '$.legacy_label'
values
('a', 'very bullish'), ('b', 'bullish'), ('c', null), ('d', null), ('e', 'bearish'),
('f', 'bearish'), ('g', 'very bearish');
