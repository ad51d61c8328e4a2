package mailtest

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// overheard talks to a server through o: each line is a command, and what came back is returned.
func overheard(t *testing.T, o *Odd, addr string, config *tls.Config, lines ...string) string {
	t.Helper()
	conn, err := o.Dial(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if config != nil {
		conn = tls.Client(conn, config)
	}
	in, all := bufio.NewReader(conn), ""
	for _, line := range append([]string{""}, lines...) {
		if line != "" {
			if _, err := io.WriteString(conn, line+"\r\n"); err != nil {
				t.Fatal(err)
			}
		}
		for tag, _, _ := strings.Cut(line, " "); ; {
			said, err := in.ReadString('\n')
			if err != nil {
				return all + "end"
			}
			if !strings.Contains(said, "CAPABILITY") {
				all += strings.TrimRight(said, "\r\n") + "|"
			}
			if line == "" || strings.HasPrefix(said, tag+" ") {
				break
			}
		}
	}
	return all
}

func TestOddAnswersForTheServerAndChangesWhatItSays(t *testing.T) {
	server, err := NewServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	user := server.AddUser("anna", "secret")
	user.Append("INBOX", []byte("Subject: x\r\n\r\nHello\r\n"), time.Time{})
	a := user.Account("home", "anna@example.org", mail.Endpoint{})
	ca := NewAuthority(t.TempDir())
	pem, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	o := &Odd{Route: map[string]string{"mail.example:993": a.IMAP.Address()}, TLS: ca.Server(),
		Command: func(name, line string) string {
			switch name {
			case "NOOP":
				return "* OK odd\r\n$ NO not " + line[strings.Index(line, "NOOP"):] + "\r\n"
			case "CHECK":
				return "* BYE enough\r\n" + HangUp
			}
			return ""
		},
		Response: func(name, said string) string {
			if name == "UID FETCH" && strings.Contains(said, "BODY[]") {
				return strings.Replace(said, "Hello", "World", 1)
			}
			if strings.HasPrefix(said, "* FLAGS") {
				return ""
			}
			return said
		},
	}
	got := overheard(t, o, "mail.example:993", &tls.Config{RootCAs: roots, ServerName: "localhost"},
		"a LOGIN anna secret", "b NOOP", "c SELECT INBOX", "d UID FETCH 1 BODY[]", "e CHECK")
	for _, want := range []string{"* OK odd|b NO not NOOP|", "{21}|Subject: x||World|", "* BYE enough|end"} {
		if !strings.Contains(got, want) {
			t.Errorf("heard %q, which lacks %q", got, want)
		}
	}
	if strings.Contains(got, "* FLAGS") {
		t.Errorf("heard %q", got)
	}
	if plain := overheard(t, &Odd{}, a.IMAP.Address(), nil, "a LOGIN anna secret", "b NOOP"); !strings.Contains(plain, "b OK") {
		t.Errorf("unchanged: %q", plain)
	}
}
