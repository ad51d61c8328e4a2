package compose

import (
	"reflect"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestDraftsAreStoredAndReadBack(t *testing.T) {
	d := draft()
	d.Cc, d.References, d.Original, d.Mark = "unfinished <", []string{"a@x"}, 7, mail.Answered
	d.Attachments = []Attachment{{Path: "/tmp/a", Name: "a", MediaType: "text/plain", Charset: "utf-8", Size: 3}, {Message: 7, Section: "2", Name: "b"}}
	s, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Unmarshal(s)
	if err != nil || !reflect.DeepEqual(got, d) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, d)
	}
	if _, err := Unmarshal(s[:len(s)/2]); mail.KindOf(err) != mail.Damaged {
		t.Errorf("half a draft: %v", err)
	}
}

func TestNewDraftIsEmptyAndFromTheFirstIdentity(t *testing.T) {
	d := New(robin)
	if !d.Empty() || d.Account != "home" || d.From.String() != "Robin Ahlgren <robin@home.example>" {
		t.Errorf("%+v", d)
	}
	if d = New(mail.Account{Name: "x"}); !d.Empty() || d.From != (mail.Address{}) {
		t.Errorf("%+v", d)
	}
}

func TestRecipientsTakesOnlyWhatIsSurelyAnAddress(t *testing.T) {
	for in, want := range map[string]string{
		"":                                      "",
		" , ;":                                  "",
		"anna@x.example":                        "anna@x.example",
		"anna@x.example; ben@x.example,":        "anna@x.example, ben@x.example",
		`"Müller, Käthe" <k@x.example>, b@x`:    `"Müller, Käthe" <k@x.example>, b@x`,
		"Friends: a@x.example, b@x.example;":    "a@x.example, b@x.example",
		"a@x.example (Anna, from work)":         `"Anna, from work" <a@x.example>`,
		"<a@x.example>":                         "a@x.example",
		`"odd one"@x.example`:                   `"odd one"@x.example`,
		"j@grüße.example":                       "j@grüße.example",
		"root@[127.0.0.1]":                      "root@[127.0.0.1]",
		"mailto:a@x.example":                    "a@x.example",
		"anna":                                  "!anna",
		"anna, ben@x.example":                   "!anna",
		"Smith, John <j@x.example>":             "!Smith",
		"a@x.example b@x.example":               "!a@x.example b@x.example",
		"a b@x.example":                         "!a b@x.example",
		"a@b@x.example":                         "!a@b@x.example",
		"a@x..example":                          "!a@x..example",
		"a@.example":                            "!a@.example",
		"<a@x.example> b":                       "!<a@x.example> b",
		"@x.example":                            "!@x.example",
		strings.Repeat("a", 250) + "@x.example": "!" + strings.Repeat("a", 250) + "@x.example",
	} {
		d := Draft{To: in}
		to, _, _, err := d.Recipients()
		if bad, ok := strings.CutPrefix(want, "!"); ok {
			if err == nil || !strings.HasPrefix(err.Error(), "To: ") || !strings.Contains(err.Error(), bad[:min(len(bad), 30)]) {
				t.Errorf("%q: %v, %v", in, to, err)
			}
			continue
		}
		if got := mail.Addresses(to); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", in, got, err, want)
		}
	}
}
