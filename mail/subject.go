package mail

import "strings"

// Words that programs in many languages put before the subject of an answer or a forwarded message.
var (
	replyWords = words("re", "aw", "antw", "antwort", "sv", "vs", "ref", "réf", "odp", "ynt", "atb", "回复", "答复", "回覆", "返信")
	fwdWords   = words("fw", "fwd", "wg", "wtr", "tr", "rv", "enc", "i", "转发", "轉寄", "轉發")
)

func words(list ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range list {
		m[w] = true
	}
	return m
}

// maxSubject bounds how much of a subject is compared.
const maxSubject = 1000

// BaseSubject is the subject without answer and forward marks, list names and runs of white space: what
// conversations without References are recognised by. // RFC 5256 §2.1
func BaseSubject(s string) string {
	if len(s) > maxSubject {
		s = strings.ToValidUTF8(s[:maxSubject], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	for {
		before := s
		if n := len(s) - len("(fwd)"); n >= 0 && strings.EqualFold(s[n:], "(fwd)") {
			s = strings.TrimRight(s[:n], " ")
		}
		s = cutPrefix(cutPrefix(s, replyWords), fwdWords)
		if t := cutListName(s); t != "" { // a subject that is nothing but a list name keeps it
			s = t
		}
		if s == before {
			return s
		}
	}
}

// ReplySubject is the subject of an answer: one Re:, however many the original has.
func ReplySubject(s string) string { return "Re: " + cutPrefixes(s, replyWords) }

// ForwardSubject is the subject of a forwarded message.
func ForwardSubject(s string) string { return "Fwd: " + cutPrefixes(s, fwdWords) }

func cutPrefixes(s string, words map[string]bool) string {
	s = strings.Join(strings.Fields(s), " ")
	for {
		t := cutPrefix(s, words)
		if t == s {
			return s
		}
		s = t
	}
}

// cutPrefix takes one mark such as "Re:", "AW[2]:" or "回复：" off s.
func cutPrefix(s string, words map[string]bool) string {
	colon := strings.IndexAny(s[:min(len(s), 40)], ":：")
	if colon < 0 {
		return s
	}
	word := strings.TrimRight(s[:colon], " ")
	if n := len(word); n > 0 && (word[n-1] == ']' || word[n-1] == ')') { // a count
		open := strings.LastIndexAny(word, "[(")
		if open < 0 || strings.Trim(word[open+1:n-1], "0123456789") != "" || open+1 == n-1 {
			return s
		}
		word = strings.TrimRight(word[:open], " ")
	}
	if !words[strings.ToLower(word)] {
		return s
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(s[colon:], ":"), "：")
	return strings.TrimLeft(rest, " ")
}

// cutListName takes "[name]" off the beginning of s.
func cutListName(s string) string {
	end := strings.IndexByte(s, ']')
	if !strings.HasPrefix(s, "[") || end < 2 || end > 200 || strings.Contains(s[1:end], "[") {
		return s
	}
	return strings.TrimLeft(s[end+1:], " ")
}
