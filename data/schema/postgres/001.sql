-- The books of one bank in one PostgreSQL database. Times are milliseconds since 1970 in UTC,
-- dates are days since 1970, ids are UUIDs, amounts are minor units of their currency.
-- The same tables and columns stand in ../sqlite, but for what only an index here needs.
--
-- Text that is compared or sorted has the collation "C": order is by bytes, as in the program, and
-- an index serves prefixes. There are no foreign keys: rows are written by one path only, and a
-- check per row would cost a reconciliation as much as everything else it does.

CREATE SCHEMA daybook;

-- The numbered files of this directory that have been applied.
CREATE TABLE daybook.migration (
  number integer PRIMARY KEY,
  applied_at bigint NOT NULL
);

-- One row: who the bank is, and up to which day its period is closed.
CREATE TABLE daybook.bank (
  id uuid NOT NULL,
  name text NOT NULL,
  environment text NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  time_zone text NOT NULL,
  epoch bigint NOT NULL CHECK (epoch > 0),
  closed_through integer,
  single smallint PRIMARY KEY DEFAULT 1 CHECK (single = 1)
);

-- Numbers the changes of accounts, for incremental snapshots.
CREATE SEQUENCE daybook.change_number;

CREATE TABLE daybook.terminal (
  id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  highest_number bigint NOT NULL DEFAULT 0,
  highest_line_hash text NOT NULL DEFAULT '',
  counter bigint NOT NULL DEFAULT 0,
  enrolled_at bigint NOT NULL
);

-- Customers' accounts.
CREATE TABLE daybook.account (
  number text COLLATE "C" PRIMARY KEY
    CHECK (length(number) BETWEEN 1 AND 34 AND number NOT LIKE 'BANK-%'),
  holder text NOT NULL,
  -- The folded words under which it is found, each behind a space; not the one that the number
  -- begins with.
  words text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  status text COLLATE "C" NOT NULL CHECK (status IN ('open', 'frozen', 'closed')),
  overdraft bigint NOT NULL CHECK (overdraft >= 0),
  balance bigint NOT NULL DEFAULT 0,
  last_sequence bigint NOT NULL DEFAULT 0 CHECK (last_sequence >= 0),
  reference text,
  version bigint NOT NULL DEFAULT 1,
  changed bigint NOT NULL,
  changed_span bigint GENERATED ALWAYS AS (changed >> 6) STORED
)
-- Room for a new version of a row beside the old one.
WITH (fillfactor = 80);

-- By spans of change numbers: a reconciliation's next batch mostly falls into the same span. Then no
-- indexed column of an account's row gets another value, and no index is written to.
CREATE INDEX account_changed ON daybook.account (changed_span, number);

-- Where an account stands in the index: under each of its words, under the first letter of each
-- (n), and under the first letters of each two (j n). So the accounts of every letter, and of every
-- two, are a list in the order of numbers. The marks are bits for the beginnings of all its words:
-- most accounts that lack a word are passed over without being read.
CREATE TABLE daybook.account_word (
  word text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  marks bigint NOT NULL,
  PRIMARY KEY (word, number) INCLUDE (marks)
);

-- The bank's own accounts, one share per terminal, so that no row is hot.
CREATE TABLE daybook.own_account (
  number text COLLATE "C" NOT NULL CHECK (number LIKE 'BANK-%'),
  share text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  sequence bigint NOT NULL CHECK (sequence >= 0),
  balance bigint NOT NULL,
  PRIMARY KEY (number, share)
);

-- Every id that was ever decided, for ever.
CREATE TABLE daybook.inbox (
  entry_id uuid PRIMARY KEY,
  content_hash text COLLATE "C" NOT NULL,
  terminal text COLLATE "C" NOT NULL,
  number bigint,
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('posted', 'suspense', 'refused')),
  reason text COLLATE "C" CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags text COLLATE "C" NOT NULL DEFAULT '',
  decided_at bigint NOT NULL,
  UNIQUE (terminal, number)
);

-- Entries in the books, with the accounts they were really booked on.
CREATE TABLE daybook.booking (
  entry_id uuid PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind text COLLATE "C" NOT NULL
    CHECK (kind IN ('deposit', 'withdrawal', 'transfer', 'fee', 'reversal', 'settlement')),
  debit text COLLATE "C" NOT NULL,
  credit text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  memo text NOT NULL,
  operator text COLLATE "C" NOT NULL,
  approved_by text,
  stated_holder text,
  terminal text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  captured_at bigint NOT NULL,
  booking_date integer NOT NULL,
  value_date integer NOT NULL,
  reverses uuid UNIQUE,
  replaces uuid,
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('posted', 'suspense')),
  reason text COLLATE "C" CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags text COLLATE "C" NOT NULL DEFAULT '',
  CHECK (debit <> credit)
);

-- For the search after the same instruction from elsewhere: by day, customer and amount.
CREATE INDEX booking_instruction ON daybook.booking
  (value_date, (CASE WHEN debit LIKE 'BANK-%' THEN credit ELSE debit END), amount);

-- Statement lines: the effect of each booking on each of its two accounts.
CREATE TABLE daybook.line (
  account text COLLATE "C" NOT NULL,
  share text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  entry_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  balance bigint NOT NULL,
  booking_date integer NOT NULL,
  value_date integer NOT NULL,
  PRIMARY KEY (account, share, sequence)
);

-- Outcomes that a person must settle. Without a label: an exception that a restored bank knows by its
-- settlement alone, until the till that captured its entry has healed the bank as well.
CREATE TABLE daybook.exception (
  entry_id uuid PRIMARY KEY,
  label text NOT NULL,
  kind text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('posted', 'suspense', 'refused')),
  reason text COLLATE "C" CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags text COLLATE "C" NOT NULL DEFAULT '',
  duplicate_of uuid,
  maker text NOT NULL,
  counter_account text COLLATE "C",
  stated_holder text,
  memo text NOT NULL DEFAULT '',
  captured_at bigint NOT NULL,
  -- Who is to settle it; whoever captured it where nobody is named.
  owner text,
  terminal text COLLATE "C" NOT NULL,
  opened_at bigint NOT NULL,
  resolution text COLLATE "C" CHECK (resolution IN ('post', 'to', 'match', 'refuse')),
  resolution_target text COLLATE "C",
  settled_by text,
  note text,
  settled_at bigint,
  CHECK ((resolution IS NULL) = (settled_at IS NULL))
);

CREATE INDEX exception_opened ON daybook.exception (opened_at, entry_id);
CREATE INDEX exception_open ON daybook.exception (opened_at, entry_id) WHERE resolution IS NULL;

-- Who opened, froze, unfroze, closed or reopened which account.
CREATE TABLE daybook.account_change (
  entry_id uuid PRIMARY KEY,
  account text COLLATE "C" NOT NULL,
  what text COLLATE "C" NOT NULL
    CHECK (what IN ('open', 'freeze', 'unfreeze', 'close', 'reopen')),
  operator text NOT NULL,
  at bigint NOT NULL
);
