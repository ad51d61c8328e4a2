package compose

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"posthorn/mail"
)

// Redirect is a draft that passes o on as it is: its author stays its author, and only fields that say who passed it
// on are added. Such a draft has no text, subject and attachments of its own. // RFC 5322 §3.6.6
func Redirect(o Original, account mail.Account) Draft {
	d := blank(account)
	if from, ok := (identities{account}).addressed(o.Envelope); ok {
		d.From = from
	}
	d.Redirected, d.Original, d.Mark = true, o.Message.Key, mail.Forwarded
	d.Subject = mail.Line(o.Envelope.Subject)
	return d
}

// redirect makes the message of a redirected draft. The fields about this pass stand above those of the original, and
// above those of earlier passes. // RFC 5322 §3.6.6
func redirect(d Draft, env Environment) (Built, error) {
	var out Built
	if err := out.envelope(d); err != nil {
		return Built{}, err
	}
	if env.Load == nil {
		return Built{}, errors.New("the message cannot be read here")
	}
	raw, err := env.Load(Attachment{Message: d.Original})
	if err != nil {
		return Built{}, fmt.Errorf("redirect: %w", err)
	}
	id, err := random(env.Random, 16)
	if err != nil {
		return Built{}, err
	}
	out.MessageID = id + "@" + out.From.Domain
	to, cc, _, err := d.Recipients()
	if err != nil {
		return Built{}, err
	}
	var h header
	h.tokens("Resent-Date", []string{dated(env.Now)})
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"Resent-From", []mail.Address{out.From}}, {"Resent-To", to}, {"Resent-Cc", cc}} {
		list, err := wireAll(f.name, f.list)
		if err != nil {
			return Built{}, err
		}
		if err := h.addresses(f.name, list); err != nil {
			return Built{}, err
		}
	}
	h.tokens("Resent-Message-ID", []string{mail.FormatMessageIDs(out.MessageID)})
	h.Write(withoutBcc(raw))
	out.Bytes = h.Bytes()
	return out, nil
}

// withoutBcc is a message without what its author, or who passed it on before, wanted nobody to see.
func withoutBcc(raw []byte) []byte {
	var out bytes.Buffer
	dropping := false
	for len(raw) > 0 {
		line := raw
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			line = raw[:i+1]
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' { // not the rest of the field above
			name, _, _ := strings.Cut(string(line[:min(len(line), 20)]), ":")
			name = strings.TrimSpace(name)
			dropping = strings.EqualFold(name, "Bcc") || strings.EqualFold(name, "Resent-Bcc")
		}
		if !dropping {
			out.Write(line)
		}
		raw = raw[len(line):]
	}
	out.Write(raw)
	return out.Bytes()
}
