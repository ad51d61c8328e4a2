package mailtest

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	gomessage "github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
)

func (s *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	v := s.selected()
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	var data imap.SearchData
	var uids imap.UIDSet
	var numbers imap.SeqSet
	q := query{v, v.last()}
	for i, msg := range v.mailbox.messages {
		n := v.tracker.EncodeSeqNum(uint32(i + 1))
		if n == 0 || !q.matches(uint32(i+1), msg, criteria) {
			continue
		}
		uids.AddNum(msg.uid)
		numbers.AddNum(n)
		if kind == imapserver.NumKindUID {
			n = uint32(msg.uid)
		}
		if data.Count++; data.Count == 1 {
			data.Min = n
		}
		data.Max = n
	}
	if data.All = uids; kind == imapserver.NumKindSeq {
		data.All = numbers
	}
	return &data, nil
}

// query is one SEARCH.
type query struct {
	*view
	last struct{ number, uid uint32 }
}

// matches tells whether a message meets all criteria. // RFC 9051 §6.4.4
func (q query) matches(number uint32, msg *message, c *imap.SearchCriteria) bool {
	for _, set := range c.UID {
		if !q.names(set, number, msg, q.last) {
			return false
		}
	}
	for _, set := range c.SeqNum {
		if !q.names(set, number, msg, q.last) {
			return false
		}
	}
	if slices.ContainsFunc(c.Flag, func(f imap.Flag) bool { return !msg.has(f) }) || slices.ContainsFunc(c.NotFlag, msg.has) {
		return false
	}
	size := int64(len(msg.raw))
	if c.Larger > 0 && size <= c.Larger || c.Smaller > 0 && size >= c.Smaller || !between(msg.date, c.Since, c.Before) || !msg.says(c) {
		return false
	}
	for i := range c.Not {
		if q.matches(number, msg, &c.Not[i]) {
			return false
		}
	}
	for i := range c.Or {
		if !q.matches(number, msg, &c.Or[i][0]) && !q.matches(number, msg, &c.Or[i][1]) {
			return false
		}
	}
	return true
}

// says tells whether header and text meet the criteria about them.
func (msg *message) says(c *imap.SearchCriteria) bool {
	if len(c.Header)+len(c.Body)+len(c.Text) == 0 && c.SentSince.IsZero() && c.SentBefore.IsZero() {
		return true
	}
	e, err := gomessage.Read(bytes.NewReader(msg.raw))
	if e == nil || err != nil && !gomessage.IsUnknownCharset(err) && !gomessage.IsUnknownEncoding(err) {
		return false
	}
	sent, _ := (&gomail.Header{Header: e.Header}).Date()
	if !between(sent, c.SentSince, c.SentBefore) {
		return false
	}
	for _, h := range c.Header {
		if !slices.ContainsFunc(values(e.Header.FieldsByKey(h.Key)), contains(h.Value)) {
			return false
		}
	}
	if len(c.Body)+len(c.Text) == 0 {
		return true
	}
	header, text := values(e.Header.Fields()), words(e)
	for _, want := range c.Body {
		if !contains(want)(text) {
			return false
		}
	}
	for _, want := range c.Text {
		if !contains(want)(text) && !slices.ContainsFunc(header, contains(want)) {
			return false
		}
	}
	return true
}

// between compares days and knows no zones. // RFC 9051 §6.4.4
func between(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

func contains(part string) func(string) bool {
	part = strings.ToLower(part)
	return func(s string) bool { return strings.Contains(strings.ToLower(s), part) }
}

func values(fields gomessage.HeaderFields) []string {
	var out []string
	for fields.Next() {
		text, _ := fields.Text()
		out = append(out, text)
	}
	return out
}

// words is the text of a message, decoded.
func words(e *gomessage.Entity) string {
	var b strings.Builder
	_ = e.Walk(func(_ []int, part *gomessage.Entity, err error) error {
		media, _, _ := part.Header.ContentType()
		if err == nil && part.MultipartReader() == nil && (media == "" || strings.HasPrefix(media, "text/")) {
			_, _ = io.Copy(&b, part.Body) // as much as can be read
			b.WriteByte('\n')
		}
		return nil
	})
	return b.String()
}
