package compose

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"posthorn/mail"
)

// Template is a text that messages begin with, or that is put into them, with placeholders for what differs. Header
// fields may stand above it, with an empty line between. It can do nothing but stand there: no program is run for it.
//
//	Subject: Keys for {date}
//
//	Dear {first_name},
//
//	{cursor}
type Template struct {
	Name  string
	Wrong error // why it cannot be used, with the line; nil: it can
	draft Draft // its fields and text as they stand in the file
}

// Bounds on a folder of templates.
const (
	maxTemplate  = 64 << 10
	maxTemplates = 500
)

var templateWords = []string{"to_name", "first_name", "to_address", "my_name", "my_first_name", "my_address", "subject", "date", "time", "quote", "cursor"}

// Templates are the files of a folder that may not be there, in the order of their names. One that cannot be used is
// among them.
func Templates(folder string) ([]Template, error) {
	entries, err := os.ReadDir(folder)
	if folder == "" || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	var out []Template
	for _, e := range entries {
		file := e.Name()
		info, err := os.Stat(filepath.Join(folder, file))
		if strings.HasPrefix(file, ".") || strings.HasSuffix(file, "~") || err == nil && !info.Mode().IsRegular() || len(out) == maxTemplates {
			continue
		}
		t := Template{Name: strings.TrimSuffix(file, filepath.Ext(file))}
		var text []byte
		if err == nil {
			text, _, err = open(filepath.Join(folder, file), maxTemplate+1)
		}
		switch {
		case err != nil:
			t.Wrong = err
		case len(text) > maxTemplate:
			t.Wrong = fmt.Errorf("the file is larger than %d kB", maxTemplate>>10)
		default:
			t = ParseTemplate(t.Name, string(text))
		}
		out = append(out, t)
	}
	return out, nil
}

// ParseTemplate reads a template.
func ParseTemplate(name, text string) Template {
	t := Template{Name: name}
	text = strings.TrimPrefix(lines(text), "\ufeff")
	switch {
	case !utf8.ValidString(text):
		t.Wrong = validBody(text, 0)
		return t
	case strings.ContainsRune(text, 0):
		t.Wrong = errors.New("there is a NUL in it: it is no text")
		return t
	}
	var wrong *PlaceholderError
	if errors.As(checkPlaceholders(text, templateWords), &wrong) {
		t.Wrong = fmt.Errorf("line %d: %w", wrong.Line, wrong)
		return t
	}
	p := edited{}
	for n := 1; ; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		if n == 1 && !headed(line) {
			break
		}
		if text = rest; strings.TrimSpace(line) == "" {
			break
		}
		field, _, _ := strings.Cut(strings.ToLower(line), ":")
		err := fmt.Errorf("%q cannot be set by a template: To, Cc, Bcc, Reply-To and Subject can", field)
		if field != "from" && field != "attach" {
			err = p.header(line)
		}
		if err != nil {
			t.Wrong = fmt.Errorf("line %d: %w", n, err)
			return t
		}
	}
	t.draft = p.draft
	t.draft.Body = strings.Trim(text, "\n")
	return t
}

// Beginning is what a list says of t: its subject, or else the first of its text.
func (t Template) Beginning() string {
	line, _, _ := strings.Cut(cmp.Or(t.draft.Subject, t.draft.Body), "\n")
	return shorten(mail.Line(line), 60)
}

// headed tells whether a text that begins with this line has header fields.
func headed(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	return ok && slices.Contains([]string{"from", "to", "cc", "bcc", "reply-to", "subject", "attach"}, strings.ToLower(name))
}

// Put is d with t at an offset of its text, or around it where t has {quote}; at is then where writing goes on. Fields
// that are set stay, addresses are added. What cannot be said of the recipient yet stays for FillRecipient.
func (t Template) Put(d Draft, at int, by Attribution, now time.Time) (_ Draft, cursor int) {
	d.To, d.Cc = added(d.To, t.draft.To), added(d.Cc, t.draft.Cc)
	d.Bcc, d.ReplyTo = added(d.Bcc, t.draft.Bcc), added(d.ReplyTo, t.draft.ReplyTo)
	l := languages[cmp.Or(d.Language, by.Language)]
	if l.wrote == "" {
		l = languages[english]
	}
	values := map[string]string{"my_name": mail.Line(d.From.Display()), "my_first_name": firstName(d.From), "my_address": mail.Line(d.From.Addr()),
		"date": l.day(now), "time": l.clock(now), "subject": d.Subject, "quote": ""}
	for word, value := range d.recipient() {
		values[word] = value
	}
	keep := func(word string, _ int) string {
		if word == "cursor" {
			return ""
		}
		d.Unfilled = d.Unfilled || slices.Contains(recipientWords, word)
		return "{" + word + "}"
	}
	if d.Subject == "" {
		d.Subject = strings.TrimSpace(fill(t.draft.Subject, values, keep))
		values["subject"] = d.Subject
	}
	above := d.above()
	start, end := min(at, len(above)), min(at, len(above))
	if strings.Contains(t.draft.Body, "{quote}") {
		values["quote"], start, end = strings.Trim(above, "\n"), 0, len(strings.TrimRight(above, "\n"))
	}
	cursor = -1
	text := fill(t.draft.Body, values, func(word string, offset int) string {
		if word == "cursor" {
			cursor = offset
			return ""
		}
		return keep(word, offset)
	})
	if cursor < 0 {
		cursor = len(text)
	}
	d.Body = d.Body[:start] + text + d.Body[end:]
	return d, start + cursor
}

// added is a list of addresses with those of a template that are not in it yet.
func added(list, more string) string {
	for item := range strings.SplitSeq(more, ",") {
		there := mail.ParseAddresses(list, nil)
		all := mail.ParseAddresses(item, nil)
		if len(all) == 1 && slices.ContainsFunc(there, all[0].Same) {
			continue
		}
		list = listed(list, strings.TrimSpace(item))
	}
	return list
}

// recipientWords are the placeholders that the first recipient fills.
var recipientWords = []string{"to_name", "first_name", "to_address"}

// recipient is what is to stand for recipientWords; nil: nobody is written to yet.
func (d Draft) recipient() map[string]string {
	to, _, _, err := d.Recipients()
	if err != nil || len(to) == 0 {
		return nil
	}
	return map[string]string{"to_name": mail.Line(to[0].Display()), "first_name": firstName(to[0]), "to_address": mail.Line(to[0].Addr())}
}

// FillRecipient fills in what a template could not say of the recipient. It gives the place in the text where what was
// at an offset is now; false: there is nothing to fill in, or nobody is written to yet.
func (d *Draft) FillRecipient(at int) (int, bool) {
	if !d.Unfilled {
		return at, false
	}
	var pairs []string
	for word, value := range d.recipient() {
		pairs = append(pairs, "{"+word+"}", value)
	}
	if len(pairs) == 0 {
		return at, false
	}
	r := strings.NewReplacer(pairs...)
	at = len(r.Replace(d.Body[:at]))
	d.Body, d.Subject, d.Unfilled = r.Replace(d.Body), r.Replace(d.Subject), false
	return at, true
}

// unfilled is the first placeholder that still stands for the recipient; empty: there is none.
func (d Draft) unfilled() string {
	for _, word := range recipientWords {
		if word = "{" + word + "}"; d.Unfilled && strings.Contains(d.Subject+d.Body, word) {
			return word
		}
	}
	return ""
}
