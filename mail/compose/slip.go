package compose

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AddressError is a word of an address field that is no address, and the place in it that is wrong.
type AddressError struct {
	Field    string
	Word     string
	From, To int    // the bytes of the field that are wrong
	Why      string // and what to do
}

// repeated bounds how much of a word an error repeats.
const repeated = 40

func (e *AddressError) Error() string {
	return fmt.Sprintf("%s: %q is not an address: %s", e.Field, shorten(e.Word, repeated), e.Why)
}

// CheckAddresses tells what is wrong with what an address field holds, as *AddressError where it is a word of it.
func CheckAddresses(field, s string) error {
	_, err := parseField(field, s)
	return err
}

// slip finds the bytes of a word that keep it from being an address, and says what is wrong with them.
func slip(word string) (from, to int, why string) {
	if from, to, why = unclosed(word); why != "" {
		return from, to, why
	}
	start, end := 0, len(word)
	open, shut := strings.IndexByte(word, '<'), strings.IndexByte(word, '>')
	if open >= 0 && open < shut {
		if after := strings.TrimSpace(word[shut+1:]); after != "" && after[0] != '(' {
			return shut + 1, len(word), "a comma parts two addresses, and nothing else may stand behind the >"
		}
		start, end = open+1, shut
	} else if name, _, ok := strings.Cut(word, ":"); ok && !strings.ContainsAny(name, `@"`) { // of a group
		start = len(name) + 1
	}
	for start < end && word[start] == ' ' {
		start++
	}
	if start == end {
		return max(0, open), min(end+1, len(word)), "there is no address in it"
	}
	from, to, why = misspelt(strings.TrimRight(word[start:end], " "))
	return start + from, start + to, why
}

// unclosed finds a quote or bracket that has no other end.
func unclosed(word string) (from, to int, why string) {
	quote, angle, round := -1, -1, -1
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c == '\\':
			i++
		case c == '"' && quote < 0:
			quote = i
		case c == '"':
			quote = -1
		case quote >= 0:
		case c == '<':
			angle = i
		case c == '>' && angle < 0:
			return i, i + 1, "there is a > and no < before it"
		case c == '>':
			return 0, 0, ""
		case c == '(':
			round = i
		case c == ')':
			round = -1
		}
	}
	switch {
	case quote >= 0:
		return quote, len(word), `the " has no other end`
	case angle >= 0:
		return angle, len(word), "a > is missing behind it"
	case round >= 0:
		return round, len(word), "a ) is missing behind it"
	}
	return 0, 0, ""
}

// misspelt finds what is wrong with an address without a name.
func misspelt(s string) (from, to int, why string) {
	at := strings.LastIndexByte(s, '@')
	if gap := strings.IndexAny(s, " \t"); gap >= 0 && at >= 0 && s[0] != '"' {
		return gap, gap + 1, "there is a space in it; a comma parts two addresses, and < > hold one behind a name"
	}
	switch first := strings.IndexByte(s, '@'); {
	case at < 0:
		return 0, len(s), "write it like anna@example.org or Anna <anna@example.org>"
	case at == 0:
		return 0, 1, "there is nothing before the @"
	case at == len(s)-1:
		return at, at + 1, "there is nothing behind the @"
	case first < at && s[0] != '"':
		return at, at + 1, "there is a second @; a comma parts two addresses"
	case len(s) > maxAddress:
		return 0, len(s), fmt.Sprintf("it is longer than the %d letters that servers take", maxAddress) // RFC 5321 §4.5.3.1.3
	}
	for i, r := range s {
		if s[i] == '.' && (i == 0 || i == len(s)-1 || s[i-1] == '@' || s[i+1] == '@' || s[i+1] == '.') {
			return i, i + 1, "there is a dot too many"
		}
		if unicode.IsControl(r) || r < utf8.RuneSelf && strings.ContainsRune(`()<>,;:\"[]`, r) {
			return i, i + utf8.RuneLen(r), fmt.Sprintf("%q does not go into an address", r)
		}
	}
	return at + 1, len(s), "what is behind the @ is not a domain name"
}
