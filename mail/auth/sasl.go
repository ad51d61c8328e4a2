package auth

import (
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
		return sasl.NewLoginClient(user, password), nil
	case len(mechanisms) == 0 && !protected:
		return nil, &mail.Error{Op: "log in", Kind: mail.Auth, Said: `the server offers no login without encryption: use security = "starttls"`}
	}
	return nil, &mail.Error{Op: "log in", Kind: mail.Auth,
		Said: "the server offers no way to log in with a password, only " + strings.Join(mechanisms, ", ")}
}
