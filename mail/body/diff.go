package body

import (
	"strconv"
	"strings"
)

// hunk is what is still to come of a piece of a patch.
type hunk struct{ removed, added int }

func (h *hunk) open() bool { return h.removed > 0 || h.added > 0 }

// line counts one line of the hunk and tells its kind; ok is false where it cannot belong to one.
func (h *hunk) line(s string) (kind LineKind, ok bool) {
	c := byte(' ')
	if s != "" {
		c = s[0]
	}
	switch c {
	case ' ', '\t':
		h.removed, h.added = h.removed-1, h.added-1
		return Pre, true
	case '-':
		h.removed--
		return DiffDel, true
	case '+':
		h.added--
		return DiffAdd, true
	case '\\': // No newline at end of file
		return Pre, true
	}
	return Normal, false
}

// parseHunk reads "@@ -1,4 +1,5 @@ func main()".
func parseHunk(s string) (hunk, bool) {
	f := strings.Fields(s)
	if len(f) < 4 || f[0] != "@@" || f[3] != "@@" {
		return hunk{}, false
	}
	count := func(s, sign string) int {
		s, ok := strings.CutPrefix(s, sign)
		if !ok {
			return -1
		}
		start, n, ok := strings.Cut(s, ",")
		if _, err := strconv.Atoi(start); err != nil {
			return -1
		}
		if !ok {
			return 1
		}
		k, err := strconv.Atoi(n)
		if err != nil {
			return -1
		}
		return k
	}
	h := hunk{count(f[1], "-"), count(f[2], "+")}
	return h, h.removed >= 0 && h.added >= 0
}

var diffHeads = []string{"diff ", "index ", "--- ", "+++ ", "new file mode ", "deleted file mode ", "old mode ", "new mode ",
	"similarity index ", "dissimilarity index ", "rename from ", "rename to ", "copy from ", "copy to ", "Binary files ", "Index: ", "======"}

func diffHead(s string) bool {
	for _, head := range diffHeads {
		if strings.HasPrefix(s, head) {
			return true
		}
	}
	return false
}

// diffBegins tells whether lines begin a patch: "diff --git", "--- a" before "+++ b", "Index:" before a line of
// equals signs, or a hunk by itself, as it is quoted in reviews.
func diffBegins(lines []quotedLine) bool {
	s, next := lines[0].text, ""
	if len(lines) > 1 && lines[1].quote == lines[0].quote {
		next = lines[1].text
	}
	switch {
	case strings.HasPrefix(s, "diff --git "), strings.HasPrefix(s, "diff -"):
		return true
	case strings.HasPrefix(s, "--- "):
		return strings.HasPrefix(next, "+++ ")
	case strings.HasPrefix(s, "Index: "):
		return strings.HasPrefix(next, "======")
	case strings.HasPrefix(s, "@@ -"):
		_, ok := parseHunk(s)
		return ok
	}
	return false
}

// patch reads the lines of a patch, tells the kind of each, and returns how many there are.
func (h *hunk) patch(lines []quotedLine, tell func(i int, kind LineKind)) int {
	quote := lines[0].quote
	for i, l := range lines {
		s := strings.TrimRight(l.text, " ")
		if l.quote != quote {
			return i
		}
		if h.open() {
			if kind, ok := h.line(l.text); ok {
				tell(i, kind)
				continue
			}
			*h = hunk{}
		}
		switch next, ok := parseHunk(s); {
		case ok:
			*h = next
			tell(i, DiffHunk)
		case s == "" && i+1 < len(lines) && lines[i+1].quote == quote && diffBegins(lines[i+1:]):
			tell(i, Blank)
		case diffHead(s):
			tell(i, DiffHead)
		default:
			return i
		}
	}
	return len(lines)
}

// markPatches gives the lines of patches in preformatted paragraphs their kinds.
func markPatches(list []paragraph) {
	lines := make([]quotedLine, len(list))
	for i := range list {
		lines[i] = quotedLine{list[i].quote, list[i].text}
	}
	for i := 0; i < len(lines); {
		n := 0
		if diffBegins(lines[i:]) {
			var h hunk
			n = h.patch(lines[i:], func(k int, kind LineKind) { list[i+k].kind = kind })
		}
		i += max(n, 1)
	}
}
