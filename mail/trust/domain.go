// Package trust tells how far the sender shown can be believed: what the receiving server has found out about him
// (Authentication-Results), and what about a message is made to deceive. It is pure: what is known of the account
// and its contacts is handed in. It refuses to judge content, to look anything up, and to act on what it says.
package trust

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Owner is the part of a domain that somebody registered, lower case and as DNS has it: example.co.uk of
// mx.example.co.uk. Two domains of one owner are equally to be believed.
func Owner(domain string) string {
	domain = asciiDomain(domain)
	if o, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return o
	}
	return domain
}

// asciiDomain is a domain as DNS has it.
func asciiDomain(domain string) string {
	domain = strings.ToLower(strings.Trim(domain, ". "))
	if len(domain) > 255 {
		return ""
	}
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

// unicodeDomain is a domain as people read it.
func unicodeDomain(domain string) string {
	u, err := idna.Display.ToUnicode(asciiDomain(domain))
	if err != nil {
		u, _ = idna.Punycode.ToUnicode(asciiDomain(domain))
	}
	return u
}

// Shown is a domain as a person is to judge it: one that people read in other letters than DNS has it in is told in
// both, DNS first.
func Shown(domain string) string {
	ascii := asciiDomain(domain)
	if reads := unicodeDomain(domain); reads != ascii && reads != "" {
		return ascii + " (" + reads + ")"
	}
	return ascii
}

// lookalikes are letters of other scripts, and signs, that pass for Latin ones at a glance; UTS 39 has the rest.
var lookalikes = strings.NewReplacer(
	"а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "ғ", "f", "ɡ", "g", "һ", "h", "і", "i", "ї", "i", "ј", "j", "к", "k", "ӏ", "l", "м", "m",
	"п", "n", "о", "o", "р", "p", "ԛ", "q", "г", "r", "ѕ", "s", "т", "t", "у", "y", "ԝ", "w", "х", "x", "ү", "y", "ѵ", "v", "н", "h", "ь", "b",
	"α", "a", "β", "b", "ε", "e", "η", "n", "ι", "i", "κ", "k", "ν", "v", "ο", "o", "ρ", "p", "σ", "o", "τ", "t", "υ", "u", "χ", "x", "γ", "y", "ω", "w",
	"ո", "n", "օ", "o", "ս", "u", "հ", "h", "զ", "q", "ց", "g", "ա", "w", "ı", "i", "ɩ", "i", "ɑ", "a", "ꞌ", "'", "ß", "b", "ł", "l", "ø", "o",
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ạ", "a", "ç", "c", "ć", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "ẹ", "e", "ė", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ị", "i", "ñ", "n", "ń", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ọ", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y", "ś", "s", "š", "s", "ş", "s", "ž", "z", "ź", "z", "ż", "z",
	"0", "o", "1", "l", "i", "l", "3", "e", "5", "s", "rn", "m", "vv", "w", "cl", "d",
)

// skeleton is what a name looks like from afar: two that have the same pass for each other. // UTS 39 §4
func skeleton(s string) string {
	return lookalikes.Replace(lookalikes.Replace(strings.ToLower(s)))
}

// mixedScripts tells whether a label mixes the letters of scripts that no language mixes, or is written in one whose
// letters all pass for Latin ones.
func mixedScripts(label string) bool {
	latin, other, passing, letters := 0, 0, 0, 0
	scripts := map[string]bool{}
	for _, r := range label {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul):
			scripts["east asian"] = true // written together with Latin as well
		default:
			other++
			scripts[scriptOf(r)] = true
			if s := skeleton(string(r)); s != string(r) && s[0] < 0x80 {
				passing++
			}
		}
	}
	return len(scripts) > 1 || other > 0 && latin > 0 || letters > 1 && passing == letters
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// similar tells whether one of two names is the other with one letter more, less, changed or changed over.
func similar(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch {
	case i == len(x):
		return true
	case len(x) < len(y):
		return string(x[i:]) == string(y[i+1:])
	case string(x[i+1:]) == string(y[i+1:]):
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
}
