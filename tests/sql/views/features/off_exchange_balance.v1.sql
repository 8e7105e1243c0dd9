-- default: symbol = 'GME', total_usd = 100, bull_usd = 0, bear_usd = 0

-- case: five sessions of the calendar are added up, whichever of them has prints
-- span: 2024-03-01 2024-03-12
-- given: features.off_exchange_flow
select *
from (
    values
    ('2024-03-01', '2024-03-02 01:15Z', 100, 100, 0),
    ('2024-03-04', '2024-03-05 01:15Z', 100, 20, 60),
    ('2024-03-08', '2024-03-09 01:15Z', 200, 50, 0),
    ('2024-03-11', '2024-03-12 00:15Z', 100, 0, 90)
) as given (session_date, known_at, total_usd, bull_usd, bear_usd);
-- expect: symbol, session_date, known_at, told_at, total_usd, balance, sided_frac, is_few_sided
values
('GME', '2024-03-01', '2024-03-02 02:00Z', '2024-03-02 01:15Z', 100, 1, 1, false),
('GME', '2024-03-04', '2024-03-05 02:00Z', '2024-03-05 01:15Z', 200, 0.3, 0.9, false),
(
    'GME', '2024-03-08', '2024-03-09 02:00Z', '2024-03-09 01:15Z', 300,
    round(10 / 300, 9), round(130 / 300, 9), false
);

-- case: below a fifth with a side, and without prints of any worth, it says so
-- span: 2024-03-01 2024-03-05
-- given: features.off_exchange_flow
select
    *,
    date '2024-03-01' as session_date,
    timestamptz '2024-03-02 01:15Z' as known_at
from (
    values
    ('FIFTH', 100, 10, 10), ('LESS', 100, 10, 9), ('NOTHING', 0, 0, 0)
) as given (symbol, total_usd, bull_usd, bear_usd);
-- expect: symbol, balance, is_few_sided
values
('FIFTH', 0, false),
('LESS', 0.01, true),
('NOTHING', null, true);

-- case: before five hours after the close there is no row
-- span: 2024-03-01 2024-03-02T02:00Z
-- given: features.off_exchange_flow
select
    date '2024-03-01' as session_date,
    timestamptz '2024-03-02 01:15Z' as known_at;
-- expect: nothing
