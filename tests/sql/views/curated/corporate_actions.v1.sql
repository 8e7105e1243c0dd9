-- default: symbol = 'FB', ex_date = '2014-06-09', action = 'split', ratio = 2
-- default: known_at = '2014-06-09 04:00Z'

-- case: an action is its security's, whoever had the ticker before
-- given: curated.tickers
select *
from (
    values
    ('FB:1999-09-29', 'FB', '1999-09-29', '2003-03-29', '2003-03-29 05:00Z'),
    ('FB:2012-05-18', 'FB', '2012-05-18', null, '2012-05-18 04:00Z')
) as given (security_id, ticker, valid_from, valid_to, known_at);
-- given: raw.corporate_actions
select *
from (
    values
    ('FB', '2002-06-10', 2, '2002-06-10 04:00Z'),
    ('FB', '2014-06-09', 3, '2014-06-09 04:00Z'),
    ('IBM', '2014-06-09', 4, '2014-06-09 04:00Z')
) as given (symbol, ex_date, ratio, known_at);
-- expect: symbol, security_id, ex_date, action, ratio, amount_usd, known_at, withdrawn_at
values
('FB', 'FB:1999-09-29', '2002-06-10', 'split', 2, null, '2002-06-10 04:00Z', null),
('FB', 'FB:2012-05-18', '2014-06-09', 'split', 3, null, '2014-06-09 04:00Z', null),
('IBM', 'IBM', '2014-06-09', 'split', 4, null, '2014-06-09 04:00Z', null);

-- case: a dividend and a split of one day are two, a correction replaces its own
-- given: raw.corporate_actions
select *
from (
    values
    ('split', 2, null, '2014-06-09 04:00Z', false),
    ('dividend', null, 0.5, '2014-06-09 04:00Z', false),
    ('dividend', null, 0.6, '2014-06-10 04:00Z', false),
    ('split', 2, null, '2014-06-11 04:00Z', true)
) as given (action, ratio, amount_usd, known_at, is_gone);
-- expect: action, ratio, amount_usd, known_at, withdrawn_at
values
('split', 2, null, '2014-06-09 04:00Z', '2014-06-11 04:00Z'),
('dividend', null, 0.5, '2014-06-09 04:00Z', '2014-06-10 04:00Z'),
('dividend', null, 0.6, '2014-06-10 04:00Z', null);
