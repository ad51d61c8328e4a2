package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"posthorn/mail"
)

// manyRecipients is from how many on an answer is asked about.
const manyRecipients = 10

// largeMessage is what many servers still take.
const largeMessage = 25_000_000

// Review is what has to be known to tell whether a draft is as it was meant.
type Review struct {
	Domains []string // the organisation's own, of the account; empty: nobody is outside
	Limit   int64    // of the server, in octets of a whole message; 0: it is not known
	Words   []string // that speak of an attachment, besides those of many languages; behind a "-" those that do not
}

// Problems are things to ask about before sending, in whole sentences. Where there are any, or it is an answer to many,
// the first says how many it goes to.
func (d Draft) Problems(r Review) []string {
	to, cc, bcc, err := d.Recipients()
	all := slices.Concat(to, cc, bcc)
	odd := d.odd(r, all, err)
	switch n := len(all); {
	case len(d.InReplyTo) > 0 && n >= manyRecipients && !d.Redirected:
		odd = slices.Insert(odd, 0, fmt.Sprintf("The answer goes to %d recipients.", n))
	case len(odd) > 0 && n > 1:
		odd = slices.Insert(odd, 0, fmt.Sprintf("It goes to %d recipients.", n))
	}
	return odd
}

// odd is what may have been meant otherwise in a draft to all of these; err is why they cannot be read.
func (d Draft) odd(r Review, all []mail.Address, err error) (out []string) {
	switch {
	case err != nil:
		out = append(out, err.Error())
	case len(all) == 0:
		out = append(out, "There is no recipient.")
	}
	if outside := r.outside(all); len(outside) > 0 {
		out = append(out, sayOutside(outside, r.Domains))
	}
	if d.Redirected {
		return out
	}
	if d.Came != "" && d.Came != d.Account {
		out = append(out, fmt.Sprintf("The message came to %s, and this goes out as %s.", d.Came, d.Account))
	}
	if strings.TrimSpace(d.Subject) == "" {
		out = append(out, "The subject is empty.")
	}
	if strings.TrimSpace(d.above()) == "" && len(d.Attachments) == 0 {
		out = append(out, "The text is empty.")
	}
	if word := d.unfilled(); word != "" {
		out = append(out, fmt.Sprintf("The text still has the %s of a template in it.", word))
	}
	if where, word := r.forgotten(d); word != "" {
		out = append(out, fmt.Sprintf("The %s says %q, but nothing is attached.", where, word))
	}
	switch size := d.Size(); {
	case r.Limit > 0 && size > r.Limit:
		out = append(out, fmt.Sprintf("With its attachments the message has about %s, and the server takes %s at most.", inUnits(size), inUnits(r.Limit)))
	case r.Limit == 0 && size > largeMessage:
		out = append(out, fmt.Sprintf("With its attachments the message has about %s, more than many servers take.", inUnits(size)))
	}
	return out
}

// Size is about how large the message becomes, in octets.
func (d Draft) Size() int64 {
	size := int64(len(d.Body))
	for _, a := range d.Attachments {
		if a.MediaType == "message/rfc822" { // goes as it is
			size += a.Size
			continue
		}
		size += a.Size * 78 / 57 // as base64, in lines
	}
	return size
}

func inUnits(octets int64) string {
	switch {
	case octets < 1_000_000:
		return fmt.Sprintf("%d kB", (octets+999)/1000)
	case octets < 10_000_000:
		return fmt.Sprintf("%.1f MB", float64(octets)/1e6)
	}
	return fmt.Sprintf("%d MB", octets/1_000_000)
}

// Reaches counts the recipients, and those outside the organisation. What cannot be read yet does not count.
func (d Draft) Reaches(r Review) (recipients, outside int) {
	all := mail.ParseAddresses(d.To+", "+d.Cc+", "+d.Bcc, nil)
	all = slices.DeleteFunc(all, func(a mail.Address) bool { return !a.Valid() })
	return len(all), len(r.outside(all))
}

