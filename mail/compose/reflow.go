package compose

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Reflow is text with its paragraphs flowed anew. One's own become a single line each, which is shown wrapped and
// goes out as the format asks; what is quoted is broken anew with the marks of its level, as answers quote it. Blank
// lines, items of lists, what is indented, a patch and the signature stay what they are.
func Reflow(text string) string {
	var out []string
	var depth int
	var paragraph strings.Builder
	last := "" // line of the paragraph
	flush := func() {
		if paragraph.Len() > 0 {
			out = append(out, requote(depth, paragraph.String())...)
		}
		paragraph.Reset()
	}
	rest := strings.Split(lines(text), "\n")
	for i, line := range rest {
		d, content := quoteDepth(line)
		if line == signatureMark || beginsPatch(content) { // RFC 3676 §4.3
			flush()
			return strings.Join(append(out, rest[i:]...), "\n")
		}
		content = strings.TrimRight(content, " \t")
		switch {
		case content == "" || content[0] == ' ' || content[0] == '\t':
			flush()
			out = append(out, line)
		case paragraph.Len() > 0 && d == depth && !item().MatchString(content):
			paragraph.WriteString(gap(last, content) + content)
			last = content
		default:
			flush()
			paragraph.WriteString(content)
			depth, last = d, content
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// item matches what begins a line of its own: the mark of a list, a number, a rule, the name of a header field.
var item = pattern(`^([-*+•–] |\(?[0-9]{1,3}[.)] |[-=_*~]{3,}|[A-Z][A-Za-z-]{1,30}: )`)

// requote is a paragraph at its quote level, in lines; one's own is a single one.
func requote(depth int, paragraph string) []string {
	if depth == 0 {
		return []string{paragraph}
	}
	prefix := strings.Repeat(">", depth) + " "
	if columns(prefix+paragraph) <= longLine {
		return []string{prefix + paragraph}
	}
	return breakQuoted(prefix, paragraph)
}

// gap is what parts two lines of a paragraph once they are one. Scripts that know no spaces get none.
func gap(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if wide(last) && wide(first) {
		return ""
	}
	return " "
}

func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return (k == width.EastAsianWide || k == width.EastAsianFullwidth) && !(r >= 0xac00 && r <= 0xd7a3) // Hangul has spaces
}
