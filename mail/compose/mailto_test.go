package compose

import (
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestMailto(t *testing.T) {
	for _, c := range []struct {
		link                  string
		to, cc, subject, body string
		ignored               []string
	}{
		{link: "mailto:anna@x.example", to: "anna@x.example"},
		{link: "MAILTO:anna@x.example", to: "anna@x.example"},
		{link: "mailto:anna@x.example,ben@x.example?to=cid@x.example&cc=dora@x.example", to: "anna@x.example, ben@x.example, cid@x.example", cc: "dora@x.example"},
		{link: "mailto:?subject=Low%20tide&body=Hello%0D%0A%0D%0Athere%20%2B+1", subject: "Low tide", body: "Hello\n\nthere ++1"},
		{link: "mailto:%22not%40me%22@x.example", to: `"not@me"@x.example`},
		{link: "mailto:j@gr%C3%BC%C3%9Fe.example?Subject=Gr%C3%BC%C3%9Fe", to: "j@grüße.example", subject: "Grüße"},
		{link: "mailto:a@x.example?subject=one&subject=two", to: "a@x.example", subject: "one", ignored: []string{"subject"}},
		{link: "mailto:a@x.example?attach=~/.ssh/id_rsa&Bcc=e@evil.example&from=f@x.example&attachment=/etc/passwd&X-Odd=1&attach=2", to: "a@x.example",
			ignored: []string{"attach", "Bcc", "from", "attachment", "X-Odd"}},
		{link: "mailto:a@x.example?subject=%1B%5B31m%E2%80%AEtxt", to: "a@x.example", subject: "␛[31m\ufffdtxt"},
		{link: "mailto:a@x.example?&&subject=x&#fragment", to: "a@x.example", subject: "x"},
		{link: "mailto:a@x.example?subject=100% of %zz, 5%", to: "a@x.example", subject: "100% of %zz, 5%"},
		{link: "mailto:a@x.example?subject=Gr%FC%DFe", to: "a@x.example", subject: "Grüße"},
		{link: "mailto:a@x.example?body=%3E%20x%26y%3Dz", to: "a@x.example", body: "> x&y=z"},
	} {
		d, ignored, err := Mailto(c.link, robin)
		if err != nil || d.To != c.to || d.Cc != c.cc || d.Subject != c.subject || d.Body != c.body || !slices.Equal(ignored, c.ignored) {
			t.Errorf("%s: %v, ignored %q\n%+v", c.link, err, ignored, d)
		}
		if d.From.Addr() != "robin@home.example" || d.Bcc != "" || d.ReplyTo != "" || d.Attachments != nil {
			t.Errorf("%s: %+v", c.link, d)
		}
	}
}

func TestMailtoInReplyTo(t *testing.T) {
	d, ignored, err := Mailto("mailto:list@x.example?In-Reply-To=%3C3469A91.D10AF4C@x.example%3E", robin)
	want := []string{"3469A91.D10AF4C@x.example"}
	if err != nil || ignored != nil || !slices.Equal(d.InReplyTo, want) || !slices.Equal(d.References, want) {
		t.Errorf("%v %v %v %v", err, ignored, d.InReplyTo, d.References)
	}
}

func TestMailtoRefuses(t *testing.T) {
	for link, want := range map[string]string{
		"https://x.example":                    "another scheme",
		"":                                     "another scheme",
		"mailto:a@x?subject=x%0d%0aBcc:%20e@x": "subject: there is a line break or a NUL",
		"mailto:a@x?subject=x%0Ay":             "subject: there is a line break or a NUL",
		"mailto:a@x?subject=x%00y":             "subject: there is a line break or a NUL",
		"mailto:a@x%0D%0ABcc:e@x":              "To: there is a line break or a NUL",
		"mailto:a@x?cc=b@x%0ABcc:e@x":          "cc: there is a line break or a NUL",
		"mailto:a@x?in-reply-to=%3Ca@x%3E%0D%0ABcc:%20e@x":         "in-reply-to: there is a line break or a NUL",
		"mailto:a@x?x-any=%0Ay":                                    "x-any: there is a line break or a NUL",
		"mailto:a@x?body=%00":                                      "body: there is a NUL",
		"mailto:anna":                                              `To: "anna" is not an address`,
		"mailto:a@x?body=" + strings.Repeat("x", maxMailto):        "too long",
		"mailto:a@x?cc=-oProxyCommand%20b@x":                       "is not an address",
		"mailto:a@x.example%3E%0D%0ARCPT%20TO:%3Ce@evil.example":   "To: there is a line break or a NUL",
		"mailto:a@x.example?to=%3Ca@x.example%3E%3Ce@x.example%3E": "is not an address",
	} {
		if d, _, err := Mailto(link, robin); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: error %v, want %s\n%+v", link, err, want, d)
		}
	}
}

