package compose

import (
	"strings"
	"time"

	"posthorn/mail"
)

// Attribution is how the line above a quote is made.
type Attribution struct {
	Template string // with the placeholders of attributionWords; empty: as is usual in the language
	Language string // a key of languages; empty or auto: that of what is answered
}

// auto is the language of what is answered.
const auto = "auto"

// line is the line above a quote of o in a language. Without a date to tell it is the short one.
func (a Attribution) line(o Original, code string) string {
	l := languages[code]
	template, at := a.Template, date(o)
	if template == "" {
		template = l.wrote
	}
	if at.IsZero() && (strings.Contains(template, "{date}") || strings.Contains(template, "{time}")) {
		template = l.undated
	}
	values := map[string]string{"name": l.someone, "first_name": l.someone, "address": l.someone, "subject": mail.Line(o.Envelope.Subject)}
	if len(o.Envelope.From) > 0 {
		if from := o.Envelope.From[0]; mail.Line(from.Display()) != "" {
			values["name"], values["first_name"] = shorten(mail.Line(from.Display()), 80), shorten(firstName(from), 80)
			values["address"] = mail.Line(from.Addr())
		}
	}
	values["date"], values["time"] = l.day(at), l.clock(at)
	return strings.TrimRight(fill(template, values, nil), " ")
}

// language is the one of the line: what is set, what the text is surely written in, what the message says of itself,
// English. The text comes first because programs name the language of their menus or of their spelling checker.
func (a Attribution) language(o Original) string {
	if _, ok := languages[a.Language]; ok {
		return a.Language
	}
	if found := languageOf(ownWords(o.Text)); found != "" {
		return found
	}
	if o.Structure != nil {
		for _, p := range append(o.Structure.TextParts("text/plain"), o.Structure) {
			if _, ok := languages[p.Language]; ok {
				return p.Language
			}
		}
	}
	return english
}

// date is when the original was written by its own clock, or else when it came.
func date(o Original) time.Time {
	if o.Envelope.Date.IsZero() {
		return o.Message.Received
	}
	return o.Envelope.Date
}

// firstName is what a person may be greeted with: the first word of the name, that behind the comma of "Okafor, Ben",
// or the beginning of the address. A name that poses as an address is none.
func firstName(a mail.Address) string {
	name := mail.Line(a.Name)
	if strings.Contains(name, "@") {
		name = ""
	}
	if _, behind, ok := strings.Cut(name, ","); ok && strings.TrimSpace(behind) != "" {
		name = behind
	}
	if words := strings.Fields(name); len(words) > 0 {
		return strings.Trim(words[0], `,"'`)
	}
	local := mail.Line(a.Local)
	if i := strings.IndexAny(local, "._-+"); i > 0 {
		local = local[:i]
	}
	return capital(local)
}
