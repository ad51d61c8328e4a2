package compose

import (
	"errors"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestRedirectAddsOnlyWhoPassedItOn(t *testing.T) {
	const raw = "Resent-From: old@x.example\r\nResent-Bcc: a@x.example,\r\n b@x.example\r\nFrom: Anna <anna@x.example>\r\n" +
		"BCC : hidden@x.example\r\nSubject: Low\r\n tide\r\n\r\nBcc: in the text\r\n"
	o := Original{Message: mail.Message{Key: 7}, Envelope: envelope("anna@x.example", "secretary@sailing.example", "")}
	d := Redirect(o, robin)
	d.To, d.Bcc = "Jürgen <j@bücher.example>", "dee@x.example"
	env := environment()
	env.Load = func(a Attachment) ([]byte, error) {
		if a.Message != 7 || a.Section != "" {
			t.Errorf("asked for %+v", a)
		}
		return []byte(raw), nil
	}
	b, err := Build(d, env)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(b.Bytes), "Resent-Message-ID: ")
	id, rest, _ := strings.Cut(rest, "\r\n")
	if want := "Resent-Date: " + dated(env.Now) + "\r\nResent-From: Club Secretary <secretary@sailing.example>\r\n" +
		"Resent-To: =?utf-8?q?J=C3=BCrgen?= <j@xn--bcher-kva.example>\r\n"; head != want {
		t.Errorf("%q, want %q", head, want)
	}
	if id != "<"+b.MessageID+">" {
		t.Errorf("identifier %s, want %s", id, b.MessageID)
	}
	if want := "Resent-From: old@x.example\r\nFrom: Anna <anna@x.example>\r\nSubject: Low\r\n tide\r\n\r\nBcc: in the text\r\n"; rest != want {
		t.Errorf("%q, want %q", rest, want)
	}
	if got := mail.Addresses(b.Recipients); got != "Jürgen <j@xn--bcher-kva.example>, dee@x.example" {
		t.Error(got)
	}
	later := Redate(b.Bytes, env.Now.Add(time.Hour))
	if want := strings.Replace(string(b.Bytes), dated(env.Now), dated(env.Now.Add(time.Hour)), 1); string(later) != want {
		t.Errorf("dated later: %q", later)
	}
}

func TestRedirectNeedsTheMessageAndARecipientAndNoWords(t *testing.T) {
	d := Redirect(Original{Message: mail.Message{Key: 7}, Envelope: mail.Envelope{}}, robin)
	if d.To = "anna@x.example"; len(d.Problems(Review{})) != 0 {
		t.Errorf("asks about %q", d.Problems(Review{}))
	}
	env := environment()
	if _, err := Build(d, env); err == nil {
		t.Error("built without the message")
	}
	gone := errors.New("gone")
	env.Load = func(Attachment) ([]byte, error) { return nil, gone }
	if _, err := Build(d, env); !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
	d.To = ""
	env.Load = func(Attachment) ([]byte, error) { return []byte("\r\n"), nil }
	if _, err := Build(d, env); err == nil || !strings.Contains(err.Error(), "no recipient") {
		t.Errorf("error %v", err)
	}
}
