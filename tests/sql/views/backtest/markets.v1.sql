-- default: bar = 'session', kind = 'stock'
-- default: known_at = '2024-03-01 21:15Z'

-- case: the fund is the market, and where it has no bar the median of ten
-- given: backtest.session_closes
select
    *,
    entity as security_id
from (
    select
        'S' || stocks.n as entity,
        bars.place,
        100 + bars.place * stocks.n as price
    from range(1, 11) as stocks (n), range(3) as bars (place)
    union all
    select
        'SPY' as entity,
        place,
        400 + 4 * place as price
    from range(2) as u (place)
) as given;
-- expect: place, market, n_entities, return_frac, nth
values
(1, 'SPY', 11, 0.01, 1),
(2, 'median', 10, 0.052111411, 2);

-- case: nine are no market, and over a gap nobody has a return
-- given: backtest.session_closes
select
    bars.place,
    'S' || stocks.n as entity,
    'S' || stocks.n as security_id,
    100 + bars.place as price
from range(1, 11) as stocks (n), (values (1), (2), (4)) as bars (place)
where stocks.n < 10 or bars.place > 2;
-- expect: nothing
