-- default: cusip = '037833100', ticker = 'AAPL', issuer = 'APPLE INC', valid_from = '2000-01-01'

-- case: a correction is a version of its own and withdraws the first
-- given: raw.securities
select *
from (
    values
    ('APPL', '2024-01-01 00:00Z'),
    ('AAPL', '2024-01-02 00:00Z')
) as given (ticker, known_at);
-- expect: cusip, ticker, issuer, valid_from, valid_to, known_at, withdrawn_at
values
('037833100', 'APPL', 'APPLE INC', '2000-01-01', null, '2024-01-01 00:00Z', '2024-01-02 00:00Z'),
('037833100', 'AAPL', 'APPLE INC', '2000-01-01', null, '2024-01-02 00:00Z', null);

-- case: a row that is gone is withdrawn, and another first day is another row
-- given: raw.securities
select *
from (
    values
    ('2000-01-01', '2024-01-01 00:00Z', false),
    ('2000-01-01', '2024-01-02 00:00Z', true),
    ('2010-01-01', '2024-01-03 00:00Z', false)
) as given (valid_from, known_at, is_gone);
-- expect: valid_from, withdrawn_at
values
('2000-01-01', '2024-01-02 00:00Z'),
('2010-01-01', null);

-- case: of several sources the better one names the ticker, and the list adds class and options
-- given: raw.securities
select *
from (
    values
    ('sec_13f_list', null, 'APPLE INC', 'COM', true, '2024-01-01 00:00Z'),
    ('sec_fails', 'APPLE', 'APPLE INC COM', null, null, '2024-01-02 00:00Z'),
    ('openfigi', 'AAPL', 'APPLE', null, null, '2024-01-03 00:00Z'),
    ('sec_fails', 'AAPL', null, null, null, '2024-01-04 00:00Z')
) as given (source, ticker, issuer, class_title, has_options, known_at);
-- expect: ticker, issuer, class_title, has_options, known_at, withdrawn_at, source
values
(null, 'APPLE INC', 'COM', true, '2024-01-01 00:00Z', '2024-01-02 00:00Z', 'sec_13f_list'),
('APPLE', 'APPLE INC COM', 'COM', true, '2024-01-02 00:00Z', '2024-01-03 00:00Z', 'sec_fails'),
('AAPL', 'APPLE', 'COM', true, '2024-01-03 00:00Z', null, 'openfigi');

-- case: an override holds on its days alone, and before them another source is believed
-- given: raw.securities
select *
from (
    values
    ('sec_fails', 'FB', '2012-05-18', null, '2012-06-01 00:00Z'),
    ('securities_csv', 'META', '2022-06-09', '2024-01-01', '2022-06-10 00:00Z')
) as given (source, ticker, valid_from, valid_to, known_at);
-- expect: ticker, valid_from, valid_to, known_at, withdrawn_at
values
('FB', '2012-05-18', null, '2012-06-01 00:00Z', '2022-06-10 00:00Z'),
('FB', '2012-05-18', '2022-06-09', '2022-06-10 00:00Z', null),
('META', '2022-06-09', '2024-01-01', '2022-06-10 00:00Z', null),
('FB', '2024-01-01', null, '2022-06-10 00:00Z', null);

-- case: when the better source takes it back the other one is believed again
-- given: raw.securities
select *
from (
    values
    ('sec_fails', 'FB', false, '2012-06-01 00:00Z'),
    ('securities_csv', 'META', false, '2022-06-10 00:00Z'),
    ('securities_csv', 'META', true, '2022-06-11 00:00Z')
) as given (source, ticker, is_gone, known_at);
-- expect: ticker, known_at, withdrawn_at
values
('FB', '2012-06-01 00:00Z', '2022-06-10 00:00Z'),
('META', '2022-06-10 00:00Z', '2022-06-11 00:00Z'),
('FB', '2022-06-11 00:00Z', null);

-- case: what a source says again and again is one stretch, until it says something else
-- given: raw.securities
select *
from (
    values
    ('FB', '2022-05-02', '2022-06-01 00:00Z'),
    ('FB', '2022-05-16', '2022-06-15 00:00Z'),
    ('META', '2022-06-09', '2022-07-01 00:00Z'),
    ('META', '2022-06-16', '2022-07-15 00:00Z')
) as given (ticker, valid_from, known_at);
-- expect: ticker, valid_from, valid_to, known_at, withdrawn_at
values
('FB', '2022-05-02', null, '2022-06-01 00:00Z', '2022-07-01 00:00Z'),
('FB', '2022-05-02', '2022-06-09', '2022-07-01 00:00Z', null),
('META', '2022-06-09', null, '2022-07-01 00:00Z', null);

-- case: a ticker that another company takes over belongs to each in its own days
-- given: raw.securities
select *
from (
    values
    ('111111118', '2000-01-01', '2010-01-01', '2010-01-02 00:00Z'),
    ('222222226', '2010-01-01', null, '2010-01-02 00:00Z')
) as given (cusip, valid_from, valid_to, known_at);
-- expect: cusip, ticker, valid_from, valid_to
values
('111111118', 'AAPL', '2000-01-01', '2010-01-01'),
('222222226', 'AAPL', '2010-01-01', null);
