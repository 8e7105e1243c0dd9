-- default: symbol = 'AAPL', ex_date = '2014-08-07', action = 'dividend', amount_usd = 0.47

-- case: a dividend stands from when it was declared, and until it is corrected or taken back
-- given: raw.corporate_actions
select *
from (
    values
    (0.46, '2014-07-22 20:30Z', false),
    (0.47, '2014-07-23 12:00Z', false),
    (null, '2014-07-24 12:00Z', true)
) as given (amount_usd, known_at, is_gone);
-- expect: symbol, ex_date, amount_usd, known_at, withdrawn_at
values
('AAPL', '2014-08-07', 0.46, '2014-07-22 20:30Z', '2014-07-23 12:00Z'),
('AAPL', '2014-08-07', 0.47, '2014-07-23 12:00Z', '2014-07-24 12:00Z');

-- case: a split is none
-- given: raw.corporate_actions
select *
from (
    values
    ('split', 7, '2014-06-09 04:00Z')
) as given (action, ratio, known_at);
-- expect: nothing
