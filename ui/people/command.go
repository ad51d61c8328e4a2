package people

import (
	"context"
	"strings"
	"time"

	"posthorn/mail"
)

// commandTime is how long an external address book may take: later its answer is for a word long typed on.
const commandTime = 3 * time.Second

// Ask asks an external address book: the program is given the prefix in place of %s, or behind its other arguments. run
// runs it and returns what it prints.
func Ask(ctx context.Context, argv []string, prefix string, run func(ctx context.Context, argv []string) ([]byte, error)) ([]Entry, error) {
	if len(argv) == 0 || strings.TrimSpace(prefix) == "" {
		return nil, nil
	}
	if strings.HasPrefix(prefix, "-") { // it would be an option
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	args, placed := []string{argv[0]}, false
	for _, a := range argv[1:] {
		placed = placed || strings.Contains(a, "%s")
		args = append(args, strings.ReplaceAll(a, "%s", prefix))
	}
	if !placed {
		args = append(args, prefix)
	}
	out, err := run(ctx, args)
	found := answers(string(out))
	if len(found) > 0 || ctx.Err() != nil { // they end with an error where nobody is found
		return found, nil
	}
	return found, err
}

// answers reads what address books print: lines of address, name and more divided by tabs (khard email --parsable,
// abook --mutt-query, mutt's queries), or lines of addresses as headers have them (notmuch address). All else, as the
// first line of some, is talk.
func answers(text string) (out []Entry) {
	text = strings.ToValidUTF8(text, "\ufffd")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if address, rest, tabbed := strings.Cut(line, "\t"); tabbed {
			name, _, _ := strings.Cut(rest, "\t")
			for _, a := range valid(address, strings.TrimSpace(name)) {
				out = append(out, Entry{List: []mail.Address{a}})
			}
			continue
		}
		if !strings.Contains(line, "@") {
			continue
		}
		for _, a := range valid(line, "") {
			out = append(out, Entry{List: []mail.Address{a}})
		}
	}
	return out
}
