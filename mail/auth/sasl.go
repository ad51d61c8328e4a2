package auth

import (
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"posthorn/mail"
)

// SASL picks the way to log in from the mechanisms a server offers. Both that we know send the password as it is, so
// the connection must be protected; protected is false only for servers on this machine that were configured as
// insecure, which the configuration refuses for any other.
func SASL(user, password string, mechanisms []string, protected bool) (sasl.Client, error) {
	offers := func(name string) bool {
		return slices.ContainsFunc(mechanisms, func(m string) bool { return strings.EqualFold(m, name) })
	}
	if strings.ContainsRune(user, 0) || strings.ContainsRune(password, 0) {
		return nil, &mail.Error{Op: "log in", Kind: mail.Auth, Said: "user and password cannot hold a NUL character"}
	}
	switch {
	case offers(sasl.Plain): // RFC 4616
		return sasl.NewPlainClient("", user, password), nil
	case offers(sasl.Login):
		return &login{user: user, password: password}, nil
	case len(mechanisms) == 0 && !protected:
		return nil, &mail.Error{Op: "log in", Kind: mail.Auth, Said: `the server offers no login without encryption: use security = "starttls"`}
	}
	said := "the server offers no way to log in with a password"
	if len(mechanisms) > 0 {
		said += ", only " + strings.Join(mechanisms, ", ")
	}
	return nil, &mail.Error{Op: "log in", Kind: mail.Auth, Said: said}
}

// login is the LOGIN mechanism of old servers. What their prompts say differs, so only their order counts, and the
// user is not sent before it is asked for.
type login struct {
	user, password string
	asked          int
}

func (l *login) Start() (mechanism string, initial []byte, err error) { return sasl.Login, nil, nil }

func (l *login) Next([]byte) ([]byte, error) {
	switch l.asked++; l.asked {
	case 1:
		return []byte(l.user), nil
	case 2:
		return []byte(l.password), nil
	}
	return nil, errors.New("the server asks for more than user and password")
}
