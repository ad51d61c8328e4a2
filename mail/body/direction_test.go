package body

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"posthorn/mail"
)

const (
	hebrew = "שלום אנה,\n\nהסירה החדשה מגיעה ביום שני, 12 במאי 2026, בשעה 09:30 (רציף 4). המחיר הוא \u202a1,250.50\u202c ₪ כולל מע״מ, וההזמנה מספר \u2066A-4711/26\u2069 כבר שולמה במלואה. אפשר לראות את כל הפרטים ב-https://harbour.example/boats?id=12&lang=he וגם לכתוב אל <office@harbour.example>.\n\n1. להביא חבל של 20 מטר\n2. לבדוק את המנוע (Yamaha 9.9)\n\nבְּרֵאשִׁית בָּרָא אֱלֹהִים\n\n" +
		"\u202bבתאריך יום ג׳, 3 במרץ 2026 ב-9:00 מאת \u202aAnna Lindqvist\u202c\u200f <\u202aanna@example.org\u202c\u200f>:\u202c\n> מתי היא מגיעה?\n> אנה\n"
	arabic = "مرحبا آنا،\n\nيصل القارب الجديد يوم الاثنين ١٢ مايو ٢٠٢٦ في الساعة 09:30 (الرصيف 4). السعر \u200e1,250.50\u200e يورو شامل الضريبة، ورقم الطلب \u2068A-4711/26\u2069 مدفوع بالكامل. كل التفاصيل على https://harbour.example/boats?id=12&lang=ar ويمكن الكتابة إلى <office@harbour.example>.\n\n- حبل طوله 20 مترا\n- المحرك (Yamaha 9.9)\n\nبِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ\n\nفي الثلاثاء، ٣ مارس ٢٠٢٦ في ٩:٠٠ كتب Anna Lindqvist <anna@example.org>:\n> متى يصل؟\n> آنا\n"
)

// What is written from right to left keeps its order, word by word, at every width; its marks stay on their letters,
// and numbers, addresses and links stay whole.
func TestTextFromRightToLeftStaysReadable(t *testing.T) {
	for name, raw := range map[string]string{"Hebrew": hebrew, "Arabic": arabic} {
		html := `<html dir="rtl"><body>` + strings.NewReplacer("&", "&amp;", "<", "&lt;", "\n\n", "<p dir=rtl align=right>", "\n", "<br>").Replace(raw)
		for form, c := range map[string]Content{"text/plain": {Raw: []byte(raw)}, "text/html": {Raw: []byte(html)}} {
			c.Part.MediaType, c.Part.Params = form, map[string]string{"charset": "utf-8"}
			for _, width := range []int{40, 80, 120} {
				opt := Options{Width: width, Measure: columns}
				d := Render([]Content{c}, opt)
				checkDocument(t, d, width)
				var got []string
				for _, l := range d.Lines {
					if l.Kind == Footnote {
						continue
					}
					text := l.Text()
					got = append(got, strings.Fields(strings.ReplaceAll(text, ">", " "))...)
					if r := []rune(strings.TrimSpace(text)); len(r) > 0 && unicode.Is(unicode.M, r[0]) || strings.ContainsRune(text, '\ufffd') {
						t.Errorf("%s, %s, %d: a line begins with a mark, or holds a stand-in: %q", name, form, width, text)
					}
				}
				plain := strings.Map(func(r rune) rune {
					if unicode.Is(unicode.Bidi_Control, r) {
						return -1
					}
					return r
				}, raw)
				words := strings.Fields(strings.ReplaceAll(plain, ">", " "))
				if width == 40 { // what has no room on a line is broken
					words, got = []string{strings.Join(words, "")}, []string{strings.Join(got, "")}
				}
				if !slices.Equal(got, words) {
					t.Errorf("%s, %s, %d: reads\n%q\nnot\n%q", name, form, width, got, words)
				}
				if form == "text/plain" && (len(d.Links) != 1 || !strings.Contains(raw, d.Links[0].URL+" ")) {
					t.Errorf("%s: links %+v", name, d.Links)
				}
			}
		}
	}
}

// The marks with which a text is made to look like another are seen, in every script.
func TestOverridesAreSeenInEveryText(t *testing.T) {
	for _, s := range []string{"gnp.exe \u202egnp.exe", "שלום \u202egnp.exe", "a \u2066b"} {
		got := Plain([]Content{{Raw: []byte(s)}})
		if !strings.ContainsRune(got, '\ufffd') || strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("%q reads %q", s, got)
		}
	}
}

func TestATableFromRightToLeftKeepsItsColumns(t *testing.T) {
	const table = `<table dir=rtl border=1><tr><th>פריט<th>כמות<th>מחיר</tr><tr><td>חבל<td align=right>20<td align=right>1,250.50 ₪</tr><tr><td>מנוע Yamaha<td align=right>1<td align=right>9 ₪</tr></table>`
	for _, width := range []int{40, 80, 120} {
		c := Content{mail.Part{MediaType: "text/html", Params: map[string]string{"charset": "utf-8"}}, []byte(table)}
		d := Render([]Content{c}, Options{Width: width, Measure: columns})
		checkDocument(t, d, width)
		var rows []string
		for _, l := range d.Lines {
			if strings.Contains(l.Text(), "₪") {
				rows = append(rows, strings.Join(strings.Fields(strings.NewReplacer("│", " ", "|", " ").Replace(l.Text())), " "))
			}
		}
		if want := []string{"חבל 20 1,250.50 ₪", "מנוע Yamaha 1 9 ₪"}; !slices.Equal(rows, want) {
			t.Errorf("%d: %q", width, rows)
		}
	}
}
