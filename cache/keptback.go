package cache

import (
	"context"
	"database/sql"
	"slices"

	"posthorn/mail"
)

// A mailbox that the server does not list any more, and that is not one that has another name now, is forgotten. What was
// wanted of its messages, and of messages that were to go there, is kept back: should the mailbox be there again, it is
// wanted again, and until then the person may give it up.

// KeptBack is what was kept back of a mailbox that is gone.
type KeptBack struct {
	Name string // what the server called it
	In   int    // wishes for messages in it
	Into int    // wishes for messages elsewhere to go there
}

// KeepBack keeps back what is wanted of mailboxes of an account that a list lacks, or has as names that hold no messages any
// more. What is on its way stays as it is: whole messages of such a mailbox that were fetched for another account, which are the
// only copies now, and what was tried in a mailbox that is there.
func (s *Store) KeepBack(ctx context.Context, account string, list []mail.Listed) (kept []KeptBack, touched []mail.MailboxKey, err error) {
	const op = "keep changes back"
	if len(list) == 0 {
		return nil, nil, nil
	}
	known, err := s.known(ctx, account)
	if err != nil {
		return nil, nil, fail(op, err)
	}
	changing, err := s.changing(ctx, account)
	if err != nil {
		return nil, nil, fail(op, err)
	}
	listed := map[string]mail.Listed{}
	for _, l := range distinct(list) {
		listed[l.Name] = l
	}
	for _, m := range known {
		l, there := listed[m.Name]
		if there && (!l.NoSelect || m.NoSelect) || changing.leaves(m.Name) {
			continue
		}
		err := s.write(ctx, full, op, func(t *transaction) error {
			k, err := t.keepBackOf(m.Key)
			if err != nil {
				return err
			}
			if k.In+k.Into > 0 {
				k.Name = m.Name
				kept = append(kept, k)
				touched = append(touched, t.mailboxes()...)
			}
			if there {
				return t.emptiedUnlessWished(m.Key)
			}
			return nil
		})
		if err != nil {
			return kept, touched, err
		}
	}
	slices.Sort(touched)
	return kept, slices.Compact(touched), nil
}

// keepBackOf is KeepBack for one mailbox. One that errands are about is left to these.
func (t *transaction) keepBackOf(key mail.MailboxKey) (k KeptBack, err error) {
	var errand bool
	if err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM errand WHERE mailbox_id = ?)", key).Scan(&errand); err != nil || errand {
		return k, err
	}
	if _, err := t.exec("UPDATE operation SET copying = 0, uidnext = 0 WHERE copying = ?", key); err != nil { // whatever was tried there is gone with it
		return k, err
	}
	type kept struct {
		message mail.MessageKey
		kind    mail.ChangeKind
		in      bool
	}
	const which = " FROM " + carriers + ` CROSS JOIN mailbox f ON f.id = iif(o.renumbered > 0, o.renumbered, c.mailbox_id) LEFT JOIN mailbox g ON g.id = o.target_id
		WHERE o.copying = 0 AND (c.mailbox_id = ?1 AND o.fetched = 0 OR c.mailbox_id <> ?1 AND o.kind IN ('move', 'copy') AND o.target_id = ?1)`
	if _, err := t.exec(`INSERT INTO salvaged (`+salvagedColumns+`, message_key, flags, keywords) SELECT f.account, f.name, f.uidvalidity, c.uid, c.message_id, c.size, o.kind, o.mask, o.want,
		o.add_keywords, o.del_keywords, ifnull(g.name, ''), o.not_before, ifnull(g.account, ''), o.wished_at, 0, c.internal_date, o.message_id, c.flags, c.keywords`+which+" ORDER BY o.rev", key); err != nil {
		return k, err
	}
	all, err := collect(t.ctx, t, func(rows *sql.Rows) (w kept, err error) {
		err = rows.Scan(&w.message, &w.kind, &w.in)
		return w, err
	}, "SELECT o.message_id, o.kind, c.mailbox_id = ?1"+which, key)
	if err != nil {
		return k, err
	}
	var copies, others []mail.MessageKey
	for _, w := range all {
		if w.in {
			k.In++
		} else {
			k.Into++
		}
		if w.kind == mail.KindCopy {
			copies = append(copies, w.message)
			continue
		}
		if _, err := t.exec("DELETE FROM operation WHERE message_id = ? AND kind = ?", w.message, w.kind); err != nil {
			return k, err
		}
		others = append(others, w.message)
	}
	if err := t.noLonger(key); err != nil {
		return k, err
	}
	if err := t.forget(copies); err != nil { // a copy is wanted again when its source and its target are there
		return k, err
	}
	return k, t.reshow(others)
}

// noLonger takes a mailbox out of what is remembered of wishes that stay: it has none of their messages.
func (t *transaction) noLonger(key mail.MailboxKey) error {
	_, err := t.exec("UPDATE operation SET renumbered = iif(renumbered = ?1, -1, renumbered), tried = replace(tried, ' ' || ?1 || ' ', '') "+
		"WHERE renumbered = ?1 OR instr(tried, ' ' || ?1 || ' ')", key)
	return err
}

// emptiedUnlessWished forgets what was in a mailbox that is only a name now, where nothing is wanted of it any more.
func (t *transaction) emptiedUnlessWished(key mail.MailboxKey) error {
	wished, err := t.wished(key)
	if err != nil || wished {
		return err
	}
	return t.emptied(key, true)
}

// supersede gives up what was kept back of moves of messages that are to go elsewhere now.
func (t *transaction) supersede(moved []mail.MessageKey) error {
	if len(moved) == 0 {
		return nil
	}
	if _, err := t.exec("DELETE FROM salvaged WHERE kind = 'move' AND message_key IN (SELECT value FROM json_each(?))", list(moved)); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM salvaged WHERE id IN (SELECT s.id FROM salvaged s CROSS JOIN mailbox b ON b.account = s.account AND b.name = s.mailbox
		CROSS JOIN message m ON m.mailbox_id = b.id AND m.uid = s.uid AND m.uid > 0
		WHERE s.kind = 'move' AND s.uidvalidity = b.uidvalidity AND m.id IN (SELECT value FROM json_each(?)))`, list(moved))
	return err
}
