package mail

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParseAddressesReadsWhatPeopleAndProgramsWrite(t *testing.T) {
	one := func(name, local, domain string) []Address { return []Address{{name, local, domain}} }
	for in, want := range map[string][]Address{
		"":                                         nil,
		" , ;, ":                                   nil,
		"anna@example.org":                         one("", "anna", "example.org"),
		"<anna@example.org>":                       one("", "anna", "example.org"),
		"Anna Muster <anna@example.org>":           one("Anna Muster", "anna", "example.org"),
		`"Muster, Anna" <anna@example.org>`:        one("Muster, Anna", "anna", "example.org"),
		"Muster, Anna <anna@example.org>":          one("Muster, Anna", "anna", "example.org"),
		"a, b, c <x@example.org>":                  one("a, b, c", "x", "example.org"),
		`"A \"B\" C" <x@example.org>`:              one(`A "B" C`, "x", "example.org"),
		"anna@example.org (Anna Muster)":           one("Anna Muster", "anna", "example.org"),
		"Anna (at (the) shore) <a@b.example>":      one("Anna", "a", "b.example"),
		`"odd local"@example.org`:                  one("", "odd local", "example.org"),
		`"a@b"@example.org`:                        one("", "a@b", "example.org"),
		"Name <a@b@example.org>":                   one("Name", "a@b", "example.org"),
		"Name <@relay.example:a@b.example>":        one("Name", "a", "b.example"),
		"Name <a@b.example":                        one("Name", "a", "b.example"),
		"Name <a@b.example>>":                      one("Name", "a", "b.example"),
		"Name <root>":                              one("Name", "root", ""),
		"Nobody in particular":                     one("Nobody in particular", "", ""),
		"undisclosed-recipients:;":                 nil,
		"Friends: a@b.example, c@d.example;":       {{"", "a", "b.example"}, {"", "c", "d.example"}},
		"a@b.example; c@d.example":                 {{"", "a", "b.example"}, {"", "c", "d.example"}},
		`"never closed <a@b.example>, c@d.example`: {{`never closed`, "a", "b.example"}, {"", "c", "d.example"}},
		"(never closed <a@b.example>, c@d.example": {{"(never closed", "a", "b.example"}, {"", "c", "d.example"}},
		"x <a@b.example, c@d.example":              {{"x", "a", "b.example"}, {"", "c", "d.example"}},
		"a@[192.0.2.1]":                            one("", "a", "[192.0.2.1]"),
		"ceo@good.example <m@evil.example>":        one("ceo@good.example", "m", "evil.example"),
		"Jürgen <j@bücher.example>":                one("Jürgen", "j", "bücher.example"),
		"Sales <s@example.org>, last words":        {{"Sales", "s", "example.org"}, {"last words", "", ""}},
	} {
		if got := ParseAddresses(in, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("ParseAddresses(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestParseAddressesDecodesNamesOnly(t *testing.T) {
	got := ParseAddresses("one@b.example, two <two@b.example>", strings.ToUpper)
	if want := []Address{{"", "one", "b.example"}, {"TWO", "two", "b.example"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestParseAddressesIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"addresses": strings.Repeat("a@b.example,", 100_000),
		"words":     strings.Repeat("a,", 100_000),
		"comments":  strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000),
		"colons":    "a@b" + strings.Repeat(":", 200_000),
		"brackets":  strings.Repeat("<", 200_000),
		"quotes":    strings.Repeat(`"`, 200_001),
	} {
		if n := len(ParseAddresses(in, nil)); n > MaxAddresses {
			t.Errorf("%s: %d", name, n)
		}
	}
}

func TestAddressFormatsSoThatItIsReadBack(t *testing.T) {
	for want, a := range map[string]Address{
		"anna@example.org":                  {"", "anna", "example.org"},
		"Anna Muster <anna@example.org>":    {"Anna Muster", "anna", "example.org"},
		`"Muster, Anna" <anna@example.org>`: {"Muster, Anna", "anna", "example.org"},
		`"A \"B\" \\ C" <x@example.org>`:    {`A "B" \ C`, "x", "example.org"},
		`"odd local"@example.org`:           {"", "odd local", "example.org"},
		`"a..b"@example.org`:                {"", "a..b", "example.org"},
		"root":                              {"", "root", ""},
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v is %q, want %q", a, got, want)
		}
		if got := ParseAddresses(want, nil); a.Domain != "" && (len(got) != 1 || got[0] != a) {
			t.Errorf("%q is read as %+v", want, got)
		}
	}
}

func TestDisplayNeverLetsANamePassForAnAddress(t *testing.T) {
	for want, a := range map[string]Address{
		"Anna":                              {"Anna", "anna", "example.org"},
		"anna@example.org":                  {"", "anna", "example.org"},
		"ANNA@example.org":                  {"ANNA@example.org", "anna", "example.org"},
		"m@evil.example (ceo@good.example)": {"ceo@good.example", "m", "evil.example"},
	} {
		if got := a.Display(); got != want {
			t.Errorf("%+v shows as %q, want %q", a, got, want)
		}
	}
}

func TestAddressValid(t *testing.T) {
	for s, want := range map[string]bool{
		"anna@example.org": true, "a@[192.0.2.1]": true, `"odd local"@example.org`: true, "j@bücher.example": true,
		"anna": false, "@example.org": false, "anna@": false, "anna@.example": false, "anna@example.": false, "a@b c": false, "": false,
	} {
		list := ParseAddresses(s, nil)
		if got := len(list) == 1 && list[0].Valid(); got != want {
			t.Errorf("%q valid: %t", s, got)
		}
	}
	for _, a := range []Address{{"", "a\nb", "c.example"}, {"", "a", "c\r.example"}, {"", "a", "b>,<c"}} {
		if a.Valid() {
			t.Errorf("%+q is valid", a)
		}
	}
}

func TestAddressSameIgnoresCase(t *testing.T) {
	a, b := Address{"x", "Anna", "Example.ORG"}, Address{"", "anna", "example.org"}
	if !a.Same(b) || a.Same(Address{"", "ann", "example.org"}) || a.Same(Address{"", "anna", "example.com"}) {
		t.Error("Same is wrong")
	}
}

func FuzzParseAddresses(f *testing.F) {
	for _, s := range []string{`"A, B" <a@b.example>, c@d (x)`, "g: a@b;", "Smith, J <j@x>", `<@a:b@c>, "`, `\"(<>,;:@`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list := ParseAddresses(s, nil)
		for _, a := range list {
			if a == (Address{}) {
				t.Fatalf("%q holds an empty address", s)
			}
			a.Display()
			if !a.Valid() || !utf8.ValidString(a.Name+a.Local+a.Domain) || strings.IndexFunc(a.Name, unicode.IsControl) >= 0 || a.Name != strings.TrimSpace(a.Name) || isDomainLiteral(a.Domain) {
				continue
			}
			again := ParseAddresses(a.String(), nil)
			if len(again) != 1 || !again[0].Same(a) || !sameWords(again[0].Name, a.Name) {
				t.Fatalf("%+q is written %q and read %+q", a, a.String(), again)
			}
		}
	})
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}
