package compose

import (
	"strings"
	"testing"
)

// TestEveryFormOfAnAddressIsTaken: as RFC 5322 writes them, those of its examples, obsolete ones and those beyond ASCII.
// A group of the field stands for its members: who gets a message can be seen by all who get it.
func TestEveryFormOfAnAddressIsTaken(t *testing.T) {
	for typed, want := range map[string]string{
		"Friends: a@b.example, Cy <c@d.example>;":        "a@b.example, Cy <c@d.example>", // RFC 5322 §3.4
		"Friends: a@b.example, c@d.example; e@f.example": "a@b.example, c@d.example, e@f.example",
		`"The crew, all": a@b.example;`:                  "a@b.example",
		"A: b@c.example; D: e@f.example, g@h.example;;":  "b@c.example, e@f.example, g@h.example",
		"Friends:;":                 "",
		"undisclosed-recipients: ;": "",
		"Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>": "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
		`"Joe & J. Harvey" <ddd@Org.example>`:                           `"Joe & J. Harvey" <ddd@Org.example>`, // RFC 5322 §A.1.2
		"Anna A. Lindqvist <a@x.example>":                               `"Anna A. Lindqvist" <a@x.example>`,   // RFC 5322 §4.1: a dot in a name
		`Pete(A nice \) chap) <pete(his account)@silly.test>`:           "Pete <pete@silly.test>",              // RFC 5322 §A.5
		"anna(the one)@x.example":                                       "the one <anna@x.example>",
		`"anna l"@x.example`:                                            `"anna l"@x.example`,
		"anna @ x.example":                                              "anna@x.example",
		"<@relay.example,@other.example:anna@x.example>":                "anna@x.example", // RFC 5322 §4.4
		"Anna <@relay.example:anna@x.example>":                          "Anna <anna@x.example>",
		"Anna <anna . l @ x . example>":                                 "Anna <anna.l@x.example>",
		", a@b.example,, c@d.example,":                                  "a@b.example, c@d.example", // RFC 5322 §4.4: empty members
		"a@b.example; c@d.example":                                      "a@b.example, c@d.example",
		"":                                                              "",
		"anna@x.example (Anna)":                                         "Anna <anna@x.example>",
		`"Lindqvist, Anna" <a@x.example>`:                               `"Lindqvist, Anna" <a@x.example>`,
		`"a\"b"@x.example`:                                              `"a\"b"@x.example`,
		"a+b@localhost":                                                 "a+b@localhost",
		"anna@[192.0.2.1]":                                              "anna@[192.0.2.1]",
		"anna@[IPv6:2001:db8::1]":                                       "anna@[IPv6:2001:db8::1]",
		"anna@bücher.example":                                           "anna@xn--bcher-kva.example",
		"Jürgen <jürgen@faß.example>":                                   "Jürgen <jürgen@xn--fa-hia.example>",
		"用户@例子.广告":                                                      "用户@xn--fsqu00a.xn--4rr70v",
	} {
		list, err := parseField("To", typed)
		if err == nil {
			list, err = wireAll("To", list)
		}
		var got []string
		for _, a := range list {
			got = append(got, a.String())
		}
		if all := strings.Join(got, ", "); err != nil || all != want {
			t.Errorf("%s: %q, want %q (%v)", typed, all, want, err)
		}
	}
}
