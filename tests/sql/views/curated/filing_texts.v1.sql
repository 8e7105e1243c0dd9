-- default: accession_no = 'a', name = 'a.txt', form_type = '4', charset = 'utf-8'
-- default: source = 'sec_ownership', known_at = '2024-02-14 21:00Z'

-- case: pages are put together in their order, each file by itself
-- given: raw.filing_texts
select *
from (
    values
    ('a', 'a.txt', 2, 'of two'), ('a', 'a.txt', 10, ' pages'), ('a', 'a.txt', 1, 'one text '),
    ('a', 'a.nc', 1, 'another file'), ('b', 'b.txt', 1, 'another filing')
) as given (accession_no, name, page, body);
-- expect: accession_no, feed, name, form_type, charset, body, known_at
values
('a', 'sec_ownership', 'a.txt', '4', 'utf-8', 'one text of two pages', '2024-02-14 21:00Z'),
('a', 'sec_ownership', 'a.nc', '4', 'utf-8', 'another file', '2024-02-14 21:00Z'),
('b', 'sec_ownership', 'b.txt', '4', 'utf-8', 'another filing', '2024-02-14 21:00Z');

-- case: of a file that came again, what stands is the newer one's pages
-- given: raw.filing_texts
select *
from (
    values
    (1, 'first', '2024-02-14 21:00Z', false), (2, ' and gone', '2024-02-14 21:00Z', false),
    (1, 'second', '2024-02-15 21:00Z', false), (2, null, '2024-02-15 21:00Z', true)
) as given (page, body, known_at, is_gone);
-- expect: accession_no, body, known_at
values ('a', 'second', '2024-02-15 21:00Z');
