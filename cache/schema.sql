-- The database of posthorn. Every column says what it holds and who writes it; a test sees to that. Times are Unix
-- seconds UTC. There are no triggers: what is derived is derived in Go (reshow.go), and messages are deleted by one
-- function (forget.go), which also clears what a cascade would leave behind.

CREATE TABLE mailbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT, -- mail.MailboxKey
  account       TEXT    NOT NULL,                  -- mail.Account.Name
  name          TEXT    NOT NULL,                  -- decoded full name
  delimiter     TEXT    NOT NULL DEFAULT '',       -- hierarchy delimiter; empty: flat
  role          TEXT    NOT NULL DEFAULT '',       -- mail.Role: inbox, sent, trash ...
  noselect      INTEGER NOT NULL DEFAULT 0,        -- 1: holds other mailboxes only
  subscribed    INTEGER NOT NULL DEFAULT 0,        -- 1: the user subscribed to it
  uidvalidity   INTEGER NOT NULL DEFAULT 0,        -- 0: never synchronised
  uidnext       INTEGER NOT NULL DEFAULT 0,        -- every UID in [backfill_uid, uidnext) is known
  highestmodseq INTEGER NOT NULL DEFAULT 0,        -- as SELECT gave it; 0: no CONDSTORE
  calm_uidnext  INTEGER NOT NULL DEFAULT 0,        -- UIDNEXT when last nothing was wanted of messages: what is below was there before all that is wanted; 0: not known
  backfill_uid  INTEGER NOT NULL DEFAULT 0,        -- lowest UID whose header is held; 1: complete; 0: never synchronised
  dirty         INTEGER NOT NULL DEFAULT 1,        -- 1: something changed on the server
  held          INTEGER NOT NULL DEFAULT 0,        -- messages said here with uid > 0; derived, written by flush
  total         INTEGER NOT NULL DEFAULT 0,        -- messages shown here; derived, written by flush
  unseen        INTEGER NOT NULL DEFAULT 0,        -- of these, without \Seen; derived, written by flush
  status_total  INTEGER NOT NULL DEFAULT 0,        -- MESSAGES of the last STATUS, shown until the first synchronisation
  status_unseen INTEGER NOT NULL DEFAULT 0,        -- UNSEEN of the last STATUS
  UNIQUE (account, name)
) STRICT;

CREATE TABLE message (
  id               INTEGER PRIMARY KEY AUTOINCREMENT, -- mail.MessageKey; survives a move
  mailbox_id       INTEGER NOT NULL REFERENCES mailbox (id), -- said; no cascade: see forget.go
  uid              INTEGER NOT NULL,                  -- said; 0: moved by us or renumbered, new UID not yet known
  flags            INTEGER NOT NULL DEFAULT 0,        -- said; mail.Flags
  keywords         TEXT    NOT NULL DEFAULT '',       -- said; mail.Keywords
  shown_mailbox_id INTEGER NOT NULL,                  -- said overlaid with wishes; 0: expunge wanted or \Deleted, hidden; written by reshow
  shown_flags      INTEGER NOT NULL DEFAULT 0,        -- the same for flags
  shown_keywords   TEXT    NOT NULL DEFAULT '',       -- the same for keywords
  internal_date    INTEGER NOT NULL,                  -- INTERNALDATE; lists are sorted by it
  date             INTEGER NOT NULL DEFAULT 0,        -- Date header; 0: missing or unreadable
  size             INTEGER NOT NULL DEFAULT 0,        -- RFC822.SIZE
  message_id       TEXT    NOT NULL DEFAULT '',       -- Message-ID, canonical, without <>
  subject          TEXT    NOT NULL DEFAULT '',       -- decoded
  from_text        TEXT    NOT NULL DEFAULT '',       -- senders for the list row
  to_text          TEXT    NOT NULL DEFAULT '',       -- recipients for the list row of Sent and Drafts
  list_id          TEXT    NOT NULL DEFAULT '',       -- List-Id without <>
  attachments      INTEGER NOT NULL DEFAULT 0,        -- what a person would call attachments
  preview          TEXT    NOT NULL DEFAULT '',       -- first words, once a body is known
  thread_id        INTEGER NOT NULL DEFAULT 0         -- conversation; derived from message_ref
) STRICT;
CREATE UNIQUE INDEX message_by_uid     ON message (mailbox_id, uid) WHERE uid > 0;
CREATE INDEX        message_by_waiting ON message (mailbox_id, message_id, size) WHERE uid = 0;
CREATE INDEX        message_by_list    ON message (shown_mailbox_id, internal_date DESC, id DESC);
CREATE INDEX        message_by_unseen  ON message (shown_mailbox_id, internal_date DESC, id DESC) WHERE shown_flags & 1 = 0;
CREATE INDEX        message_by_flagged ON message (shown_mailbox_id, internal_date DESC, id DESC) WHERE shown_flags & 4 <> 0;
CREATE INDEX        message_by_thread  ON message (thread_id, shown_mailbox_id, internal_date);

