package compose

import "strings"

// flow is body as format=flowed, or ok false where that would gain nothing, because no paragraph is longer than a
// line, or would harm, because there is a patch in it. // RFC 3676 §4.1, §4.2
func flow(body string) (flowed string, ok bool) {
	long := false
	for line := range strings.SplitSeq(body, "\n") {
		if beginsPatch(line) {
			return "", false
		}
		_, content := flowedDepth(line)
		long = long || columns(line) > longLine && len(breakLine(strings.TrimRight(content, " "), wrapAt)) > 1
	}
	if !long {
		return "", false
	}
	var b strings.Builder
	for i, line := range strings.Split(body, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		flowLine(&b, line)
	}
	return b.String(), true
}

func flowLine(b *strings.Builder, line string) {
	depth, content := flowedDepth(line)
	if content != "-- " { // RFC 3676 §4.3: the signature's mark is the one fixed line that ends in a space
		content = strings.TrimRight(content, " ")
	}
	prefix := strings.Repeat(">", depth)
	pieces := []string{content}
	if columns(line) > longLine {
		pieces = breakLine(content, max(wrapAt-depth-1, 20))
	}
	for i, piece := range pieces {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(prefix)
		if piece != "" && (depth > 0 || stuffed(piece)) {
			b.WriteByte(' ')
		}
		b.WriteString(piece)
	}
}

// stuffed tells whether a line needs a space in front so as not to be mistaken. // RFC 3676 §4.4
func stuffed(line string) bool {
	return line[0] == ' ' || line[0] == '>' || strings.HasPrefix(line, "From ")
}

// flowedDepth reads quote marks as a reader of format=flowed does. // RFC 3676 §4.5
func flowedDepth(line string) (depth int, content string) {
	for depth < len(line) && line[depth] == '>' {
		depth++
	}
	content = line[depth:]
	if depth > 0 {
		content = strings.TrimPrefix(content, " ")
	}
	return depth, content
}
