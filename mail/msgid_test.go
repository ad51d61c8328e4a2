package mail

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestParseMessageIDs(t *testing.T) {
	for in, want := range map[string][]string{
		"":                                   nil,
		"<a@b>":                              {"a@b"},
		" <a@b> <c@d>\t<e@f>":                {"a@b", "c@d", "e@f"},
		"<a@b><c@d>":                         {"a@b", "c@d"},
		"<a@ b>":                             {"a@b"},
		"<<a@b>>":                            {"a@b"},
		"<a@b":                               {"a@b"},
		"a@b":                                {"a@b"},
		"Your message of Tuesday":            nil,
		"Your message <a@b> of Tuesday":      {"a@b"},
		"word":                               nil,
		"<>":                                 nil,
		"<no-at-sign>":                       {"no-at-sign"},
		"<a\x01\u009b@b>":                    {"a@b"},
		"<" + strings.Repeat("x", 999) + ">": nil,
		strings.Repeat("x", 999) + "@b":      nil,
	} {
		if got := ParseMessageIDs(in); !reflect.DeepEqual(got, want) {
			t.Errorf("ParseMessageIDs(%.60q) = %q, want %q", in, got, want)
		}
	}
}

func TestReferencesKeepTheFirstAndTheNewest(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "<%d@x> ", i)
	}
	got := ParseMessageIDs(b.String())
	if len(got) != maxReferences || got[0] != "0@x" || got[1] != "901@x" || got[maxReferences-1] != "999@x" {
		t.Errorf("%d: %q … %q", len(got), got[:2], got[len(got)-1])
	}
}

func TestFormatMessageIDsIsReadBack(t *testing.T) {
	ids := []string{"a@b", "c@d"}
	if s := FormatMessageIDs(ids...); s != "<a@b> <c@d>" || !reflect.DeepEqual(ParseMessageIDs(s), ids) {
		t.Errorf("%q", s)
	}
	if s := FormatMessageIDs(); s != "" {
		t.Errorf("none is %q", s)
	}
}
