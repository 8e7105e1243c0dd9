-- default: symbol = 'AAPL', ratio = 1, mark = 13, value_usd = 1_000

-- case: a mark is held against the same mark of 60 sessions, in its own shares
-- span: 2024-04-01 2024-04-02
-- given: features.volume_marks
select
    dated.session_date,
    marks.mark,
    case when dated.session_date < '2024-03-01' then 2 else 1 end as ratio,
    dated.place,
    case
        when marks.mark = 12 then 7
        when dated.session_date = '2024-04-01' then 1_599
        when dated.session_date < '2024-03-01' then (99 + 100 * (dated.place % 3)) / 2
        else 99 + 100 * (dated.place % 3)
    end as volume,
    timezone('UTC', dated.session_date + interval 21 hours) as known_at
from (
    select
        session_date,
        row_number() over (order by sequence) as place
    from curated.us_sessions
    where session_date between '2023-12-20' and '2024-04-01' and not is_half_session
) as dated
cross join (values (12), (13)) as marks (mark)
where marks.mark = 13 or dated.session_date = '2024-04-01';
-- expect: session_date, mark, volume, n_obs, round(mean20, 1), median60, max60, round(mz60, 6),
--     round(ratio20, 3), value_usd
values
(
    '2024-04-01', 13, 1_599, 60, 204, 199, 299,
    round(0.6745 * ln(1_600 / 200.0) / ln(1.5), 6), 7.838, 1_000
),
('2024-04-01', 12, 7, 0, null, null, null, null, null, 1_000);

-- case: a session without trades is a zero, one of which nothing is held is none
-- span: 2024-02-01 2024-02-02
-- given: features.volume_marks
select
    stocks.symbol,
    dated.session_date,
    dated.place,
    100 as volume,
    timezone('UTC', dated.session_date + interval 21 hours) as known_at
from (
    select
        session_date,
        row_number() over (order by sequence) as place
    from curated.us_sessions
    where session_date between '2023-12-20' and '2024-02-01' and not is_half_session
) as dated
cross join (values ('AAPL'), ('THIN')) as stocks (symbol)
where
    dated.session_date <> '2024-01-05'
    and (stocks.symbol = 'AAPL' or dated.session_date in ('2023-12-29', '2024-02-01'));
-- expect: symbol, n_obs, mean20, ratio20, median60, max60, mz60
values
('AAPL', 27, 100, 1, 100, 100, null),
('THIN', 21, 0, null, 0, 100, null);

-- case: a rise of the last five sessions is a trend, and below ten sessions there is no mean
-- span: 2024-02-01 2024-02-03
-- given: features.volume_marks
select
    stocks.symbol,
    dated.session_date,
    dated.place,
    case when dated.session_date >= '2024-01-26' then 200 else 100 end as volume,
    timezone('UTC', dated.session_date + interval 21 hours) as known_at
from (
    select
        session_date,
        row_number() over (order by sequence) as place
    from curated.us_sessions
    where session_date between '2023-12-20' and '2024-02-02' and not is_half_session
) as dated
cross join (values ('AAPL', date '2023-12-20'), ('NEW', date '2024-01-23')) as stocks (symbol, day)
where dated.session_date >= stocks.day and dated.session_date <> '2024-02-01';
-- expect: symbol, session_date, n_obs, mean20, trend
values
('AAPL', '2024-02-02', 28, 120, round(180 / 120.0, 9)),
('NEW', '2024-02-02', 7, null, null);
