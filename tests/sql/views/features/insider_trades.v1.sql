-- default: cik = '0001600001', ticker = 'LNLD', owner_cik = '0001500001', line = 1
-- default: trans_date = '2024-02-05', trans_code = 'P', is_signal = true, price = 10
-- default: symbol = 'LNLD', bar = '1d', session_date = '2024-02-05'
-- default: starts_at = '2024-02-05 05:00Z', low = 9, high = 12

-- case: a price half of the day's range away can't be, up to there it is one
-- given: curated.insider_transactions
select
    given.*,
    other.*
from (
    values
    ('typed as total', 10_000),
    ('at the edge', 18),
    ('over it', 18.01),
    ('low edge', 4.5),
    ('below it', 4.49)
) as given (accession_no, price)
cross join (values ('2024-02-06 22:00Z')) as other (known_at);
-- given: curated.equity_bars
select '2024-02-05 21:15Z' as known_at;
-- expect: accession_no, is_price_odd, side, available_date
values
('typed as total', true, 1, '2024-02-06'),
('at the edge', false, 1, '2024-02-06'),
('over it', true, 1, '2024-02-06'),
('low edge', false, 1, '2024-02-06'),
('below it', true, 1, '2024-02-06');

-- case: without a bar that was known, or for a form that comes weeks later, nobody knows
-- given: curated.insider_transactions
select *
from (
    values
    ('other', 'OTHR', '2024-02-05', '2024-02-06 22:00Z'),
    ('late', 'LNLD', '2024-02-05', '2024-02-26 22:00Z'),
    ('early', 'LNLD', '2024-02-05', '2024-02-05 20:00Z')
) as given (accession_no, ticker, trans_date, known_at);
-- given: curated.equity_bars
select '2024-02-05 21:15Z' as known_at;
-- expect: accession_no, is_price_odd
values
('other', null),
('late', null),
('early', null);

-- case: a day begins at midnight in New York, and titles tell the chiefs
-- given: curated.insider_transactions
select *
from (
    values
    ('a', 'Chief Executive Officer', 'S', '2024-02-07 04:59Z'),
    ('b', 'President & CEO', 'S', '2024-02-07 05:00Z'),
    ('c', 'EVP and CFO', 'P', '2024-02-07 05:00Z'),
    ('d', 'Procurement head', 'P', '2024-02-07 05:00Z'),
    ('e', null, 'P', '2024-02-07 05:00Z')
) as given (accession_no, owner_title, trans_code, known_at);
-- expect: accession_no, available_date, side, is_ceo, is_cfo
values
('a', '2024-02-06', -1, true, false),
('b', '2024-02-07', -1, true, false),
('c', '2024-02-07', 1, false, true),
('d', '2024-02-07', 1, false, false),
('e', '2024-02-07', 1, null, null);

-- case: what is no signal is left out, and the habit comes along
-- given: curated.insider_transactions
select *
from (
    values
    ('a', true, '2024-02-06 22:00Z'),
    ('b', false, '2024-02-06 22:00Z')
) as given (accession_no, is_signal, known_at);
-- given: features.insider_habits
select
    'a' as accession_no,
    '2024-02-06 22:00Z' as known_at,
    'routine' as habit;
-- expect: accession_no, habit
values ('a', 'routine');
