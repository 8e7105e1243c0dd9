-- kind:       state
-- partition:  month
-- what:       Transactions of insiders as their forms tell them, of shares and of derivatives.
-- grain:      one row per filing, table and transaction in it, whoever files it together
-- key:        accession_no, is_derivative, line

create table insider_transactions (
    accession_no text not null,  -- the filing
    is_derivative boolean not null,  -- of the form's table of derivatives, else of that of shares
    line bigint not null,  -- the transaction's place among those of its table, from 1
    title text,  -- of the security, as the filer spells it
    trans_date date not null,  -- when it was done
    deemed_date date,  -- when it counts as done, where that is another day
    trans_code text not null,  -- P bought, S sold, M exercised and so on, as the SEC has them
    trans_form_type text,  -- the form on which it was due: 4, or 5
    is_swap boolean,  -- an equity swap has a part in it
    timeliness text,  -- E early, L late; null on time
    shares decimal(20, 4),  -- shares, or units of the derivative
    total_value decimal(20, 4),  -- USD, of derivatives that have no number of shares
    price decimal(20, 8),  -- USD a share, of several fills the mean; null where a footnote has it
    is_acquired boolean,  -- acquired, else disposed of
    shares_after decimal(20, 4),  -- held after it in the same way: never to be summed
    value_after decimal(20, 4),  -- USD, of what has no number of shares
    is_direct boolean,  -- held by himself, else through another
    nature text,  -- through whom it is held: a trust, a spouse
    exercise_price decimal(20, 8),  -- USD, of a derivative; also what it converts at
    exercise_date date,  -- first day of exercise
    expiry_date date,  -- last day of exercise
    underlying_title text,  -- the security that a derivative is of
    underlying_shares decimal(20, 4),  -- shares that a derivative is of
    underlying_value decimal(20, 4),  -- USD, where there is no number of shares
    footnote_ids text,  -- of all that its row refers to: F1, F3
    footnotes text,  -- their texts, one after the other; the range of a mean price is there
    check (length(trans_code) = 1),
    check (shares >= 0),
    check (price >= 0)
);
