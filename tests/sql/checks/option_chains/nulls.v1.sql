-- default: underlying = 'AAPL', session_date = '2024-02-13', known_at = '2024-02-13 21:30Z'

-- case: a row without what its chain has is told, and one that traded at no price
-- given: raw.option_chains
select *
from (
    values
    ('AAPL', 'a', 185, 10, 9.5), ('AAPL', 'b', null, 10, 9.5), ('AAPL', 'c', 185, 10, null),
    ('AAPL', 'd', 185, 0, null), ('IBM', 'e', null, 10, 9.5)
) as given (underlying, contract, underlying_price, volume, last);
-- expect: entity, reason
values ('b', 'it has no underlying_price'), ('c', 'it traded and has no price');
