package body

import (
	"strings"
)

// maxQuote is the deepest quote level told apart.
const maxQuote = 20

// quotedLine is one line of a text without its quote marks.
type quotedLine struct {
	quote int
	text  string // white space at its end kept
}

// splitQuoted cuts a text into lines and takes the quote marks off: ">", "> > ", ">>".
func splitQuoted(s string) []quotedLine {
	lines := make([]quotedLine, 0, strings.Count(s, "\n")+1)
	for line := range strings.SplitSeq(s, "\n") {
		if len(lines) == maxLines {
			break
		}
		quote, i := 0, 0
		for i < len(line) {
			if line[i] == '>' {
				quote++
				i++
			} else if quote > 0 && line[i] == ' ' && i+1 < len(line) && line[i+1] == '>' {
				i++
			} else {
				break
			}
		}
		if rest := line[i:]; quote == 1 && strings.HasPrefix(rest, "From ") && (len(lines) == 0 || lines[len(lines)-1].quote == 0) {
			lines = append(lines, quotedLine{0, rest}) // what mail folders of old do to lines that begin with From
			continue
		}
		if quote > 0 && i < len(line) && line[i] == ' ' {
			i++
		}
		lines = append(lines, quotedLine{min(quote, maxQuote), line[i:]})
	}
	return lines
}

var originalMessage = pattern(`(?i)^\s*-{3,}\s*(original message|original-nachricht|ursprüngliche nachricht|originalnachricht|message d'origine|message original|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|ursprungligt meddelande|oprindelig meddelelse|原始邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|alkuperäinen viesti|opprinnelig melding|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesaj inițial|orijinal mesaj|özgün ileti|αρχικό μήνυμα|исходное сообщение|оригинальное сообщение|вихідне повідомлення|הודעה מקורית|الرسالة الأصلية)\s*-{3,}\s*$`)

// maxSignature is how long a signature without a proper mark may be.
const maxSignature = 12

// signatureLength is how many of lines, which begin with a signature mark, belong to the signature; 0 where it is
// none. The mark that has lost its blank counts where little follows. // RFC 3676 §4.3
func signatureLength(lines []quotedLine) int {
	first := lines[0]
	list := strings.Count(first.text, "_") >= 20 && strings.Trim(first.text, "_ ") == ""
	if !list && strings.TrimRight(first.text, " ") != "--" {
		return 0
	}
	sure := first.text == "-- "
	if list && len(lines) > 1 && olderFrom().MatchString(strings.TrimSpace(lines[1].text)) { // Outlook's line above older mail
		return 0
	}
	n := 1
	for n < len(lines) && lines[n].quote == first.quote && !originalMessage().MatchString(lines[n].text) {
		if n++; n > maxSignature && !sure {
			return 0
		}
	}
	if list && n < len(lines) {
		return 0
	}
	return n
}

// attribution tells whether a line introduces a quote: "On Monday, Anna wrote:".
func attribution(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) < 300 && (strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")) && strings.ContainsAny(s, "0123456789@<, ")
}

var attributionStart = pattern(`^\s*(On|Am|Le|El|Il|Em|Op|Den|W dniu|Dne|В|On:|At|Quoting|Citando)\s`)

// dimAttributions makes the lines before a quote step back.
func dimAttributions(list []paragraph) {
	for i := range list {
		p := &list[i]
		if p.quote == 0 || p.kind == Blank || i == 0 {
			continue
		}
		at := i - 1
		if list[at].kind == Blank {
			at--
		}
		if at < 0 || list[at].quote >= p.quote || list[at].kind != Normal || !attribution(list[at].text) {
			continue
		}
		list[at].dim()
		if at > 0 && !attributionStart().MatchString(list[at].text) && list[at-1].kind == Normal && list[at-1].quote == list[at].quote && attributionStart().MatchString(list[at-1].text) {
			list[at-1].dim()
		}
	}
}

// dim adds Dim to the looks of a paragraph.
func (p *paragraph) dim() {
	at := 0
	for i := range p.runs {
		p.runs[i].style |= Dim
		at = p.runs[i].end
	}
	if at < len(p.text) {
		p.runs = append(p.runs, run{end: len(p.text), style: Dim})
	}
}

// markSignature finds the signature in paragraphs that came without a proper mark.
func markSignature(list []paragraph) {
	for i := range list {
		if list[i].text != "--" || list[i].kind != Normal {
			continue
		}
		end := i
		for end < len(list) && list[end].quote == list[i].quote && list[end].table == nil && end-i <= maxSignature {
			end++
		}
		if end-i > maxSignature {
			continue
		}
		for k := i; k < end; k++ {
			if list[k].kind != Blank {
				list[k].kind = Signature
			}
		}
	}
}
