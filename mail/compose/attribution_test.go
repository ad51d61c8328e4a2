package compose

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/body"
)

func line(by Attribution, o Original) string { return by.line(o, by.language(o)) }

func TestAttribution(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Original
		want string
	}{
		{"date and name", Original{Envelope: mail.Envelope{From: addresses("Anna <a@x.example>"), Date: now}}, "On Tue, 3 Nov 2026 at 14:05, Anna wrote:"},
		{"no name", Original{Envelope: mail.Envelope{From: addresses("a@x.example"), Date: now}}, "On Tue, 3 Nov 2026 at 14:05, a@x.example wrote:"},
		{"no Date", Original{Envelope: mail.Envelope{From: addresses("Anna <a@x.example>")}, Message: mail.Message{Received: now}}, "On Tue, 3 Nov 2026 at 14:05, Anna wrote:"},
		{"no time at all", Original{Envelope: mail.Envelope{From: addresses("Anna <a@x.example>")}}, "Anna wrote:"},
		{"nobody", Original{Envelope: mail.Envelope{Date: now}}, "On Tue, 3 Nov 2026 at 14:05, someone wrote:"},
		{"controls in the name", Original{Envelope: mail.Envelope{From: []mail.Address{{Name: "A\x1b[31m\nB", Local: "a", Domain: "x"}}}}, "A␛[31m B wrote:"},
		{"a name that poses as an address", Original{Envelope: mail.Envelope{From: []mail.Address{{Name: "ceo@good.example", Local: "m", Domain: "evil.example"}}}}, "m@evil.example (ceo@good.example) wrote:"},
	} {
		if got := line(Attribution{}, c.o); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	long := line(Attribution{}, Original{Envelope: mail.Envelope{From: []mail.Address{{Name: strings.Repeat("n", 500), Local: "a", Domain: "x"}}, Date: time.Time{}}})
	if len(long) > 100 {
		t.Errorf("%d bytes of attribution", len(long))
	}
}

// answered is a message of Anna's with this text.
func answered(text string) Original {
	return Original{Envelope: mail.Envelope{From: addresses("Anna Lindqvist <anna@x.example>"), Subject: "Low tide", Date: now}, Text: text}
}

