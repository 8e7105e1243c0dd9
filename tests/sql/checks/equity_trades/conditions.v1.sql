-- default: symbol = 'AAPL', venue = 'Q', session_date = '2024-02-13', price = 10, size = 1
-- default: known_at = '2024-02-13 15:00Z', closes_at = '2024-02-13 21:00Z', conditions = '@'
-- default: source = 'odd', has_unknown_code = false

-- case: more than one in a thousand is told when the session has ended, with what they were
-- given: curated.equity_prints
select
    given.source,
    numbers.n as trade_id,
    numbers.n < given.n_unknown as has_unknown_code,
    case numbers.n when 0 then '@,Q' when 1 then '#' else '@' end as conditions
from (values ('odd', 1_999, 2), ('known', 1_000, 1)) as given (source, n_prints, n_unknown)
inner join range(1_999) as numbers (n) on given.n_prints > numbers.n;
-- expect: dataset, entity, known_at, reason, evidence
values (
    'equity_trades', 'odd', '2024-02-14 01:15Z',
    '2 of 1999 prints of 2024-02-13 have conditions that nobody explains',
    '{
        "session_date": "2024-02-13", "n_prints": 1999, "n_unknown": 2,
        "conditions": ["#", "@,Q"]
    }'
);

-- case: what is told after the session's last word changes nothing
-- given: curated.equity_prints
select
    true as has_unknown_code,
    '2024-02-14 01:15Z' as known_at;
-- expect: nothing
