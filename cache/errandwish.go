package cache

import (
	"context"
	"slices"
	"time"

	"posthorn/mail"
)

// WishErrand stores what is wanted of a mailbox itself and makes it undoable as what; an error of Kind Rejected says why it
// must not be. A mailbox that is to be made gets its row at once; notBefore is the end of the grace period of a deletion.
func (s *Store) WishErrand(ctx context.Context, e Errand, what string, notBefore time.Time) (wished Errand, touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "note what is wanted of the mailbox", func(t *transaction) error {
		until := int64(0)
		if e.Kind == DeleteMailbox {
			until = toUnix(notBefore)
		}
		if wished, err = t.wishErrand(e, until); err != nil {
			return err
		}
		touched = t.mailboxes()
		return t.pushAction(entry{what: what, changes: []inverse{{Errand: &wished}}, until: until})
	})
	return wished, touched, err
}

// wishErrand stores an errand, if it can be one.
func (t *transaction) wishErrand(e Errand, notBefore int64) (Errand, error) {
	all, err := shownMailboxes(t.ctx, t)
	if err != nil {
		return e, err
	}
	if e.Kind == CreateMailbox {
		return t.wishCreate(all, e)
	}
	at := slices.IndexFunc(all, func(m mail.Mailbox) bool { return m.Key == e.Mailbox })
	if at < 0 {
		return e, gone("change the mailbox", "it does not exist any more")
	}
	m := all[at]
	e.Account = m.Account
	if e.Kind != RenameMailbox {
		e.Name = m.Name
	}
	switch {
	case (e.Kind == RenameMailbox || e.Kind == DeleteMailbox) && m.Role != mail.NoRole:
		return e, refused("change the mailbox", "the account uses it as "+string(m.Role)+": it stays as it is")
	case e.Kind == RenameMailbox:
		e.From = m.Name
		if err := t.nameFree(all, m.Account, e.Name, m.Delimiter); err != nil {
			return e, err
		}
		if mail.Below(e.Name, m.Name, m.Delimiter) {
			return e, refused("rename the mailbox", "it cannot be put below itself: choose a name elsewhere")
		}
	case e.Kind == DeleteMailbox && m.NoSelect && parent(all, m):
		return e, refused("delete the mailbox", "it only holds other mailboxes: delete these first")
	case e.Kind == DeleteMailbox:
		var leaving int // wished out of it, and still there
		if err := t.QueryRowContext(t.ctx, "SELECT count(*) FROM message WHERE mailbox_id = ?1 AND shown_mailbox_id <> ?1", e.Mailbox).Scan(&leaving); err != nil {
			return e, err
		}
		e.Messages += leaving
		e.Unsubscribed = !m.Subscribed
	}
	return t.storeErrand(e, notBefore)
}

func (t *transaction) wishCreate(all []mail.Mailbox, e Errand) (Errand, error) {
	delimiter := ""
	for _, m := range all {
		if m.Account == e.Account && (delimiter == "" || m.Role == mail.Inbox) {
			delimiter = m.Delimiter
		}
	}
	if err := t.nameFree(all, e.Account, e.Name, delimiter); err != nil {
		return e, err
	}
	err := t.QueryRowContext(t.ctx, "INSERT INTO mailbox (account, name, delimiter, subscribed) VALUES (?, ?, ?, 1) RETURNING id",
		e.Account, e.Name, delimiter).Scan(&e.Mailbox)
	if err != nil {
		return e, err
	}
	return t.storeErrand(e, 0)
}

// nameFree refuses a name that is none, or that a mailbox has: one that is shown, or one that the server still calls so.
func (t *transaction) nameFree(all []mail.Mailbox, account, name, delimiter string) error {
	const op = "name the mailbox"
	if _, trouble := mail.CheckName(name, delimiter); trouble != "" {
		return refused(op, trouble)
	}
	if slices.ContainsFunc(all, func(m mail.Mailbox) bool { return m.Account == account && m.Name == name }) {
		return refused(op, "there is a mailbox of that name already: choose another one")
	}
	var used bool
	err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM mailbox WHERE account = ? AND name = ?)", account, name).Scan(&used)
	if err == nil && used {
		err = refused(op, "the server still has a mailbox of that name, which is to be deleted or renamed: wait until that is done")
	}
	return err
}

