package auth

import (
	"strings"
	"testing"

	"posthorn/mail"
)

func TestSASLChoosesByWhatTheServerOffers(t *testing.T) {
	for name, c := range map[string]struct {
		offered []string
		want    string
		first   string
	}{
		"plain":                 {[]string{"PLAIN"}, "PLAIN", "\x00anna\x00secret"},
		"login":                 {[]string{"LOGIN"}, "LOGIN", ""},
		"both, plain is better": {[]string{"LOGIN", "PLAIN"}, "PLAIN", "\x00anna\x00secret"},
		"lower case":            {[]string{"xoauth2", "plain"}, "PLAIN", "\x00anna\x00secret"},
	} {
		client, err := SASL("anna", "secret", c.offered, true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if mechanism, first, err := client.Start(); mechanism != c.want || string(first) != c.first || err != nil {
			t.Errorf("%s: %s %q %v", name, mechanism, first, err)
		}
	}
}

func TestSASLSaysWhyThereIsNoWayIn(t *testing.T) {
	for name, c := range map[string]struct {
		password  string
		offered   []string
		protected bool
		want      string
	}{
		"only others":           {"secret", []string{"GSSAPI", "XOAUTH2"}, true, "no way to log in with a password, only GSSAPI, XOAUTH2"},
		"none with TLS":         {"secret", nil, true, "offers no way to log in with a password"},
		"none without TLS":      {"secret", nil, false, `use security = "starttls"`},
		"NUL cannot be carried": {"sec\x00ret", []string{"PLAIN"}, true, "NUL"},
	} {
		_, err := SASL("anna", c.password, c.offered, c.protected)
		if mail.KindOf(err) != mail.Auth || !strings.Contains(err.Error(), c.want) || strings.HasSuffix(err.Error(), "only ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoginAnswersPromptsInWhateverWords(t *testing.T) {
	client, err := SASL("anna", "secret", []string{"LOGIN"}, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.Start(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ prompt, want string }{{"User Name\x00", "anna"}, {"Kennwort:", "secret"}} {
		if got, err := client.Next([]byte(c.prompt)); string(got) != c.want || err != nil {
			t.Errorf("%q: %q, %v", c.prompt, got, err)
		}
	}
	if got, err := client.Next([]byte("Password:")); err == nil {
		t.Errorf("a third prompt got %q", got)
	}
}
