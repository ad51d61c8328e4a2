package body

import "posthorn/mail"

// Message is a whole message taken apart.
type Message struct {
	Header Header
	Root   mail.Part // sections numbered as IMAP does
	raw    []byte
}

// Parse takes a whole message apart.
func Parse(raw []byte) *Message {
	return &Message{Header: ParseHeader(raw), raw: raw}
}

// Content is the bytes of a section, still transfer-encoded; "" is the whole message.
func (m *Message) Content(section string) []byte {
	if section == "" {
		return m.raw
	}
	return nil
}
