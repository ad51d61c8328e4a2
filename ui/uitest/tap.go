package uitest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ours is all that posthorn has a reason to tell a terminal, by what the sequence begins with: what Bubble Tea's
// renderer writes to move, erase, scroll and colour, the modes it sets and asks for, the title, links and the clipboard.
var ours = map[byte]*regexp.Regexp{
	'[': regexp.MustCompile(`^(?:` + strings.Join([]string{
		`\d*(?:;\d*)?[A-HJKLMPSTXZ@I` + "`" + `abdefr]`, // cursor, erasing, inserting, scrolling, repeating
		`[\d;:]*m`, // colours
		`\?(?:7|25|1000|1002|1003|1004|1006|1049|2004|2026|2027)[hl]`, // modes
		`4[hl]`, `\?(?:2026|2027)\$p`, `\?5W`,
		`>4(?:;\d)?m`, `[=<>]?\d*(?:;\d)?u`, `\?u`, // keyboards
		`\d* q`, `>0?q`, // shape of the cursor, name of the terminal
	}, "|") + `)$`),
	']': regexp.MustCompile(`^(?:` + strings.Join([]string{
		`2;[^\x00-\x1f\x7f]*`,                                // title
		`8;;`, `8;(?:id=[\w]+)?;(?:https?://|mailto:)[!-~]+`, // links
		`52;c;[A-Za-z0-9+/=]*`,                                // the clipboard
		`1[012];\?`, `1(?:1[012]|[012];(?:#|rgb:)[0-9a-f/]+)`, // colours of the terminal
	}, "|") + `)$`),
	'P': regexp.MustCompile(`^\+q[0-9A-Fa-f;]*$`), // what the terminal can do
}

// Foreign is the first thing in what was written to a terminal that posthorn has no reason to write: a sequence that
// is none of ours, a control character, or text that the gate does not let through. Empty: there is none.
func Foreign(out string) string {
	for i := 0; i < len(out); {
		if out[i] == '\x1b' {
			n, ok := sequenceAt(out[i:])
			if !ok {
				return around(out, i)
			}
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(out[i:])
		switch {
		case r == '\r', r == '\n', r == '\b', r == '\t':
		case r == utf8.RuneError && n == 1, unicode.IsControl(r), r == 0x2028, r == 0x2029, unicode.Is(unicode.Bidi_Control, r),
			unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d:
			return around(out, i)
		}
		i += n
	}
	return ""
}

// sequenceAt measures the sequence that out begins with, and tells whether it is one of ours.
func sequenceAt(out string) (n int, ok bool) {
	if len(out) < 2 {
		return 0, false
	}
	body, end := out[2:], 0
	switch out[1] {
	case 'M': // reverse index
		return 2, true
	case '[':
		if end = strings.IndexFunc(body, func(r rune) bool { return r >= 0x40 && r <= 0x7e || r < 0x20 || r > 0x7e }); end < 0 {
			return 0, false
		}
		end++
		n = 2 + end
	case ']', 'P':
		if end = strings.IndexAny(body, "\x07\x1b"); end < 0 {
			return 0, false
		}
		if n = 2 + end + 1; body[end] == '\x1b' {
			n++
		}
		if n > len(out) || body[end] == '\x1b' && out[n-1] != '\\' {
			return 0, false
		}
	default:
		return 0, false
	}
	return n, ours[out[1]].MatchString(body[:end])
}

func around(out string, i int) string {
	return fmt.Sprintf("%q, after %q", out[i:min(len(out), i+60)], out[max(0, i-60):i])
}
