-- default: accession_no = 'first', line = 1, cusip = '037833100', issuer = 'A'
-- default: class_title = 'COM', share_type = 'SH', shares = 10, value_reported = 1_000

-- case: what is told once stands
-- given: raw.holdings
select *
from (
    values
    (1, '2024-05-10 20:00Z', 'one', 'sec_13f'),
    (2, '2024-05-10 20:00Z', 'one', 'sec_13f')
) as given (line, known_at, load_id, source);
-- expect: accession_no, line, feed, cusip, shares, value_reported, known_at, corrected_at
values
('first', 1, 'sec_13f', '037833100', 10, 1_000, '2024-05-10 20:00Z', null),
('first', 2, 'sec_13f', '037833100', 10, 1_000, '2024-05-10 20:00Z', null);

-- case: a row that a later load corrects stands until then, and one that it drops ends
-- given: raw.holdings
select *
from (
    values
    (1, 100, 'one', '2024-05-10 20:00Z', false),
    (1, 110, 'two', '2024-05-20 20:00Z', false),
    (2, 200, 'one', '2024-05-10 20:00Z', false),
    (2, 200, 'two', '2024-05-20 20:00Z', true)
) as given (line, shares, load_id, known_at, is_gone);
-- expect: line, shares, known_at, corrected_at
values
(1, 100, '2024-05-10 20:00Z', '2024-05-20 20:00Z'),
(1, 110, '2024-05-20 20:00Z', null),
(2, 200, '2024-05-10 20:00Z', '2024-05-20 20:00Z');

-- case: two feeds that tell one filing stand beside each other
-- given: raw.holdings
select *
from (
    values
    ('sec_13f', 'one', '2024-05-10 20:00Z'),
    ('sec_13f_datasets', 'two', '2024-05-11 04:00Z')
) as given (source, load_id, known_at);
-- expect: feed, known_at, corrected_at
values
('sec_13f', '2024-05-10 20:00Z', null),
('sec_13f_datasets', '2024-05-11 04:00Z', null);

-- case: a row with an option's own CUSIP and title is an option, one with either alone is not
-- given: raw.holdings
select *
from (
    values
    (1, '037833950', 'PUT', null, '2024-05-10 20:00Z', 'one', 'sec_13f'),
    (2, '037833900', 'Call', null, '2024-05-10 20:00Z', 'one', 'sec_13f'),
    (3, '037833100', 'CALL', null, '2024-05-10 20:00Z', 'one', 'sec_13f'),
    (4, '037833900', 'COM', null, '2024-05-10 20:00Z', 'one', 'sec_13f'),
    (5, '037833900', 'PUT', 'call', '2024-05-10 20:00Z', 'one', 'sec_13f')
) as given (line, cusip, class_title, put_call, known_at, load_id, source);
-- expect: line, put_call
values
(1, 'put'),
(2, 'call'),
(3, null),
(4, null),
(5, 'call');
