package composer

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
)

// moveTo gives f the focus. What is redirected has only recipients.
func (c *Composer) moveTo(f field) {
	if c.draft.Redirected {
		f = min(f, bcc)
	}
	if f != c.focus {
		c.settle()
		if err := c.check(c.focus); err != nil {
			c.env.Root.Say(err.Error())
		}
		c.popup.Hide()
		c.completing.Next()
		if c.focus < text {
			c.fields[c.focus].Deselect()
		}
	}
	c.focus = f
}

// beside is the field before or after that with the focus, less the one for Reply-To where nobody wants it. On the way
// from the subject to the text nobody wants to stop at the attachments, on the way back they are the first thing.
func (c *Composer) beside(step field) field {
	f := min(max(c.focus+step, from), text)
	if f == replyTo && c.fields[replyTo].Text() == "" || f == files && (step > 0 || len(c.draft.Attachments)+len(c.shelf.removed) == 0) {
		f += step
	}
	return f
}

// addresses tells whether a field holds a list of addresses.
func (f field) addresses() bool { return f == to || f == cc || f == bcc || f == replyTo }

// slip is a place in a field that keeps it from being a list of addresses; it is gone once the field has another text.
type slip struct {
	text     string
	from, to int // bytes
}

// check looks whether a field holds addresses. Where it does not, the place is marked and the cursor stands there.
func (c *Composer) check(f field) error {
	if !f.addresses() {
		return nil
	}
	err := compose.CheckAddresses(fieldNames[f], c.fields[f].Text())
	var bad *compose.AddressError
	if errors.As(err, &bad) {
		c.slips[f] = slip{c.fields[f].Text(), bad.From, bad.To}
		c.fields[f].Goto(bad.To)
	}
	return err
}

// settle ends the writing of a field: a template can greet now, and there may be a signature for the recipient.
func (c *Composer) settle() {
	c.tidy()
	c.fillRecipient()
	if c.touched && (c.focus == to || c.focus == cc) {
		c.sign(func(d *compose.Draft, a mail.Account) bool { d.SignBy(a); return true })
	}
}

// tidy takes the comma off that completion left behind the last address.
func (c *Composer) tidy() {
	if c.focus.addresses() {
		f := &c.fields[c.focus]
		if s := strings.TrimRight(f.Text(), ", "); s != f.Text() {
			f.Replace(len(s), len(f.Text()), "")
		}
	}
}

// choose is Do while completions are shown.
func (c *Composer) choose(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Down:
		c.popup.Move(1)
	case action.Up:
		c.popup.Move(-1)
	case action.Cancel:
		c.popup.Hide()
	case action.Accept, action.Complete:
		choice, ok := c.popup.Chosen()
		c.popup.Hide()
		if !ok {
			c.moveTo(c.beside(1))
			return nil, true
		}
		start, end := c.word()
		c.fields[c.focus].Replace(start, end, choice.Text+", ")
		return c.changed(), true
	default:
		return nil, false
	}
	return nil, true
}

// identity is an address one can write as, through an account.
type identity struct {
	account int // index into Engine.Accounts
	name    string
	address mail.Address
}

func (c *Composer) identities() []identity {
	var out []identity
	for i, a := range c.env.Engine.Accounts() {
		for _, id := range a.Identities() {
			out = append(out, identity{i, a.Name, id})
		}
	}
	return out
}

// current is the index of the identity that is written as, or -1.
func (c *Composer) current(ids []identity) int {
	for i, id := range ids {
		if id.name == c.draft.Account && id.address.Same(c.draft.From) {
			return i
		}
	}
	return -1
}

func (c *Composer) writeAs(id identity) tea.Cmd {
	d := c.written()
	d.Chosen = d.Chosen && d.Account == id.name
	d.Account, d.From = id.name, id.address
	d.SignBy(c.env.Engine.Accounts()[id.account])
	taken := c.take(d)
	return tea.Batch(taken, c.askLimit())
}

// typeFrom changes the identity with the arrows and lists all with the space bar.
func (c *Composer) typeFrom(k tea.KeyPressMsg) tea.Cmd {
	ids := c.identities()
	if len(ids) == 0 {
		return nil
	}
	at := c.current(ids)
	switch {
	case k.Code == tea.KeyRight:
		return c.writeAs(ids[(at+1)%len(ids)])
	case k.Code == tea.KeyLeft:
		return c.writeAs(ids[(max(at, 0)-1+len(ids))%len(ids)])
	case k.Text == " ":
		return c.pickIdentity()
	}
	return nil
}

// pickIdentity goes to the other identity where there are two, and asks where there are more.
func (c *Composer) pickIdentity() tea.Cmd {
	ids := c.identities()
	switch {
	case len(ids) < 2:
		c.env.Root.Say("There is no other address to write as: add aliases or accounts to the configuration.")
		return nil
	case len(ids) == 2:
		return c.writeAs(ids[1-max(0, c.current(ids))])
	}
	items := make([]dialog.Item, len(ids))
	for i, id := range ids {
		items[i] = dialog.Item{Key: id, Text: id.address.String(), Detail: id.name}
	}
	return c.env.Root.Push(dialog.Pick(c.env, "Write as", items, func(it dialog.Item) tea.Cmd { return c.writeAs(it.Key.(identity)) }))
}
