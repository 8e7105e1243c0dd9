-- default: security_id = 'GOOG:2004-08-19', ticker = 'GOOG', valid_from = '2004-08-19'
-- default: exchange = 'Q', known_at = '2004-08-19 04:00Z'

-- case: a ticker's end is a row of its own, told when it comes, as is that of the last one
-- given: raw.tickers
select *
from (
    values
    ('GOOG', '2004-08-19', '2004-08-19 04:00Z'),
    ('GOOGL', '2014-04-03', '2014-04-03 04:00Z'),
    (null, '2020-01-02', '2020-01-02 05:00Z')
) as given (ticker, valid_from, known_at);
-- expect: ticker, valid_from, valid_to, exchange, known_at, withdrawn_at
values
('GOOG', '2004-08-19', null, 'Q', '2004-08-19 04:00Z', '2014-04-03 04:00Z'),
('GOOG', '2004-08-19', '2014-04-03', 'Q', '2014-04-03 04:00Z', null),
('GOOGL', '2014-04-03', null, 'Q', '2014-04-03 04:00Z', '2020-01-02 05:00Z'),
('GOOGL', '2014-04-03', '2020-01-02', 'Q', '2020-01-02 05:00Z', null);

-- case: before another comes nobody knows of it, and two may have one ticker at different times
-- span: 1999-01-01 2014-04-01
-- given: raw.tickers
select *
from (
    values
    ('GOOG:2004-08-19', 'GOOG', '2004-08-19', '2004-08-19 04:00Z'),
    ('GOOG:2004-08-19', 'GOOGL', '2014-04-03', '2014-04-03 04:00Z'),
    ('FB:1999-09-29', 'FB', '1999-09-29', '1999-09-29 04:00Z'),
    ('FB:1999-09-29', null, '2003-03-29', '2003-03-29 05:00Z'),
    ('FB:2012-05-18', 'FB', '2012-05-18', '2012-05-18 04:00Z')
) as given (security_id, ticker, valid_from, known_at);
-- expect: security_id, ticker, valid_to, withdrawn_at
values
('GOOG:2004-08-19', 'GOOG', null, null),
('FB:1999-09-29', 'FB', null, '2003-03-29 05:00Z'),
('FB:1999-09-29', 'FB', '2003-03-29', null),
('FB:2012-05-18', 'FB', null, null);

-- case: what was corrected is as it was last told, and what is gone is gone
-- given: raw.tickers
select *
from (
    values
    ('2004-08-19', 'GOGG', '2004-08-19 04:00Z', false),
    ('2004-08-19', 'GOOG', '2004-08-20 04:00Z', false),
    ('2004-08-23', 'GOO', '2004-08-23 04:00Z', false),
    ('2004-08-23', 'GOO', '2004-08-24 04:00Z', true)
) as given (valid_from, ticker, known_at, is_gone);
-- expect: ticker, valid_from, valid_to, known_at, withdrawn_at
values ('GOOG', '2004-08-19', null, '2004-08-20 04:00Z', null);
