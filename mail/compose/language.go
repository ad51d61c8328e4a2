package compose

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// language is how mail is introduced in a language, and how its texts are told from others.
type language struct {
	wrote   string // Attribution.Template
	undated string // the same without a date
	someone string // where there is no name
	date    string // with weekday, day, month and year
	time    string // layout; empty: 15:04
	days    string // Sunday first
	months  string // empty: their numbers
	often   string // words that it is told by; empty: by its script
}

const english = "en"

// languages are by the codes of ISO 639-1.
var languages = map[string]language{
	english: {"On {date} at {time}, {name} wrote:", "{name} wrote:", "someone", "{weekday}, {day} {month} {year}", "",
		"Sun Mon Tue Wed Thu Fri Sat", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
		"the and you that for with this have not are was your will from of we thanks hello dear regards"},
	"de": {"Am {date} um {time} schrieb {name}:", "{name} schrieb:", "jemand", "{weekday}, {day}. {month} {year}", "",
		"So Mo Di Mi Do Fr Sa", "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
		"und der die das ich nicht ist mit für auf wir sie auch dass ein eine danke hallo grüße grüßen liebe lieber gesendet"},
	"fr": {"Le {date} à {time}, {name} a écrit :", "{name} a écrit :", "quelqu’un", "{weekday} {day} {month} {year}", "",
		"dim. lun. mar. mer. jeu. ven. sam.", "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
		"le la les et vous je pour est pas une dans que nous des avec sur merci bonjour cordialement envoyé"},
	"es": {"El {date} a las {time}, {name} escribió:", "{name} escribió:", "alguien", "{weekday}, {day} {month} {year}", "",
		"dom lun mar mié jue vie sáb", "ene feb mar abr may jun jul ago sept oct nov dic",
		"el los que y por para una está con las pero del muy como gracias hola saludos enviado"},
	"pt": {"Em {date} às {time}, {name} escreveu:", "{name} escreveu:", "alguém", "{weekday}, {day} de {month} de {year}", "",
		"dom. seg. ter. qua. qui. sex. sáb.", "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
		"o os que não para uma com você são mas do da em um por obrigado obrigada olá abraço enviado"},
	"it": {"Il {date} alle {time}, {name} ha scritto:", "{name} ha scritto:", "qualcuno", "{weekday} {day} {month} {year}", "",
		"dom lun mar mer gio ven sab", "gen feb mar apr mag giu lug ago set ott nov dic",
		"il che di per non una sono con della gli anche è un la ho grazie ciao saluti inviato"},
	"nl": {"Op {date} om {time} schreef {name}:", "{name} schreef:", "iemand", "{weekday} {day} {month} {year}", "",
		"zo ma di wo do vr za", "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
		"het een en van ik niet dat voor met zijn je we ook maar naar is bedankt groet groeten hallo verzonden"},
	"sv": {"Den {date} kl. {time} skrev {name}:", "{name} skrev:", "någon", "{weekday} {day} {month} {year}", "",
		"sön mån tis ons tors fre lör", "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
		"och att det som är jag inte för på med har ett vi av till om tack hej hälsningar mvh"},
	"da": {"Den {date} kl. {time} skrev {name}:", "{name} skrev:", "nogen", "{weekday} {day}. {month} {year}", "15.04",
		"søn. man. tirs. ons. tors. fre. lør.", "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
		"og at det som er jeg ikke for på med har vi af til hvad mig dig jer blev tak hej venlig hilsen"},
	"nb": {"{date} kl. {time} skrev {name}:", "{name} skrev:", "noen", "{weekday} {day}. {month} {year}", "",
		"søn. man. tirs. ons. tors. fre. lør.", "jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.",
		"og at det som er jeg ikke for på med har vi av til hva meg deg dere ble takk hei vennlig hilsen"},
	"fi": {"{date} klo {time} {name} kirjoitti:", "{name} kirjoitti:", "joku", "{weekday} {day}. {month} {year}", "15.04",
		"su ma ti ke to pe la", "tammik. helmik. maalisk. huhtik. toukok. kesäk. heinäk. elok. syysk. lokak. marrask. jouluk.",
		"ja on ei että se hän minä mutta olen kun ovat myös tai sitten hei kiitos terveisin"},
	"pl": {"{date} o {time} {name} napisał(a):", "{name} napisał(a):", "ktoś", "{weekday}, {day} {month} {year}", "",
		"niedz. pon. wt. śr. czw. pt. sob.", "sty lut mar kwi maj cze lip sie wrz paź lis gru",
		"nie się jest że na do czy dla jak mam w z i to po dziękuję dzień pozdrawiam cześć"},
	"cs": {"Dne {date} v {time} {name} napsal(a):", "{name} napsal(a):", "někdo", "{weekday} {day}. {month}. {year}", "",
		"ne po út st čt pá so", "",
		"je se že na pro jsem to ale jak jsme není by když ve s a v děkuji dobrý den zdravím ahoj"},
	"tr": {"{date} {time} tarihinde {name} şunu yazdı:", "{name} şunu yazdı:", "biri", "{day} {month} {year} {weekday}", "",
		"Paz Pzt Sal Çar Per Cum Cmt", "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
		"ve bir bu için ile çok ben değil var olarak ama daha gibi merhaba teşekkürler selam"},
	"ru": {"{date} в {time}, {name} пишет:", "{name} пишет:", "кто-то", "{weekday}, {day} {month} {year} г.", "",
		"вс пн вт ср чт пт сб", "янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек.", ""},
	"uk": {"{date} о {time}, {name} пише:", "{name} пише:", "хтось", "{weekday}, {day} {month} {year} р.", "",
		"нд пн вт ср чт пт сб", "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.", ""},
	"ja": {"{date} {time} {name}:", "{name}:", "差出人不明", "{year}年{month}月{day}日({weekday})", "", "日 月 火 水 木 金 土", "", ""},
	"zh": {"{date} {time}，{name}：", "{name}：", "匿名", "{year}年{month}月{day}日 星期{weekday}", "", "日 一 二 三 四 五 六", "", ""},
	"ko": {"{date} {time}, {name} 님이 작성:", "{name} 님이 작성:", "보낸 사람 미상", "{year}년 {month}월 {day}일 ({weekday})", "", "일 월 화 수 목 금 토", "", ""},
}

