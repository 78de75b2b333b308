-- The books of one bank in one SQLite file. Times are milliseconds since 1970 in UTC, dates are
-- days since 1970, ids are the 16 bytes of a UUID, amounts are minor units of their currency.
-- The same tables and columns stand in ../postgres.

-- One row: who the bank is, and up to which day its period is closed.
CREATE TABLE bank (
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  time_zone TEXT NOT NULL,
  epoch INTEGER NOT NULL CHECK (epoch > 0),
  closed_through INTEGER,
  -- The number of the newest change of an account, for incremental snapshots.
  change INTEGER NOT NULL DEFAULT 0,
  single INTEGER PRIMARY KEY DEFAULT 1 CHECK (single = 1)
) STRICT;

CREATE TABLE terminal (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  name TEXT NOT NULL UNIQUE,
  highest_number INTEGER NOT NULL DEFAULT 0,
  highest_line_hash TEXT NOT NULL DEFAULT '',
  counter INTEGER NOT NULL DEFAULT 0,
  enrolled_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Customers' accounts.
CREATE TABLE account (
  number TEXT PRIMARY KEY CHECK (length(number) BETWEEN 1 AND 34 AND number NOT LIKE 'BANK-%'),
  holder TEXT NOT NULL,
  -- The folded words under which it is found, each behind a space; not the one that the number
  -- begins with.
  words TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  status TEXT NOT NULL CHECK (status IN ('open', 'frozen', 'closed')),
  overdraft INTEGER NOT NULL CHECK (overdraft >= 0),
  balance INTEGER NOT NULL DEFAULT 0,
  last_sequence INTEGER NOT NULL DEFAULT 0 CHECK (last_sequence >= 0),
  reference TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_changed ON account (changed);

-- Where an account stands in the index: under each of its words, under the first letter of each
-- (n), and under the first letters of each two (j n). So the accounts of every letter, and of every
-- two, are a list in the order of numbers. The marks are bits for the beginnings of all its words:
-- most accounts that lack a word are passed over without being read.
CREATE TABLE account_word (
  word TEXT NOT NULL,
  number TEXT NOT NULL REFERENCES account (number),
  marks INTEGER NOT NULL,
  PRIMARY KEY (word, number)
) STRICT, WITHOUT ROWID;

-- The bank's own accounts, one share per terminal, so that no row is hot.
CREATE TABLE own_account (
  number TEXT NOT NULL CHECK (number LIKE 'BANK-%'),
  share TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  sequence INTEGER NOT NULL CHECK (sequence >= 0),
  balance INTEGER NOT NULL,
  PRIMARY KEY (number, share)
) STRICT, WITHOUT ROWID;

-- Every id that was ever decided, for ever.
CREATE TABLE inbox (
  entry_id BLOB PRIMARY KEY CHECK (length(entry_id) = 16),
  content_hash TEXT NOT NULL,
  terminal TEXT NOT NULL,
  number INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('posted', 'suspense', 'refused')),
  reason TEXT CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL,
  UNIQUE (terminal, number)
) STRICT, WITHOUT ROWID;

-- Entries in the books, with the accounts they were really booked on.
CREATE TABLE booking (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id BLOB NOT NULL UNIQUE REFERENCES inbox (entry_id),
  kind TEXT NOT NULL
    CHECK (kind IN ('deposit', 'withdrawal', 'transfer', 'fee', 'reversal', 'settlement')),
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  memo TEXT NOT NULL,
  operator TEXT NOT NULL,
  approved_by TEXT,
  stated_holder TEXT,
  terminal TEXT NOT NULL,
  number INTEGER NOT NULL,
  captured_at INTEGER NOT NULL,
  booking_date INTEGER NOT NULL,
  value_date INTEGER NOT NULL,
  reverses BLOB UNIQUE,
  replaces BLOB,
  outcome TEXT NOT NULL CHECK (outcome IN ('posted', 'suspense')),
  reason TEXT CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags TEXT NOT NULL DEFAULT '',
  CHECK (debit <> credit)
) STRICT;

-- For the search after the same instruction from elsewhere.
CREATE INDEX booking_instruction ON booking (value_date, amount, kind);

-- Statement lines: the effect of each booking on each of its two accounts.
CREATE TABLE line (
  account TEXT NOT NULL,
  share TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  entry_id BLOB NOT NULL REFERENCES booking (entry_id),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  balance INTEGER NOT NULL,
  booking_date INTEGER NOT NULL,
  value_date INTEGER NOT NULL,
  PRIMARY KEY (account, share, sequence)
) STRICT, WITHOUT ROWID;

-- Outcomes that a person must settle. Without a label: an exception that a restored bank knows by its
-- settlement alone, until the till that captured its entry has healed the bank as well.
CREATE TABLE exception (
  entry_id BLOB PRIMARY KEY CHECK (length(entry_id) = 16),
  label TEXT NOT NULL,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  outcome TEXT NOT NULL CHECK (outcome IN ('posted', 'suspense', 'refused')),
  reason TEXT CHECK ((reason IS NULL) = (outcome = 'posted')),
  flags TEXT NOT NULL DEFAULT '',
  duplicate_of BLOB,
  maker TEXT NOT NULL,
  counter_account TEXT,
  stated_holder TEXT,
  memo TEXT NOT NULL DEFAULT '',
  captured_at INTEGER NOT NULL,
  -- Who is to settle it; whoever captured it where nobody is named.
  owner TEXT,
  terminal TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  resolution TEXT CHECK (resolution IN ('post', 'to', 'match', 'refuse')),
  resolution_target TEXT,
  settled_by TEXT,
  note TEXT,
  settled_at INTEGER,
  CHECK ((resolution IS NULL) = (settled_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX exception_opened ON exception (opened_at, entry_id) WHERE resolution IS NULL;

-- Who opened, froze, unfroze, closed or reopened which account.
CREATE TABLE account_change (
  entry_id BLOB PRIMARY KEY REFERENCES inbox (entry_id),
  account TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('open', 'freeze', 'unfreeze', 'close', 'reopen')),
  operator TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a statement shows; the local snapshot has a table of the same name and columns.
CREATE VIEW statement_line AS
SELECT
  line.account, line.share, line.sequence, line.entry_id,
  booking.terminal || '/' || printf('%04d', booking.number) AS label,
  line.booking_date, line.value_date, booking.kind, line.amount, line.balance,
  booking.currency, booking.memo,
  CASE line.account WHEN booking.debit THEN booking.credit ELSE booking.debit END
    AS counter_account
FROM line JOIN booking ON booking.entry_id = line.entry_id;
