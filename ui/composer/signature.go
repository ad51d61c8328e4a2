package composer

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/dialog"
)

// pickSignature asks which of the account's signatures is to stand below the text.
func (c *Composer) pickSignature() tea.Cmd {
	all := c.account().AllSignatures()
	if len(all) == 0 {
		c.env.Root.Say("There is no signature for " + c.draft.Account + ": write signature, or [account.signatures], into the configuration.")
		return nil
	}
	all = append(all, mail.Signature{Name: "no signature"})
	items := make([]dialog.Item, len(all))
	for i, s := range all {
		name := s.Name
		if who, ok := strings.CutPrefix(name, "to:"); ok {
			name = "for mail to " + who
		}
		lines := strings.Join(strings.FieldsFunc(strings.TrimSpace(s.Text), func(r rune) bool { return r == '\n' || r == '\r' }), " · ")
		items[i] = dialog.Item{Key: i, Text: cmp.Or(name, "of the account"), Detail: lines}
	}
	return c.env.Root.Push(dialog.Pick(c.env, "Signature", items, func(it dialog.Item) tea.Cmd {
		if !c.sign(func(d *compose.Draft, a mail.Account) bool { return d.Choose(all[it.Key.(int)].Text, a) }) {
			c.env.Root.Say("The signature was changed by hand: it stays.")
			return nil
		}
		return c.changed()
	}))
}

// account is that which the message goes out through.
func (c *Composer) account() mail.Account {
	all := c.env.Engine.Accounts()
	if i := slices.IndexFunc(all, func(a mail.Account) bool { return a.Name == c.draft.Account }); i >= 0 {
		return all[i]
	}
	return mail.Account{}
}

// sign has by change the signature, as one step for undo; the cursor stays where it is.
func (c *Composer) sign(by func(d *compose.Draft, a mail.Account) bool) bool {
	d := c.written()
	at := c.text.At()
	done := by(&d, c.account())
	c.draft.Signature, c.draft.Chosen = d.Signature, d.Chosen
	c.text.Change(d.Body)
	c.text.Goto(at)
	return done
}