// outside are those of list that do not belong to the organisation.
func (r Review) outside(list []mail.Address) []mail.Address {
	if len(r.Domains) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(a mail.Address) bool {
		return slices.ContainsFunc(r.Domains, func(own string) bool {
			domain := strings.ToLower(a.Domain)
			own = strings.ToLower(strings.TrimPrefix(own, "@"))
			return domain == own || strings.HasSuffix(domain, "."+own)
		})
	})
}

// fewNames is how many recipients are named.
const fewNames = 3

func sayOutside(list []mail.Address, domains []string) string {
	var names []string
	for _, a := range list[:min(len(list), fewNames)] {
		names = append(names, shorten(mail.Line(a.Addr()), 40))
	}
	more := ""
	if n := len(list) - fewNames; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	verb := "are"
	if len(list) == 1 {
		verb = "is"
	}
	return fmt.Sprintf("%s%s %s outside %s.", strings.Join(names, ", "), more, verb, mail.Line(domains[0]))
}

// forgotten is the word that speaks of an attachment where there is none, and where it stands; empty: none does. The
// subject of what is answered or forwarded is somebody else's.
func (r Review) forgotten(d Draft) (where, word string) {
	if len(d.Attachments) > 0 {
		return "", ""
	}
	if word = r.attachment(ownWords(d.above())); word == "" && d.Original == 0 && len(d.InReplyTo) == 0 {
		return "subject", r.attachment(d.Subject)
	}
	return "text", word
}

// attachment is the word of a text that speaks of an attachment; empty: none does.
func (r Review) attachment(text string) string {
	lower := strings.ToLower(text)
	for rest := text; ; {
		m := attachmentWord().FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		from, to := max(m[2], m[4]), max(m[3], m[5])
		word := rest[from:to]
		if !slices.ContainsFunc(r.Words, func(w string) bool { return strings.EqualFold(w, "-"+word) }) {
			return word
		}
		rest = rest[to:]
	}
	for _, w := range r.Words {
		if w != "" && w[0] != '-' && strings.Contains(lower, strings.ToLower(w)) {
			return w
		}
	}
	return ""
}

// attachmentWord matches how people say that something is attached, in the languages that mail is most written in:
// English, German, French, Spanish and Portuguese, Italian, Dutch, the Scandinavian ones, Finnish, Polish, Czech,
// Russian and Ukrainian, Slovak, Hungarian, Romanian, Croatian and Slovene, Serbian, Bulgarian, Greek, Turkish, Vietnamese,
// Indonesian, Persian, then Arabic, Hebrew and Hindi, Japanese, Chinese, Korean and Thai. It is compiled when it is first
// needed: it is too large for every start.
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
		`prílohe|príloh\pL*|mellékel\pL*|csatol(?:t|va|om|ok|juk|mány\pL*)|ata[șşs]at\pL*|anexat\pL*|u prilogu|priložen\pL*|v prilogi|priponk\pL*`,
		`у прилогу|прикачен\pL*|приложен\pL*|συνημμέν\pL*|επισυνάπτ\pL*`,
		`ekte|ekli\pL*|đính kèm|terlampir|lampiran|پیوست\pL*`,
		`المرفق\pL*|مرفق\pL*|מצורף|מצורפת|מצורפים|संलग्न`,
	}, "|") + `)(?:[^\pL]|$)|(添付|附件|附上|첨부|แนบ)`)
})

// longOwn bounds how much of a text is looked through: it is done while somebody waits.
const longOwn = 256 << 10

// ownWords is body without quotes, the line above them, the signature and what is forwarded.
func ownWords(body string) string {
	body = body[:min(len(body), longOwn)]
	body, _, _ = strings.Cut(lines(body), forwardMark)
	body, _, _ = strings.Cut(body, "\n-- \n")
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, ">") {
			if n := len(out); n > 0 && introduces(out[n-1]) {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// introduces tells whether a line above a quote says who wrote it, and when, in whatever language.
func introduces(line string) bool {
	return strings.HasSuffix(line, "wrote:") || (strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")) && strings.ContainsAny(line, "0123456789@")
}
