package body

import "strings"

// enriched takes the commands out of text/enriched: one line break is a space, more are one fewer. // RFC 1896
func enriched(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "<\n")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		switch {
		case strings.HasPrefix(s, "<<"):
			b.WriteByte('<')
			s = s[2:]
		case s[0] == '<':
			end := strings.IndexByte(s[:min(len(s), 80)], '>')
			if end < 0 { // no command
				b.WriteByte('<')
				end = 0
			}
			command := strings.ToLower(s[1:max(end, 1)])
			s = s[end+1:]
			if command == "param" {
				_, after, _ := strings.Cut(s, "</param>")
				s = after
			}
		default:
			n := len(s) - len(strings.TrimLeft(s, "\n"))
			if s = s[n:]; n == 1 {
				b.WriteByte(' ')
			} else {
				b.WriteString(strings.Repeat("\n", n-1))
			}
		}
	}
	b.WriteString(s)
	return b.String()
}