func (t *transaction) storeErrand(e Errand, notBefore int64) (Errand, error) {
	if e.Kind == DeleteMailbox {
		if err := t.QueryRowContext(t.ctx, knownState, e.Mailbox).Scan(&e.UIDValidity, &e.UIDNext); err != nil {
			return e, err
		}
	}
	err := t.QueryRowContext(t.ctx, `INSERT INTO errand (account, mailbox_id, kind, name, messages, uidvalidity, uidnext, not_before, wished_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		e.Account, e.Mailbox, e.Kind, e.Name, e.Messages, e.UIDValidity, e.UIDNext, notBefore, t.now).Scan(&e.ID)
	return e, err
}

// knownState is UIDVALIDITY of a mailbox, and its UIDNEXT when all has come that is known to come: messages that were moved
// or copied there and are not seen there yet get one UID each.
const knownState = `SELECT uidvalidity, iif(uidnext = 0, 0, max(uidnext, (SELECT ifnull(max(uid), 0) + 1 FROM message WHERE mailbox_id = ?1)) +
	(SELECT count(*) FROM message WHERE shown_mailbox_id = ?1 AND (mailbox_id <> ?1 OR uid = 0))) FROM mailbox WHERE id = ?1`

// DropErrand is a person's word, or the server's, that an errand is not to be: what the server has is shown again.
// wishes tells how many changes ended with a mailbox that is not to be made.
func (s *Store) DropErrand(ctx context.Context, id int64) (wishes int, touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "give the change of a mailbox up", func(t *transaction) error {
		found, err := collect(t.ctx, t, scanErrand, "SELECT "+errandColumns+" WHERE e.id = ?", id)
		if err != nil || len(found) == 0 {
			return err
		}
		wishes, err = t.dropErrand(found[0])
		touched = t.mailboxes()
		return err
	})
	return wishes, touched, err
}

func (t *transaction) dropErrand(e Errand) (wishes int, err error) {
	if _, err := t.exec("DELETE FROM errand WHERE id = ?", e.ID); err != nil {
		return 0, err
	}
	switch e.Kind {
	case CreateMailbox:
		return t.removeMailbox(e.Mailbox)
	case RenameMailbox:
		return 0, t.renameLater(e)
	}
	return 0, nil
}

// renameLater gives what was wished after a renaming that is not to be, and named below its new name, a name below the old
// one.
func (t *transaction) renameLater(e Errand) error {
	const renamed = " SET name = ?2 || substr(name, length(?1) + 1) WHERE account = ?3 AND substr(name, 1, length(?1) + length(?4)) = ?1 || ?4 AND ?4 <> '' "
	var delimiter string
	if err := t.QueryRowContext(t.ctx, "SELECT delimiter FROM mailbox WHERE id = ?", e.Mailbox).Scan(&delimiter); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE mailbox"+renamed+"AND id IN (SELECT mailbox_id FROM errand WHERE kind = 'create' AND id > ?5)",
		e.Name, e.Said, e.Account, delimiter, e.ID); err != nil {
		return err
	}
	_, err := t.exec("UPDATE errand"+renamed+"AND id > ?5", e.Name, e.Said, e.Account, delimiter, e.ID)
	return err
}

// removeMailbox forgets a mailbox that is not there, with its messages. Wishes for messages elsewhere to go there end;
// it tells how many these were.
func (t *transaction) removeMailbox(key mail.MailboxKey) (wishes int, err error) {
	if wishes, err = t.endWishesInto(key); err != nil {
		return 0, err
	}
	return wishes, t.forgetMailbox(key)
}

// endWishesInto ends the wishes for messages elsewhere to go to a mailbox.
func (t *transaction) endWishesInto(key mail.MailboxKey) (int, error) {
	copies, err := collect(t.ctx, t, column[mail.MessageKey], "DELETE FROM operation WHERE kind = 'copy' AND target_id = ? RETURNING message_id", key)
	if err != nil {
		return 0, err
	}
	moves, err := collect(t.ctx, t, column[mail.MessageKey], `DELETE FROM operation WHERE kind = 'move' AND (target_id = ?1 OR copying = ?1) RETURNING message_id`, key)
	if err != nil {
		return 0, err
	}
	if err := t.noLonger(key); err != nil {
		return 0, err
	}
	if err := t.forget(copies); err != nil {
		return 0, err
	}
	return len(copies) + len(moves), t.reshow(moves)
}
