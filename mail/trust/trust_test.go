package trust

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"posthorn/mail"
	"posthorn/mail/body"
)

func address(s string) mail.Address {
	list := mail.ParseAddresses(s, nil)
	if len(list) == 0 {
		return mail.Address{}
	}
	return list[0]
}

func TestResultsAreReadAsRealServersWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		field, id string
		methods   []Method
	}{
		"standard": {"example.com; spf=pass smtp.mailfrom=bounce.example.net; dkim=pass (good signature) header.d=example.net header.s=k; dmarc=pass header.from=example.net", "example.com",
			[]Method{{"spf", "pass", "bounce.example.net", ""}, {"dkim", "pass", "example.net", ""}, {"dmarc", "pass", "example.net", ""}}},
		"version": {"mx.example.com 1; dkim/1=fail reason=\"bad; sig\" header.i=@X.example", "mx.example.com", []Method{{"dkim", "fail", "x.example", "bad; sig"}}},
		"microsoft": {"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none (message not signed) header.d=none;dmarc=fail action=none header.from=a.example;compauth=fail reason=001", "",
			[]Method{{"spf", "pass", "a.example", ""}, {"dkim", "none", "none", ""}, {"dmarc", "fail", "a.example", ""}, {"compauth", "fail", "", "001"}}},
		"blanks":   {" A.Example. ;  spf = pass  smtp.mail = \"u@b.example\" ", "a.example", []Method{{"spf", "pass", "b.example", ""}}},
		"none":     {"example.com; none", "example.com", nil},
		"comments": {"(a(b)) example.com (x; y) ; (z) spf=pass(w)", "example.com", []Method{{"spf", "pass", "", ""}}},
		"empty":    {"", "", nil},
		"rubbish":  {";;;=;==;a=;=b;\"", "", nil},
	} {
		id, methods := parseResults(c.field)
		if id != c.id || !reflect.DeepEqual(methods, c.methods) {
			t.Errorf("%s: %q %+v, want %q %+v", name, id, methods, c.id, c.methods)
		}
	}
	if _, methods := parseResults(strings.Repeat("; spf=pass", 100_000)); len(methods) > maxMethods {
		t.Errorf("%d methods", len(methods))
	}
}

// mailbox is the results of n messages with the same field on top.
func mailbox(n int, field ...string) [][]string {
	out := make([][]string, n)
	for i := range out {
		out[i] = field
	}
	return out
}

func TestOnlyTheReceivingServerIsTrusted(t *testing.T) {
	const forged = "mail.home.example; dmarc=pass header.from=bank.example"
	for name, c := range map[string]struct {
		received [][]string
		hosts    []string
		results  []string
		want     Verdict
	}{
		"own":                      {mailbox(10, "mx.home.example; none"), []string{"imap.home.example"}, []string{forged}, Verified},
		"forged, server adds none": {append(mailbox(50), mailbox(2, forged)...), []string{"mail.home.example"}, []string{forged}, Unknown},
		"forged below":             {mailbox(10, "mx.home.example; none"), []string{"home.example"}, []string{"mx.home.example; dmarc=none", "evil.example; none", forged}, Unknown},
		"forged by another":        {mailbox(10, "mx.home.example; none"), []string{"home.example"}, []string{"evil.example; dmarc=pass header.from=bank.example"}, Unknown},
		"too few":                  {mailbox(2, forged), []string{"home.example"}, []string{forged}, Unknown},
		"google":                   {mailbox(10, "mx.google.com; none"), []string{"imap.gmail.com", "brightwater.example"}, []string{"mx.google.com; dkim=pass header.i=@news.bank.example"}, Verified},
		"icloud, field by field":   {mailbox(9, "bimi.icloud.com; none"), []string{"imap.mail.me.com"}, []string{"bimi.icloud.com; bimi=skipped", "dmarc.icloud.com; dmarc=fail header.from=bank.example"}, Failed},
		"microsoft":                {mailbox(9, "spf=pass smtp.mailfrom=x.example"), []string{"outlook.office365.com"}, []string{"spf=fail smtp.mailfrom=bank.example; dkim=none"}, Failed},
		"unrelated, on all mail":   {mailbox(40, "filter.provider.example; none"), []string{"home.example"}, []string{"filter.provider.example; spf=pass smtp.mailfrom=a@bounces.bank.example"}, Verified},
		"unrelated, on much mail":  {append(mailbox(40), mailbox(40, "filter.provider.example; none")...), []string{"home.example"}, []string{"filter.provider.example; spf=pass smtp.mailfrom=bank.example"}, Unknown},
		"unaligned":                {mailbox(10, "home.example; none"), []string{"home.example"}, []string{"home.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example"}, Unknown},
		"dmarc of another":         {mailbox(10, "home.example; none"), []string{"home.example"}, []string{"home.example; dmarc=pass header.from=evil.example"}, Unknown},
		"broken by a list":         {mailbox(10, "home.example; none"), []string{"home.example"}, []string{"home.example; dkim=fail header.d=bank.example"}, Unknown},
		"nothing":                  {nil, nil, nil, Unknown},
	} {
		from := []mail.Address{address("Bank <service@bank.example>")}
		a := Learn(c.received, c.hosts...).Authenticate(c.results, from)
		if a.Verdict != c.want || a.Domain != "bank.example" {
			t.Errorf("%s: %s %+v, want %s", name, a.Verdict, a, c.want)
		}
	}
	two := []mail.Address{address("a@bank.example"), address("b@evil.example")}
	if a := Learn(mailbox(9, "home.example; none"), "home.example").Authenticate([]string{"home.example; dmarc=pass header.from=bank.example"}, two); a.Verdict != Unknown {
		t.Errorf("two senders are %s", a.Verdict)
	}
	if got := (Method{"dkim", "pass", "a.example", "\x1b[2J"}).String(); got != "DKIM pass (a.example): ␛[2J" {
		t.Errorf("%q", got)
	}
}

