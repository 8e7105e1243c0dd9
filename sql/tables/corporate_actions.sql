-- kind:       state
-- partition:  none
-- what:       Splits and cash dividends of stocks.
-- grain:      one row per symbol, ex-date and kind
-- key:        symbol, ex_date, action

create table corporate_actions (
    symbol text not null,  -- the ticker valid then
    ex_date date not null,  -- first session that trades without it, or with the new shares
    action text not null,  -- split or dividend
    ratio decimal(18, 8),  -- of a split: new shares for one old, 7 or 0.1; else null
    amount_usd decimal(18, 8),  -- of a dividend: USD a share; else null
    note text,  -- what the loader mended of it, or doubts (`mended: …`, `doubted: …`); else null
    check (action in ('split', 'dividend')),
    check (note is distinct from 'doubted: told twice'),
    check (note is distinct from 'doubted: more than the price'),
    check (ratio > 0),
    check (amount_usd > 0),
    check (action <> 'split' or ratio is not null),
    check (action <> 'dividend' or amount_usd is not null)
);
