package cache

import (
	"database/sql"

	"posthorn/mail"
)

// takeBackErrand undoes an errand: one that nobody began is dropped, otherwise its opposite becomes one. done is false
// where neither is possible.
func (t *transaction) takeBackErrand(e Errand) (done bool, err error) {
	found, err := collect(t.ctx, t, scanErrand, "SELECT "+errandColumns+" WHERE e.id = ? AND e.tried = 0", e.ID)
	if err != nil {
		return false, err
	}
	if len(found) == 1 {
		_, err := t.dropErrand(found[0])
		return true, err
	}
	back := Errand{Account: e.Account, Mailbox: e.Mailbox}
	switch e.Kind {
	case CreateMailbox: // with no message in it
		back.Kind = DeleteMailbox
	case RenameMailbox:
		back.Kind, back.Name = RenameMailbox, e.From
	case SubscribeMailbox:
		back.Kind = UnsubscribeMailbox
	case UnsubscribeMailbox:
		back.Kind = SubscribeMailbox
	case DeleteMailbox:
		if e.Messages > 0 {
			return false, nil
		}
		back.Kind, back.Name = CreateMailbox, e.Name
	}
	back, err = t.wishErrand(back, 0)
	if mail.KindOf(err) == mail.Gone {
		return false, nil
	}
	if err == nil && e.Kind == DeleteMailbox {
		err = t.madeAnew(e, back.Mailbox)
	}
	return err == nil, err
}

// madeAnew lets a mailbox that is made again after its deletion be what it was: the user is subscribed to it or not, and earlier
// actions are about it.
func (t *transaction) madeAnew(deleted Errand, key mail.MailboxKey) error {
	if deleted.Unsubscribed {
		if _, err := t.wishErrand(Errand{Mailbox: key, Kind: UnsubscribeMailbox}, 0); err != nil {
			return err
		}
	}
	return t.rewrite(`EXISTS (SELECT 1 FROM json_each(inverse) e WHERE e.value ->> '$.to' = ?1 OR e.value ->> '$.errand.mailbox' = ?1)`, int64(deleted.Mailbox), func(v *inverse) {
		if v.To == deleted.Mailbox {
			v.To = key
		}
		if v.Errand != nil && v.Errand.Mailbox == deleted.Mailbox {
			v.Errand.Mailbox = key
		}
	})
}

// stepErrand undoes an errand of the undo table, or does it again; what it returns leads the other way.
func (t *transaction) stepErrand(e Errand, again bool, notBefore int64) (opposite []inverse, done bool, err error) {
	if !again {
		done, err = t.takeBackErrand(e)
	} else {
		if e.Kind != DeleteMailbox {
			notBefore = 0
		}
		if err := t.findAgain(&e); err != nil {
			return nil, false, err
		}
		e, err = t.wishErrand(e, notBefore)
		if done = err == nil; mail.KindOf(err) == mail.Gone {
			err = nil
		}
	}
	if err != nil || !done {
		return nil, false, err
	}
	return []inverse{{Errand: &e}}, true, nil
}

// findAgain gives an errand the mailbox of that name where its own is gone: to undo a deletion makes another one.
func (t *transaction) findAgain(e *Errand) error {
	name := e.Name
	if e.Kind == RenameMailbox {
		name = e.From
	}
	err := t.QueryRowContext(t.ctx, `SELECT id FROM mailbox WHERE id = ?1 OR account = ?2 AND name = ?3 AND NOT EXISTS (SELECT 1 FROM mailbox WHERE id = ?1)`,
		e.Mailbox, e.Account, name).Scan(&e.Mailbox)
	if err == sql.ErrNoRows {
		return nil
	}
	return err
}
