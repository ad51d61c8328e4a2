package compose

import "testing"

func TestAnExcerptIsFoundInTheTextThatWasShownOtherwise(t *testing.T) {
	const text = "Hello Anna,\n\nshall we say seven? I asked at the Lantern and they keep the long table by the window.\n\n> Who else comes?\n>> We could be eight.\n\n  indented\n"
	for shown, want := range map[string]string{
		"shall we say seven? I asked at\nthe Lantern": "shall we say seven? I asked at the Lantern",
		"> Who else comes?\n> > We could be eight.":   "> Who else comes?\n>> We could be eight.",
		"> > We could be eight.\n\nindented":          ">> We could be eight.\n\n  indented",
		"Hello Anna,":                                 "Hello Anna,",
		"of another form":                             "of another form",
		"":                                            "",
		"the window.\n\n> Who":                        "the window.\n\n> Who",
	} {
		if got := Excerpt(text, shown); got != want {
			t.Errorf("%q: %q, want %q", shown, got, want)
		}
	}
	if got := Excerpt("bücher\xff x 低潮", "bücher"); got != "bücher" {
		t.Errorf("%q", got)
	}
}
