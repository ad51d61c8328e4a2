package widget

import "testing"

func TestSentencesBeginWithACapital(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"archive: the disk is full":    "Archive: the disk is full",
		"posthorn was started":         "Posthorn was started",
		"“harbour” was sent":           "“harbour” was sent",
		"mail.example.org says no":     "mail.example.org says no",
		"127.0.0.1 refused it":         "127.0.0.1 refused it",
		"häfen are closed":             "häfen are closed",
		"Nothing waits: all were sent": "Nothing waits: all were sent",
		": x":                          ": x",
		"ok":                           "Ok",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsStoppedEndsOnce(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		"archive: the disk is full":           "Archive: the disk is full.",
		"The disk is full. ":                  "The disk is full.",
		"Send it again?":                      "Send it again?",
		"The mailbox is called “No”":          "The mailbox is called “No”.",
		"Fetching the message …":              "Fetching the message …",
		"the server says: over quota (0.1 %)": "The server says: over quota (0.1 %).",
	} {
		if got := Stopped(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
