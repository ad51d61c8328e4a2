package compose

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"posthorn/mail"
)

// maxMailto bounds the links we read.
const maxMailto = 64 << 10

// Mailto is the draft a mailto link asks for. Of its fields to, cc, subject, body and in-reply-to are taken; all
// others, among them bcc and attach, with which a page could make a person send what they never saw, are listed in
// ignored. // RFC 6068 §4, §7
func Mailto(link string, account mail.Account) (d Draft, ignored []string, err error) {
	d = blank(account)
	if len(link) > maxMailto {
		return d, nil, errors.New("mailto link: it is too long")
	}
	rest, ok := cutScheme(link)
	if !ok {
		return d, nil, errors.New("mailto link: it begins with another scheme")
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	fields := mailtoFields{d: &d}
	if err := fields.address("To", &d.To, unescape(path)); err != nil {
		return d, nil, err
	}
	for field := range strings.SplitSeq(query, "&") {
		if field == "" {
			continue
		}
		if err := fields.take(field); err != nil {
			return d, nil, err
		}
	}
	d.SignBy(account)
	return d, fields.ignored, nil
}

func cutScheme(link string) (string, bool) {
	const scheme = "mailto:"
	if len(link) < len(scheme) || !strings.EqualFold(link[:len(scheme)], scheme) {
		return "", false
	}
	return link[len(scheme):], true
}

// unescape undoes %-escapes; a plus sign stays one. // RFC 6068 §5
// Pages also have a % that escapes nothing, which stays, and escapes of Latin-1 instead of UTF-8.
func unescape(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	if utf8.Valid(out) {
		return string(out)
	}
	var latin []rune
	for _, c := range out {
		latin = append(latin, rune(c))
	}
	return string(latin)
}

type mailtoFields struct {
	d       *Draft
	ignored []string
}

func (m *mailtoFields) take(field string) error {
	name, value, _ := strings.Cut(field, "=")
	name, value = unescape(name), unescape(value)
	d, key := m.d, strings.ToLower(name)
	if key != "body" {
		if err := checkValue("mailto link: "+mail.Line(name), value); err != nil {
			return err
		}
	}
	switch {
	case key == "to":
		return m.address("To", &d.To, value)
	case key == "cc":
		return m.address("Cc", &d.Cc, value)
	case key == "subject" && d.Subject == "":
		d.Subject = mail.Line(value)
	case key == "body" && d.Body == "":
		if strings.ContainsRune(value, 0) {
			return errors.New("mailto link: body: there is a NUL in it")
		}
		d.Body = mail.Text(lines(value))
	case key == "in-reply-to" && d.InReplyTo == nil:
		d.InReplyTo = mail.ParseMessageIDs(value)
		d.References = slices.Clone(d.InReplyTo)
	default:
		if name = shorten(mail.Line(name), 40); !slices.Contains(m.ignored, name) {
			m.ignored = append(m.ignored, name)
		}
	}
	return nil
}

// address adds the addresses of value to a field, written our way.
func (m *mailtoFields) address(name string, field *string, value string) error {
	list, err := parseField(name, value)
	if err != nil {
		return fmt.Errorf("mailto link: %w", err)
	}
	for i := range list {
		list[i].Name = mail.Line(list[i].Name)
	}
	*field = listed(*field, mail.Addresses(list))
	return nil
}

// Unsubscribe is the message with which a list that e came through is left: what its mailto link asks for and no more
// than can be shown in a question, to one address, from the identity that e was sent to. // RFC 2369 §3.2
func Unsubscribe(link string, e mail.Envelope, account mail.Account) (Draft, error) {
	d, _, err := Mailto(link, account)
	if err != nil {
		return Draft{}, err
	}
	to, err := parseField("To", d.To)
	switch {
	case err != nil:
		return Draft{}, err
	case len(to) != 1 || d.Cc != "" || len(d.Subject)+len(d.Body) > maxLeaving:
		return Draft{}, errors.New("mailto link: it asks for more than leaving a list takes")
	}
	if from, ok := (identities{account}).addressed(e); ok {
		d.From = from
	}
	if d.Subject == "" {
		d.Subject = "unsubscribe"
	}
	d.To, d.InReplyTo, d.References, d.Leaves = to[0].Addr(), nil, nil, e.List()
	return d, nil
}

// maxLeaving bounds what a message that leaves a list says, in octets.
const maxLeaving = 500
