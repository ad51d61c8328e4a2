package pager

import (
	"context"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/trust"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// learnFrom is how many messages tell who checks an account's mail.
const learnFrom = 100

// credit is how far the sender of a message can be believed.
type credit struct {
	proof    trust.Authentication
	warnings []trust.Warning
	forMe    bool // it came to the account's own address, and to nobody else
}

// creditOf asks the cache who is known, and what the server of the account found out. What goes wrong there leaves
// the message as it is without: unknown.
func creditOf(ctx context.Context, env *screen.Env, d cache.Detail) credit {
	var account mail.Account
	var own []mail.Address
	accounts := env.Engine.Accounts()
	for _, a := range accounts {
		if own = append(own, a.Identities()...); a.Name == d.Account {
			account = a
		}
	}
	domains, _ := env.Store.AcquaintedDomains(ctx)
	c := credit{warnings: trust.Warnings(d.Envelope, own, trust.Contacts{
		Known: func(a mail.Address) bool {
			for _, mine := range accounts {
				if _, ok := mine.Identity(a); ok { // by a wildcard, too
					return true
				}
			}
			known, _ := env.Store.Acquainted(ctx, a)
			return known
		},
		Named:   func(name string) []mail.Address { list, _ := env.Store.Named(ctx, name); return list },
		Domains: domains,
	})}
	if e := d.Envelope; len(e.To) == 1 && len(e.Cc) == 0 {
		_, c.forMe = account.Identity(e.To[0])
	}
	if len(d.Envelope.AuthResults) == 0 {
		return c
	}
	received, _ := env.Store.AuthResults(ctx, d.Account, learnFrom)
	hosts := []string{account.IMAP.Host}
	for _, a := range account.Identities() {
		hosts = append(hosts, a.Domain)
	}
	c.proof = trust.Learn(received, hosts...).Authenticate(d.Envelope.AuthResults, d.Envelope.From)
	return c
}

// doubts adds what speaks against the sender, beneath who it says it is: that the check failed and why, and a line for
// each warning.
func (g *page) doubts(c credit, left, room int) {
	if c.proof.Verdict == trust.Failed {
		var how []string
		for _, m := range c.proof.Methods {
			if m.Result != "pass" && m.Result != "none" {
				how = append(how, m.String())
			}
		}
		g.verdict(c, warnToken, ": "+mail.Line(strings.Join(how, ", ")), left, room)
	}
	for _, w := range c.warnings {
		for i, l := range width.Wrap(w.Text, max(8, room-2)) {
			mark := "! "
			if i > 0 {
				mark = "  "
			}
			g.add([]piece{{strings.Repeat(" ", left), textToken}, {mark + l, warnToken}})
		}
	}
}

// verdict is one word of who has checked the sender; what else the server wrote stands among all header fields.
func (g *page) verdict(c credit, look token, why string, left, room int) {
	word, by := c.proof.Verdict.String(), " by "+mail.Line(c.proof.By)+why
	g.field("Checked", []piece{{word, look}, {by, noteToken}}, left, room)
}
