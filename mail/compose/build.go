package compose

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"time"

	"posthorn/mail"
)

// Environment is what Build needs of the world.
type Environment struct {
	Now    time.Time // written with its own zone
	Random io.Reader // for the Message-ID and the boundary; nil: crypto/rand
	// Load gives the bytes of attachments that are messages or parts of one, as a file would hold them: without the
	// transfer encoding. Files are read by Build. nil: there are only files.
	Load func(Attachment) ([]byte, error)
	// Transfer is what the server that takes the message is known to carry.
	Transfer Transfer
}

// Transfer is what a submission server carries in a message's body.
type Transfer int

// What servers carry.
const (
	UnknownTransfer Transfer = iota // text goes encoded, and messages as they are
	SevenBit                        // messages beyond ASCII go as files, too
	EightBit                        // text goes as it reads // RFC 6152
)

// Built is a message ready for submission.
type Built struct {
	Bytes      []byte // lines end in CRLF
	MessageID  string // canonical
	From       mail.Address
	Recipients []mail.Address // of the envelope: To, Cc and Bcc, each once, domains in ASCII
}

// Build makes the message of d. The same draft, clock and random source give the same bytes. Bcc is in the envelope
// only. Nothing of the machine is told: no program's name, no host name, no path.
func Build(d Draft, env Environment) (Built, error) {
	if env.Random == nil {
		env.Random = rand.Reader
	}
	if d.Redirected {
		return redirect(d, env)
	}
	var out Built
	var h header
	if err := out.fields(&h, d, env); err != nil {
		return Built{}, err
	}
	parts, err := d.parts(env)
	if err != nil {
		return Built{}, err
	}
	err = h.parts(parts, env.Random)
	out.Bytes = h.Bytes()
	return out, err
}

// parts ends the header with its MIME fields and writes the body: the one part there is, or all of them.
func (h *header) parts(parts []part, source io.Reader) error {
	h.WriteString("MIME-Version: 1.0\r\n")
	if len(parts) == 1 {
		h.Write(parts[0].header.Bytes())
		h.WriteString("\r\n")
		h.Write(parts[0].body)
		return nil
	}
	boundary, err := random(source, 12)
	if err != nil {
		return err
	}
	mixed(h, parts, "=_"+boundary) // "=_" is in no quoted-printable and no base64 text // RFC 2045 §6.7
	return nil
}

// dated is a time as Date has it. // RFC 5322 §3.3
func dated(t time.Time) string { return t.Format("Mon, 02 Jan 2006 15:04:05 -0700") }

// Redate gives a message that Build made another Date. Nothing else changes.
func Redate(raw []byte, now time.Time) []byte {
	field, rest, found := bytes.Cut(raw, []byte("\r\n"))
	name, _, _ := strings.Cut(string(field), ": ")
	if !found || name != "Date" && name != "Resent-Date" {
		return raw
	}
	return append([]byte(name+": "+dated(now)+"\r\n"), rest...)
}

// fields writes the header of the message less its MIME fields, and fills in the envelope. // RFC 5322 §3.6
func (out *Built) fields(h *header, d Draft, env Environment) error {
	if err := out.envelope(d); err != nil {
		return err
	}
	id, err := random(env.Random, 16)
	if err != nil {
		return err
	}
	out.MessageID = id + "@" + out.From.Domain
	to, cc, _, err := d.Recipients()
	if err != nil {
		return err
	}
	replyTo, err := parseField("Reply-To", d.ReplyTo)
	if err != nil {
		return err
	}
	h.tokens("Date", []string{dated(env.Now)})
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"From", []mail.Address{out.From}}, {"Reply-To", replyTo}, {"To", to}, {"Cc", cc}} {
		list, err := wireAll(f.name, f.list)
		if err != nil {
			return err
		}
		if err := h.addresses(f.name, list); err != nil {
			return err
		}
	}
	if len(to)+len(cc) == 0 {
		h.WriteString("To: undisclosed-recipients:;\r\n")
	}
	if err := h.text("Subject", d.Subject); err != nil {
		return err
	}
	h.tokens("Message-ID", []string{mail.FormatMessageIDs(out.MessageID)})
	if err := h.ids("In-Reply-To", d.InReplyTo); err != nil {
		return err
	}
	return h.ids("References", d.References)
}

