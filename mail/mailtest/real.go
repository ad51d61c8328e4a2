package mailtest

import (
	"testing"

	"posthorn/mail"
)

// RealServers starts a Dovecot and a Postfix for these users and returns their accounts, all over TLS, in order, with
// the password of each account by its name. What one of them sends arrives in the INBOX of the other. Where one of
// the two is not installed the test is skipped, and fails under CI.
func RealServers(t testing.TB, users ...string) (accounts []mail.Account, passwords map[string]string) {
	t.Helper()
	d := Dovecot(t, users...)
	p := Postfix(t, d, users...)
	passwords = map[string]string{}
	for _, user := range users {
		a := d.Account(user, mail.TLS)
		a.SMTP = p.Endpoint(user, mail.StartTLS)
		accounts = append(accounts, a)
		passwords[a.Name] = "secret"
	}
	return accounts, passwords
}
