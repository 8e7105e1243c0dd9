-- kind:       state
-- partition:  none
-- what:       Transactions of insiders, from forms 3, 4 and 5.
-- grain:      one row per filing and line of its table
-- key:        accession_no, line

create table insider_transactions (
    accession_no text not null,  -- the filing
    line bigint not null,  -- the row's place in it, from 1
    form_type text not null,  -- 3, 4 or 5, /A for an amendment
    issuer_cik text not null,  -- the company's number at the SEC, ten digits
    ticker text,  -- as the form has it
    owner_cik text not null,  -- the insider's number, ten digits
    owner text not null,  -- the insider's name
    officer_title text,  -- where the insider is an officer
    is_director boolean,  -- sits on the board
    transaction_date date not null,  -- when it was done
    transaction_code text not null,  -- P bought, S sold, M exercised, as the SEC's table has it
    is_acquired boolean not null,  -- acquired, else disposed of
    shares decimal(20, 4) not null,  -- shares
    price decimal(18, 8),  -- USD a share; null where there is none
    shares_after decimal(20, 4),  -- held after it
    is_planned boolean,  -- under a 10b5-1 plan; null where the form does not say
    check (shares >= 0),
    check (price >= 0)
);
