package compose

import (
	"strings"

	"golang.org/x/text/width"
)

// Columns at which text is broken: lines up to longLine are left as they are, longer ones are broken at wrapAt, so
// that lines wrapped elsewhere do not turn ragged when a quote mark is added.
const (
	wrapAt   = 72
	longLine = 78 // RFC 5322 §2.1.1
)

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// quote is text one level deeper, without its signature. Long lines are wrapped, except those of a patch and those
// that are indented and no items of a list, which mean something as they stand.
func quote(text string) string {
	text = strings.Trim(dropSignature(lines(text)), "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var out []string
	patch := false
	for line := range strings.SplitSeq(text, "\n") {
		depth, content := quoteDepth(line)
		patch = patch || beginsPatch(content)
		prefix := strings.Repeat(">", depth+1)
		if !patch {
			content = strings.TrimRight(content, " \t")
		}
		if content == "" {
			out = append(out, prefix)
			continue
		}
		prefix += " "
		indented := (content[0] == ' ' || content[0] == '\t') && !bullet().MatchString(content)
		if patch || indented || columns(prefix+content) <= longLine {
			out = append(out, prefix+content)
			continue
		}
		out = append(out, breakQuoted(prefix, content)...)
	}
	return strings.Join(out, "\n")
}

// bullet matches the mark of an item of a list with the blanks around it.
var bullet = pattern(`^ *(?:[-*+•–]|\(?[0-9]{1,3}[.)]) +`)

// breakQuoted is content in lines that begin with prefix; none goes on with what would be read as one more mark. What
// goes on of an item of a list stands below its first word.
func breakQuoted(prefix, content string) []string {
	mark := bullet().FindString(content)
	hang := strings.Repeat(" ", columns(mark))
	var out []string
	for _, piece := range breakLine(content[len(mark):], max(wrapAt-len(prefix)-len(hang), 20)) {
		if n := len(out); n > 0 && piece[0] == '>' {
			out[n-1] += piece
		} else {
			out = append(out, prefix+mark+piece)
			mark = hang
		}
	}
	for i := range out {
		out[i] = strings.TrimRight(out[i], " ")
	}
	return out
}

// lines is text with every sort of line end as a newline.
func lines(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

// quoteDepth counts the quote marks of a line in both styles in use, ">> text" and "> > text".
func quoteDepth(line string) (depth int, content string) {
	for strings.HasPrefix(line, ">") {
		depth++
		if line = line[1:]; strings.HasPrefix(line, " >") {
			line = line[1:]
		}
	}
	if depth > 0 {
		line = strings.TrimPrefix(line, " ")
	}
	return depth, line
}

func beginsPatch(line string) bool {
	return strings.HasPrefix(line, "diff --git ") || strings.HasPrefix(line, "@@ -")
}

// maxSignature is how many lines below "-- " still look like a signature and a list's footer.
const maxSignature = 20

// dropSignature cuts text at its signature. // RFC 3676 §4.3
func dropSignature(text string) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := max(0, len(all)-maxSignature-1); i < len(all); i++ {
		if all[i] == "-- " || all[i] == "--" {
			return strings.Join(all[:i], "\n")
		}
	}
	return text
}

// breakLine cuts s into pieces of at most limit columns where there are spaces; every piece but the last keeps the
// spaces it ends with, so that the pieces put together are s. Words that are too long stay whole.
func breakLine(s string, limit int) []string {
	var out []string
	start, used := 0, 0
	for i := 0; i < len(s); {
		end := i + len(word(s[i:]))
		w := columns(strings.TrimRight(s[i:end], " "))
		if i > start && used+w > limit && s[start:i] != "-- " { // never make a signature of a sentence
			out = append(out, s[start:i])
			start, used = i, 0
		}
		used += columns(s[i:end])
		i = end
	}
	return append(out, s[start:])
}

// word is the first word of s with the spaces around it.
func word(s string) string {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	for i < len(s) && s[i] != ' ' {
		i++
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return s[:i]
}

// columns is about how wide s is on a screen.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
