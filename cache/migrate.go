package cache

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"posthorn/mail"
)

//go:embed schema.sql
var schema string

// applicationID marks the file as posthorn's: "post".
const applicationID = 0x706f7374

// migrations lead from one version of the schema to the next: migrations[0] from 1 to 2, and so on. A step may ask
// for a new synchronisation (backfill_uid = 0) instead of converting cleverly; it may never lose an outbox, draft,
// undo or operation row.
var migrations = []string{
	`CREATE TABLE salvaged (id INTEGER PRIMARY KEY, account TEXT NOT NULL, mailbox TEXT NOT NULL, uidvalidity INTEGER NOT NULL,
		uid INTEGER NOT NULL, message_id TEXT NOT NULL, size INTEGER NOT NULL, kind TEXT NOT NULL, mask INTEGER NOT NULL, want INTEGER NOT NULL,
		add_keywords TEXT NOT NULL, del_keywords TEXT NOT NULL, target TEXT NOT NULL, not_before INTEGER NOT NULL) STRICT`,
	`CREATE TABLE choice (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE learned (last INTEGER NOT NULL) STRICT;
	INSERT INTO learned (last) SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'message';
	UPDATE message SET shown_mailbox_id = 0 WHERE flags & 8 <> 0;
	UPDATE mailbox SET total = (SELECT count(*) FROM message WHERE shown_mailbox_id = mailbox.id),
		unseen = (SELECT count(*) FROM message WHERE shown_mailbox_id = mailbox.id AND shown_flags & 1 = 0);
	DELETE FROM conversation;
	INSERT INTO conversation (mailbox_id, thread_id, latest, latest_id, total, unseen)
		SELECT shown_mailbox_id, thread_id, max(internal_date), (SELECT n.id FROM message n WHERE n.thread_id = m.thread_id
			AND n.shown_mailbox_id = m.shown_mailbox_id ORDER BY n.internal_date DESC, n.id DESC LIMIT 1), count(*), sum(shown_flags & 1 = 0)
		FROM message m WHERE shown_mailbox_id <> 0 GROUP BY 1, 2;
	DROP INDEX operation_due;
	ALTER TABLE operation RENAME TO former;
	CREATE TABLE operation (message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
		kind TEXT NOT NULL CHECK (kind IN ('flags', 'move', 'copy', 'expunge')), mask INTEGER NOT NULL DEFAULT 0, want INTEGER NOT NULL DEFAULT 0,
		add_keywords TEXT NOT NULL DEFAULT '', del_keywords TEXT NOT NULL DEFAULT '', target_id INTEGER NOT NULL DEFAULT 0,
		source_id INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 0, copying INTEGER NOT NULL DEFAULT 0,
		uidnext INTEGER NOT NULL DEFAULT 0, tried TEXT NOT NULL DEFAULT '', rev INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0,
		attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '', wished_at INTEGER NOT NULL, renumbered INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (message_id, kind)) STRICT, WITHOUT ROWID;
	INSERT INTO operation (message_id, kind, mask, want, add_keywords, del_keywords, target_id, tried, rev, not_before, attempts, last_error, wished_at)
		SELECT message_id, kind, mask, want, add_keywords, del_keywords, target_id, tried, rev, not_before, attempts, last_error, wished_at FROM former;
	DROP TABLE former;
	CREATE INDEX operation_due       ON operation (not_before, message_id);
	CREATE INDEX operation_by_source ON operation (source_id) WHERE source_id <> 0;
	CREATE INDEX operation_fetched   ON operation (message_id) WHERE fetched = 1;
	CREATE INDEX operation_copying   ON operation (copying) WHERE copying <> 0;
	ALTER TABLE salvaged ADD COLUMN to_account TEXT NOT NULL DEFAULT '';
	ALTER TABLE salvaged ADD COLUMN wished_at INTEGER NOT NULL DEFAULT 0;
	DROP INDEX message_by_waiting; CREATE INDEX message_by_waiting ON message (mailbox_id, message_id, size) WHERE uid = 0;`,
	`CREATE TABLE errand (id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL,
		mailbox_id INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
		kind TEXT NOT NULL CHECK (kind IN ('create', 'rename', 'delete', 'subscribe', 'unsubscribe')), name TEXT NOT NULL,
		messages INTEGER NOT NULL DEFAULT 0, tried INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
		attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '', wished_at INTEGER NOT NULL) STRICT;
	CREATE INDEX errand_by_mailbox ON errand (mailbox_id);`,
	`ALTER TABLE errand ADD COLUMN uidvalidity INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE errand ADD COLUMN uidnext INTEGER NOT NULL DEFAULT 0;`,
	`ALTER TABLE outbox ADD COLUMN refused TEXT NOT NULL DEFAULT '[]';
	ALTER TABLE outbox ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;` + guessCopies,
	`ALTER TABLE draft ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;
	ALTER TABLE draft ADD COLUMN message_id INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE draft ADD COLUMN mirrored INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE draft ADD COLUMN awaited TEXT NOT NULL DEFAULT '';
	ALTER TABLE draft ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE draft ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE draft ADD COLUMN mirror_at INTEGER NOT NULL DEFAULT 0;
	UPDATE draft SET mirror_at = updated_at WHERE data ->> 'Redirected' IS NOT 1;
	CREATE TABLE kept (message_id INTEGER NOT NULL, section TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (message_id, section)) STRICT;`,
	`ALTER TABLE salvaged ADD COLUMN strayed INTEGER NOT NULL DEFAULT 0;
	CREATE INDEX salvaged_strayed ON salvaged (message_id) WHERE strayed = 1;`,
	`ALTER TABLE outbox ADD COLUMN forwarded TEXT NOT NULL DEFAULT '[]';`,
	`ALTER TABLE salvaged ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE salvaged ADD COLUMN message_key INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE salvaged ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE salvaged ADD COLUMN keywords TEXT NOT NULL DEFAULT '';`,
	`ALTER TABLE operation ADD COLUMN after INTEGER NOT NULL DEFAULT 0;
	UPDATE operation SET after = (SELECT ifnull(max(id), 0) FROM message) WHERE kind <> 'copy';`,
	`ALTER TABLE mailbox ADD COLUMN calm_uidnext INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE salvaged ADD COLUMN after INTEGER NOT NULL DEFAULT 0;
	UPDATE salvaged SET after = (SELECT ifnull(max(id), 0) FROM message) WHERE strayed = 1;`,
	`ALTER TABLE mailbox DROP COLUMN synced_at;`,
	`CREATE TABLE description (message_id INTEGER PRIMARY KEY, envelope TEXT NOT NULL, structure TEXT NOT NULL) STRICT;
	INSERT INTO description (message_id, envelope, structure) SELECT id, envelope, structure FROM message ORDER BY id;
	ALTER TABLE message DROP COLUMN envelope;
	ALTER TABLE message DROP COLUMN structure;`,
	`DROP INDEX message_ref_by_thread;
	CREATE TABLE joined (thread_id INTEGER PRIMARY KEY, into_id INTEGER NOT NULL) STRICT;
	CREATE INDEX joined_by_into ON joined (into_id);`,
}

