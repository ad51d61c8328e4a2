package smtp

import (
	"bytes"
	"strings"
	"testing"

	"posthorn/mail/mailtest"
)

func TestLinesEndInCRLFAndNothingElse(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\r\n":    "a\r\nb\r\n",
		"a\nb\n":        "a\r\nb\r\n",
		"a\rb\r":        "a\r\nb\r\n",
		"a\r\nb\nc\rd":  "a\r\nb\r\nc\r\nd\r\n",
		"a\r\r\nb\r\n":  "a\r\n\r\nb\r\n",
		"a\n\r\n":       "a\r\n\r\n",
		"":              "\r\n",
		"a":             "a\r\n",
		"a\r\n\r\n\r\n": "a\r\n\r\n\r\n",
	} {
		original := []byte(in)
		if got := string(canonical(original)); got != want {
			t.Errorf("%q: %q", in, got)
		}
		if string(original) != in {
			t.Errorf("%q was changed in place", in)
		}
	}
}

func TestDotsAtLineStartsAreDoubled(t *testing.T) {
	for in, want := range map[string]string{
		".\r\n":           "..\r\n",
		"a\r\n.\r\nb\r\n": "a\r\n..\r\nb\r\n",
		"..\r\n":          "...\r\n",
		"a.\r\n.b\r\n":    "a.\r\n..b\r\n",
		"a\r\n":           "a\r\n",
	} {
		if got := string(stuffed([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestNothingIsSmuggledBehindALineEnd(t *testing.T) {
	for _, end := range []string{"\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r\n\x00.\r\n", "\r\n.\r\r\n"} {
		s, a := server(t, mailtest.SubmissionOptions{})
		msg := letter + "x" + end + "MAIL FROM:<evil@example.org>\r\nRCPT TO:<cy@example.org>\r\nDATA\r\nhi" + end
		var w wire
		if _, err := Send(t.Context(), a, secret, Options{Dial: w.dial}, anna, []string{"ben@example.org"}, []byte(msg), proceed); err != nil {
			t.Errorf("%q: %v", end, err)
		}
		got := s.Accepted()
		if len(got) != 1 || !bytes.Equal(got[0].Raw, canonical([]byte(msg))) {
			t.Errorf("%q: the server has %d messages: %q", end, len(got), got)
		}
		_, body, _ := strings.Cut(w.String(), "DATA\r\n")
		if strings.Count(body, "\r\n.\r\n") != 1 || strings.Count(body, "\n") != strings.Count(body, "\r\n") || strings.Count(body, "\r") != strings.Count(body, "\r\n") {
			t.Errorf("%q: the wire has %q", end, body)
		}
	}
}
