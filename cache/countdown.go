package cache

import (
	"context"
	"database/sql"
	"time"
)

// Countdown is something that cannot be inverted and has not yet begun.
type Countdown struct {
	Outgoing int64  // message that is about to be sent; 0: something is about to be deleted for good
	Account  string // that it goes out through
	Subject  string // its subject
	Mailbox  string // name of a mailbox that is about to be deleted; empty: it is messages
	Messages int    // how many are about to be deleted by that action
	Others   int    // how many more are, by earlier ones
	Until    time.Time
	Newest   bool // it is what Undo takes back next
}

// Countdown is the newest action whose grace period has not passed at now; Until is zero where there is none.
func (r *Reader) Countdown(ctx context.Context, now time.Time) (c Countdown, err error) {
	var until int64
	err = r.db.QueryRowContext(ctx, countdownQuery, now.Unix()).Scan(&c.Outgoing, &c.Account, &c.Subject, &c.Mailbox, &c.Messages, &until, &c.Newest)
	if err == sql.ErrNoRows {
		return Countdown{}, nil
	}
	c.Until = fromUnix(until)
	if err == nil && c.Messages > 0 {
		err = r.db.QueryRowContext(ctx, "SELECT count(*) FROM operation WHERE kind = 'expunge' AND not_before > ?", now.Unix()).Scan(&c.Others)
		c.Others = max(c.Others-c.Messages, 0)
	}
	return c, fail("read what can be undone", err)
}

// All that one action deletes has one revision, which no other action has.
const countdownQuery = `SELECT u.outgoing, ifnull(o.account, ''), ifnull(o.subject, ''), ifnull(d.name, ''), iif(u.outgoing <> 0 OR d.id IS NOT NULL, 0, (SELECT count(*) FROM operation p
			WHERE p.kind = 'expunge' AND p.not_before = u.until AND p.rev = (SELECT q.rev FROM json_each(u.inverse, '$[0].messages') k
				CROSS JOIN operation q ON q.message_id = k.value AND q.kind = 'expunge' LIMIT 1))) AS n,
		u.until, NOT EXISTS (SELECT 1 FROM undo v WHERE v.undone = 0 AND v.id > u.id)
	FROM undo u LEFT JOIN outbox o ON o.id = u.outgoing AND o.state = 'queued' AND o.not_before > ?1
		LEFT JOIN errand d ON d.id = u.inverse ->> '$[0].errand.id' AND d.kind = 'delete' AND d.not_before > ?1
	WHERE u.undone = 0 AND u.until > ?1 AND (o.id IS NOT NULL OR d.id IS NOT NULL OR u.outgoing = 0 AND n > 0)
	ORDER BY u.id DESC LIMIT 1`