var friends = Contacts{
	Known: func(a mail.Address) bool { return a.Same(address("anna.berg@brightwater.example")) },
	Named: func(name string) []mail.Address {
		if strings.EqualFold(name, "Anna Berg") {
			return []mail.Address{address("Anna Berg <anna.berg@brightwater.example>")}
		}
		return nil
	},
	Domains: []string{"brightwater.example", "mail.apple.com", "paypal.com"},
}

func TestSendersMadeToDeceiveAreWarnedOf(t *testing.T) {
	own := []mail.Address{address("Robin Ahlgren <robin@home.example>")}
	for from, want := range map[string][]Kind{
		"Anna Berg <anna.berg@brightwater.example>": nil,
		"Anna Berg <anna@mail.brightwater.example>": nil,
		"New Person <new@nowhere.example>":          nil,
		"Anna Berg <anna.berg@freemail.example>":    {Pretends},
		"anna  BERG <x@y.example>":                  {Pretends},
		"Robin Ahlgren <robin@elsewhere.example>":   {Pretends},
		"a@brightwatter.example":                    {LookAlike},
		"a@brihgtwater.example":                     {LookAlike},
		"a@brlghtwater.example":                     {LookAlike},
		"a@paypa1.com":                              {LookAlike},
		"a@xn--pypal-4ve.com":                       {MixedScripts, LookAlike},
		"a@paypal-secure.com":                       {LookAlike},
		"a@paypal.com.evil.example":                 {LookAlike},
		"a@аррӏе.com":                               {MixedScripts, LookAlike},
		"a@münchen.example":                         nil,
		"a@日本.example":                              nil,
		"a@яндекс.example":                          nil,
		"\"ceo@good.example\" <m@evil.example>":     {NameIsAddress},
		"\"ceo＠good.example\" <m@evil.example>":     {NameIsAddress},
		"\"m@evil.example\" <m@evil.example>":       nil,
		"\"ceo@good.example\x00\"@evil.example":     {OddAddress},
		"=?utf-8?b?Y2VvQGdvb2Q=?=@evil.example":     {OddAddress},
		"Boss":                                      {NoFrom},
		"a@b.example, c@d.example":                  {SeveralFrom},
		"":                                          {NoFrom},
	} {
		var got []Kind
		for _, w := range Warnings(mail.Envelope{From: mail.ParseAddresses(from, nil)}, own, friends) {
			got = append(got, w.Kind)
			if !strings.HasSuffix(w.Text, ".") || strings.ContainsFunc(w.Text, unicode.IsControl) || len(w.Text) > 500 {
				t.Errorf("%s: %q", from, w.Text)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", from, got, want)
		}
	}
}

func TestAnswersThatGoElsewhereAreWarnedOf(t *testing.T) {
	for name, c := range map[string]struct {
		e    mail.Envelope
		want string
	}{
		"elsewhere":  {mail.Envelope{ReplyTo: []mail.Address{address("x@evil.example")}}, "[{7 An answer goes to x@evil.example, not to the sender.}]"},
		"same owner": {mail.Envelope{ReplyTo: []mail.Address{address("x@help.shop.example")}}, "[]"},
		"contact":    {mail.Envelope{ReplyTo: []mail.Address{address("anna.berg@brightwater.example")}}, "[]"},
		"list":       {mail.Envelope{ReplyTo: []mail.Address{address("crew@lists.example")}, ListID: "crew.lists.example"}, "[]"},
	} {
		c.e.From = []mail.Address{address("shop@shop.example")}
		if got := fmt.Sprint(Warnings(c.e, nil, friends)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func FuzzWarnings(f *testing.F) {
	f.Add("\"a@b\" <c@xn--pypal-4ve.com>", "x; spf=pass (a;b) smtp.mailfrom=\"a@b\"")
	f.Fuzz(func(t *testing.T, from, results string) {
		e := mail.Envelope{From: mail.ParseAddresses(from, nil), ReplyTo: mail.ParseAddresses(results, nil)}
		for _, w := range Warnings(e, nil, friends) {
			if strings.ContainsFunc(w.Text, unicode.IsControl) {
				t.Fatalf("unsafe %q", w.Text)
			}
		}
		s := Learn(mailbox(30, results), from)
		for _, m := range s.Authenticate([]string{results}, e.From).Methods {
			if strings.ContainsFunc(m.String(), unicode.IsControl) {
				t.Fatalf("unsafe %q", m)
			}
		}
	})
}

func TestHostileSendersOfTheCorpusAreWarnedOf(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/hostile/*-spoof-*.eml")
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("the corpus is not there")
		}
		t.Skip("no corpus")
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		e := body.Envelope(body.ParseHeader(raw))
		w := Warnings(e, nil, friends)
		if len(w) == 0 && !strings.Contains(path, "mbox-from") { // which is no lie about the sender
			t.Errorf("%s: %+v is not warned of", filepath.Base(path), e.From)
		}
	}
}

func TestSignaturesCountWhoeverMadeThem(t *testing.T) {
	from := []mail.Address{address("a@shop.example")}
	for results, want := range map[string]Verdict{
		"home.example; dkim=pass header.d=mailer.example":                                    Verified,
		"home.example; dkim=fail header.d=shop.example; dkim=pass header.d=mailer.example":   Verified,
		"home.example; dkim=pass header.d=mailer.example; dkim=fail header.d=shop.example":   Verified,
		"home.example; dkim=fail header.d=shop.example":                                      Failed,
		"home.example; dkim=pass header.d=evil.example; dmarc=fail header.from=shop.example": Failed,
		"home.example; dkim=none":                            Unknown,
		"home.example; spf=pass smtp.mailfrom=shop.example":  Unknown,
		"home.example; dkim=temperror header.d=shop.example": Unknown,
		"evil.example; dkim=pass header.d=shop.example":      Unknown,
	} {
		if got := Learn(mailbox(9, "home.example; none"), "home.example").Authenticate([]string{results}, from).Signature(); got != want {
			t.Errorf("%s: %s, want %s", results, got, want)
		}
	}
	if got := (Server{}).Authenticate([]string{"home.example; dkim=pass header.d=shop.example"}, from).Signature(); got != Unknown {
		t.Errorf("of nobody we trust: %s", got)
	}
}

func TestDomainsAreShownInBothSpellings(t *testing.T) {
	for domain, want := range map[string]string{
		"example.org": "example.org", "MÜNCHEN.example": "xn--mnchen-3ya.example (münchen.example)", "xn--mnchen-3ya.example": "xn--mnchen-3ya.example (münchen.example)",
		"аррӏе.com": "xn--80ak6aa92e.com (аррӏе.com)", "": "",
	} {
		if got := Shown(domain); got != want {
			t.Errorf("%s is shown as %s, want %s", domain, got, want)
		}
	}
}
