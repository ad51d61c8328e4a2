package body

import (
	"slices"
	"strings"
)

// The fields that programs write above the message that is answered, each in the languages they speak. A star before
// and behind is how programs write bold in plain text.
var (
	olderFrom = pattern(`(?i)^\*?(from|von|de( la)?|da|van|från|fra|lähettäjä|od|от( кого)?|від|kimden|gönderen|feladó|από|发件人|發件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|מאת|من)\s?[:：]\*?\s?\S`)
	olderRest = pattern(`(?i)^\*?(` + strings.Join([]string{
		"sent|date|to|cc|subject", "gesendet( am)?|datum|an|betreff", "envoyé( le)?|à|objet", "enviad[oa]( el| em)?|fecha|para|asunto|assunto|data",
		"inviato( il)?|a|oggetto", "verzonden|aan|onderwerp", "skickat|till|ämne", "sendt|til|emne", "lähetetty|vastaanottaja|aihe|päivämäärä",
		"wysłano|wysłane|do|temat", "odesláno|odoslané|komu|předmět|predmet|dátum", "elküldve|küldve|címzett|tárgy", "trimis|către|subiect",
		"gönderildi|gönderilme tarihi|kime|konu|tarih", "στάλθηκε|προς|θέμα|ημερομηνία", "отправлено|дата|кому|тема", "надіслано",
		"发送时间|收件人|主题|日期|發送時間|收件者|主旨|傳送時間", "送信日時|宛先|件名|日時", "보낸 날짜|받는 사람|제목|날짜", "נשלח|אל|נושא|תאריך", "تم الإرسال|تاريخ الإرسال|إلى|الموضوع|التاريخ",
	}, "|") + `)\s?[:：]\*?\s?\S`)
)

// quoteOlder makes quotes of the messages that an answer carries below itself without any mark but the head of each.
// Where nothing is written above the first, it is what the message passes on. In a typed text people show headers to
// each other: there it takes more fields, and a head that stands by itself.
func quoteOlder(list []paragraph, typed bool) {
	least := 2
	if typed {
		least = 3
	}
	depth, above := 0, 0 // above: the quote level of what stands before
	if i := slices.IndexFunc(list, func(p paragraph) bool { return p.kind != Blank && p.kind != Rule }); i >= 0 {
		if n := olderHead(list[i:], least); n > 0 {
			list = list[i+n:]
		}
	}
	for i := 0; i < len(list); i++ {
		if n := olderHead(list[i:], least); n > 0 && !(typed && i > 0 && list[i-1].kind != Blank && list[i-1].kind != Rule) {
			if list[i].quote <= above { // else it is marked as a quote already
				depth = min(depth+1, maxOlder)
			}
			above = list[i].quote
			for k := i; k < i+n; k++ {
				if list[k].kind == Normal {
					list[k].dim()
				}
				list[k].quote = min(list[k].quote+depth, maxQuote)
			}
			if i > 0 && list[i-1].kind == Rule { // the line above divided the two
				list[i-1] = paragraph{kind: Blank, quote: list[i-1].quote}
			}
			i += n - 1
			continue
		}
		if list[i].kind != Blank {
			above = list[i].quote
		}
		list[i].quote = min(list[i].quote+depth, maxQuote)
	}
}

// maxOlder is how many messages below each other are told apart.
const maxOlder = 5

// olderHead is how many paragraphs make up the head of an older message, who it is from and at least so many more
// fields; 0 where it is none.
func olderHead(list []paragraph, least int) int {
	head := strings.TrimSpace(list[0].text)
	if list[0].kind != Normal || list[0].table != nil || !strings.ContainsAny(head[:min(len(head), 40)], ":：") || !olderFrom().MatchString(head) {
		return 0
	}
	n, fields := 1, 0
	for n < len(list) && n < 12 && list[n].quote == list[0].quote && list[n].kind == Normal && list[n].table == nil {
		if olderRest().MatchString(strings.TrimSpace(list[n].text)) {
			fields++
		} else if fields == 0 {
			break
		} else if !strings.ContainsAny(list[n].text, ":：") {
			break
		}
		n++
	}
	if fields < least {
		return 0
	}
	return n
}
