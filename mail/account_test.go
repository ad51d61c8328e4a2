package mail

import (
	"reflect"
	"strings"
	"testing"
)

func goodAccount() Account {
	return Account{Name: "home", Address: "anna@example.org", IMAP: Endpoint{Host: "imap.example.org"}, SMTP: Endpoint{Host: "smtp.example.org"}}
}

func TestWithDefaultsFillsInWhatIsLeftOut(t *testing.T) {
	a := goodAccount()
	a.SMTP.Security = StartTLS
	a = a.WithDefaults()
	if a.IMAP != (Endpoint{"imap.example.org", 993, TLS, "anna@example.org"}) || a.SMTP != (Endpoint{"smtp.example.org", 587, StartTLS, "anna@example.org"}) {
		t.Errorf("%+v %+v", a.IMAP, a.SMTP)
	}
	b := Account{Address: "Anna <anna@example.org>", IMAP: Endpoint{Host: "h", Port: 1143, Security: Insecure, User: "u"}}.WithDefaults()
	if b.IMAP != (Endpoint{"h", 1143, Insecure, "u"}) || b.SMTP.User != "anna@example.org" {
		t.Errorf("%+v %+v", b.IMAP, b.SMTP)
	}
	if again := a.WithDefaults(); !reflect.DeepEqual(a, again) {
		t.Errorf("twice: %+v", again)
	}
}

func TestIdentitiesBeginWithTheDefault(t *testing.T) {
	a := goodAccount()
	a.DisplayName, a.Aliases = "Anna Muster", []string{"a.muster@example.com", "The Harbour Master <harbour@example.org>"}
	want := []Address{{"Anna Muster", "anna", "example.org"}, {"Anna Muster", "a.muster", "example.com"}, {"The Harbour Master", "harbour", "example.org"}}
	if got := a.Identities(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestValidateNamesTheKeyAndWhatWouldBeRight(t *testing.T) {
	if got := goodAccount().Validate(); got != nil {
		t.Fatalf("a good account: %v", got)
	}
	for name, c := range map[string]struct {
		spoil func(*Account)
		key   string
		hint  string
	}{
		"no name":            {func(a *Account) { a.Name = "" }, "name", "short name"},
		"name with control":  {func(a *Account) { a.Name = "a\x1bb" }, "name", "control"},
		"no address":         {func(a *Account) { a.Address = "" }, "address", "anna@example.org"},
		"bad address":        {func(a *Account) { a.Address = "anna" }, "address", "not an address"},
		"bad alias":          {func(a *Account) { a.Aliases = []string{"x"} }, "aliases", "not an address"},
		"two sources":        {func(a *Account) { a.PasswordEnv, a.PasswordKeyring = "X", true }, "password_command", "keep one"},
		"no host":            {func(a *Account) { a.IMAP.Host = "" }, "imap.host", "missing"},
		"host is a URL":      {func(a *Account) { a.SMTP.Host = "smtps://x" }, "smtp.host", "without scheme"},
		"host with port":     {func(a *Account) { a.SMTP.Host = "x:25" }, "smtp.host", "without scheme"},
		"port out of range":  {func(a *Account) { a.IMAP.Port = 70000 }, "imap.port", "65535"},
		"unknown security":   {func(a *Account) { a.IMAP.Security = "ssl" }, "imap.security", "starttls"},
		"insecure elsewhere": {func(a *Account) { a.IMAP.Security = Insecure }, "imap.security", "localhost"},
		"unknown role":       {func(a *Account) { a.Mailboxes = map[Role]string{"spam": "x"} }, "mailboxes", "junk"},
	} {
		a := goodAccount()
		c.spoil(&a)
		got := a.Validate()
		if len(got) != 1 || got[0].Key != c.key || !strings.Contains(got[0].What, c.hint) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	a := goodAccount()
	a.IMAP = Endpoint{Host: "localhost", Security: Insecure}
	a.SMTP = Endpoint{Host: "::1", Security: Insecure}
	if got := a.Validate(); got != nil {
		t.Errorf("this machine: %v", got)
	}
}

func TestEndpointAddress(t *testing.T) {
	if got := (Endpoint{Host: "::1", Port: 993}).Address(); got != "[::1]:993" {
		t.Error(got)
	}
	for host, want := range map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "example.org": false, "10.0.0.1": false} {
		if (Endpoint{Host: host}).Loopback() != want {
			t.Errorf("%s: %t", host, !want)
		}
	}
}

func TestIdentityIsTheAccountAsMailReachesIt(t *testing.T) {
	a := Account{Address: "anna@example.org", DisplayName: "Anna", Aliases: []string{"Crew <sailing@example.org>", "*@anna.example", "lists@anna.example"}}
	if got := Addresses(a.Identities()); got != "Anna <anna@example.org>, Crew <sailing@example.org>, Anna <lists@anna.example>" {
		t.Errorf("identities: %s", got)
	}
	for to, want := range map[string]string{
		"ANNA@example.org":           "Anna <anna@example.org>",
		"anna+shop@example.org":      "Anna <anna+shop@example.org>",
		"sailing+2+3@example.org":    "Crew <sailing+2+3@example.org>",
		"anything@Anna.example":      "Anna <anything@Anna.example>",
		"lists@anna.example":         "Anna <lists@anna.example>",
		"ben@example.org":            "",
		"ben+anna@example.org":       "",
		"+shop@example.org":          "",
		"*@anna.example":             "",
		"anything@sub.anna.example":  "",
		"anna@example.org.evil.test": "",
	} {
		got, ok := a.Identity(ParseAddresses(to, nil)[0])
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%s: %s, %t, want %s", to, got, ok, want)
		}
	}
}
