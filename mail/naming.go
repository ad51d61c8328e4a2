package mail

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on the names of mailboxes that posthorn makes: what servers with a file or a folder for each can take.
const (
	maxNameOctets    = 800 // of the whole name
	maxElementOctets = 200 // between two delimiters
)

// CheckName says what is wrong with the name of a mailbox that is to be made, and where, in characters; empty: nothing.
// What a server lists may be named otherwise: that is not asked. // RFC 9051 §5.1
func CheckName(name, delimiter string) (column int, trouble string) {
	switch {
	case strings.TrimSpace(name) == "":
		return 0, "A mailbox needs a name."
	case !utf8.ValidString(name):
		return utf8.RuneCountInString(name[:invalidAt(name)]), "This is no text."
	case strings.EqualFold(name, "INBOX"):
		return 0, "INBOX is there already: choose another name."
	}
	for i, r := range []rune(name) {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return i, "A control character cannot be part of a name: remove it."
		case r == '*' || r == '%':
			return i, fmt.Sprintf("“%c” stands for any name when mailboxes are listed: use another character.", r)
		}
	}
	at := 0
	elements := []string{name}
	if delimiter != "" {
		elements = strings.Split(name, delimiter)
	}
	for i, e := range elements {
		n := utf8.RuneCountInString(e)
		switch {
		case e == "" && i == len(elements)-1:
			return max(0, at-1), fmt.Sprintf("A name stands behind each “%s”: add one, or remove it.", delimiter)
		case e == "":
			return at, fmt.Sprintf("A name stands before each “%s”: add one, or remove it.", delimiter)
		case strings.HasPrefix(e, " "):
			return at, "A name does not begin with a space: remove it."
		case strings.HasSuffix(e, " "):
			return at + n - 1, "A name does not end with a space: remove it."
		case len(e) > maxElementOctets:
			return at + runesIn(e, maxElementOctets), "This is too long for a name: shorten it."
		}
		at += n + 1
	}
	if len(name) > maxNameOctets {
		return runesIn(name, maxNameOctets), "This is too long for a name: shorten it."
	}
	return 0, ""
}

// invalidAt is the first octet of text that is no UTF-8.
func invalidAt(text string) int {
	for i, r := range text {
		if _, n := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && n == 1 {
			return i
		}
	}
	return len(text)
}

// runesIn is how many whole characters the first octets of text hold.
func runesIn(text string, octets int) int {
	return utf8.RuneCountInString(strings.ToValidUTF8(text[:octets], ""))
}

// Below tells whether name is below the mailbox above. // RFC 9051 §6.3.6: inferior
func Below(name, above, delimiter string) bool {
	return delimiter != "" && strings.HasPrefix(name, above+delimiter)
}

// Renamed is what name is called once a mailbox was renamed, with all below it. // RFC 9051 §6.3.6
func Renamed(name, from, to, delimiter string) string {
	switch {
	case name == from:
		return to
	case Below(name, from, delimiter):
		return to + name[len(from):]
	}
	return name
}
