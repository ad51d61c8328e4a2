package cache

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"posthorn/mail"
)

// A mailbox that somebody else renamed is one that the server lists no longer, and one that was not known. It is followed
// where that is certain: rows, contents and wishes stay, and what refers to them. Whether it is certain the engine finds
// out; here is what it needs to know for that, and what follows from it.

// Unlisted are the mailboxes of an account that were synchronised and that a list lacks, by name, and those of the list that
// are not known. A mailbox that an errand may have renamed or deleted is none of them: to finish that is its own affair.
func (r *Reader) Unlisted(ctx context.Context, account string, list []mail.Listed) (lost []SyncState, unknown []mail.Listed, err error) {
	const op = "compare the mailboxes"
	known, err := r.known(ctx, account)
	if err != nil {
		return nil, nil, fail(op, err)
	}
	unknown = distinct(list)
	listed := make(map[string]bool, len(unknown))
	for _, l := range unknown {
		listed[l.Name] = !l.NoSelect
	}
	names := make(map[string]bool, len(known))
	for _, m := range known {
		names[m.Name] = true
		if !listed[m.Name] && !m.NoSelect && m.sync.UIDNext > 0 {
			lost = append(lost, m.sync)
		}
	}
	unknown = slices.DeleteFunc(unknown, func(l mail.Listed) bool { return l.NoSelect || names[l.Name] })
	if len(lost) == 0 || len(unknown) == 0 {
		return nil, nil, nil
	}
	changing, err := r.changing(ctx, account)
	lost = slices.DeleteFunc(lost, func(m SyncState) bool { return changing.leaves(m.Name) })
	slices.SortFunc(lost, func(a, b SyncState) int { return strings.Compare(a.Name, b.Name) })
	return lost, unknown, fail(op, err)
}

// changing is what errands may have done to mailboxes whose answers were lost.
type changing []Errand

func (r *Reader) changing(ctx context.Context, account string) (changing, error) {
	errands, err := errandsOf(ctx, r.db, account)
	return slices.DeleteFunc(errands, func(e Errand) bool { return !e.Tried || e.Kind != RenameMailbox && e.Kind != DeleteMailbox }), err
}

// leaves tells whether a name may be gone for that.
func (c changing) leaves(name string) bool {
	return slices.ContainsFunc(c, func(e Errand) bool { return name == e.Said || mail.Below(name, e.Said, e.Delimiter) })
}

// comes tells whether a name may be there for that: then it is one that is known already.
func (c changing) comes(name string) bool {
	return slices.ContainsFunc(c, func(e Errand) bool {
		return e.Kind == RenameMailbox && (name == e.Name || mail.Below(name, e.Name, e.Delimiter))
	})
}

// Alike compares headers with the messages that are held in a mailbox under their UIDs: how many are the same, and how many
// are not.
func (r *Reader) Alike(ctx context.Context, key mail.MailboxKey, headers []mail.Header) (same, other int, err error) {
	for _, h := range headers {
		var id string
		var size, at int64
		err := r.db.QueryRowContext(ctx, "SELECT message_id, size, internal_date FROM message WHERE mailbox_id = ? AND uid = ?", key, h.UID).Scan(&id, &size, &at)
		if err != nil && err != sql.ErrNoRows {
			return 0, 0, fail("compare the messages of a mailbox", err)
		}
		if err == nil && likenessOf(id, size, at) == likenessOf(h.Envelope.MessageID, h.Size, received(&h)) {
			same++
		} else {
			other++
		}
	}
	return same, other, nil
}

// Followed records that the server calls a mailbox otherwise now. What is below it goes along where the list has it below
// the new name, and what is to be made below it.
func (s *Store) Followed(ctx context.Context, key mail.MailboxKey, name string, list []mail.Listed) error {
	listed := make(map[string]mail.Listed, len(list))
	for _, l := range distinct(list) {
		listed[l.Name] = l
	}
	return s.write(ctx, normal, "follow a mailbox", func(t *transaction) error {
		from, all, err := t.namesBeside(key)
		if err != nil {
			return err
		}
		taken := make(map[string]bool, len(all))
		for _, n := range all {
			taken[n.name] = true
		}
		for _, n := range all {
			to := mail.Renamed(n.name, from.name, name, from.delimiter)
			if to == n.name || taken[to] || n.key != key && !n.goesAlong(to, listed) {
				continue
			}
			if err := t.call(n, to); err != nil {
				return err
			}
		}
		return t.renameWanted(from, name)
	})
}

// goesAlong tells whether a mailbox is where it would be if the one above it was renamed.
func (n named) goesAlong(to string, listed map[string]mail.Listed) bool {
	_, stays := listed[n.name]
	l, there := listed[to]
	switch {
	case stays:
		return false
	case !n.made:
		return true
	}
	return there && (l.Status == nil || n.validity == 0 || n.validity == l.Status.UIDValidity)
}

// call gives a mailbox the name that the server has for it, wherever that is written.
func (t *transaction) call(n named, to string) error {
	for _, query := range []string{
		"UPDATE mailbox SET name = ?3 WHERE id = ?4 AND account = ?1 AND name = ?2",
		"UPDATE errand SET name = ?3 WHERE mailbox_id = ?4 AND kind <> 'rename' AND account = ?1 AND name = ?2",
		"UPDATE salvaged SET mailbox = ?3 WHERE account = ?1 AND mailbox = ?2 AND ?4 <> 0",
		"UPDATE salvaged SET target = ?3 WHERE iif(to_account = '', account, to_account) = ?1 AND target = ?2 AND ?4 <> 0",
	} {
		if _, err := t.exec(query, n.account, n.name, to, n.key); err != nil {
			return err
		}
	}
	return nil
}

// renameWanted lets renamings to names below a mailbox lead below its new name. Those that came true by it end.
func (t *transaction) renameWanted(from named, name string) error {
	if from.delimiter != "" {
		if _, err := t.exec("UPDATE errand SET name = ?3 || substr(name, length(?2) + 1) WHERE account = ?1 AND kind = 'rename' AND substr(name, 1, length(?2) + length(?4)) = ?2 || ?4",
			from.account, from.name, name, from.delimiter); err != nil {
			return err
		}
	}
	_, err := t.exec("DELETE FROM errand WHERE account = ? AND kind = 'rename' AND tried = 0 AND name = (SELECT name FROM mailbox b WHERE b.id = mailbox_id)", from.account)
	return err
}
