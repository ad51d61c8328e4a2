package compose

import (
	"strings"

	"posthorn/mail"
)

// signatureMark is the line above a signature. // RFC 3676 §4.3
const signatureMark = "-- "

// Sign ends the text with a signature, or with none where it is empty, in place of the one Sign put there before. A
// signature that was changed by hand stays; known are others that may stand there unchanged, since undo brought them
// back.
func (d *Draft) Sign(signature string, known ...mail.Signature) bool {
	signature = trimmed(signature)
	body, ok := d.unsigned()
	if own, _, _ := strings.Cut(d.Body, forwardMark); d.Signature == "" {
		_, _, signed := cutSignature(own)
		ok = !signed
	}
	for _, s := range known {
		if was := trimmed(s.Text); !ok && was != "" {
			body, ok = cutSigned(d.Body, was)
		}
	}
	if !ok {
		return false
	}
	d.Body, d.Signature = body, signature
	if signature != "" {
		d.Body = strings.TrimRight(body, "\n") + "\n\n" + signatureMark + "\n" + signature + "\n"
	}
	return true
}

// SignBy is Sign with what the account has for the sender and the recipients, unless a signature was chosen by hand.
func (d *Draft) SignBy(account mail.Account) {
	signature := account.SignatureFor(d.From, mail.ParseAddresses(d.To+", "+d.Cc, nil))
	if !d.Chosen && trimmed(signature) != d.Signature {
		d.Sign(signature, account.AllSignatures()...)
	}
}

// Choose is Sign with a signature that was asked for. A text that has none gets it even if it had one before; false:
// there is another one, written by hand.
func (d *Draft) Choose(signature string, account mail.Account) bool {
	if _, _, signed := cutSignature(d.Body); !signed {
		d.Signature = ""
	}
	d.Chosen = d.Sign(signature, account.AllSignatures()...) || d.Chosen
	return d.Signature == trimmed(signature)
}

func trimmed(signature string) string { return strings.Trim(lines(signature), "\n") }

// unsigned is the text above the signature of Sign; not ok: it does not end with that any more.
func (d *Draft) unsigned() (body string, ok bool) {
	if d.Signature == "" {
		return d.Body, true
	}
	return cutSigned(d.Body, d.Signature)
}

func cutSigned(body, signature string) (above string, ok bool) {
	return strings.CutSuffix(strings.TrimRight(body, "\n"), "\n"+signatureMark+"\n"+signature)
}

// above is the text without the signature, where it still has that of Sign.
func (d *Draft) above() string {
	if body, ok := d.unsigned(); ok {
		return body
	}
	return d.Body
}

// AnswerBelow is the text with room for an answer between the quote and the signature, and the offset of that room.
func (d *Draft) AnswerBelow() (body string, at int) {
	above := d.above()
	quoted := strings.TrimRight(above, "\n") + "\n\n"
	return quoted + "\n" + strings.TrimPrefix(d.Body, above), len(quoted)
}
