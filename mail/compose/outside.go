package compose

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"posthorn/mail"
	"posthorn/mail/body"
)

// written is a message as another program wrote it: its fields, each with its line ends, and its text, in CRLF lines.
type written struct {
	fields []writtenField
	text   []byte
}

// writtenField is one header field: its name in lower case, and all of it up to its last line end.
type writtenField struct {
	name string
	raw  string
}

// value is the field without its name, in one line.
func (f writtenField) value() string {
	_, value, _ := strings.Cut(f.raw, ":")
	return strings.TrimSpace(strings.ReplaceAll(value, "\r\n", ""))
}

// readWritten takes a message apart. A line as of an mbox file before the header is left out: git format-patch begins
// with one.
func readWritten(raw []byte) (w written, err error) {
	if bytes.IndexByte(raw, 0) >= 0 {
		return w, errors.New("there is a NUL in the message, which mail cannot carry: attach such a file with -attach")
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	n := 0
	for len(raw) > 0 {
		line, rest, found := bytes.Cut(raw, []byte("\r\n"))
		n++
		name, _, colon := strings.Cut(string(line), ":")
		switch raw = rest; {
		case len(line) == 0 && len(w.fields) > 0:
			w.text = rest
			return w, nil
		case n == 1 && bytes.HasPrefix(line, []byte("From ")):
		case (bytes.HasPrefix(line, []byte(" ")) || bytes.HasPrefix(line, []byte("\t"))) && len(w.fields) > 0:
			w.fields[len(w.fields)-1].raw += string(line) + "\r\n"
		case colon && fieldName(name):
			w.fields = append(w.fields, writtenField{strings.ToLower(name), string(line) + "\r\n"})
		default:
			return w, fmt.Errorf("line %d: %q is no header field: a message begins with lines such as \"To: ben@example.org\", an empty line ends them, and the text follows",
				n, shorten(mail.Line(string(line)), 40))
		}
		if !found {
			break
		}
	}
	if len(w.fields) == 0 {
		return w, errors.New("the message is empty")
	}
	return w, nil
}

// fieldName // RFC 5322 §3.6.8
func fieldName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

// field is the value of a field that may be there once.
func (w written) field(name string) (string, error) {
	var found []string
	for _, f := range w.fields {
		if f.name == name {
			found = append(found, f.value())
		}
	}
	if len(found) > 1 {
		return "", fmt.Errorf("there are %d %s fields: one is allowed", len(found), name) // RFC 5322 §3.6
	}
	return strings.Join(found, ""), nil
}

// WrittenBy is the author of a message that another program wrote; the zero Address where it names none.
func WrittenBy(raw []byte) mail.Address {
	w, err := readWritten(raw)
	if err != nil {
		return mail.Address{}
	}
	from, _ := w.field("from")
	for _, a := range mail.ParseAddresses(from, body.DecodeWords) {
		return a
	}
	return mail.Address{}
}

// Outside makes a message that another program wrote ready for submission, with some files more. What it says stays as
// it is, byte for byte where mail can carry it; what it must have and lacks is added, and Bcc is taken out. The draft
// says in words what goes out; it cannot be edited.
func Outside(raw []byte, account mail.Account, attach []Attachment, env Environment) (Built, Draft, error) {
	w, err := readWritten(raw)
	if err != nil {
		return Built{}, Draft{}, err
	}
	d, err := w.draft(account)
	if err != nil {
		return Built{}, d, err
	}
	d.Attachments = attach
	if env.Random == nil {
		env.Random = rand.Reader
	}
	var out Built
	if err := out.envelope(d); err != nil {
		return Built{}, d, err
	}
	var h header
	if err := w.header(&h, &out, d, env); err != nil {
		return Built{}, d, err
	}
	content, err := w.content(env.Transfer)
	if err != nil {
		return Built{}, d, err
	}
	parts := []part{content}
	for _, a := range attach {
		p, err := attachmentPart(a, env)
		if err != nil {
			return Built{}, d, err
		}
		parts = append(parts, p)
	}
	err = h.parts(parts, env.Random)
	out.Bytes = h.Bytes()
	return out, d, err
}

// draft is what the header says: whom it is from, whom it goes to, what it is about.
func (w written) draft(account mail.Account) (Draft, error) {
	d := blank(account)
	d.Outside = true
	for _, f := range w.fields {
		switch {
		case strings.HasPrefix(f.name, "resent-"):
			return d, errors.New("it has fields that tell of redirecting: whom it is to go to now is not clear, take the Resent- fields out")
		case len(f.raw) > 0 && !utf8.ValidString(f.raw):
			return d, fmt.Errorf("the field %s is not UTF-8", f.name)
		case f.name == "to":
			d.To = listed(d.To, f.value())
		case f.name == "cc":
			d.Cc = listed(d.Cc, f.value())
		case f.name == "bcc":
			d.Bcc = listed(d.Bcc, f.value())
		case strings.HasPrefix(f.name, "content-"):
			d.Sealed = true
		}
	}
	subject, err := w.field("subject")
	if err != nil {
		return d, err
	}
	from, err := w.field("from")
	if err != nil {
		return d, err
	}
	d.Subject = mail.Line(body.DecodeWords(subject))
	d.Body = mail.Text(lines(string(w.text)))
	if list := mail.ParseAddresses(from, body.DecodeWords); len(list) > 0 { // another author than the account's is who it says, and the account submits it
		if id, ok := account.Identity(list[0]); ok {
			d.From = id
		}
	}
	return d, nil
}

// header writes the fields as they were, less what is not for others, and those that were missing.
func (w written) header(h *header, out *Built, d Draft, env Environment) error {
	has := func(name string) bool {
		return slices.ContainsFunc(w.fields, func(f writtenField) bool { return f.name == name })
	}
	for _, name := range []string{"date", "message-id", "from", "subject", "sender", "reply-to", "in-reply-to", "references"} {
		if _, err := w.field(name); err != nil {
			return err
		}
	}
	if !has("date") {
		h.tokens("Date", []string{dated(env.Now)})
	}
	if !has("from") {
		if err := h.addresses("From", []mail.Address{out.From}); err != nil {
			return err
		}
	}
	for _, f := range w.fields {
		if f.name == "bcc" || f.name == "return-path" || f.name == "mime-version" || strings.HasPrefix(f.name, "content-") {
			continue
		}
		if err := f.write(h); err != nil {
			return err
		}
	}
	if !has("to") && !has("cc") {
		h.WriteString("To: undisclosed-recipients:;\r\n")
	}
	id, _ := w.field("message-id")
	if ids := mail.ParseMessageIDs(id); len(ids) == 1 {
		out.MessageID = ids[0]
		return nil
	}
	if has("message-id") {
		return fmt.Errorf("Message-ID: %q is none: leave it out, and one is made", shorten(id, 40))
	}
	drawn, err := random(env.Random, 16)
	if err != nil {
		return err
	}
	out.MessageID = drawn + "@" + out.From.Domain
	h.tokens("Message-ID", []string{mail.FormatMessageIDs(out.MessageID)})
	return nil
}

// write is the field as it was where a header can carry it, and encoded where it cannot.
func (f writtenField) write(h *header) error {
	long := slices.ContainsFunc(strings.Split(f.raw, "\r\n"), func(line string) bool { return len(line) > 998 })
	if isASCII(f.raw) && !long {
		h.WriteString(f.raw)
		return nil
	}
	name, _, _ := strings.Cut(f.raw, ":")
	switch f.name {
	case "from", "sender", "reply-to", "to", "cc":
		list := mail.ParseAddresses(f.value(), body.DecodeWords)
		list, err := wireAll(name, list)
		if err != nil {
			return err
		}
		return h.addresses(name, list)
	}
	return h.text(name, body.DecodeWords(f.value()))
}

// content is the text as one part. Where the program said what it is, that stays as it is; plain words become UTF-8
// text in the lines it has.
func (w written) content(server Transfer) (part, error) {
	var p part
	coded := false
	for _, f := range w.fields {
		if strings.HasPrefix(f.name, "content-") {
			p.header.WriteString(f.raw)
			coded = coded || f.name == "content-transfer-encoding"
		}
	}
	if p.header.Len() == 0 {
		if !utf8.Valid(w.text) {
			return p, errors.New("the text is not UTF-8: say in a Content-Type field what it is, or convert it")
		}
		return fixedPart(strings.ReplaceAll(string(w.text), "\r\n", "\n"), server), nil
	}
	for i, line := range bytes.Split(w.text, []byte("\r\n")) {
		if len(line) > 998 { // RFC 5322 §2.1.1
			return p, fmt.Errorf("line %d of the text has %d bytes, and mail carries 998: encode it as its Content-Type allows", i+1, len(line))
		}
	}
	p.body, p.eight = w.text, !isASCII(string(w.text))
	if p.eight && !coded {
		p.header.tokens("Content-Transfer-Encoding", []string{"8bit"})
	}
	return p, nil
}