func FuzzMailto(f *testing.F) {
	f.Add("mailto:a@x?subject=x&body=y%0D%0Az")
	f.Add("mailto:%22a%20b%22@x,c@y?cc=d@z&in-reply-to=%3Ca@b%3E&bcc=e@f")
	f.Fuzz(func(t *testing.T, link string) {
		d, _, err := Mailto(link, robin)
		if err != nil {
			return
		}
		if d.Bcc != "" || d.ReplyTo != "" || len(d.Attachments) > 0 || d.From.Addr() != "robin@home.example" {
			t.Fatalf("%q took more than it may: %+v", link, d)
		}
		for _, value := range []string{d.To, d.Cc, d.Subject, strings.Join(d.InReplyTo, "")} {
			if strings.ContainsAny(value, "\r\n\x00\x1b") {
				t.Fatalf("%q brought in %q", link, value)
			}
		}
		if _, _, _, err := d.Recipients(); err != nil {
			t.Fatalf("%q made recipients that cannot be read: %v", link, err)
		}
		if b, err := Build(d, environment()); err == nil {
			wellFormed(t, b.Bytes)
		}
	})
}

func TestUnsubscribeWritesOnlyWhatAQuestionCanShow(t *testing.T) {
	e := mail.Envelope{From: []mail.Address{{Local: "news", Domain: "lists.example"}}, To: []mail.Address{{Local: "crew", Domain: "lists.example"}},
		Cc: []mail.Address{{Name: "R", Local: "robin", Domain: "home.example"}}}
	for link, want := range map[string]string{
		"mailto:leave@lists.example":                                       "leave@lists.example unsubscribe ",
		"mailto:leave@lists.example?subject=9f3a&body=please":              "leave@lists.example 9f3a please",
		"mailto:%22The%20List%22%20%3Cleave@lists.example%3E":              "leave@lists.example unsubscribe ",
		"mailto:leave@lists.example?bcc=e@evil.example&attach=/etc/passwd": "leave@lists.example unsubscribe ",
		"mailto:leave@lists.example?in-reply-to=%3Ca@b%3E":                 "leave@lists.example unsubscribe ",
		"mailto:a@lists.example,b@lists.example":                           "",
		"mailto:a@lists.example?cc=b@lists.example":                        "",
		"mailto:a@lists.example?to=b@lists.example":                        "",
		"mailto:?subject=x":                                                "",
		"mailto:a@lists.example?subject=x%0d%0aBcc:%20e@evil.example":      "",
		"mailto:a@lists.example%0d%0aRCPT%20TO:%3Ce@evil.example%3E":       "",
		"mailto:a@lists.example?body=" + strings.Repeat("x", maxLeaving+1): "",
		"https://lists.example/":                                           "",
	} {
		d, err := Unsubscribe(link, e, robin)
		if got := d.To + " " + d.Subject + " " + d.Body; want == "" && err == nil || want != "" && (err != nil || got != want) {
			t.Errorf("%s: %q, %v, want %q", link, got, err, want)
		}
		if err == nil && (d.From.Addr() != "robin@home.example" || d.Cc != "" || d.Bcc != "" || d.InReplyTo != nil || d.Attachments != nil || d.Original != 0) {
			t.Errorf("%s: %+v", link, d)
		}
	}
}
