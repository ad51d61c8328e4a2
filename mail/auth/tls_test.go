package auth

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// handshake connects as the account would to a server that speaks as the other side says.
func handshake(t *testing.T, a mail.Account, host string, serve func(net.Conn)) error {
	t.Helper()
	cfg, err := TLSConfig(a, host)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // not a pipe: both sides write at once where they disagree
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if c, err := listener.Accept(); err == nil {
			serve(c)
		}
	}()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	return tls.Client(client, cfg).Handshake()
}

func with(cert tls.Certificate) func(net.Conn) {
	return func(c net.Conn) {
		defer c.Close()
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}})
		_ = s.Handshake() // the client's side is looked at
	}
}

func TestOnlyAGoodCertificateIsBelieved(t *testing.T) {
	authority, stranger := mailtest.NewAuthority(t.TempDir()), mailtest.NewAuthority(t.TempDir())
	a := mail.Account{CAFile: authority.File}
	at := func(d time.Duration) time.Time { return time.Now().Add(d) }
	for name, c := range map[string]struct {
		from   *mailtest.Authority
		change func(*x509.Certificate)
		want   string // "": accepted
	}{
		"good":            {authority, nil, ""},
		"other authority": {stranger, nil, "nobody this machine trusts has signed its certificate"},
		"expired":         {authority, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = at(-40*time.Hour), at(-30*time.Hour) }, "its certificate expired on "},
		"not yet":         {authority, func(c *x509.Certificate) { c.NotBefore = at(20 * time.Hour) }, "its certificate is valid from "},
		"wrong host":      {authority, func(c *x509.Certificate) { c.DNSNames = []string{"imap.example.org"} }, "for another host"},
		"name in CN only": {authority, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }, "for another host"},
		"not for servers": {authority, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, "not meant for servers"},
	} {
		err := handshake(t, a, "localhost", with(c.from.Certificate(c.change)))
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		said := TLSError("localhost", err)
		if mail.KindOf(said) != mail.Offline || !strings.Contains(said.Error(), c.want) || !strings.Contains(said.Error(), "localhost") {
			t.Errorf("%s: %v, from %v", name, said, err)
		}
	}
}

func TestAuthoritiesOfTheSystemDoNotVouchForAPrivateOne(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	err := handshake(t, mail.Account{}, "localhost", with(authority.Certificate(nil)))
	if said := TLSError("localhost", err); mail.KindOf(said) != mail.Offline || !strings.Contains(said.Error(), "set ca_file") {
		t.Errorf("%v", said)
	}
}

func TestServerThatDoesNotSpeakTLS(t *testing.T) {
	err := handshake(t, mail.Account{}, "localhost", func(c net.Conn) {
		defer c.Close()
		hello := make([]byte, 4096)
		if _, err := c.Read(hello); err != nil {
			t.Error(err)
		}
		if _, err := c.Write([]byte("* OK IMAP4rev1 ready\r\n")); err != nil {
			t.Error(err)
		}
	})
	if said := TLSError("localhost", err); !strings.Contains(said.Error(), "does not speak TLS on this port") {
		t.Errorf("%v", said)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	err := handshake(t, mail.Account{CAFile: authority.File}, "localhost", func(c net.Conn) {
		defer c.Close()
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{authority.Certificate(nil)},
			MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
		_ = s.Handshake()
	})
	if err == nil {
		t.Error("TLS 1.1 was accepted")
	}
}

func TestOtherErrorsPassUnchanged(t *testing.T) {
	if err := TLSError("localhost", net.ErrClosed); err != net.ErrClosed {
		t.Errorf("%v", err)
	}
}

func TestCAFileThatIsNoneIsSaid(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		empty:                            "holds no certificate in PEM form",
		filepath.Join(dir, "absent.pem"): "absent.pem: it does not exist",
	} {
		if _, err := TLSConfig(mail.Account{CAFile: file}, "localhost"); mail.KindOf(err) != mail.Protocol || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
}
