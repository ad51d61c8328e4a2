package index

import (
	"context"
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/width"
)

// drafts are the accounts whose Drafts v shows.
func (v View) drafts() (accounts []string) {
	for _, m := range v.Mailboxes {
		if m.Role == mail.Drafts && v.Search == nil {
			accounts = append(accounts, m.Account)
		}
	}
	return accounts
}

// onlyHere are the subjects of drafts that the server of their account has no copy of yet.
func (x *Index) onlyHere(ctx context.Context, accounts []string) (subjects []string, err error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	all, err := x.env.Store.Drafts(ctx)
	for _, s := range slices.DeleteFunc(all, func(s cache.Stored) bool { return s.Copy != 0 || !slices.Contains(accounts, s.Account) }) {
		name := ""
		if d, err := compose.Unmarshal(s.Data); err == nil {
			name = mail.Line(d.Subject)
		}
		if name == "" {
			name = "(no subject)"
		}
		subjects = append(subjects, name)
	}
	return subjects, err
}

// drawHere is a line below the list about drafts that are not in it.
func (x *Index) drawHere(w int) string {
	return x.env.Theme.Accent.Render(width.Fit(" ✎ Not on the server yet: "+strings.Join(x.here, " · ")+" (under Unfinished)", w))
}
