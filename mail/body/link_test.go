package body

import (
	"strings"
	"testing"
)

func TestCleanURLAllowsOnlyWhatAReaderFollows(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b=c#d":         "https://example.org/a?b=c#d",
		" HTTP://Example.ORG/A ":              "http://example.org/A",
		"https://exa\nmple.org/\ta":           "https://example.org/a",
		"//example.org/a":                     "https://example.org/a",
		"https://bücher.example/ü":            "https://xn--bcher-kva.example/%C3%BC",
		"https://аррӏе.example/":              "https://xn--80ak6aa92e.example/",
		`https://good.example\@evil.example/`: "https://good.example/@evil.example/",
		"https://a.example/\x1b]8;;x\x07":     "https://a.example/%1B]8;;x%07",
		"https://a.example/<b>\"c\"":          "https://a.example/%3Cb%3E%22c%22",
		"https://user:pw@a.example/":          "https://user:pw@a.example/",
		"https://a.example:8443/x":            "https://a.example:8443/x",
		"mailto:anna@example.org?subject=a b": "mailto:anna@example.org?subject=a%20b",
		"tel:+49123":                          "tel:+49123",
		"javascript:alert(1)":                 "",
		"java\nscript:alert(1)":               "",
		"data:text/html,x":                    "",
		"file:///etc/passwd":                  "",
		"vbscript:x":                          "",
		"https://":                            "",
		"https:// a b /":                      "",
		"relative/path":                       "",
		"":                                    "",
		"https://a.example/" + strings.Repeat("x", maxURL): "",
	} {
		if got := cleanURL(in); got != want {
			t.Errorf("cleanURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMismatchMarksTextThatNamesAnotherOwner(t *testing.T) {
	for _, c := range []struct {
		text, url string
		want      bool
	}{
		{"https://good.example/login", "https://evil.example/login", true},
		{"good.com", "https://evil.com/", true},
		{"www.good.com", "https://good.com.evil.com/", true},
		{"Your bank: https://good.com", "https://evil.com/", true},
		{"anna@good.com", "mailto:anna@evil.com", true},
		{"good.com", "https://good.com@evil.com/", true},
		{"anything", "https://good.com@evil.com/", true},
		{"good.com", "http://192.0.2.1/", true},
		{"good.com", "https://click.good.com/x", false},
		{"https://shop.good.co.uk/x", "https://t.good.co.uk/y", false},
		{"https://a.co.uk", "https://b.co.uk", true},
		{"bücher.com", "https://xn--bcher-kva.com/", false},
		{"apple.com", "https://xn--80ak6aa92e.com/", true},
		{"here", "https://evil.com/", false},
		{"main.go", "https://code.example/main.go", false},
		{"README.md", "https://code.example/README.md", false},
		{"version 1.2.3", "https://code.example/", false},
		{"anna@good.com", "mailto:anna@good.com?subject=x", false},
		{"+49 123", "tel:+49123", false},
	} {
		if got := mismatch(c.text, c.url); got != c.want {
			t.Errorf("%q to %s: %t", c.text, c.url, got)
		}
	}
}

func TestLinksAreFoundInText(t *testing.T) {
	for in, want := range map[string][]string{
		"see https://example.org/a.":               {"https://example.org/a"},
		"(https://example.org/a_(b))":              {"https://example.org/a_(b)"},
		"(see https://example.org/a)":              {"https://example.org/a"},
		"<https://example.org/a,b>, then":          {"https://example.org/a,b"},
		"www.example.org/x, and www. alone":        {"https://www.example.org/x"},
		"a mailto:anna@example.org b":              {"mailto:anna@example.org"},
		"HTTPS://EXAMPLE.ORG/A":                    {"https://example.org/A"},
		"http://a.example and http://b.example":    {"http://a.example", "http://b.example"},
		"twice http://a.example http://a.example":  {"http://a.example"},
		"xhttp://example.org httpx://y http:// ":   nil,
		"「https://example.jp/あ」です":                 {"https://example.jp/%E3%81%82"},
		"“https://example.org/q”":                  {"https://example.org/q"},
		"*https://example.org/bold*":               {"https://example.org/bold"},
		"<https://example.org/long-\nrest/of-it>.": {"https://example.org/long-rest/of-it"},
		"javascript:alert(1) file:///etc/passwd":   nil,
		"https://example.org/a?b=1&c=[2]#d!":       {"https://example.org/a?b=1&c=[2]#d"},
	} {
		d, _ := renderText(in, Options{Width: 80}, "text/plain", nil)
		var got []string
		for _, l := range d.Links {
			got = append(got, l.URL)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
