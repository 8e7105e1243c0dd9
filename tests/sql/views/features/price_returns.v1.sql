-- default: symbol = 'AAPL', security_id = 'AAPL', bar = '1d', source = 'test', action = 'dividend'

-- case: the golden percentiles: 0.60, 1.00 and 0.40 on the last three of sixty sessions
-- param: rank_sessions = 20
-- param: return_sessions = 1
-- given: curated.traded_bars
with moves as (
    select
        session_date, closes_at,
        row_number() over (order by sequence) - 1 as i
    from raw.sessions
    where calendar = 'XNYS' and session_date >= '2023-10-02'
    qualify row_number() over (order by sequence) <= 61
)

select
    session_date,
    closes_at + interval 15 minutes as known_at,
    100 * exp(
        sum(ln(1 + case when i = 0 then 0 else (i * 7919) % 101 end / 10_000.0)) over (order by i)
    ) as close
from moves;
-- expect: case when session_date >= '2023-12-22' then return_pr end,
--     case when session_date >= '2023-12-22' then s_price end
select
    case n when 58 then 0.6 when 59 then 1 when 60 then 0.4 end as pr,
    case n when 58 then 0.3 when 59 then 0.5 when 60 then 0.2 end as s
from range(1, 61) as t (n);

-- case: a return is of five sessions, and a short history has no percentile
-- given: curated.traded_bars
select *
from (
    values
    (date '2024-02-26', 100, '2024-02-26 21:15Z', null),
    (date '2024-03-04', 94, '2024-03-04 21:15Z', '2024-03-05 01:59Z'),
    (date '2024-03-04', 95, '2024-03-05 01:59Z', '2024-03-05 02:01Z'),
    (date '2024-03-04', 90, '2024-03-05 02:01Z', null)
) as given (session_date, close, known_at, withdrawn_at);
-- expect: symbol, session_date, known_at, close, from_date, return_5d_pct, n_obs, s_price
values (
    'AAPL', date '2024-03-04', timestamptz '2024-03-05 02:00Z', 95, date '2024-02-26', -5, 0, null
);

-- case: a split and a dividend that were known that evening are adjusted for, no others
-- given: curated.traded_bars
select
    *,
    symbol as security_id,
    session_date + interval 22 hours as known_at
from (
    values
    ('SPLIT', date '2024-02-26', 100), ('SPLIT', date '2024-03-04', 26),
    ('PAID', date '2024-02-26', 100), ('PAID', date '2024-03-04', 97),
    ('LATE', date '2024-02-26', 100), ('LATE', date '2024-03-04', 50),
    ('TAKEN', date '2024-02-26', 100), ('TAKEN', date '2024-03-04', 50),
    ('OUT', date '2024-02-26', 100), ('OUT', date '2024-03-04', 101)
) as given (symbol, session_date, close);
-- given: curated.corporate_actions
select
    *,
    symbol as security_id
from (
    values
    ('SPLIT', 'split', date '2024-03-01', 4, null, '2024-02-01 12:00Z', null),
    ('PAID', 'dividend', date '2024-03-04', null, 3.5, '2024-02-01 12:00Z', null),
    ('LATE', 'split', date '2024-03-01', 2, null, '2024-03-05 03:00Z', null),
    ('TAKEN', 'split', date '2024-03-01', 2, null, '2024-02-01 12:00Z', '2024-03-04 12:00Z'),
    ('OUT', 'split', date '2024-02-26', 2, null, '2024-02-01 12:00Z', null),
    ('OUT', 'split', date '2024-03-05', 2, null, '2024-02-01 12:00Z', null)
) as given (symbol, action, ex_date, ratio, amount_usd, known_at, withdrawn_at);
-- expect: symbol, return_5d_pct
values
('SPLIT', 4),
('PAID', 0.5),
('LATE', -50),
('TAKEN', -50),
('OUT', 1);

-- case: who took a new ticker keeps its past
-- given: curated.traded_bars
select
    'FB:2012-05-18' as security_id,
    *
from (
    values
    ('FB', date '2022-06-02', 200, '2022-06-02 20:15Z'),
    ('META', date '2022-06-09', 180, '2022-06-09 20:15Z')
) as given (symbol, session_date, close, known_at);
-- expect: symbol, return_5d_pct
values ('META', -10);

-- case: unchanged closes have a strength of nothing
-- given: curated.traded_bars
select
    session_date,
    50 as close,
    closes_at + interval 15 minutes as known_at
from raw.sessions
where calendar = 'XNYS' and session_date between '2024-01-02' and '2024-02-16';
-- expect: session_date, return_5d_pct, n_obs, return_pr, s_price
select
    session_date,
    0 as return_pct,
    row_number() over (order by sequence) - 1 as n_obs,
    case when row_number() over (order by sequence) > 20 then 0.5 end as pr,
    case when row_number() over (order by sequence) > 20 then 0 end as s
from raw.sessions
where calendar = 'XNYS' and session_date between '2024-01-09' and '2024-02-16';

-- case: a day that nobody told, minutes and closes of nothing make no return
-- given: curated.traded_bars
select
    *,
    symbol as security_id
from (
    values
    ('GAP', '1d', date '2024-02-26', 100, '2024-02-26 21:15Z'),
    ('GAP', '1d', date '2024-03-05', 94, '2024-03-05 21:15Z'),
    ('MIN', '1m', date '2024-02-26', 100, '2024-02-26 21:00Z'),
    ('MIN', '1m', date '2024-03-04', 94, '2024-03-04 21:00Z'),
    ('NIL', '1d', date '2024-02-26', 0, '2024-02-26 21:15Z'),
    ('NIL', '1d', date '2024-03-04', 1, '2024-03-04 21:15Z')
) as given (symbol, bar, session_date, close, known_at);
-- expect: nothing
