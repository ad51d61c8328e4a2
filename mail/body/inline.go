package body

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inline finds the links in a text, and the emphases as people type them where asked for: *bold*, /italic/,
// _underlined_ and `code`. The marks stay.
func (a *article) inline(text string, emphasis bool) []run {
	var runs []run
	at := 0 // everything before is in runs
	until := func(end int) {
		if emphasis && at < end {
			runs = emphases(runs, text, at, end)
		}
		if at < end {
			if n := len(runs); n == 0 || runs[n-1].end < end {
				runs = append(runs, run{end: end})
			}
		}
		at = end
	}
	for from := 0; ; {
		start, end := findLink(text, from)
		if start < 0 {
			break
		}
		target := strings.ReplaceAll(text[start:end], "\n", "")
		if len(target) > 4 && strings.EqualFold(target[:4], "www.") {
			target = "https://" + target
		}
		if n := a.link(target, target); n > 0 {
			until(start)
			runs = append(runs, run{end: end, style: LinkText, link: n, last: true})
			at = end
		}
		from = end
	}
	if at == 0 && !emphasis {
		return nil
	}
	if until(len(text)); len(runs) == 1 && runs[0] == (run{end: len(text)}) {
		return nil
	}
	return runs
}

// findLink is the first link in text at or behind from, -1 where there is none.
func findLink(text string, from int) (start, end int) {
	for at := from; at < len(text); {
		k := strings.IndexAny(text[at:], ":.")
		if k < 0 {
			break
		}
		k += at
		at = k + 1
		start, prefix := scheme(text, from, k)
		if prefix == 0 {
			continue
		}
		end = start + linkLength(text[start:], start > 0 && text[start-1] == '<')
		if end > start+prefix {
			return start, end
		}
	}
	return -1, -1
}

// scheme tells whether the colon or dot at text[k] ends the beginning of a link; prefix is how long that is.
func scheme(text string, from, k int) (start, prefix int) {
	start = k
	for start > from && wordByte(text[start-1]) {
		start--
	}
	word, after := strings.ToLower(text[max(start, k-8):k]), text[k+1:]
	switch {
	case text[k] == '.' && word == "www" && (after == "" || after[0] != '.'):
		return start, 4
	case text[k] == '.':
	case (word == "http" || word == "https" || word == "ftp") && strings.HasPrefix(after, "//"):
		return start, len(word) + 3
	case word == "mailto":
		return start, len(word) + 1
	}
	return start, 0
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// linkLength is how far a link reaches: in angle brackets to the closing one, else to the next blank less the
// punctuation of the sentence around it.
func linkLength(s string, bracketed bool) int {
	if bracketed {
		if end := strings.IndexAny(s, "> <\""); end > 0 && s[end] == '>' {
			return end
		}
	}
	s = s[:min(len(s), maxURL)]
	end := strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune("<>\"`{}|^“”«»„‘’、。，（）「」『』【】…", r) || unicode.IsSpace(r)
	})
	if end < 0 {
		end = len(s)
	}
	round := strings.Count(s[:end], "(") - strings.Count(s[:end], ")")
	square := strings.Count(s[:end], "[") - strings.Count(s[:end], "]")
	for ; end > 0; end-- {
		switch c := s[end-1]; {
		case strings.IndexByte(".,;:!?'*_~", c) >= 0:
		case c == ')' && round < 0:
			round++
		case c == ']' && square < 0:
			square++
		default:
			return end
		}
	}
	return 0
}

// maxEmphasis is how long a run of emphasis may be.
const maxEmphasis = 200

// emphases appends the looks of text[at:end].
func emphases(runs []run, text string, at, end int) []run {
	for i := at; i < end; {
		k := strings.IndexAny(text[i:end], "*_`/")
		if k < 0 {
			break
		}
		i += k
		n := emphasisLength(text, i, end)
		if n == 0 {
			i++
			continue
		}
		if i > at {
			runs = append(runs, run{end: i})
		}
		runs = append(runs, run{end: i + n, style: emphasisStyle(text[i])})
		i += n
		at = i
	}
	return runs
}

func emphasisStyle(mark byte) Style {
	switch mark {
	case '*':
		return Bold
	case '_':
		return Underline
	case '/':
		return Italic
	}
	return Code
}

// emphasisLength is the length of the emphasis that begins at text[i], marks included; 0 where there is none.
func emphasisLength(text string, i, end int) int {
	mark := text[i]
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if i > 0 && !unicode.IsSpace(before) && !strings.ContainsRune("([{\"'“‘„«—–-/", before) {
		return 0
	}
	rest := text[i+1 : min(end, i+maxEmphasis)]
	n := strings.IndexByte(rest, mark)
	if n <= 0 {
		return 0
	}
	inner := rest[:n]
	first, _ := utf8.DecodeRuneInString(inner)
	last, _ := utf8.DecodeLastRuneInString(inner)
	if unicode.IsSpace(first) || unicode.IsSpace(last) || strings.Contains(inner, "\n\n") {
		return 0
	}
	if mark != '`' && !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		return 0
	}
	if mark == '/' && pathLike(text[max(0, i-maxEmphasis):i], inner, text[i+n+2:min(len(text), i+n+2+maxEmphasis)]) {
		return 0
	}
	after, _ := utf8.DecodeRuneInString(text[i+1+n+1:])
	if mark == '/' && after == '/' {
		return 0
	}
	if i+n+2 < len(text) && !unicode.IsSpace(after) && !strings.ContainsRune(".,;:!?)]}\"'”’»—–-/", after) {
		return 0
	}
	return n + 2
}

// pathLike tells whether what stands between two slashes may be the name of a folder rather than words to be
// stressed: it does not begin a word, holds more than words, is a folder that is met everywhere, or stands beside a
// word that tells so. text is what stands before the first slash, after what stands behind the last.
func pathLike(text, inner, after string) bool {
	before, _ := utf8.DecodeLastRuneInString(text)
	if before != utf8.RuneError && !unicode.IsSpace(before) && before != '(' && before != '"' {
		return true
	}
	for _, r := range inner {
		if !unicode.IsLetter(r) && r != ' ' && r != '\n' && r != '\'' && r != '’' && r != ',' {
			return true
		}
	}
	if strings.Contains(inner, " ") {
		return false
	}
	return folderNames[strings.ToLower(inner)] || folderWords[neighbour(strings.Fields(after), 0)] || folderWords[neighbour(strings.Fields(strings.TrimRight(text, " (\"")), -1)]
}

// neighbour is the first or last of words, without the punctuation around it.
func neighbour(words []string, at int) string {
	if len(words) == 0 {
		return ""
	}
	if at < 0 {
		at = len(words) - 1
	}
	return strings.Trim(words[at], ".,;:!?()\"'`")
}

// folderNames are folders that every system, server or project has, and folderWords what stands beside any other.
var folderNames, folderWords = set("etc usr var tmp home bin dev opt proc root srv sys run lib mnt boot sbin media local share " +
	"src doc docs img images assets static public api admin blog wiki users logs config data test tests vendor cmd pkg www cgi"),
	set("folder folders directory directories dir path paths partition volume mount endpoint route URL " +
		"Ordner Verzeichnis Pfad dossier répertoire chemin carpeta directorio ruta cartella percorso " +
		"cd ls rm cp mv du df mkdir rmdir chmod chown umount GET POST PUT DELETE")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
