package engine

import (
	"errors"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// loginText says in a sentence why the user is asked for a password.
func loginText(a mail.Account, err error) string {
	var refused *mail.Error
	if errors.Is(err, auth.ErrAsk) || !errors.As(err, &refused) {
		return "the password for " + a.IMAP.User + " is needed"
	}
	if refused.Said != "" {
		return a.IMAP.Host + " refused the password: " + refused.Said
	}
	return refused.Error()
}

// storageText says in a sentence why no mail comes though the server is there.
func storageText(err error) string { return "mail cannot be stored: " + mail.Reason(err) }

// offlineText says in a sentence why there is no connection.
func offlineText(a mail.Account, err error) string {
	if err == nil {
		return "the connection to " + a.IMAP.Host + " ended"
	}
	return "no connection to " + a.IMAP.Host + ": " + mail.Reason(err)
}
