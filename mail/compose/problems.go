package compose

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// largeMessage is what many servers still take, transfer encoding included.
const largeMessage = 18 << 20

// Problems are things to ask about before sending, in whole sentences.
func (d Draft) Problems() []string {
	var out []string
	to, cc, bcc, err := d.Recipients()
	switch {
	case err != nil:
		out = append(out, err.Error())
	case len(to)+len(cc)+len(bcc) == 0:
		out = append(out, "There is no recipient.")
	}
	if d.Redirected {
		return out
	}
	if strings.TrimSpace(d.Subject) == "" {
		out = append(out, "The subject is empty.")
	}
	if strings.TrimSpace(d.above()) == "" && len(d.Attachments) == 0 {
		out = append(out, "The text is empty.")
	}
	if m := attachmentWord().FindStringSubmatch(ownWords(d.above())); m != nil && len(d.Attachments) == 0 {
		out = append(out, fmt.Sprintf("The text says %q, but nothing is attached.", m[1]+m[2]))
	}
	var size int64
	for _, a := range d.Attachments {
		size += a.Size
	}
	if size > largeMessage {
		out = append(out, fmt.Sprintf("The attachments have %d MB together, more than many servers take.", size>>20))
	}
	return out
}

// attachmentWord matches how people say that something is attached, in the languages that mail is most written in:
// English, German, French, Spanish and Portuguese, Italian, Dutch, the Scandinavian ones, Finnish, Polish, Czech,
// Russian and Ukrainian, Turkish, then Japanese, Chinese, Korean, Arabic, Hebrew and Hindi. It is compiled when it is
// first needed: it is too large for every start.
var attachmentWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL])(` + strings.Join([]string{
		`attached|attachments?|i attach|i am attaching|i'm attaching|enclosed`,
		`im anhang|angehängt\pL*|als anhang|anhänge|anbei|beigefügt\pL*|beiliegend\pL*`,
		`ci-joints?|ci-jointes?|pi[eè]ces? jointes?|en annexe`,
		`adjunt[oa]s?|te adjunto|em anexo|anexos?|anexad[oa]s?`,
		`allegat[oaie]|in allegato|allego`,
		`bijlagen?|bijgevoegd|bijgaand`,
		`bifogad\pL*|bifogar|bilagor?|vedhæft\pL*|vedlagt|vedlegg\pL*|bilag`,
		`liitteenä|liite|liitteet|oheisena`,
		`załącz\pL*|w załączeniu|příloh\pL*|v příloze`,
		`во вложении|вложени\pL*|прикреп\pL*|прилага\pL*|вкладенн\pL*|долуча\pL*`,
		`ekte|ekli\pL*`,
		`المرفق\pL*|مرفق\pL*|מצורף|מצורפת|מצורפים|संलग्न`,
	}, "|") + `)(?:[^\pL]|$)|(添付|附件|附上|첨부)`)
})

// ownWords is body without quotes, the line above them, the signature and what is forwarded.
func ownWords(body string) string {
	body, _, _ = strings.Cut(lines(body), forwardMark)
	body, _, _ = strings.Cut(body, "\n-- \n")
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, ">") {
			if n := len(out); n > 0 && strings.HasSuffix(out[n-1], "wrote:") {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