// samples are what people write, a few words to a few sentences, and the line above the quote of it.
var samples = []struct{ code, text, line string }{
	{"en", "Could you tell me whether the boat is ready? I have not heard from the yard.", "On Tue, 3 Nov 2026 at 14:05, Anna Lindqvist wrote:"},
	{"de", "Hallo Robin,\n\nkommst du am Samstag? Ich bringe das Boot mit.\n", "Am Di, 3. Nov. 2026 um 14:05 schrieb Anna Lindqvist:"},
	{"de", "Danke, bis morgen! Viele Grüße", "Am Di, 3. Nov. 2026 um 14:05 schrieb Anna Lindqvist:"},
	{"fr", "Bonjour, est-ce que vous avez les clés du hangar ? Je suis sur place.", "Le mar. 3 nov. 2026 à 14:05, Anna Lindqvist a écrit :"},
	{"es", "Hola, ¿vienes el sábado con las llaves? Gracias por todo.", "El mar, 3 nov 2026 a las 14:05, Anna Lindqvist escribió:"},
	{"pt", "Olá, não sei se você vem no sábado. Obrigado por tudo.", "Em ter., 3 de nov. de 2026 às 14:05, Anna Lindqvist escreveu:"},
	{"it", "Ciao, non so se la barca è pronta. Grazie per le chiavi che hai portato.", "Il mar 3 nov 2026 alle 14:05, Anna Lindqvist ha scritto:"},
	{"nl", "Hallo, ik weet niet of het schip klaar is. Kan je dat voor mij vragen?", "Op di 3 nov. 2026 om 14:05 schreef Anna Lindqvist:"},
	{"sv", "Hej! Jag vet inte om båten är klar. Kan du fråga det för mig?", "Den tis 3 nov. 2026 kl. 14:05 skrev Anna Lindqvist:"},
	{"da", "Hej, jeg ved ikke hvad der er med båden. Kan du spørge for mig? Tak!", "Den tirs. 3. nov. 2026 kl. 14.05 skrev Anna Lindqvist:"},
	{"nb", "Hei, jeg vet ikke hva som er med båten. Kan du spørre for meg? Takk!", "tirs. 3. nov. 2026 kl. 14:05 skrev Anna Lindqvist:"},
	{"fi", "Hei, en tiedä onko vene valmis, mutta kysyn sitä. Se on minun.", "ti 3. marrask. 2026 klo 14.05 Anna Lindqvist kirjoitti:"},
	{"pl", "Cześć, nie wiem czy łódź jest gotowa. Dziękuję za klucze.", "wt., 3 lis 2026 o 14:05 Anna Lindqvist napisał(a):"},
	{"cs", "Dobrý den, nevím, jestli je loď hotová, ale zeptám se na to. Děkuji.", "Dne út 3. 11. 2026 v 14:05 Anna Lindqvist napsal(a):"},
	{"tr", "Merhaba, tekne hazır değil ama bir gün daha sürer. Teşekkürler.", "3 Kas 2026 Sal 14:05 tarihinde Anna Lindqvist şunu yazdı:"},
	{"ru", "Привет! Не знаю, готова ли лодка, но мы спросим.", "вт, 3 нояб. 2026 г. в 14:05, Anna Lindqvist пишет:"},
	{"uk", "Вітаю! Не знаю, чи човен готовий, але запитаю її.", "вт, 3 лист. 2026 р. о 14:05, Anna Lindqvist пише:"},
	{"ja", "船の準備はできましたか。土曜日の午後に行きます。", "2026年11月3日(火) 14:05 Anna Lindqvist:"},
	{"zh", "船准备好了吗？我星期六下午过去。", "2026年11月3日 星期二 14:05，Anna Lindqvist："},
	{"ko", "배가 준비되었습니까? 토요일 오후에 갑니다.", "2026년 11월 3일 (화) 14:05, Anna Lindqvist 님이 작성:"},
}

func TestAttributionIsInTheLanguageOfWhatIsAnswered(t *testing.T) {
	told := map[string]bool{}
	for _, c := range samples {
		if got := languageOf(c.text); got != c.code {
			t.Errorf("%q is %q, want %q", c.text, got, c.code)
		}
		if got := line(Attribution{Language: auto}, answered(c.text)); got != c.line {
			t.Errorf("%s: %q, want %q", c.code, got, c.line)
		}
		told[c.code] = true
	}
	for code := range languages {
		if !told[code] {
			t.Errorf("no sample of %q", code)
		}
	}
}

