package mail

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestUnsubscribeReadsWhatCanBeUsed(t *testing.T) {
	const click = "List-Unsubscribe=One-Click"
	for name, c := range map[string]struct {
		field, post string
		want        Unsubscribe
	}{
		"none":          {"", "", Unsubscribe{}},
		"one click":     {"<https://a.example/u?x=1>, <mailto:u@a.example?subject=1>", click, Unsubscribe{"https://a.example/u?x=1", "mailto:u@a.example?subject=1", "https://a.example/u?x=1"}},
		"no one click":  {"<mailto:u@a.example>,<https://a.example/u>", "", Unsubscribe{"", "mailto:u@a.example", "https://a.example/u"}},
		"only http":     {"<http://a.example/u>", click, Unsubscribe{"", "", "http://a.example/u"}},
		"first http":    {"<http://a.example/u>, <https://b.example/u>", click, Unsubscribe{"https://b.example/u", "", "https://b.example/u"}},
		"case":          {"<HTTPS://A.example/U>, <MAILTO:u@a.example>", " list-unsubscribe=one-click ", Unsubscribe{"https://A.example/U", "MAILTO:u@a.example", "https://A.example/U"}},
		"comments":      {"(use this) <https://a.example/u> (or that)", "", Unsubscribe{Page: "https://a.example/u"}},
		"folded within": {"<https://a.example/\r\n u>", "", Unsubscribe{Page: "https://a.example/u"}},
		"no brackets":   {"https://a.example/u", click, Unsubscribe{}},
		"unclosed":      {"<https://a.example/u", "", Unsubscribe{Page: "https://a.example/u"}},
		"user":          {"<https://bank.example@evil.example/u>, <https://u:p@evil.example/>", click, Unsubscribe{}},
		"script":        {"<javascript:alert(1)>, <file:///etc/passwd>, <data:text/html,x>, <ssh://-oProxyCommand=x/>, <//a.example>", click, Unsubscribe{}},
		"control":       {"<https://a.example/\x1b[31m>, <https://a.example/\u202e>, <mailto:a\x00@b.example>", click, Unsubscribe{}},
		"no host":       {"<https:///u>, <https:u>, <https://:443/>, <mailto:>", click, Unsubscribe{}},
		"another post":  {"<https://a.example/u>", "List-Unsubscribe=One-Click\r\nX: y", Unsubscribe{Page: "https://a.example/u"}},
		"too long":      {"<https://a.example/" + strings.Repeat("u", maxWay) + ">", click, Unsubscribe{}},
		"very many":     {strings.Repeat("<x:y>", maxWays) + "<https://a.example/u>", click, Unsubscribe{}},
	} {
		if got := (Envelope{ListUnsubscribe: c.field, ListUnsubscribePost: c.post}).Unsubscribe(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func FuzzUnsubscribe(f *testing.F) {
	f.Add("<https://a.example/u>, <mailto:u@a.example?subject=x%0d%0aBcc:e@x>")
	f.Add("<https://a@b/>,<javascript:x>")
	f.Fuzz(func(t *testing.T, field string) {
		u := (Envelope{ListUnsubscribe: field, ListUnsubscribePost: "List-Unsubscribe=One-Click"}).Unsubscribe()
		for _, link := range []string{u.OneClick, u.Page, u.Mailto} {
			if strings.ContainsFunc(link, func(r rune) bool { return unicode.IsControl(r) || r == ' ' || unicode.Is(unicode.Bidi_Control, r) }) {
				t.Errorf("unsafe %q", link)
			}
		}
		if u.OneClick != "" && !strings.HasPrefix(u.OneClick, "https://") || u.Page != "" && !strings.HasPrefix(u.Page, "http") {
			t.Errorf("%+v", u)
		}
	})
}

func TestWhatBecameOfLeavingAListIsReadAsItIsKept(t *testing.T) {
	l := Leaving{LeavingMailed, time.Unix(1773000000, 0), "leave@tide.example"}
	if got := ParseLeaving(l.String()); got != l {
		t.Errorf("%+v", got)
	}
	for _, s := range []string{"", "done", "done x", "done  tide.example"} {
		if got := ParseLeaving(s); got != (Leaving{}) {
			t.Errorf("%q: %+v", s, got)
		}
	}
	for want, e := range map[string]Envelope{
		"news.tide.example":      {ListID: "News.Tide.example", From: []Address{{Local: "a", Domain: "b.example"}}},
		"a@b.example":            {From: []Address{{Local: "A", Domain: "b.example"}}},
		"":                       {},
		strings.Repeat("x", 255): {ListID: strings.Repeat("X", 1000)},
	} {
		if got := e.List(); got != want {
			t.Errorf("%+v: %q", e, got)
		}
	}
}
