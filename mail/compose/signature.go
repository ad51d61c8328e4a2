package compose

import "strings"

// signatureMark is the line above a signature. // RFC 3676 §4.3
const signatureMark = "-- "

// Sign ends the text with a signature, or with none where it is empty, in place of the one Sign put there before. A
// signature that was changed by hand stays.
func (d *Draft) Sign(signature string) {
	signature = strings.Trim(lines(signature), "\n")
	body, ok := d.unsigned()
	if !ok {
		return
	}
	d.Body, d.Signature = body, signature
	if signature != "" {
		d.Body = strings.TrimRight(body, "\n") + "\n\n" + signatureMark + "\n" + signature + "\n"
	}
}

// unsigned is the text above the signature of Sign; not ok: it does not end with that any more.
func (d *Draft) unsigned() (body string, ok bool) {
	if d.Signature == "" {
		return d.Body, true
	}
	return strings.CutSuffix(strings.TrimRight(d.Body, "\n"), "\n"+signatureMark+"\n"+d.Signature)
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
