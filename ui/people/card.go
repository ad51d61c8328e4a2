package people

import (
	"io"
	"iter"
	"mime/quotedprintable"
	"strings"

	"posthorn/mail"
)

// cards reads vCards of versions 2.1 to 4.0, as far as they tell of addresses. Each address of a card is an entry, the
// preferred one first; a card of a group is one entry with those of its members whose cards or addresses are known.
// What makes no sense is passed over. // RFC 6350
func cards(text string) (out []Entry) {
	var c card
	byUID := map[string]mail.Address{}
	var groups []card
	for p := range properties(text) {
		switch p.name {
		case "BEGIN":
			c = card{}
		case "END":
			list := c.addresses()
			if len(list) > 0 && c.uid != "" {
				byUID[c.uid] = list[0]
			}
			for _, a := range list {
				out = append(out, Entry{Nick: c.nick, List: []mail.Address{a}})
			}
			if c.group && len(c.members) > 0 {
				groups = append(groups, c)
			}
			c = card{}
		default:
			c.take(p)
		}
	}
	for _, g := range groups {
		e := Entry{Nick: g.name}
		for _, m := range g.members {
			if a, ok := byUID[m]; ok {
				e.List = append(e.List, a)
			} else if rest, ok := strings.CutPrefix(m, "mailto:"); ok {
				e.List = append(e.List, valid(rest, "")...)
			}
		}
		if len(e.List) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// card is what is told of one person or group so far.
type card struct {
	name, structured, nick, uid string
	group                       bool
	mails                       []string
	preferred                   int // how many of mails are
	members                     []string
}

func (c *card) take(p property) {
	value := strings.TrimSpace(unescape(p.value))
	switch p.name {
	case "FN": // RFC 6350 §6.2.1
		c.name = cmpOr(c.name, value)
	case "N": // RFC 6350 §6.2.2
		parts := splitUnescaped(p.value, ';')
		if len(parts) > 1 {
			c.structured = strings.TrimSpace(strings.TrimSpace(unescape(parts[1])) + " " + strings.TrimSpace(unescape(parts[0])))
		} else {
			c.structured = value
		}
	case "NICKNAME":
		nick, _, _ := strings.Cut(value, ",")
		c.nick = cmpOr(c.nick, strings.TrimSpace(nick))
	case "UID":
		c.uid = value
	case "KIND", "X-ADDRESSBOOKSERVER-KIND": // RFC 6350 §6.1.4
		c.group = strings.EqualFold(value, "group")
	case "MEMBER", "X-ADDRESSBOOKSERVER-MEMBER":
		c.members = append(c.members, value)
	case "EMAIL":
		if strings.Contains(p.params, "PREF") && c.preferred <= len(c.mails) { // PREF=1, TYPE=PREF, or a bare PREF
			c.mails = append(c.mails[:c.preferred], append([]string{value}, c.mails[c.preferred:]...)...)
			c.preferred++
			return
		}
		c.mails = append(c.mails, value)
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (c *card) addresses() (out []mail.Address) {
	for _, m := range c.mails {
		out = append(out, valid(m, cmpOr(c.name, c.structured))...)
	}
	return out
}

// valid is one address with a name, or nothing.
func valid(s, name string) []mail.Address {
	list := mail.ParseAddresses(strings.TrimPrefix(s, "mailto:"), nil)
	if len(list) != 1 || !list[0].Valid() || strings.ContainsAny(list[0].Local, " \t'\"") {
		return nil
	}
	if name != "" {
		list[0].Name = name
	}
	return list
}

// property is one content line: its name without its group, its parameters in upper case, its value. // RFC 6350 §3.3
type property struct{ name, params, value string }

const maxLine = 64 << 10 // longer ones are pictures

func properties(text string) iter.Seq[property] {
	return func(yield func(property) bool) {
		var line string
		soft := false // the line before ended in a soft break of quoted-printable
		flush := func() bool {
			p, ok := parse(line)
			line = ""
			return !ok || yield(p)
		}
		for l := range strings.Lines(text) {
			l = strings.TrimRight(l, "\r\n")
			switch {
			case soft && len(line) < maxLine:
				line += "\n" + l
			case l != "" && (l[0] == ' ' || l[0] == '\t'): // RFC 6350 §3.2
				if len(line) < maxLine {
					line += l[1:]
				}
				continue
			default:
				if !flush() {
					return
				}
				line = l
			}
			soft = strings.HasSuffix(l, "=") && strings.Contains(strings.ToUpper(line[:min(len(line), 200)]), "QUOTED-PRINTABLE")
		}
		flush()
	}
}

func parse(line string) (p property, ok bool) {
	colon, quoted := -1, false
	for i := 0; i < len(line) && colon < 0; i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			colon = i
		}
	}
	if colon < 0 {
		return p, false
	}
	name, params, _ := strings.Cut(line[:colon], ";")
	p.name = strings.ToUpper(name[strings.LastIndexByte(name, '.')+1:])
	p.params, p.value = strings.ToUpper(params), line[colon+1:]
	if strings.Contains(p.params, "QUOTED-PRINTABLE") { // vCard 2.1
		if decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(p.value))); err == nil {
			p.value = strings.ToValidUTF8(string(decoded), "\ufffd")
		}
	}
	return p, p.name != ""
}

// unescape // RFC 6350 §3.4
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\,`, ",", `\;`, ";", `\n`, " ", `\N`, " ", `\:`, ":").Replace(s)
}

func splitUnescaped(s string, sep byte) (out []string) {
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}
