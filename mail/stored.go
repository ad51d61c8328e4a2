package mail

import (
	"strconv"
	"unicode/utf8"
)

// Headers are stored by the hundred thousand, so these write JSON by hand: encoding/json takes eight times as long. It
// reads what they write. // RFC 8259

// AppendJSON appends e as JSON.
func (e *Envelope) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	if date, err := e.Date.AppendText(append(appendKey(b, "date"), '"')); err == nil && !e.Date.IsZero() {
		b = append(date, '"')
	}
	b = appendText(b, "subject", e.Subject)
	b = appendAddresses(b, "from", e.From)
	b = appendAddresses(b, "sender", e.Sender)
	b = appendAddresses(b, "reply_to", e.ReplyTo)
	b = appendAddresses(b, "followup_to", e.FollowupTo)
	b = appendAddresses(b, "to", e.To)
	b = appendAddresses(b, "cc", e.Cc)
	b = appendAddresses(b, "bcc", e.Bcc)
	b = appendAddresses(b, "delivered", e.Delivered)
	b = appendText(b, "message_id", e.MessageID)
	b = appendTexts(b, "in_reply_to", e.InReplyTo)
	b = appendTexts(b, "references", e.References)
	b = appendText(b, "list_id", e.ListID)
	b = appendText(b, "list_post", e.ListPost)
	b = appendText(b, "list_unsubscribe", e.ListUnsubscribe)
	b = appendText(b, "list_unsubscribe_post", e.ListUnsubscribePost)
	b = appendText(b, "auto_submitted", e.AutoSubmitted)
	if e.Cut {
		b = append(appendKey(b, "cut"), "true"...)
	}
	b = appendTexts(b, "auth_results", e.AuthResults)
	return append(b, '}')
}

// AppendJSON appends p, with the parts in it, as JSON.
func (p *Part) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	b = appendText(b, "s", p.Section)
	b = appendText(b, "t", p.MediaType)
	if len(p.Params) > 0 {
		b = append(appendKey(b, "p"), '{')
		for k, v := range p.Params {
			b = appendQuoted(append(appendQuoted(appendComma(b), k), ':'), v)
		}
		b = append(b, '}')
	}
	b = appendText(b, "e", p.Encoding)
	b = appendText(b, "d", p.Disposition)
	b = appendText(b, "f", p.Filename)
	b = appendText(b, "i", p.ContentID)
	b = appendText(b, "l", p.Language)
	if p.Size != 0 {
		b = strconv.AppendInt(appendKey(b, "z"), p.Size, 10)
	}
	if p.Cut {
		b = append(appendKey(b, "m"), "true"...)
	}
	if len(p.Children) > 0 {
		b = append(appendKey(b, "c"), '[')
		for i := range p.Children {
			b = p.Children[i].AppendJSON(appendComma(b))
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendComma separates what follows from a value before it.
func appendComma(b []byte) []byte {
	if last := b[len(b)-1]; last == '{' || last == '[' {
		return b
	}
	return append(b, ',')
}

func appendKey(b []byte, key string) []byte {
	return append(append(append(appendComma(b), '"'), key...), '"', ':')
}

// appendText appends a member of an object, unless it is empty.
func appendText(b []byte, key, s string) []byte {
	if s == "" {
		return b
	}
	return appendQuoted(appendKey(b, key), s)
}

func appendTexts(b []byte, key string, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(appendKey(b, key), '[')
	for _, s := range list {
		b = appendQuoted(appendComma(b), s)
	}
	return append(b, ']')
}

func appendAddresses(b []byte, key string, list []Address) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(appendKey(b, key), '[')
	for i := range list {
		b = append(appendComma(b), '{')
		b = appendText(b, "n", list[i].Name)
		b = appendText(b, "l", list[i].Local)
		b = append(appendText(b, "d", list[i].Domain), '}')
	}
	return append(b, ']')
}

// unescaped are the octets that stand for themselves in a JSON string.
var unescaped = func() (list [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		list[c] = c != '"' && c != '\\'
	}
	return list
}()

// appendQuoted appends a string; octets that are not UTF-8 become U+FFFD. // RFC 8259 §7, §8.1
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); {
		c, size := s[i], 1
		if unescaped[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[done:i]...)
		switch {
		case c >= utf8.RuneSelf:
			b = append(b, "\uFFFD"...)
		case c >= ' ':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		done = i
	}
	return append(append(b, s[done:]...), '"')
}
