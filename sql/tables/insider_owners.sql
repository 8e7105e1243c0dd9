-- kind:       state
-- partition:  none
-- what:       Who files a form 3, 4 or 5, and what he is to the company.
-- grain:      one row per filing and reporting owner; of several all tell the same transactions
-- key:        accession_no, owner_cik

create table insider_owners (
    accession_no text not null,  -- the filing
    owner_cik text not null,  -- the owner's number at the SEC, ten digits; a person or a fund
    owner text,  -- the owner's name
    is_director boolean not null,  -- sits on the board
    is_officer boolean not null,  -- runs the company
    is_ten_percent boolean not null,  -- owns over 10 % of a class
    is_other boolean not null,  -- something else, which the title says
    title text,  -- of an officer, or what else he is; See Remarks is frequent
    line bigint not null,  -- the owner's place in the form, from 1
    check (length(owner_cik) = 10)
);
