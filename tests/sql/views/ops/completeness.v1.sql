-- case: a session without rows is missing, one with few is short, and each says which was whole
-- span: 2024-01-01 2024-02-17
-- given: raw.short_volume
select
    sessions.session_date,
    'CNMS' as facility,
    'S' || symbols.nth as source_symbol,
    sessions.closes_at as known_at
from curated.sessions as sessions
inner join range(10) as symbols (nth)
    on symbols.nth < case when sessions.session_date = '2024-02-14' then 4 else 10 end
where
    sessions.calendar = 'XNYS'
    and sessions.session_date between '2024-02-01' and '2024-02-14'
    and sessions.session_date <> '2024-02-12';
-- expect: session_date, state, is_complete, n_rows, usual_rows, complete_date, is_newest
values
('2024-02-01', 'unknown', true, 10, null, '2024-02-01', false),
('2024-02-02', 'unknown', true, 10, 10, '2024-02-02', false),
('2024-02-05', 'unknown', true, 10, 10, '2024-02-05', false),
('2024-02-06', 'unknown', true, 10, 10, '2024-02-06', false),
('2024-02-07', 'unknown', true, 10, 10, '2024-02-07', false),
('2024-02-08', 'whole', true, 10, 10, '2024-02-08', false),
('2024-02-09', 'whole', true, 10, 10, '2024-02-09', false),
('2024-02-12', 'missing', false, 0, 10, '2024-02-09', false),
('2024-02-13', 'whole', true, 10, 10, '2024-02-13', false),
('2024-02-14', 'short', false, 4, 10, '2024-02-13', true),
('2024-02-15', 'missing', false, 0, 10, '2024-02-13', false),
('2024-02-16', 'open', false, 0, 10, '2024-02-13', false);

-- case: prints of a coin's options are held against their own calendar
-- span: 2024-02-01 2024-02-10
-- given: raw.option_trades
select
    '24/7' as calendar,
    dated.session_date,
    'p' || trades.nth as trade_id,
    cast(dated.session_date as timestamptz) + interval 1 hour as known_at
from range(date '2024-02-01', date '2024-02-10', interval 1 day) as dated (session_date)
inner join range(20) as trades (nth)
    on trades.nth < case when dated.session_date = '2024-02-08' then 2 else 20 end;
-- expect: dataset, session_date, state
values
('option_trades', '2024-02-01', 'unknown'), ('option_trades', '2024-02-02', 'unknown'),
('option_trades', '2024-02-03', 'unknown'), ('option_trades', '2024-02-04', 'unknown'),
('option_trades', '2024-02-05', 'unknown'), ('option_trades', '2024-02-06', 'whole'),
('option_trades', '2024-02-07', 'whole'), ('option_trades', '2024-02-08', 'short'),
('option_trades', '2024-02-09', 'open');
