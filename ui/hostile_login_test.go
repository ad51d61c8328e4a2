package ui_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/mailtest"
)

// words are the payloads as one word of a server's line.
func words() string {
	var all []string
	for _, p := range payloads {
		all = append(all, "AUTH=CNRY"+strings.NewReplacer(" ", "", "{", "", "[", "", "]", "").Replace(flat(p)))
	}
	return strings.Join(all, " ")
}

// What a server says it can do is quoted where posthorn can do none of it.
func TestHostileCapabilitiesSpeakToNoTerminal(t *testing.T) {
	r := newRig(t)
	odd := &mailtest.Odd{Under: r.fault.Dial}
	odd.Response = func(name, said string) string {
		switch name {
		case "":
			return "* OK ready\r\n"
		case "CAPABILITY":
			if _, tagged, ok := strings.Cut(said, "\r\n"); ok && strings.HasPrefix(said, "* CAPABILITY") {
				return "* CAPABILITY IMAP4rev1 LOGINDISABLED " + words() + "\r\n" + tagged
			}
		}
		return said
	}
	r.dial = odd.Dial
	x := r.tapped(120, 36)
	r.Until("it is heard of", func() bool { return strings.Contains(r.Screen()+strings.Join(logged(r), "\n"), "CNRY") })
	r.visit(x, "esc", "g l", "space", "esc", "esc", "g o", "esc")
}

// The names in a certificate, and what an error quotes of them, are text of a stranger.
func TestHostileCertificatesSpeakToNoTerminal(t *testing.T) {
	ca := mailtest.NewAuthority(t.TempDir())
	var names, readable []string
	for _, p := range payloads {
		readable = append(readable, strings.ToValidUTF8(p, "?"))
		if strings.IndexFunc(p, func(r rune) bool { return r >= 0x80 }) < 0 { // a name in a certificate is ASCII
			names = append(names, "CNRY"+p+".example")
		}
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{ca.Certificate(func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: strings.Join(readable, ""), Organization: readable}
		c.DNSNames, c.IPAddresses = names, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.(*tls.Conn).Handshake()
			conn.Close()
		}
	}()
	r := newRig(t)
	for i := range r.accounts {
		r.accounts[i].CAFile = ca.File
		r.accounts[i].IMAP.Security = mail.TLS
	}
	var dialled atomic.Int32
	r.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		if dialled.Add(1)%2 == 1 { // one account each
			return (&net.Dialer{}).DialContext(ctx, network, listener.Addr().String())
		}
		return nil, auth.TLSError("mx.example", x509.CertificateInvalidError{Reason: x509.CANotAuthorizedForThisName, Detail: "CNRY" + strings.Join(payloads, "")})
	}
	x := r.tapped(120, 36)
	r.Until("both are heard of", func() bool {
		all := strings.Join(logged(r), "\n")
		return strings.Contains(all, "CNRY") && strings.Contains(all, "certificate is for another host")
	})
	r.visit(x, "g l", "space", "space", "esc", "g o", "esc")
}
