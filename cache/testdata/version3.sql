-- A database of version 3, as the program of that time made it.
PRAGMA application_id = 1886352244;
PRAGMA user_version = 3;
CREATE TABLE mailbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  delimiter     TEXT    NOT NULL DEFAULT '',
  role          TEXT    NOT NULL DEFAULT '',
  noselect      INTEGER NOT NULL DEFAULT 0,
  subscribed    INTEGER NOT NULL DEFAULT 0,
  uidvalidity   INTEGER NOT NULL DEFAULT 0,
  uidnext       INTEGER NOT NULL DEFAULT 0,
  highestmodseq INTEGER NOT NULL DEFAULT 0,
  backfill_uid  INTEGER NOT NULL DEFAULT 0,
  dirty         INTEGER NOT NULL DEFAULT 1,
  synced_at     INTEGER NOT NULL DEFAULT 0,
  held          INTEGER NOT NULL DEFAULT 0,
  total         INTEGER NOT NULL DEFAULT 0,
  unseen        INTEGER NOT NULL DEFAULT 0,
  status_total  INTEGER NOT NULL DEFAULT 0,
  status_unseen INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, name)
) STRICT;
CREATE TABLE message (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id       INTEGER NOT NULL REFERENCES mailbox (id),
  uid              INTEGER NOT NULL,
  flags            INTEGER NOT NULL DEFAULT 0,
  keywords         TEXT    NOT NULL DEFAULT '',
  shown_mailbox_id INTEGER NOT NULL,
  shown_flags      INTEGER NOT NULL DEFAULT 0,
  shown_keywords   TEXT    NOT NULL DEFAULT '',
  internal_date    INTEGER NOT NULL,
  date             INTEGER NOT NULL DEFAULT 0,
  size             INTEGER NOT NULL DEFAULT 0,
  message_id       TEXT    NOT NULL DEFAULT '',
  subject          TEXT    NOT NULL DEFAULT '',
  from_text        TEXT    NOT NULL DEFAULT '',
  to_text          TEXT    NOT NULL DEFAULT '',
  list_id          TEXT    NOT NULL DEFAULT '',
  attachments      INTEGER NOT NULL DEFAULT 0,
  preview          TEXT    NOT NULL DEFAULT '',
  thread_id        INTEGER NOT NULL DEFAULT 0,
  envelope         TEXT    NOT NULL DEFAULT '{}',
  structure        TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX message_by_uid     ON message (mailbox_id, uid) WHERE uid > 0;
CREATE INDEX        message_by_waiting ON message (mailbox_id, message_id, size) WHERE uid = 0;
CREATE INDEX        message_by_list    ON message (shown_mailbox_id, internal_date DESC, id DESC);
CREATE INDEX        message_by_unseen  ON message (shown_mailbox_id, internal_date DESC, id DESC) WHERE shown_flags & 1 = 0;
CREATE INDEX        message_by_flagged ON message (shown_mailbox_id, internal_date DESC, id DESC) WHERE shown_flags & 4 <> 0;
CREATE INDEX        message_by_thread  ON message (thread_id, shown_mailbox_id, internal_date);
CREATE TABLE operation (
  message_id   INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  kind         TEXT    NOT NULL CHECK (kind IN ('flags', 'move', 'copy', 'expunge')),
  mask         INTEGER NOT NULL DEFAULT 0,
  want         INTEGER NOT NULL DEFAULT 0,
  add_keywords TEXT    NOT NULL DEFAULT '',
  del_keywords TEXT    NOT NULL DEFAULT '',
  target_id    INTEGER NOT NULL DEFAULT 0,
  source_id    INTEGER NOT NULL DEFAULT 0,
  fetched      INTEGER NOT NULL DEFAULT 0,
  copying      INTEGER NOT NULL DEFAULT 0,
  uidnext      INTEGER NOT NULL DEFAULT 0,
  tried        TEXT    NOT NULL DEFAULT '',
  rev          INTEGER NOT NULL,
  not_before   INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0,
  last_error   TEXT    NOT NULL DEFAULT '',
  wished_at    INTEGER NOT NULL,
  renumbered   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (message_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_due       ON operation (not_before, message_id);
CREATE INDEX operation_by_source ON operation (source_id) WHERE source_id <> 0;
CREATE INDEX operation_fetched   ON operation (message_id) WHERE fetched = 1;
CREATE INDEX operation_copying   ON operation (copying) WHERE copying <> 0;
CREATE TABLE revision (
  last INTEGER NOT NULL
) STRICT;
INSERT INTO revision (last) VALUES (0);
CREATE TABLE undo (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  what     TEXT    NOT NULL,
  inverse  TEXT    NOT NULL,
  outgoing INTEGER NOT NULL DEFAULT 0,
  until    INTEGER NOT NULL DEFAULT 0,
  undone   INTEGER NOT NULL DEFAULT 0,
  done_at  INTEGER NOT NULL
) STRICT;
CREATE TABLE message_ref (
  id        INTEGER PRIMARY KEY,
  thread_id INTEGER NOT NULL
) STRICT;
CREATE INDEX message_ref_by_thread ON message_ref (thread_id);
CREATE TABLE conversation (
  mailbox_id INTEGER NOT NULL,
  thread_id  INTEGER NOT NULL,
  latest     INTEGER NOT NULL,
  latest_id  INTEGER NOT NULL,
  total      INTEGER NOT NULL,
  unseen     INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_by_list ON conversation (mailbox_id, latest DESC, thread_id);
CREATE TABLE part_content (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  section    TEXT    NOT NULL,
  start      INTEGER NOT NULL,
  content    BLOB    NOT NULL,
  complete   INTEGER NOT NULL DEFAULT 0,
  stored_at  INTEGER NOT NULL,
  PRIMARY KEY (message_id, section, start)
) STRICT;
CREATE TABLE learned (
  last INTEGER NOT NULL
) STRICT;
INSERT INTO learned (last) VALUES (0);
CREATE VIRTUAL TABLE message_fts USING fts5 (
  subject,
  sender,
  recipients,
  body,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account    TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'dot-sent', 'sent', 'filed', 'failed', 'unknown')),
  bytes      BLOB    NOT NULL,
  sender     TEXT    NOT NULL,
  recipients TEXT    NOT NULL,
  message_id TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  draft      TEXT    NOT NULL,
  original   INTEGER NOT NULL DEFAULT 0,
  mark       INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  last_error TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE draft (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account    TEXT    NOT NULL,
  data       TEXT    NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE contact (
  address   TEXT    NOT NULL,
  name      TEXT    NOT NULL DEFAULT '',
  local     TEXT    NOT NULL,
  domain    TEXT    NOT NULL,
  words     TEXT    NOT NULL,
  written   INTEGER NOT NULL DEFAULT 0,
  received  INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (address)
) STRICT, WITHOUT ROWID;
CREATE TABLE choice (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE salvaged (
  id           INTEGER PRIMARY KEY,
  account      TEXT    NOT NULL,
  mailbox      TEXT    NOT NULL,
  uidvalidity  INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  message_id   TEXT    NOT NULL,
  size         INTEGER NOT NULL,
  kind         TEXT    NOT NULL,
  mask         INTEGER NOT NULL,
  want         INTEGER NOT NULL,
  add_keywords TEXT    NOT NULL,
  del_keywords TEXT    NOT NULL,
  target       TEXT    NOT NULL,
  not_before   INTEGER NOT NULL,
  to_account   TEXT    NOT NULL DEFAULT '',
  wished_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO mailbox (id, account, name, delimiter, role, uidvalidity, uidnext, backfill_uid, dirty, held, total, unseen) VALUES
  (1, 'home', 'INBOX', '/', 'inbox', 7, 3, 1, 0, 2, 1, 1), (2, 'home', 'Archive', '/', 'archive', 8, 1, 1, 0, 0, 1, 0);
INSERT INTO message (id, mailbox_id, uid, flags, shown_mailbox_id, shown_flags, internal_date, size, message_id, subject, thread_id, envelope, structure) VALUES
  (1, 1, 1, 1, 2, 1, 1000, 10, 'a@example.org', 'moved', 1, '{"message_id":"a@example.org"}', '{"s":"1","t":"text/html"}'), (2, 1, 2, 0, 1, 0, 2000, 20, '', 'stays', 2, '{}', '');
INSERT INTO conversation (mailbox_id, thread_id, latest, latest_id, total, unseen) VALUES (2, 1, 1000, 1, 1, 0), (1, 2, 2000, 2, 1, 1);
UPDATE revision SET last = 5;
INSERT INTO operation (message_id, kind, target_id, rev, wished_at) VALUES (1, 'move', 2, 5, 900);
INSERT INTO undo (what, inverse, done_at) VALUES ('moved 1 message', '[{"kind":"move","to":1,"messages":[1]}]', 900);
INSERT INTO draft (id, account, data, updated_at) VALUES (4, 'home', '{}', 900);
INSERT INTO outbox (id, account, state, bytes, sender, recipients, message_id, subject, draft, created_at, attempts) VALUES
  (1, 'home', 'queued', x'78', 'a@x', '["b@x"]', '1@x', 'waits', '{}', 900, 0), (2, 'home', 'sent', x'78', 'a@x', '[]', '2@x', 'sent', '{}', 900, 1),
  (3, 'home', 'failed', x'78', 'a@x', '["b@x"]', '3@x', 'one refused', '{}', 900, 1), (4, 'home', 'unknown', x'78', 'a@x', '["b@x"]', '4@x', 'first try', '{}', 900, 0),
  (5, 'home', 'unknown', x'78', 'a@x', '["b@x"]', '5@x', 'second try', '{}', 900, 1);
