package compose

import (
	"bytes"
	"fmt"
	"strings"

	"posthorn/mail"
)

// header writes header fields, each folded at 78 columns. // RFC 5322 §2.1.1, §2.2.3
type header struct{ bytes.Buffer }

// tokens writes a field whose value may be folded between any two of its tokens.
func (h *header) tokens(name string, tokens []string) {
	h.WriteString(name + ":")
	column := len(name) + 1
	for i, t := range tokens {
		if i > 0 && column+1+len(t) > longLine {
			h.WriteString("\r\n")
			column = 0
		}
		h.WriteString(" " + t)
		column += 1 + len(t)
	}
	h.WriteString("\r\n")
}

// text writes an unstructured field, or nothing for an empty value.
func (h *header) text(name, value string) error {
	if err := checkValue(name, value); err != nil {
		return err
	}
	switch value = strings.TrimSpace(value); {
	case value == "":
	case plainWords(value):
		h.tokens(name, strings.Split(value, " "))
	default:
		h.tokens(name, encodeWords(value))
	}
	return nil
}

// addresses writes a field of addresses, or nothing for an empty list.
func (h *header) addresses(name string, list []mail.Address) error {
	var tokens []string
	for i, a := range list {
		if err := checkValue(name, a.Name+a.Local+a.Domain); err != nil {
			return err
		}
		t := addressTokens(a)
		if i < len(list)-1 {
			t[len(t)-1] += ","
		}
		tokens = append(tokens, t...)
	}
	if len(tokens) > 0 {
		h.tokens(name, tokens)
	}
	return nil
}

func addressTokens(a mail.Address) []string {
	spec := "<" + a.Addr() + ">"
	switch name := strings.TrimSpace(a.Name); {
	case name == "":
		return []string{a.Addr()}
	case !plainWords(name):
		return append(encodeWords(name), spec)
	default:
		a.Name = name
		return strings.Split(a.String(), " ")
	}
}

// ids writes a field of Message-IDs, or nothing for an empty list. What cannot be an identifier is left out: it came
// from a message that had it wrong, and no program would find it again.
func (h *header) ids(name string, list []string) error {
	var tokens []string
	for _, id := range list {
		if err := checkValue(name, id); err != nil {
			return err
		}
		if validID(id) {
			tokens = append(tokens, mail.FormatMessageIDs(id))
		}
	}
	if len(tokens) > 0 {
		h.tokens(name, tokens)
	}
	return nil
}

func validID(id string) bool {
	for i := 0; i < len(id); i++ {
		if id[i] <= ' ' || id[i] >= 0x7f || id[i] == '<' || id[i] == '>' {
			return false
		}
	}
	return id != "" && len(id) <= 900 // RFC 5322 §2.1.1: a line of 998 with what is around it
}

// parameter is name=value of a Content-Type or Content-Disposition field as tokens: as it is, quoted, or with its
// characters encoded and cut in pieces. // RFC 2231 §3, §4
func parameter(name, value string) []string {
	switch {
	case isToken(value) && len(value) <= 60:
		return []string{name + "=" + value}
	case plainWords(value) && len(value) <= 60:
		return []string{name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`}
	}
	const room = 50
	encode := func(c byte) string {
		if isToken(string(rune(c))) && c < 0x80 && !strings.ContainsRune(`*'%`, rune(c)) {
			return string(rune(c))
		}
		return percent('%', c)
	}
	var pieces []string
	for value = strings.ToValidUTF8(value, "_"); value != ""; {
		n := cut(value, room, func(c byte) int { return len(encode(c)) })
		var b strings.Builder
		for i := 0; i < n; i++ {
			b.WriteString(encode(value[i]))
		}
		pieces = append(pieces, b.String())
		value = value[n:]
	}
	if len(pieces) == 1 {
		return []string{name + "*=utf-8''" + pieces[0]}
	}
	for i := range pieces {
		charset := ""
		if i == 0 {
			charset = "utf-8''"
		}
		pieces[i] = fmt.Sprintf("%s*%d*=%s%s", name, i, charset, pieces[i])
		if i < len(pieces)-1 {
			pieces[i] += ";"
		}
	}
	return pieces
}

// isToken // RFC 2045 §5.1
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?=`, s[i]) >= 0 {
			return false
		}
	}
	return s != ""
}
