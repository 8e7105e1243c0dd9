-- default: session_date = '2024-03-01', place = 100, underlying = 'AAPL', near_put_volume = 500
-- default: known_at = '2024-03-01 21:30Z', near_call_mean20 = 100, near_call_volume = 2_500
-- default: near_call_z20 = 4.5, top_series_pct = 35, c_vs_high_put = 2.5, return2_pct = 6
-- default: call_put_ratio = 7

-- case: four days have 18, 2, 6 and 17 points, as in the rule book
-- given: features.donoho_inputs
select *
from (
    values
    ('a', 2_500, 4.5, 35, 2.5, 6, 7),
    ('b', 300, 2.0, 50, 1.3, 0, 3),
    ('c', 301, 2.01, 50.01, 1.31, -5, 3.01),
    ('d', 8_685, 9, 22, 4.3, 1, 4.3)
) as given (
    underlying, near_call_volume, near_call_z20, top_series_pct, c_vs_high_put, return2_pct,
    call_put_ratio
);
-- expect: underlying, points, volume_points, z_points, series_points, high_put_points,
--     return_points, ratio_points
values
('a', 18, 4, 4, 4, 2, 2, 2),
('b', 2, 0, 0, 2, 0, 0, 0),
('c', 6, 3, 2, 0, 1, -1, 1),
('d', 17, 5, 4, 4, 2, 1, 1);

-- case: each bound of the table is on the side that the paper puts it
-- given: features.donoho_inputs
select *
from (
    values
    ('low', 1_000, 4, 40, 2, -11, 6),
    ('middle', 3_000, 4.01, 40.01, 2.01, -10.99, 6.01),
    ('high', 3_001, 2, 50.01, 1.3, 5, 3),
    ('fall', 300, 2.01, 50, 1.31, -5, 3.01),
    ('flat', 300, 2.01, 50, 1.31, -4.99, 3.01),
    ('leap', 300, 2.01, 50, 1.31, 55, 3.01),
    ('past', 300, 2.01, 50, 1.31, 55.01, 3.01)
) as given (
    underlying, near_call_volume, near_call_z20, top_series_pct, c_vs_high_put, return2_pct,
    call_put_ratio
);
-- expect: underlying, volume_points, z_points, series_points, high_put_points, return_points,
--     ratio_points
values
('low', 3, 2, 4, 1, 0, 1),
('middle', 4, 4, 2, 2, -1, 2),
('high', 5, 0, 0, 0, 1, 0),
('fall', 0, 2, 2, 1, -1, 1),
('flat', 0, 2, 2, 1, 0, 1),
('leap', 0, 2, 2, 1, 2, 1),
('past', 0, 2, 2, 1, 0, 1);

-- case: the score is the sum of five sessions, and a session without calls adds nothing
-- given: features.donoho_inputs
select *
from (
    values
    ('2024-02-23', 95, '2024-02-23 21:30Z'),
    ('2024-02-26', 96, '2024-02-26 21:30Z'),
    ('2024-02-27', 97, '2024-02-27 21:30Z'),
    ('2024-02-29', 99, '2024-02-29 21:30Z'),
    ('2024-03-01', 100, '2024-03-01 21:30Z')
) as given (session_date, place, known_at);
-- expect: session_date, known_at, points, n_days, score
values
('2024-02-23', '2024-02-23 21:30Z', 18, 1, 18),
('2024-02-26', '2024-02-26 21:30Z', 18, 2, 36),
('2024-02-27', '2024-02-27 21:30Z', 18, 3, 54),
('2024-02-29', '2024-02-29 21:30Z', 18, 4, 72),
('2024-03-01', '2024-03-01 21:30Z', 18, 4, 72);

-- case: on a day of news it is nothing, and without news counts nobody knows
-- given: features.donoho_inputs
select *
from (
    values
    ('news', 7, 30), ('no news', 6, 30), ('first news', 1, 0), ('silence', 0, 0),
    ('unknown', null, null)
) as given (underlying, n_articles, n_articles_30d);
-- expect: underlying, is_news_day, has_news_counts, points, score
values
('news', true, true, 18, 0),
('no news', false, true, 18, 18),
('first news', true, true, 18, 0),
('silence', false, true, 18, 18),
('unknown', false, false, 18, 18);

-- case: a day whose z or return is not known has no points, and its five sessions no score
-- given: features.donoho_inputs
select *
from (
    values
    ('no z', '2024-02-29', 99, '2024-02-29 21:30Z', null, 6),
    ('no z', '2024-03-01', 100, '2024-03-01 21:30Z', 4.5, 6),
    ('no return', '2024-03-01', 100, '2024-03-01 21:30Z', 4.5, null)
) as given (underlying, session_date, place, known_at, near_call_z20, return2_pct);
-- expect: underlying, session_date, points, score
values
('no z', '2024-02-29', null, null),
('no z', '2024-03-01', 18, null),
('no return', '2024-03-01', null, null);

-- case: where there are no puts calls are over any bound
-- given: features.donoho_inputs
select
    0 as near_put_volume,
    null as call_put_ratio,
    null as c_vs_high_put;
-- expect: high_put_points, ratio_points, points
values (2, 2, 18);