// envelope checks the addresses and collects whom the message goes to.
func (out *Built) envelope(d Draft) error {
	if err := checkValue("From", d.From.Name+d.From.Local+d.From.Domain); err != nil {
		return err
	}
	if !d.From.Valid() {
		return errors.New("there is no From address: choose one of the account's")
	}
	from, err := wire("From", d.From)
	if err != nil {
		return err
	}
	out.From = from
	to, cc, bcc, err := d.Recipients()
	if err != nil {
		return err
	}
	var seen []mail.Address
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"To", to}, {"Cc", cc}, {"Bcc", bcc}} {
		list, err := wireAll(f.name, f.list)
		if err != nil {
			return err
		}
		out.Recipients = append(out.Recipients, once(&seen, list)...)
	}
	if len(out.Recipients) == 0 {
		return errors.New("there is no recipient: write an address into To, Cc or Bcc")
	}
	return nil
}

func random(r io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("draw a random number: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// part is one MIME part: its Content fields, each with its CRLF, and its body as transferred.
type part struct {
	header header
	body   []byte
	eight  bool // the body has bytes beyond ASCII

	message bool // it is a message/rfc822: that of a message we have, once parts has seen it
}

// textPart is the text. It goes as 7bit where it is ASCII in lines that every server passes on, so that the source
// reads as typed, or as 8bit where the server is known to carry that; everything else goes as quoted-printable, or as
// base64 where that is much shorter: these survive every server.
func textPart(body string, server Transfer) part {
	body = strings.ToValidUTF8(lines(body), "\ufffd")
	if flowed, ok := flow(ended(body)); ok {
		return encodedText(flowed, server, "text/plain;", "charset=utf-8;", "format=flowed;", "delsp=no") // RFC 3676 §4
	}
	return fixedPart(body, server)
}

// fixedPart is a text in the lines it has.
func fixedPart(text string, server Transfer) part {
	return encodedText(ended(text), server, "text/plain;", "charset=utf-8")
}

func ended(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

func encodedText(text string, server Transfer, contentType ...string) part {
	var p part
	p.header.tokens("Content-Type", contentType)
	encoding, wire := "7bit", []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	switch {
	case passes(text, 0x7e):
	case server == EightBit && passes(text, 0xff):
		p.eight, encoding = true, "8bit" // RFC 2045 §2.8
	default:
		encoding, wire = encoded(wire)
	}
	p.header.tokens("Content-Transfer-Encoding", []string{encoding})
	p.body = wire
	return p
}

// encoded is text as quoted-printable, or as base64 where that is shorter by a third: most of it could not be read in
// the source either, as in Cyrillic, Greek or Chinese. // RFC 2045 §6.7, §6.8
func encoded(text []byte) (encoding string, wire []byte) {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	w.Write(text) // a bytes.Buffer takes everything
	w.Close()
	if base64 := base64Lines(text); 3*len(base64) < 2*b.Len() {
		return "base64", append(base64, "\r\n"...)
	}
	return "quoted-printable", b.Bytes()
}

// passes tells whether text may go as it is where no octet is above most. // RFC 2045 §2.7
func passes(text string, most byte) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > 998 {
			return false
		}
		for i := 0; i < len(line); i++ {
			if c := line[i]; c > most || c == 0x7f || c < 0x20 && c != '\t' {
				return false
			}
		}
	}
	return true
}

// mixed writes parts as multipart/mixed. The CRLF before a boundary belongs to the boundary, so that every body is
// carried to its last byte. // RFC 2046 §5.1.1
func mixed(h *header, parts []part, boundary string) {
	encoding, size := "7bit", 0
	for _, p := range parts {
		if p.eight {
			encoding = "8bit" // RFC 2045 §6.4: a container says at least what its parts say
		}
		size += len(p.body) + p.header.Len() + 100
	}
	h.Grow(size)
	h.tokens("Content-Type", []string{"multipart/mixed;", `boundary="` + boundary + `"`})
	h.tokens("Content-Transfer-Encoding", []string{encoding})
	for _, p := range parts {
		h.WriteString("\r\n--" + boundary + "\r\n")
		h.Write(p.header.Bytes())
		h.WriteString("\r\n")
		h.Write(p.body)
	}
	h.WriteString("\r\n--" + boundary + "--\r\n")
}

// base64Lines is data in lines of 76 characters, the last without its line end. // RFC 2045 §6.8
func base64Lines(data []byte) []byte {
	const octets, columns = 57, 76
	n := len(data) / octets
	out := make([]byte, 0, base64.StdEncoding.EncodedLen(len(data))+2*n)
	for len(data) > octets {
		out = append(base64.StdEncoding.AppendEncode(out, data[:octets]), '\r', '\n')
		data = data[octets:]
	}
	return base64.StdEncoding.AppendEncode(out, data)
}
