-- default: near_call_volume = 2_500, near_call_premium_usd = 700_000, near_call_z20 = 4.5
-- default: top_series_pct = 35, c_vs_high_put = 2.5, return2_pct = 6, call_put_ratio = 7
-- default: points = 18, n_days = 5, volume_points = 4, z_points = 4, series_points = 4
-- default: high_put_points = 2, return_points = 2, ratio_points = 2, has_news_counts = false
-- default: place = 100, session_date = '2024-03-01', known_at = '2024-03-01 21:30Z', score = 73
-- default: near_call_mean20 = 1_000

-- case: a score above 99.1 % of all stocks in a month is low, and says that news are not counted
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('AAPL', 73, 1_000, 2_500, false)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 21:30Z', '2024-03-01 21:30Z', 'bull', 22.5, 0.4, 700_000,
    'AAPL: expert score 73 of 95 over five sessions, 2500 near calls today, 2.5 times their mean, '
    || 'without news counts',
    'options.donoho_expert|AAPL|2024-03-01',
    '{
        "session_date": "2024-03-01", "score": 73, "points": 18, "n_days": 5, "pr": 0.991,
        "n_pool": 1000, "near_call_volume": 2500, "near_call_mean20": 1000, "ratio20": 2.5,
        "near_call_z20": 4.5, "top_series_pct": 35, "c_vs_high_put": 2.5, "return2_pct": 6,
        "call_put_ratio": 7, "volume_points": 4, "z_points": 4, "series_points": 4,
        "high_put_points": 2, "return_points": 2, "ratio_points": 2, "n_articles": null,
        "n_articles_30d": null, "quality": "without news counts", "days_to_earnings": null,
        "tags": null
    }'
);

-- case: it fires from the 99th percentile, and from the 99.8th it is medium, at most
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('tie below', 10, 1_000, 2_500, true),
    ('low', 71, 1_000, 2_500, true),
    ('medium', 87, 1_000, 2_500, true),
    ('above all', 95, 1_000, 2_500, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, score, confidence, evidence ->> '$.pr'
values ('low', 20, 0.6, '0.99'), ('medium', 40, 0.6, '0.998'), ('above all', 59, 0.6, '1.0');

-- case: without twice its mean, on a day of news, or where a part is not known it is silent
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('at twice', 95, 1_000, 2_000, true),
    ('below', 95, 1_000, 1_999, true),
    ('news', 0, 1_000, 2_500, true),
    ('no mean', 95, null, 2_500, true),
    ('not known', null, 1_000, 2_500, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity
values ('at twice');

-- case: a hundred scores are needed to know the highest one in a hundred
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 100) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('AAPL', 95, 1_000, 2_500, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: nothing

-- case: without news counts a bid is no reason for silence (noisy)
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('bid', 95, 1_000, 90_000, false)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, score, evidence ->> '$.quality'
values ('bid', 59, 'without news counts');

-- case: holders who trade calls for a dividend score as if they knew something (noisy)
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('dividend', 87, 1_000, 50_000, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, score
values ('dividend', 40);

-- case: the calls of an index are a hedge, and score as those of a stock (noisy)
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('SPX', 89, 1_000, 50_000, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, direction, score
values ('SPX', 'bull', 49.5);

-- case: before a report it says so, and is silent for who wants that
-- param: is_suppressed_before_earnings = true
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 1_001) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('before', 95, 1_000, 2_500, true),
    ('after', 95, 1_000, 2_500, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- given: features.option_event_context
select
    *,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at
from (
    values
    ('before', 3, true, 'pre_earnings'), ('after', null, false, 'post_earnings')
) as given (underlying, days_to_earnings, is_capped, tags);
-- given: features.option_expiry_days
select '2024-03-01' as session_date;
-- expect: entity, evidence ->> '$.tags'
values ('after', 'post_earnings expiry_day');

-- case: bounds that are parameters move
-- param: min_ratio20 = 3
-- param: min_pr = 0.995
-- param: medium_pr = 0.999
-- param: min_pool = 50
-- param: pool_sessions = 19
-- given: features.donoho_points
select
    'pool ' || nth as underlying,
    80 + nth % 20 as place,
    '2024-02-01' as session_date,
    '2024-02-01 21:30Z' as known_at,
    case when nth <= 10 then 70 + 2 * nth else 10 end as score,
    10_000 as near_call_mean20,
    2_500 as near_call_volume,
    false as has_news_counts
from range(1, 101) as given (nth)
union all
select
    underlying,
    100 as place,
    '2024-03-01' as session_date,
    '2024-03-01 21:30Z' as known_at,
    score,
    near_call_mean20,
    near_call_volume,
    has_news_counts
from (
    values
    ('all', 91, 1_000, 3_000, true),
    ('ratio', 91, 1_000, 2_999, true),
    ('percentile', 73, 1_000, 3_000, true)
) as asked (underlying, score, near_call_mean20, near_call_volume, has_news_counts);
-- expect: entity, score, evidence ->> '$.n_pool'
values ('all', 59, '95');