-- What is read when a message is opened, one row for each. It is three quarters of what the server tells of a message and
-- does not change; beside the flags, every page of flags that changed would be written with it.
CREATE TABLE description (
  message_id INTEGER PRIMARY KEY, -- message.id; no cascade, as that looks for the message with each row: see forget.go
  envelope   TEXT NOT NULL,       -- mail.Envelope as JSON
  structure  TEXT NOT NULL        -- mail.Part as JSON; empty: not known yet
) STRICT;

-- What the user wants and the server has not yet confirmed: outcomes, not steps.
CREATE TABLE operation (
  message_id   INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE, -- whose wish; of a copy: the row that is to become it
  kind         TEXT    NOT NULL CHECK (kind IN ('flags', 'move', 'copy', 'expunge')), -- mail.ChangeKind
  mask         INTEGER NOT NULL DEFAULT 0,  -- flags: which bits
  want         INTEGER NOT NULL DEFAULT 0,  -- flags: their wanted values
  add_keywords TEXT    NOT NULL DEFAULT '', -- flags: keywords to set
  del_keywords TEXT    NOT NULL DEFAULT '', -- flags: keywords to clear
  target_id    INTEGER NOT NULL DEFAULT 0,  -- move, copy: mailbox
  source_id    INTEGER NOT NULL DEFAULT 0,  -- copy: message.id of what is copied; it may be gone by now
  fetched      INTEGER NOT NULL DEFAULT 0,  -- move, copy to another account: 1: all its octets are in part_content
  copying      INTEGER NOT NULL DEFAULT 0,  -- move, copy: mailbox where a copy was tried and the answer is not recorded; 0: none
  uidnext      INTEGER NOT NULL DEFAULT 0,  -- UIDNEXT there before that: the copy is not below
  tried        TEXT    NOT NULL DEFAULT '', -- move: earlier targets of this wish, where a lost connection may have put it
  rev          INTEGER NOT NULL,            -- from revision: new with every wish, so that an old answer cannot drop a new wish
  not_before   INTEGER NOT NULL DEFAULT 0,  -- grace period and back-off
  attempts     INTEGER NOT NULL DEFAULT 0,  -- how often it was put off
  last_error   TEXT    NOT NULL DEFAULT '', -- why it was put off
  wished_at    INTEGER NOT NULL,            -- when it was wanted
  after        INTEGER NOT NULL DEFAULT 0,  -- message.id: the highest there was then; rows up to it are other messages: see twins
  renumbered   INTEGER NOT NULL DEFAULT 0,  -- mailbox whose UIDs changed their meaning since: not sent until its message is found for certain; -1: several are like it, the person decides; 0: none
  PRIMARY KEY (message_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_due       ON operation (not_before, message_id);
CREATE INDEX operation_by_source ON operation (source_id) WHERE source_id <> 0;
CREATE INDEX operation_fetched   ON operation (message_id) WHERE fetched = 1;
CREATE INDEX operation_copying   ON operation (copying) WHERE copying <> 0;

CREATE TABLE revision (
  last INTEGER NOT NULL -- the highest rev given out; one row
) STRICT;
INSERT INTO revision (last) VALUES (0);

CREATE TABLE undo (
  id       INTEGER PRIMARY KEY AUTOINCREMENT, -- the newest is undone first, or redone
  what     TEXT    NOT NULL,                  -- what was done, in the past tense: "archived 3 messages"
  inverse  TEXT    NOT NULL,                  -- the changes that lead back, or forward again once it was undone; JSON
  outgoing INTEGER NOT NULL DEFAULT 0,        -- outbox.id of what was sent; it may be gone by now; 0: a wish
  until    INTEGER NOT NULL DEFAULT 0,        -- end of the grace period; 0: none
  undone   INTEGER NOT NULL DEFAULT 0,        -- 1: was undone and waits to be done again; gone with the next action
  done_at  INTEGER NOT NULL                   -- when it was done
) STRICT;

-- What the user wants of mailboxes themselves and the server has not yet done. Those that concern each other are done in
-- the order of their ids.
CREATE TABLE errand (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order they were wished in
  account     TEXT    NOT NULL,                   -- mail.Account.Name
  mailbox_id  INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE, -- which; one that is to be made has its row already
  kind        TEXT    NOT NULL CHECK (kind IN ('create', 'rename', 'delete', 'subscribe', 'unsubscribe')), -- cache.ErrandKind
  name        TEXT    NOT NULL,                   -- full name: the one wanted, or the one it had when it was wished
  messages    INTEGER NOT NULL DEFAULT 0,         -- delete: how many may go with it; where it holds more it stays
  uidvalidity INTEGER NOT NULL DEFAULT 0,         -- delete: as it was; where it is another one the mailbox stays; 0: not known
  uidnext     INTEGER NOT NULL DEFAULT 0,         -- delete: at most what it has as long as no other messages came; 0: not known
  tried       INTEGER NOT NULL DEFAULT 0,         -- 1: the server may have been told: look before it is told again
  not_before  INTEGER NOT NULL DEFAULT 0,         -- grace period and back-off; 0: at once
  attempts    INTEGER NOT NULL DEFAULT 0,         -- how often it was put off
  last_error  TEXT    NOT NULL DEFAULT '',        -- why it was put off
  wished_at   INTEGER NOT NULL                    -- when it was wanted
) STRICT;
CREATE INDEX errand_by_mailbox ON errand (mailbox_id);

-- Union-find of conversations: which conversation each identifier came to, whether its message is here or not. The
-- identifiers themselves stand in the envelopes; here they would make half of all pages written.
CREATE TABLE message_ref (
  id        INTEGER PRIMARY KEY, -- refOf: hash of the account and an identifier from Message-ID, In-Reply-To or References
  thread_id INTEGER NOT NULL     -- conversation then; see joined
) STRICT;

-- Conversations that became part of others, as a message connected them.
CREATE TABLE joined (
  thread_id INTEGER PRIMARY KEY, -- the one that is no more
  into_id   INTEGER NOT NULL     -- the one it is part of; never part of another itself
) STRICT;
CREATE INDEX joined_by_into ON joined (into_id);

-- One row per conversation and mailbox, for the threaded list; derived, written by flush.
CREATE TABLE conversation (
  mailbox_id INTEGER NOT NULL, -- shown mailbox
  thread_id  INTEGER NOT NULL, -- conversation
  latest     INTEGER NOT NULL, -- internal_date of its newest message here
  latest_id  INTEGER NOT NULL, -- that message
  total      INTEGER NOT NULL, -- its messages here
  unseen     INTEGER NOT NULL, -- of these, without \Seen
  PRIMARY KEY (mailbox_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_by_list ON conversation (mailbox_id, latest DESC, thread_id);

-- Raw content, still transfer-encoded, so that better decoding applies to old mail; in pieces as they came.
CREATE TABLE part_content (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE, -- whose content
  section    TEXT    NOT NULL,           -- '1.2'; '' is the whole message
  start      INTEGER NOT NULL,           -- octets before this piece; pieces follow each other without a gap
  content    BLOB    NOT NULL,           -- the octets
  complete   INTEGER NOT NULL DEFAULT 0, -- 1: the section ends with this piece
  stored_at  INTEGER NOT NULL,           -- when it came
  PRIMARY KEY (message_id, section, start)
) STRICT;

-- Which messages contact and message_fts know; the others are taken in when there is nothing better to do.
CREATE TABLE learned (
  last INTEGER NOT NULL -- message.id: all up to this one, some after it; one row; written by learn
) STRICT;
INSERT INTO learned (last) VALUES (0);

-- Full text; rowid is message.id. Written by index and learn.
CREATE VIRTUAL TABLE message_fts USING fts5 (
  subject,    -- decoded subject
  sender,     -- names and addresses of From
  recipients, -- names and addresses of To, Cc and Bcc
  body,       -- readable text, once a body is known
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- Outgoing.Key
  account    TEXT    NOT NULL,            -- mail.Account.Name
  state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'dot-sent', 'sent', 'filed', 'failed', 'unknown')), -- OutState
  bytes      BLOB    NOT NULL,            -- the message, the same on every try
  sender     TEXT    NOT NULL,            -- MAIL FROM
  recipients TEXT    NOT NULL,            -- JSON list: who has not accepted it yet
  message_id TEXT    NOT NULL,            -- canonical Message-ID
  subject    TEXT    NOT NULL,            -- for the list of outgoing mail
  draft      TEXT    NOT NULL,            -- compose.Draft as JSON, to give back
  original   INTEGER NOT NULL DEFAULT 0,  -- message answered or forwarded; it may be gone by now; 0: none
  mark       INTEGER NOT NULL DEFAULT 0,  -- flags the original gets once this is sent
  not_before INTEGER NOT NULL DEFAULT 0,  -- time to take it back, and back-off
  created_at INTEGER NOT NULL,            -- when it was queued
  attempts   INTEGER NOT NULL DEFAULT 0,  -- how often it was tried
  last_error TEXT    NOT NULL DEFAULT '', -- the server's words of the last try
  refused    TEXT    NOT NULL DEFAULT '[]', -- JSON list of Refusal: who was refused for good
  copy       INTEGER NOT NULL DEFAULT 0,  -- Copy: 0: nobody has it; 1: somebody has, and the copy is to be filed; 2: it is filed
  forwarded  TEXT    NOT NULL DEFAULT '[]' -- JSON list of whole messages that go along, which are marked like original; each may be gone by now
) STRICT;

CREATE TABLE draft (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- Stored.Key
  account    TEXT    NOT NULL, -- mail.Account.Name
  data       TEXT    NOT NULL, -- compose.Draft as JSON
  updated_at INTEGER NOT NULL, -- when it was last saved
  rev        INTEGER NOT NULL DEFAULT 1,  -- bumped by each change
  message_id INTEGER NOT NULL DEFAULT 0,  -- message.id of the copy in Drafts that is known; 0: none
  mirrored   INTEGER NOT NULL DEFAULT 0,  -- the rev that this copy says; 0: another program wrote it, or there is none
  awaited    TEXT    NOT NULL DEFAULT '', -- Message-ID of a copy that was or may have been appended and is not known yet; empty: none
  copied     INTEGER NOT NULL DEFAULT 0,  -- the rev that one says
  ended      INTEGER NOT NULL DEFAULT 0,  -- 1: sent or thrown away, and waits for the copy that may turn up
  mirror_at  INTEGER NOT NULL DEFAULT 0   -- when the server is to get a copy of a change; 0: never
) STRICT;

-- Attachments of drafts that are parts of messages which are gone by now.
CREATE TABLE kept (
  message_id INTEGER NOT NULL, -- message.id, of a message that may be gone
  section    TEXT    NOT NULL, -- of its part; empty: the whole message
  content    BLOB    NOT NULL, -- decoded
  PRIMARY KEY (message_id, section)
) STRICT;

CREATE TABLE contact (
  address   TEXT    NOT NULL,           -- local@domain in lower case
  name      TEXT    NOT NULL DEFAULT '', -- display name of the newest mail that had one
  local     TEXT    NOT NULL,           -- left of the @, as written
  domain    TEXT    NOT NULL,           -- right of the @, as written
  words     TEXT    NOT NULL,           -- what a prefix is looked for in: ' name words address', lower case
  written   INTEGER NOT NULL DEFAULT 0, -- how often we wrote to it
  received  INTEGER NOT NULL DEFAULT 0, -- how often it wrote to us in person
  last_used INTEGER NOT NULL DEFAULT 0, -- newest mail with it
  PRIMARY KEY (address)
) STRICT, WITHOUT ROWID;

-- What the program remembers of a person's choices, so that it need not ask again.
CREATE TABLE choice (
  name  TEXT PRIMARY KEY, -- what it is about: "folder", "form anna@example.org", "left home news.example.org"
  value TEXT NOT NULL     -- what was chosen
) STRICT, WITHOUT ROWID;

-- Wishes whose messages are not there, by what the server knows these by, until they are fetched again: from a damaged
-- database, from a mailbox that the server renumbered, and of messages that another program moved.
CREATE TABLE salvaged (
  id           INTEGER PRIMARY KEY, -- the order they were found in
  account      TEXT    NOT NULL,    -- mail.Account.Name
  mailbox      TEXT    NOT NULL,    -- name of the mailbox the server said
  uidvalidity  INTEGER NOT NULL,    -- of that mailbox at the time
  uid          INTEGER NOT NULL,    -- said, of a strayed one before it left; 0: not known
  message_id   TEXT    NOT NULL,    -- canonical Message-ID; empty: none
  size         INTEGER NOT NULL,    -- RFC822.SIZE
  kind         TEXT    NOT NULL,    -- mail.ChangeKind
  mask         INTEGER NOT NULL,    -- flags: which bits
  want         INTEGER NOT NULL,    -- flags: their wanted values
  add_keywords TEXT    NOT NULL,    -- flags: keywords to set
  del_keywords TEXT    NOT NULL,    -- flags: keywords to clear
  target       TEXT    NOT NULL,    -- move, copy: name of the mailbox; empty: neither
  not_before   INTEGER NOT NULL,    -- grace period
  to_account   TEXT    NOT NULL DEFAULT '', -- move, copy: its account; empty: the message's own
  wished_at    INTEGER NOT NULL DEFAULT 0, -- when it was wanted; 0: not known
  strayed      INTEGER NOT NULL DEFAULT 0, -- 1: its message left the mailbox, and may turn up in any of the account
  received     INTEGER NOT NULL DEFAULT 0, -- INTERNALDATE; 0: not known
  message_key  INTEGER NOT NULL DEFAULT 0, -- the key that undo knows its message by, or the copy that is to be made; 0: none
  flags        INTEGER NOT NULL DEFAULT 0, -- said of the message last
  keywords     TEXT    NOT NULL DEFAULT '', -- said of the message last
  after        INTEGER NOT NULL DEFAULT 0   -- of a strayed one: message.id up to which rows are other messages: see twins
) STRICT;
CREATE INDEX salvaged_strayed ON salvaged (message_id) WHERE strayed = 1;
