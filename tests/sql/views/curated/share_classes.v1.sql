-- default: known_at = '2024-08-10 20:00Z', accession_no = 'first', line = 1
-- default: valid_from = '2024-01-01'

-- case: classes of a company's stock have its number in common; funds, notes and others have none
-- given: curated.told_holdings
select *
from (
    values
    ('02079K107', 'ALPHABET INC', 'CAP STK CL C'),
    ('02079K305', 'ALPHABET INC', 'CAP STK CL A'),
    ('084670108', 'BERKSHIRE HATHAWAY', 'Class A'),
    ('464287655', 'ISHARES TR', 'COM'),
    ('81369Y803', 'SELECT SECTOR', 'TECHNOLOGY'),
    ('922908363', 'VANGUARD S&P 500', 'COM ETF'),
    ('949746804', 'WELLS FARGO CO NEW', 'PERP PFD CNV A'),
    ('674215AA1', 'OASIS PETE INC', 'NOTE 2.625% 9/1'),
    ('060505146', 'BANK AMER CORP', '*W EXP 10/28/201'),
    ('01609W102', 'ALIBABA GROUP', 'SPONSORED ADS'),
    ('A', 'UNTITLED', '')
) as given (cusip, issuer, class_title);
-- expect: cusip, company, withdrawn_at
values
('02079K107', '02079K', null),
('02079K305', '02079K', null),
('084670108', '084670', null),
('464287655', '464287655', null),
('81369Y803', '81369Y803', null),
('922908363', '922908363', null),
('949746804', '949746804', null),
('674215AA1', '674215AA1', null),
('060505146', '060505146', null),
('01609W102', '01609W', null);

-- case: who told it first counts, until a list does, and then the first of the lists
-- given: curated.told_holdings
select *
from (
    values
    ('78464A110', 'SPDR', 'COM', '2024-08-10 20:00Z', 'b', 1),
    ('78464A110', 'A NAME', 'COM', '2024-08-10 20:00Z', 'a', 2),
    ('78464A110', 'A NAME', 'FUND', '2024-08-11 20:00Z', 'a', 1),
    ('037833100', 'APPLE INC', 'SHARES', '2024-08-10 20:00Z', 'a', 3)
) as given (cusip, issuer, class_title, known_at, accession_no, line);
-- given: curated.securities
select *
from (
    values
    ('78464A110', 'SPDR SER TR', 'COM', '2024-08-12 20:00Z', '2024-07-01'),
    ('78464A110', 'NO NAME', 'COM', '2024-08-13 20:00Z', '2024-04-01'),
    ('037833100', 'APPLE INC', 'COM', '2024-07-16 04:00Z', '2024-07-01'),
    ('037833100', 'APPLE INC', null, '2024-01-16 04:00Z', '2024-01-01')
) as given (cusip, issuer, class_title, known_at, valid_from);
-- expect: cusip, company, issuer, class_title, known_at, withdrawn_at
values
('78464A110', '78464A', 'A NAME', 'COM', '2024-08-10 20:00Z', '2024-08-12 20:00Z'),
('78464A110', '78464A110', 'SPDR SER TR', 'COM', '2024-08-12 20:00Z', null),
('037833100', '037833', 'APPLE INC', 'COM', '2024-07-16 04:00Z', null);