func TestAttributionOfATextThatDoesNotTellItsLanguage(t *testing.T) {
	part := func(language string) *mail.Part {
		return &mail.Part{Section: "1", MediaType: "text/plain", Language: language}
	}
	for _, c := range []struct {
		name, text string
		structure  *mail.Part
		want       string
	}{
		{"nothing", "", nil, "en"},
		{"a word", "Ok.", nil, "en"},
		{"a word, and a field", "Ok.", part("de"), "de"},
		{"the field of the whole", "Ok.", &mail.Part{MediaType: "multipart/mixed", Language: "fr", Children: []mail.Part{*part("")}}, "fr"},
		{"the field of the text before that of the whole", "Ok.", &mail.Part{MediaType: "multipart/mixed", Language: "fr", Children: []mail.Part{*part("de")}}, "de"},
		{"a field nobody knows", "Ok.", part("tlh"), "en"},
		{"a text that is another language than its field says", samples[1].text, part("en"), "de"},
		{"quotes are others' words", "Ok.\n\n> kommst du am Samstag? Ich bringe das Boot mit\n> und die Schlüssel", nil, "en"},
		{"as much of one as of another", "and the und der", nil, "en"},
		{"letters of a language that is none of ours", "Το πλοίο είναι έτοιμο; Θα έρθω το Σάββατο το απόγευμα.", nil, "en"},
		{"between Russian and Ukrainian", "Привiт! Ці лодки ы", nil, "en"},
		{"not text at all", "\xff\xfe\x00", nil, "en"},
	} {
		o := answered(c.text)
		o.Structure = c.structure
		if got := (Attribution{}).language(o); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAttributionFromATemplate(t *testing.T) {
	for _, c := range []struct {
		by   Attribution
		text string
		want string
	}{
		{Attribution{Template: "{first_name} <{address}>, {date}, {time} ({subject}):"}, "", "Anna <anna@x.example>, Tue, 3 Nov 2026, 14:05 (Low tide):"},
		{Attribution{Template: "{name}, {date}:"}, samples[1].text, "Anna Lindqvist, Di, 3. Nov. 2026:"},
		{Attribution{Template: "{name}, {date}:", Language: "fr"}, samples[1].text, "Anna Lindqvist, mar. 3 nov. 2026:"},
		{Attribution{Language: "de"}, samples[0].text, "Am Di, 3. Nov. 2026 um 14:05 schrieb Anna Lindqvist:"},
		{Attribution{Template: "{{name} {Name} {} {name"}, "", "{name} {Name} {} {name"},
		{Attribution{Template: "Quoting, as always:"}, "", "Quoting, as always:"},
	} {
		if got := line(c.by, answered(c.text)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.by, got, c.want)
		}
	}
	undated := answered(samples[1].text)
	undated.Envelope.Date = time.Time{}
	if got := line(Attribution{Template: "{name} on {date}"}, undated); got != "Anna Lindqvist schrieb:" {
		t.Errorf("without a date: %q", got)
	}
	tricky := answered("")
	tricky.Envelope.From[0].Name = "{date}{{"
	if got := line(Attribution{Template: "{name}:"}, tricky); got != "{date}{{:" {
		t.Errorf("a name that looks like a placeholder: %q", got)
	}
	if err := CheckAttribution("{name} {when}"); err == nil || !strings.Contains(err.Error(), "{when}") || !strings.Contains(err.Error(), "{first_name}") {
		t.Errorf("unknown: %v", err)
	}
	var wrong *PlaceholderError
	if err := checkPlaceholders("a\n{name}\n{x}{y}", []string{"name"}); !errors.As(err, &wrong) || wrong.Line != 3 || wrong.Word != "{x}" {
		t.Errorf("its line: %+v", err)
	}
	for template, ok := range map[string]bool{"": true, "{{when} {name}": true, "a\nb": false, "a\rb": false} {
		if err := CheckAttribution(template); (err == nil) != ok {
			t.Errorf("%q: %v", template, err)
		}
	}
	if CheckLanguage("auto") != nil || CheckLanguage("") != nil || CheckLanguage("de") != nil || CheckLanguage("klingon") == nil {
		t.Error("which languages there are")
	}
}

// Readers, our own among them, know the line as what introduces a quote, so that it steps back and says who is quoted.
func TestAttributionIsRecognised(t *testing.T) {
	silent := []string{"tr", "ja", "zh", "ko", "ru", "uk"} // no word for writing that stands beside the name, or in other letters
	for _, c := range samples {
		if !introduces(c.line) {
			t.Errorf("%q counts as one's own words", c.line)
		}
		text := "Yes.\n\n" + c.line + "\n> Shall we?\n> I think so.\n> Or not.\n> Who knows.\n"
		doc := body.Render([]body.Content{{Part: mail.Part{MediaType: "text/plain"}, Raw: []byte(text)}}, body.Options{Width: 80})
		folds := doc.Folds()
		if len(folds) != 1 || folds[0].Author != "Anna Lindqvist" && !slices.Contains(silent, c.code) {
			t.Errorf("%q: %+v", c.line, folds)
		}
	}
}

func TestFirstName(t *testing.T) {
	for address, want := range map[string]string{
		"Anna Lindqvist <a@x.example>": "Anna", `"Okafor, Ben" <b@x.example>`: "Ben", "mira.holm@x.example": "Mira", "ö@x.example": "Ö",
		`"ceo@good.example" <m@x.example>`: "M", "post@x.example": "Post",
	} {
		if got := firstName(addresses(address)[0]); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
