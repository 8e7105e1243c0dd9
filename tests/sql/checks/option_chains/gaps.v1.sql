-- default: contract = 'a', calendar = 'XNYS', source = 'cboe'

-- case: a session without a chain is told with the next one; a weekend is none
-- given: raw.option_chains
select
    *,
    cast(session_date || ' 21:30Z' as timestamptz) as known_at
from (
    values
    ('SPX', '2024-02-13'), ('SPX', '2024-02-15'), ('SPX', '2024-02-16'), ('SPX', '2024-02-20'),
    ('AAPL', '2024-01-02'), ('AAPL', '2024-02-16')
) as given (underlying, session_date);
-- expect: entity, known_at, reason
values ('SPX', '2024-02-15 21:30Z', 'no chain in 1 sessions after 2024-02-13');
