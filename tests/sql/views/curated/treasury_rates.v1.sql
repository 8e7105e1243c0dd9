-- default: value = 0.02, day = '2014-06-05'

-- case: a curve is flat before its first and after its last maturity, and straight between
-- given: raw.macro
select *
from (
    values
    ('treasury_3m', 0.02, '2014-06-06 10:30Z'),
    ('treasury_1y', 0.04, '2014-06-06 10:30Z'),
    ('vix', 15, '2014-06-06 10:30Z')
) as given (series, value, known_at);
-- expect: curve_date, from_years, to_years, from_rate, to_rate, known_at, withdrawn_at
values
('2014-06-05', 0, 0.25, 0.019900662, 0.019900662, '2014-06-06 10:30Z', null),
('2014-06-05', 0.25, 1, 0.019900662, 0.039605255, '2014-06-06 10:30Z', null),
('2014-06-05', 1, null, 0.039605255, 0.039605255, '2014-06-06 10:30Z', null);

-- case: a curve stands until the next one is known, or its correction
-- given: raw.macro
select
    *,
    'treasury_1y' as series
from (
    values
    ('2014-06-05', 0.01, '2014-06-06 10:30Z'),
    ('2014-06-05', 0.02, '2014-06-06 15:00Z'),
    ('2014-06-06', 0.03, '2014-06-07 10:30Z')
) as given (day, value, known_at);
-- expect: curve_date, from_rate, known_at, withdrawn_at
values
('2014-06-05', round(2 * ln(1.005), 9), '2014-06-06 10:30Z', '2014-06-06 15:00Z'),
('2014-06-05', round(2 * ln(1.005), 9), '2014-06-06 10:30Z', '2014-06-06 15:00Z'),
('2014-06-05', round(2 * ln(1.01), 9), '2014-06-06 15:00Z', '2014-06-07 10:30Z'),
('2014-06-05', round(2 * ln(1.01), 9), '2014-06-06 15:00Z', '2014-06-07 10:30Z'),
('2014-06-06', round(2 * ln(1.015), 9), '2014-06-07 10:30Z', null),
('2014-06-06', round(2 * ln(1.015), 9), '2014-06-07 10:30Z', null);

-- case: a correction of one maturity leaves the others, and one that comes after the next day's
--     curve is never in force
-- given: raw.macro
select *
from (
    values
    ('2014-06-05', 'treasury_3m', 0.01, '2014-06-06 10:30Z'),
    ('2014-06-05', 'treasury_1y', 0.02, '2014-06-06 10:30Z'),
    ('2014-06-05', 'treasury_1y', 0.03, '2014-06-06 15:00Z'),
    ('2014-06-06', 'treasury_1y', 0.02, '2014-06-07 10:30Z'),
    ('2014-06-05', 'treasury_1y', 0.05, '2014-06-09 10:30Z')
) as given (day, series, value, known_at);
-- expect: curve_date, from_years, from_rate, known_at, withdrawn_at
values
('2014-06-05', 0, round(2 * ln(1.005), 9), '2014-06-06 10:30Z', '2014-06-06 15:00Z'),
('2014-06-05', 0.25, round(2 * ln(1.005), 9), '2014-06-06 10:30Z', '2014-06-06 15:00Z'),
('2014-06-05', 1, round(2 * ln(1.01), 9), '2014-06-06 10:30Z', '2014-06-06 15:00Z'),
('2014-06-05', 0, round(2 * ln(1.005), 9), '2014-06-06 15:00Z', '2014-06-07 10:30Z'),
('2014-06-05', 0.25, round(2 * ln(1.005), 9), '2014-06-06 15:00Z', '2014-06-07 10:30Z'),
('2014-06-05', 1, round(2 * ln(1.015), 9), '2014-06-06 15:00Z', '2014-06-07 10:30Z'),
('2014-06-06', 0, round(2 * ln(1.01), 9), '2014-06-07 10:30Z', null),
('2014-06-06', 1, round(2 * ln(1.01), 9), '2014-06-07 10:30Z', null);

-- case: a yield that was taken back is no point of its curve
-- given: raw.macro
select *
from (
    values
    ('treasury_1y', 0.02, '2014-06-06 10:30Z', false),
    ('treasury_2y', 0.02, '2014-06-06 10:30Z', false),
    ('treasury_2y', null, '2014-06-06 15:00Z', true)
) as given (series, value, known_at, is_gone);
-- expect: from_years, known_at
values
(0, '2014-06-06 10:30Z'), (1, '2014-06-06 10:30Z'), (2, '2014-06-06 10:30Z'),
(0, '2014-06-06 15:00Z'), (1, '2014-06-06 15:00Z');