func languageNames() []string { return slices.Sorted(maps.Keys(languages)) }

// day is a date as the language writes it.
func (l language) day(t time.Time) string {
	month := strconv.Itoa(int(t.Month()))
	if l.months != "" {
		month = strings.Fields(l.months)[t.Month()-1]
	}
	return fill(l.date, map[string]string{"weekday": strings.Fields(l.days)[t.Weekday()], "day": strconv.Itoa(t.Day()),
		"month": month, "year": strconv.Itoa(t.Year())}, nil)
}

func (l language) clock(t time.Time) string {
	if l.time != "" {
		return t.Format(l.time)
	}
	return t.Format("15:04")
}

// longSample is how much of a text is looked at to tell its language.
const longSample = 8 << 10

// languageOf is the language that a text is written in; empty where that is not sure.
func languageOf(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), longSample)], "")
	if found, sure := byScript(text); sure {
		return found
	}
	hits := map[string]int{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, code := range often()[word] {
			hits[code]++
		}
	}
	best, most, second := "", 1, 1
	for code, n := range hits {
		if n > most {
			best, most, second = code, n, most
		} else if n > second {
			second = n
		}
	}
	if second == most {
		return ""
	}
	return best
}

// often are the languages in which a word is frequent.
var often = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for code, l := range languages {
		for word := range strings.FieldsSeq(l.often) {
			out[word] = append(out[word], code)
		}
	}
	return out
})

// byScript tells languages apart by the letters they alone have. sure: a text is in another script than Latin, whether
// or not its language is one of ours.
func byScript(text string) (code string, sure bool) {
	var latin, other, kana, han, hangul, russian, ukrainian int
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf || !unicode.IsLetter(r) || unicode.Is(unicode.Latin, r):
			if unicode.IsLetter(r) {
				latin++
			}
			continue
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case strings.ContainsRune("ыэёЫЭЁ", r):
			russian++
		case strings.ContainsRune("іїєґІЇЄҐ", r):
			ukrainian++
		}
		other++
	}
	switch {
	case 2*other < latin || other < 2:
		return "", false
	case kana > 0 && kana+han > hangul:
		return "ja", true
	case hangul > han:
		return "ko", true
	case han > 0:
		return "zh", true
	case russian > 0 && ukrainian == 0:
		return "ru", true
	case ukrainian > 0 && russian == 0:
		return "uk", true
	}
	return "", true
}

// capital is a word with a large first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
