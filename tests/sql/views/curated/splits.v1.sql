-- default: symbol = 'AAPL', ex_date = '2014-06-09', action = 'split', ratio = 7

-- case: the factor of a split is the product of all up to it, and dividends are none
-- given: raw.corporate_actions
select *
from (
    values
    ('1987-06-16', 'split', 2, null, '1987-06-16 04:00Z'),
    ('2000-06-21', 'split', 2, null, '2000-06-21 04:00Z'),
    ('2014-05-08', 'dividend', null, 3.29, '2014-05-08 04:00Z'),
    ('2014-06-09', 'split', 7, null, '2014-06-09 04:00Z')
) as given (ex_date, action, ratio, amount_usd, known_at);
-- expect: symbol, ex_date, ratio, factor, known_at, withdrawn_at
values
('AAPL', '1987-06-16', 2, 2, '1987-06-16 04:00Z', null),
('AAPL', '2000-06-21', 2, 4, '2000-06-21 04:00Z', null),
('AAPL', '2014-06-09', 7, 28, '2014-06-09 04:00Z', null);

-- case: a reverse split has fewer shares, and another symbol has a product of its own
-- given: raw.corporate_actions
select *
from (
    values
    ('GE', '2021-08-02', 0.125, '2021-08-02 04:00Z'),
    ('GE', '2023-01-04', 1.281, '2023-01-04 05:00Z'),
    ('AAPL', '2020-08-31', 4, '2020-08-31 04:00Z')
) as given (symbol, ex_date, ratio, known_at);
-- expect: symbol, ex_date, ratio, factor
values
('GE', '2021-08-02', 0.125, 0.125),
('GE', '2023-01-04', 1.281, 0.160125),
('AAPL', '2020-08-31', 4, 4);

-- case: a corrected ratio is a version of its own, and of every later split's factor
-- given: raw.corporate_actions
select *
from (
    values
    ('2014-06-09', 7, '2014-04-23 20:30Z'),
    ('2014-06-09', 6, '2014-05-01 12:00Z'),
    ('2020-08-31', 4, '2014-04-30 12:00Z')
) as given (ex_date, ratio, known_at);
-- expect: ex_date, ratio, factor, known_at, withdrawn_at
values
('2014-06-09', 7, 7, '2014-04-23 20:30Z', '2014-05-01 12:00Z'),
('2014-06-09', 6, 6, '2014-05-01 12:00Z', null),
('2020-08-31', 4, 28, '2014-04-30 12:00Z', '2014-05-01 12:00Z'),
('2020-08-31', 4, 24, '2014-05-01 12:00Z', null);

-- case: an announcement of a later day changes nothing of the days before it
-- given: raw.corporate_actions
select *
from (
    values
    ('2014-06-09', 7, '2014-04-23 20:30Z'),
    ('2020-08-31', 4, '2020-07-30 20:30Z')
) as given (ex_date, ratio, known_at);
-- expect: ex_date, factor, known_at, withdrawn_at
values
('2014-06-09', 7, '2014-04-23 20:30Z', null),
('2020-08-31', 28, '2020-07-30 20:30Z', null);

-- case: what was taken back stands no more, and may come back
-- given: raw.corporate_actions
select *
from (
    values
    ('2014-04-23 20:30Z', false),
    ('2014-05-01 12:00Z', true),
    ('2014-05-02 12:00Z', false)
) as given (known_at, is_gone);
-- expect: factor, known_at, withdrawn_at
values
(7, '2014-04-23 20:30Z', '2014-05-01 12:00Z'),
(7, '2014-05-02 12:00Z', null);

-- case: of two versions known at the same moment the one recorded last is the only one
-- given: raw.corporate_actions
select
    *,
    '2014-04-23 20:30Z' as known_at
from (
    values
    (6, '2026-01-01 00:00Z', 'b'),
    (7, '2026-01-02 00:00Z', 'a')
) as given (ratio, recorded_at, load_id);
-- expect: ratio, factor, withdrawn_at
values (7, 7, null);
