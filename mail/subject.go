package mail

import (
	"regexp"
	"strings"
)

var (
	// Prefixes that programs in many languages put before the subject of an answer or a forwarded message.
	replyPrefix = regexp.MustCompile(`(?i)^\s*(re|aw|antw|antwort|sv|vs|ref|réf|odp|ynt|atb|回复|答复|回覆|返信)\s*(\[\d+\]|\(\d+\))?\s*[:：]\s*`)
	fwdPrefix   = regexp.MustCompile(`(?i)^\s*(fwd?|wg|wtr|tr|rv|enc|i|转发|轉寄|轉發)\s*(\[\d+\]|\(\d+\))?\s*[:：]\s*`)
	listBlob    = regexp.MustCompile(`^\s*\[[^\[\]]{1,60}\]\s*`)
	fwdTrailer  = regexp.MustCompile(`(?i)\s*\(fwd\)\s*$`)
)

// BaseSubject is the subject without answer and forward marks, list names and runs of white space: what
// conversations without References are recognised by. // RFC 5256 §2.1
func BaseSubject(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for {
		before := s
		s = fwdTrailer.ReplaceAllString(s, "")
		s = replyPrefix.ReplaceAllString(s, "")
		s = fwdPrefix.ReplaceAllString(s, "")
		if t := listBlob.ReplaceAllString(s, ""); t != "" { // a subject that is nothing but a blob keeps it
			s = t
		}
		if s == before {
			return s
		}
	}
}

// ReplySubject is the subject of an answer: one Re:, however many the original has.
func ReplySubject(s string) string { return "Re: " + stripPrefix(s, replyPrefix) }

// ForwardSubject is the subject of a forwarded message.
func ForwardSubject(s string) string { return "Fwd: " + stripPrefix(s, fwdPrefix) }

func stripPrefix(s string, prefix *regexp.Regexp) string {
	s = strings.Join(strings.Fields(s), " ")
	for {
		t := prefix.ReplaceAllString(s, "")
		if t == s {
			return s
		}
		s = t
	}
}
