package compose

import (
	"errors"
	"strings"
	"testing"
)

// TestAddressesAreRefusedAtTheirPlace: the place that is wrong is marked by [ and ].
func TestAddressesAreRefusedAtTheirPlace(t *testing.T) {
	for marked, why := range map[string]string{
		"[anna]":                                       "write it like anna@example.org",
		"anna@x.example, [nobody]":                     "write it like",
		"ben@x.example;\tmira[@]":                      "nothing behind the @",
		"[@]x.example":                                 "nothing before the @",
		"a[ ]b@x.example":                              "a space in it",
		"anna@x.example[ ]ben@x.example":               "a comma parts two",
		"a@b[@]c.example":                              "second @",
		"Anna <a@b[@]c.example>":                       "second @",
		"Anna [<anna@x.example, ben@x]":                "a > is missing",
		"Anna anna@x.example[>]":                       "no < before it",
		"Anna <anna@x.example>[ Ben]":                  "behind the >",
		"Anna [<>]":                                    "no address in it",
		`["Anna <anna@x.example>, ben@x.example]`:      `the " has no other end`,
		"anna@x.example [(home]":                       "a ) is missing",
		"anna@x[.].example":                            "a dot too many",
		"[.]anna@x.example":                            "a dot too many",
		"anna@x.example[.]":                            "a dot too many",
		"Crew: anna@x.example, [ben];":                 "write it like",
		"an[[]na@x.example":                            "does not go into an address",
		"李 <li@[-ü-.example]>":                         "not a domain name",
		"[" + strings.Repeat("a", 260) + "@x.example]": "longer than the 254",
	} {
		from := strings.IndexByte(marked, '[')
		field := marked[:from] + marked[from+1:]
		to := strings.LastIndexByte(field, ']')
		field = field[:to] + field[to+1:]
		var bad *AddressError
		if err := CheckAddresses("To", field); !errors.As(err, &bad) {
			t.Errorf("%q: %v", field, err)
		} else if bad.From != from || bad.To != to || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %d to %d: %v", field, bad.From, bad.To, err)
		}
	}
}

func FuzzAddressErrors(f *testing.F) {
	for _, s := range []string{`"<" a`, "a@b>, <", `(a "b`, "<>", "\\", "a:b@", "é@é", "a@b\xff c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var bad *AddressError
		if !errors.As(CheckAddresses("To", s), &bad) {
			return
		}
		if bad.From < 0 || bad.From > bad.To || bad.To > len(s) || bad.Why == "" {
			t.Errorf("%q: %+v", s, bad)
		}
	})
}