// guessCopies fills the column copy of rows that had none. What failed and was not given back as a draft had reached
// somebody. Whether an earlier try of what may have been sent had is not known: a copy in Sent must then prove nothing.
const guessCopies = `UPDATE outbox SET copy = iif(state IN ('sent', 'failed'), 1, 2)
	WHERE state IN ('sent', 'failed') OR state IN ('unknown', 'dot-sent') AND attempts > 0;`

// migrate brings the file to the newest version: PRAGMA user_version counts, each step is a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn, steps []string) error {
	v, err := versionOf(ctx, conn)
	if err != nil {
		return err
	}
	newest := len(steps) + 1
	if v.tables == 0 && v.number == 0 {
		return step(ctx, conn, fmt.Sprintf("PRAGMA application_id = %d;\n%s", applicationID, schema), newest)
	}
	if err := v.refuse(newest); err != nil {
		return err
	}
	for version := v.number; version < newest; version++ {
		if err := step(ctx, conn, steps[version-1], version+1); err != nil {
			return fmt.Errorf("bring the database from version %d to %d: %w", version, version+1, err)
		}
	}
	return nil
}

// version is what a database says of itself.
type version struct{ number, application, tables int }

func versionOf(ctx context.Context, q querier) (v version, err error) {
	err = q.QueryRowContext(ctx, "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) "+
		"FROM pragma_user_version, pragma_application_id").Scan(&v.number, &v.application, &v.tables)
	return v, err
}

// refuse is why this program must leave the database alone; nil: it need not.
func (v version) refuse(newest int) error {
	switch {
	case v.application != applicationID:
		return &mail.Error{Op: "open the database", Kind: mail.Damaged,
			Err: errors.New("this is the database of another program: move it away, or give posthorn another data folder")}
	case v.number > newest:
		return &mail.Error{Op: "open the database", Kind: mail.Damaged,
			Err: fmt.Errorf("it was written by a newer posthorn (version %d of the database; this one knows %d): use the newer program", v.number, newest)}
	}
	return nil
}

func step(ctx context.Context, conn *sql.Conn, script string, version int) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}
