package body

import (
	"strings"
	"testing"

	"posthorn/mail"
)

func TestPoorTextsOnlySendTheirReaderToTheHTML(t *testing.T) {
	form := func(mediaType, text string) []Content {
		return []Content{{Part: mail.Part{MediaType: mediaType, Params: map[string]string{"charset": "utf-8"}}, Raw: []byte(text)}}
	}
	letter := strings.Repeat("The tide came in at noon. ", 20)
	for _, c := range []struct {
		name, plain, html string
		want              bool
	}{
		{"a link to the page", "View this email in your browser: https://x.example/?" + strings.Repeat("a", 900), "<p>" + letter, true},
		{"nothing", " \n", "<p>" + letter, true},
		{"the same in both", letter, "<p>" + letter, false},
		{"a short answer in a large dress", "Yes, at four.\n\nBen", strings.Repeat("<div class=WordSection1><o:p></o:p></div>", 100) + "<p>Yes, at four.<p>Ben", false},
		{"a short answer above what it answers", "Yes, at four. " + strings.Repeat("word ", 70), "<p>Yes, at four.<blockquote>" + letter + letter, false},
		{"two short ones", "See the page.", "<p>See the page with its picture of the sea.", false},
	} {
		if got := Poor(form("text/plain", c.plain), form("text/html", c.html)); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
