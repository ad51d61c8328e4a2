package people

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// names is what a book finds, a nickname before it.
func names(list []Entry) string {
	var out []string
	for _, e := range list {
		s := mail.Addresses(e.List)
		if e.Nick != "" {
			s = e.Nick + ": " + s
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

const vcards = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:1\r\nFN:Ben Okafor\r\nNICKNAME:Benno,B\r\nEMAIL;TYPE=home:ben@okafor.example\r\n" +
	"item1.EMAIL;PREF=1:ben.okafor@\r\n work.example\r\nPHOTO:data:image/png;base64,AAAA\r\n AAAA\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\nVERSION:3.0\nUID:urn:uuid:2\nN:Mira\\; B.;Éloïse;;;\nEMAIL;TYPE=INTERNET,PREF:mira@harbour.example\nEND:VCARD\n" +
	"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BCr=\ngen Gro=C3=9F\nEMAIL;INTERNET:juergen@gross.example\nEND:VCARD\n" +
	"BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Crew\nMEMBER:urn:uuid:1\nMEMBER:urn:uuid:9\nMEMBER:mailto:tom@harbour.example\nEND:VCARD\n" +
	"BEGIN:VCARD\nFN:Nobody\nEMAIL:none\nEND:VCARD\nBEGIN:VCARD\nFN:cut off"

func TestCardsAreRead(t *testing.T) {
	want := "Benno: Ben Okafor <ben.okafor@work.example>; Benno: Ben Okafor <ben@okafor.example>; \"Éloïse Mira; B.\" <mira@harbour.example>; " +
		"Jürgen Groß <juergen@gross.example>; Crew: Ben Okafor <ben.okafor@work.example>, tom@harbour.example"
	if got := names(cards(vcards)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNicknamesAndGroupsAreRead(t *testing.T) {
	got := names(nicknames("# people\ncrew: Ben <ben@okafor.example>, \\\n  mira@harbour.example\nalias -group g tom Tom Lee <tom@lee.example> # club\nAnna <anna@example.org>\nnobody: none\n"))
	want := "crew: Ben <ben@okafor.example>, mira@harbour.example; tom: Tom Lee <tom@lee.example>; Anna <anna@example.org>"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAnswersOfAddressBooksAreRead(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"khard":   {"searching for 'ben' ...\nben@okafor.example\tBen Okafor\thome\n", "Ben Okafor <ben@okafor.example>"},
		"abook":   {"\nben@okafor.example\tBen Okafor\t \nmira@harbour.example\tMira\tx\n", "Ben Okafor <ben@okafor.example>; Mira <mira@harbour.example>"},
		"notmuch": {"Ben Okafor <ben@okafor.example>\n\"Bell, Mira\" <mira@harbour.example>\n", "Ben Okafor <ben@okafor.example>; \"Bell, Mira\" <mira@harbour.example>"},
		"nobody":  {"Not found\n", ""},
		"talk":    {"searching for 'ben@okafor.example' ...\n", ""},
	} {
		if got := names(answers(c.text)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestAnAddressBookIsAskedForTheWord(t *testing.T) {
	var asked []string
	run := func(_ context.Context, argv []string) ([]byte, error) {
		asked = argv
		return []byte("ben@okafor.example\tBen\n"), errors.New("exit status 1")
	}
	for _, argv := range [][]string{{"khard", "email", "%s"}, {"khard", "email"}} {
		if got, err := Ask(t.Context(), argv, "ben; rm -rf", run); err != nil || names(got) != "Ben <ben@okafor.example>" || !slices.Equal(asked, []string{"khard", "email", "ben; rm -rf"}) {
			t.Errorf("asked %q, got %v, %v", asked, got, err)
		}
	}
	asked = nil
	if got, err := Ask(t.Context(), []string{"khard"}, "--config=x", run); got != nil || err != nil || asked != nil {
		t.Errorf("an option was passed on: %q", asked)
	}
}

func TestABookIsReadAgainWhereItChanged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "people.txt")
	write := func(text string, at time.Time) {
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	write("Benita <benita@a.example>\nben: Ben <ben@okafor.example>\n", time.Unix(1000, 0))
	b := &Book{Paths: []string{path, filepath.Join(dir, "none")}}
	if got := names(b.Find("BEN", 5)); got != "ben: Ben <ben@okafor.example>; Benita <benita@a.example>" {
		t.Errorf("found %s", got)
	}
	if b.Trouble() == "" {
		t.Error("nothing is said of the file that is not there")
	}
	write("Bella <bella@a.example>\n", time.Unix(2000, 0))
	if got := names(b.Find("be", 5)); got != "Bella <bella@a.example>" {
		t.Errorf("found %s", got)
	}
	if got := (*Book)(nil).Find("b", 5); got != nil {
		t.Errorf("no book found %v", got)
	}
}

func FuzzCards(f *testing.F) {
	f.Add(vcards)
	f.Add("BEGIN:VCARD\nEMAIL;ENCODING=QUOTED-PRINTABLE:=\n=\nEND:VCARD")
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range append(cards(s), nicknames(s)...) {
			for _, a := range e.List {
				if !a.Valid() {
					t.Errorf("%q gives the address %v", s, a)
				}
			}
		}
	})
}

// BenchmarkFind looks for people among 50,000: b/op is one key press. A frame has 16 ms.
func BenchmarkFind(b *testing.B) {
	path := filepath.Join(b.TempDir(), "people.vcf")
	var text strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&text, "BEGIN:VCARD\nFN:Person%d Family%d\nEMAIL:person%d@example%d.org\nEND:VCARD\n", i, i%977, i, i%311)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	book := &Book{Paths: []string{path}}
	for _, prefix := range []string{"p", "person4999", "family97", "nobody"} {
		b.Run(prefix, func(b *testing.B) {
			book.Find("x", 1)
			for b.Loop() {
				book.Find(prefix, 6)
			}
		})
	}
}
