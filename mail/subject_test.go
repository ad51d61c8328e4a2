package mail

import (
	"strings"
	"testing"
)

func TestBaseSubject(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "",
		"Tea":                               "Tea",
		"Re: Tea":                           "Tea",
		"RE: re: Re : Tea":                  "Tea",
		"Re[2]: Tea":                        "Tea",
		"Re (3): Tea":                       "Tea",
		"AW: WG: Tea":                       "Tea",
		"Fwd: Fw: Tea (fwd) (FWD)":          "Tea",
		"[list] Re: [list] Tea":             "Tea",
		"Re: [list] Re: Tea":                "Tea",
		"[PATCH v2 1/3] tide: round":        "tide: round",
		"[only]":                            "[only]",
		"Re: [only]":                        "[only]",
		"  Tea   and\tcake ":                "Tea and cake",
		"回复：Tea":                            "Tea",
		"Réf: Tea":                          "Tea",
		"Research: Tea":                     "Research: Tea",
		"Re":                                "Re",
		"Re:":                               "",
		"(fwd)":                             "",
		"Reading: list":                     "Reading: list",
		"Re[x]: Tea":                        "Re[x]: Tea",
		strings.Repeat("Re: ", 100) + "Tea": "Tea",
	} {
		if got := BaseSubject(in); got != want {
			t.Errorf("BaseSubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBaseSubjectIsStableAndBounded(t *testing.T) {
	for _, in := range []string{strings.Repeat("Re: ", 100_000), strings.Repeat("[a]", 100_000), strings.Repeat("(fwd)", 100_000), strings.Repeat("é", 5000)} {
		got := BaseSubject(in)
		if len(got) > maxSubject || BaseSubject(got) != got {
			t.Errorf("%.20q becomes %.40q", in, got)
		}
	}
}

func TestReplyAndForwardSubjectsDoNotPileUp(t *testing.T) {
	for in, want := range map[string][2]string{
		"Tea":           {"Re: Tea", "Fwd: Tea"},
		"Re: AW: Tea":   {"Re: Tea", "Fwd: Re: AW: Tea"},
		"Fwd: WG: Tea":  {"Re: Fwd: WG: Tea", "Fwd: Tea"},
		"[list] Tea":    {"Re: [list] Tea", "Fwd: [list] Tea"},
		"Re: [list] Re": {"Re: [list] Re", "Fwd: Re: [list] Re"},
		"":              {"Re: ", "Fwd: "},
	} {
		if got := [2]string{ReplySubject(in), ForwardSubject(in)}; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func BenchmarkBaseSubject(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if BaseSubject("Re: [boats] The slipway on Saturday") == "" {
			b.Fatal("nothing left")
		}
	}
}
