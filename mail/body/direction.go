package body

import "strings"

// Text that is written from right to left stays in the order it is read in, as all text does: terminals that know how
// turn it round by themselves, and the others show all of it in the same order. It is aligned like all text, for a
// terminal that turns a line round aligns it, too.

// Programs that write Hebrew, Arabic and their like put marks of direction around every name and number in it. The gate
// lets none through and would show each as a stand-in; in such a text those that only embed say nothing that is missed.
// Overrides, with which one text is made to look like another, are left for the gate to show.
var embeddings = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// withoutDirections takes the marks of direction out of a text in a script that is written from right to left.
func withoutDirections(s string) string {
	if !strings.Contains(s, "\u202a"[:2]) && !strings.Contains(s, "\u2066"[:2]) || !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	return embeddings.Replace(s)
}

// rightToLeft tells whether r is of Hebrew, Arabic, Syriac, Thaana, N'Ko or their forms for presentation.
func rightToLeft(r rune) bool {
	return r >= 0x590 && r < 0x8ff || r >= 0xfb1d && r < 0xfdff || r >= 0xfe70 && r < 0xfeff || r >= 0x10800 && r < 0x10fff || r >= 0x1e800 && r < 0x1efff
}
