package composer

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// moveTo gives f the focus. What is redirected has only recipients.
func (c *Composer) moveTo(f field) {
	if c.draft.Redirected {
		f = min(f, bcc)
	}
	if f != c.focus {
		c.tidy()
		c.popup.Hide()
		c.completing.Next()
	}
	c.focus = f
}

// tidy takes the comma off that completion left behind the last address.
func (c *Composer) tidy() {
	if c.focus == to || c.focus == cc || c.focus == bcc {
		f := &c.fields[c.focus]
		if s := strings.TrimRight(f.Text(), ", "); s != f.Text() {
			f.Set(s)
		}
	}
}

// people are the addresses that complete what was typed.
type people []mail.Address

// offered is how many of them are shown.
const offered = 6

// lookUp asks who the address under the cursor could be.
func (c *Composer) lookUp() tea.Cmd {
	ticket := c.completing.Next()
	if c.contacts == nil || c.focus == subject {
		return nil
	}
	start, end := c.word()
	prefix := c.fields[c.focus].Text()[start:end]
	if prefix == "" {
		return nil
	}
	own := c.identities()
	return screen.Load(c.env, c, ticket, func(ctx context.Context) (any, error) {
		found, err := c.contacts(ctx, prefix, offered)
		for _, id := range own { // one writes to oneself too, and nobody has to have done so before
			if begins(id.address, prefix) && !slices.ContainsFunc(found, id.address.Same) {
				found = append(found, id.address)
			}
		}
		return people(found[:min(len(found), offered)]), err
	})
}

// begins tells whether a word of the name, or the address, begins with what was typed.
func begins(a mail.Address, prefix string) bool {
	prefix = strings.ToLower(prefix)
	return slices.ContainsFunc(append(strings.Fields(a.Name), a.Addr()), func(word string) bool {
		return strings.HasPrefix(strings.ToLower(word), prefix)
	})
}

// word is where the address under the cursor starts and where the cursor is.
func (c *Composer) word() (start, end int) {
	s, at := c.fields[c.focus].Text(), c.fields[c.focus].At()
	quoted := false
	for i := 0; i < at; i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ',' || s[i] == ';'):
			start = i + 1
		}
	}
	for start < at && s[start] == ' ' {
		start++
	}
	return start, at
}

// suggest shows who was found. The first is under the cursor, so that Enter takes it, unless the word is an address
// by itself.
func (c *Composer) suggest(found people) {
	start, end := c.word()
	s := c.fields[c.focus].Text()
	there := mail.ParseAddresses(s[:start]+s[end:], nil)
	var choices []widget.Choice
next:
	for _, a := range found {
		a.Name = mail.Line(a.Name)
		if !a.Valid() || mail.Line(a.Addr()) != a.Addr() {
			continue
		}
		for _, b := range there {
			if a.Same(b) {
				continue next
			}
		}
		choices = append(choices, widget.Choice{Text: a.String()})
	}
	whole := mail.ParseAddresses(s[start:end], nil)
	typed := len(whole) == 1 && whole[0].Valid() && strings.Contains(whole[0].Domain, ".")
	if len(choices) == 1 && choices[0].Text == s[start:end] {
		choices = nil
	}
	c.popup.Show(choices, !typed)
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
			c.moveTo(min(c.focus+1, text))
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
	d.Account, d.From = id.name, id.address
	d.Sign(c.env.Engine.Accounts()[id.account].SignatureOf(id.address))
	return c.take(d)
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
