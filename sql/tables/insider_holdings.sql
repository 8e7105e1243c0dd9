-- kind:       state
-- partition:  month
-- what:       What insiders hold, as their forms tell it beside the transactions.
-- grain:      one row per filing, table and holding in it; each way of holding has its own
-- key:        accession_no, is_derivative, line

create table insider_holdings (
    accession_no text not null,  -- the filing
    is_derivative boolean not null,  -- of the form's table of derivatives, else of that of shares
    line bigint not null,  -- the holding's place among those of its table, from 1
    title text,  -- of the security, as the filer spells it
    trans_form_type text,  -- of a form 5: the form on which it was due
    shares decimal(20, 4),  -- held in this way
    value_held decimal(20, 4),  -- USD, of what has no number of shares
    is_direct boolean,  -- held by himself, else through another
    nature text,  -- through whom it is held: a trust, a spouse
    exercise_price decimal(20, 8),  -- USD, of a derivative; also what it converts at
    exercise_date date,  -- first day of exercise
    expiry_date date,  -- last day of exercise
    underlying_title text,  -- the security that a derivative is of
    underlying_shares decimal(20, 4),  -- shares that a derivative is of
    underlying_value decimal(20, 4),  -- USD, where there is no number of shares
    footnote_ids text,  -- of all that its row refers to: F1, F3
    footnotes text,  -- their texts, one after the other
    check (shares >= 0)
);
