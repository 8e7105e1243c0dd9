-- default: symbol = 'AAPL', entity = 'AAPL', ticker = 'AAPL', detector = 'options.sweep'
-- default: severity = 'high', close = 11, owner = 'Ann', accession_no = 'a'
-- default: is_discretionary = true
-- default: share_type = 'SH', shares = 10, period_end = '2023-12-31', amount_usd = 0.24
-- default: direction = 'bull', headline = 'swept', closes_at = '2024-03-04 21:00Z'

-- case: what fires after the close stands on the next session, at its price or the last before it
-- span: 2024-03-01 2024-03-07
-- given: curated.us_sessions
select *
from (
    values
    (date '2024-03-04', timestamptz '2024-03-04 21:00Z'), ('2024-03-05', '2024-03-05 21:00Z'),
    ('2024-03-06', '2024-03-06 21:00Z')
) as given (session_date, closes_at);
-- given: curated.alerts
select
    *,
    fired_at as known_at
from (
    values
    ('a', timestamptz '2024-03-04 15:00Z', null), ('b', '2024-03-04 21:00Z', null),
    ('c', '2024-03-05 22:00Z', null), ('d', '2024-03-04 15:00Z', timestamptz '2024-03-04 16:00Z')
) as given (alert_key, fired_at, withdrawn_at);
-- given: reports.price_days
select *
from (
    values
    (date '2024-03-04', timestamptz '2024-03-04 21:15Z', 11),
    ('2024-03-05', '2024-03-05 21:15Z', 12)
) as given (session_date, known_at, close);
-- expect: alert_key, session_date, kind, price
values
('a', '2024-03-04', 'alert', 11), ('b', '2024-03-05', 'alert', 12),
('c', '2024-03-06', 'alert', 12);

-- case: insiders say what they chose to do, filing by filing, and managers what they did in all
-- span: 2024-03-01 2024-03-07
-- given: curated.insider_transactions
select
    *,
    timestamptz '2024-03-04 15:00Z' as known_at
from (
    values
    ('a', -1, 100, 2_000, true), ('a', -1, 50, 1_000, true), ('b', 1, 5, 100, true),
    ('c', 1, 7, 140, false)
) as given (accession_no, side, shares, value_usd, is_discretionary);
-- given: features.holder_positions
select *
from (
    values
    ('1', timestamptz '2024-03-04 16:00Z', 500, null), ('2', '2024-03-04 17:00Z', -800, null),
    ('3', '2024-03-05 16:00Z', 0, null), ('4', '2024-03-05 16:00Z', 9, 'put')
) as given (cik, known_at, trade_effect_usd, put_call);
-- expect: known_at, kind, direction, value_usd, headline
values
('2024-03-04 15:00Z', 'insider', 'bear', 3_000, 'Ann sold 150 shares'),
('2024-03-04 15:00Z', 'insider', 'bull', 100, 'Ann bought 5 shares'),
('2024-03-04 17:00Z', '13F', 'bear', -300, '2 managers told of 2023-12-31'),
('2024-03-05 16:00Z', '13F', null, 0, '1 manager told of 2023-12-31');

-- case: splits, dividends and earnings count from their day, not from when they were told
-- span: 2024-03-01 2024-03-07
-- given: curated.splits
select
    4 as ratio,
    date '2024-03-05' as ex_date,
    timestamptz '2024-02-01 12:00Z' as known_at;
-- given: curated.dividends
select *
from (
    values (date '2024-03-06', timestamptz '2024-03-06 12:00Z'), ('2024-03-20', '2024-03-01 12:00Z')
) as given (ex_date, known_at);
-- given: curated.earnings
select
    timestamptz '2024-03-04 21:30Z' as reports_at,
    timestamptz '2024-02-01 12:00Z' as known_at;
-- expect: known_at, kind, headline
values
('2024-03-04 21:30Z', 'earnings', 'earnings report'),
('2024-03-05 05:00Z', 'split', 'split: 4 for 1'),
('2024-03-06 12:00Z', 'dividend', 'dividend: 0.24 USD a share');

-- case: a halt stands where it was told first, with how long it lasted once that is told
-- span: 2024-03-01 2024-03-07
-- given: curated.halts
select
    given.*,
    seen.told_at
from (
    values
    (
        'LUDP', 'volatility', timestamptz '2024-03-04 15:00:30Z', null,
        timestamptz '2024-03-04 15:05Z'
    ),
    (
        'LUDP', 'volatility', '2024-03-04 15:00:30Z', timestamptz '2024-03-04 15:05:30Z', null
    ),
    ('T1', 'news', '2024-03-04 16:00Z', null, null)
) as given (reason, halt_class, halted_at, trades_at, withdrawn_at)
cross join (values (timestamptz '2024-03-04 16:01Z')) as seen (told_at);
-- expect: known_at, kind, headline
values
('2024-03-04 16:01Z', 'halt', 'halted at 10:00:30 for 5 min: volatility (LUDP)'),
('2024-03-04 16:01Z', 'halt', 'halted at 11:00:00: news (T1)');
