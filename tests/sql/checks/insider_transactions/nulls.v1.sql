-- default: known_at = '2024-02-14 21:00Z', line = 1, is_derivative = false

-- case: a purchase or sale without its numbers is told, a grant needs none
-- given: raw.insider_transactions
select *
from (
    values
    ('fine', 'P', 100, 10, true, null), ('in a footnote', 'S', 100, null, false, 'F1'),
    ('a grant', 'A', null, null, true, null), ('no shares', 'P', null, 10, true, null),
    ('no price', 'S', 100, null, false, null), ('no way', 'S', 100, 10, null, null),
    ('both ways', 'S', 100, 10, true, null), ('dear', 'P', 100, 5_000_000, true, null)
) as given (accession_no, trans_code, shares, price, is_acquired, footnote_ids);
-- expect: entity, reason
values
('no shares', 'it has no shares'), ('no price', 'it has no price'),
('no way', 'it is neither acquired nor disposed of'),
('both ways', 'its code and its direction disagree'), ('dear', 'a price of 5000000.00000000');
