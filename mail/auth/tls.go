package auth

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"time"

	"posthorn/mail"
)

// TLSConfig is how to speak TLS to host for an account: the system's authorities and the account's own, TLS 1.2 or
// newer, and no way to leave a check out. // RFC 8314 §3
func TLSConfig(a mail.Account, host string) (*tls.Config, error) {
	cfg := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if a.CAFile == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(a.CAFile)
	if err != nil {
		return nil, &mail.Error{Op: "read ca_file", Kind: mail.Protocol, Err: err}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a system without authorities still has the account's own
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &mail.Error{Op: "read ca_file", Kind: mail.Protocol, Said: a.CAFile + " holds no certificate in PEM form"}
	}
	cfg.RootCAs = roots
	return cfg, nil
}

// TLSError says in words which check of a certificate failed and what to do; other errors are returned as they are.
func TLSError(host string, err error) error {
	var (
		wrongHost x509.HostnameError
		unknown   x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		plain     tls.RecordHeaderError
		said      string
	)
	switch {
	case errors.As(err, &wrongHost):
		said = "its certificate is for another host: check the host in the configuration"
	case errors.As(err, &unknown):
		said = "nobody this machine trusts has signed its certificate: for a server of your own set ca_file"
	case errors.As(err, &invalid):
		said = invalidity(invalid)
	case errors.As(err, &plain):
		said = `it does not speak TLS on this port: check port and security ("starttls" is usual on 143 and 587)`
	default:
		return err
	}
	return &mail.Error{Op: "connect to " + host + " safely", Kind: mail.Offline, Said: said, Err: err}
}

func invalidity(e x509.CertificateInvalidError) string {
	switch {
	case e.Reason == x509.Expired && time.Now().Before(e.Cert.NotBefore):
		return "its certificate is valid from " + e.Cert.NotBefore.Format(time.DateOnly) + " only: is this machine's clock right?"
	case e.Reason == x509.Expired:
		return "its certificate expired on " + e.Cert.NotAfter.Format(time.DateOnly) + ": tell its administrator, or check this machine's clock"
	case e.Reason == x509.IncompatibleUsage:
		return "its certificate is not meant for servers"
	}
	return "its certificate is not good: " + strings.TrimPrefix(e.Error(), "x509: ")
}
