package imap

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// certificate makes a certificate for localhost, signed by itself, and the file to trust it by.
func certificate(t *testing.T) (config *tls.Config, caFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, caFile
}

// connects runs Dial against a transcript with STARTTLS.
func connects(t *testing.T, transcript string) (*Session, error) {
	t.Helper()
	config, caFile := certificate(t)
	sc := script(t, transcript)
	sc.TLS = config
	a := local(mail.StartTLS)
	a.CAFile = caFile
	s, err := Dial(t.Context(), a, "secret", Options{Dial: sc.Dial, Patience: 5 * time.Second})
	t.Cleanup(func() {
		if s != nil {
			s.Close()
		}
		if err := sc.Check(); err != nil {
			t.Error(err)
		}
	})
	return s, err
}

func TestStartTLSThatFailsNeverLogsIn(t *testing.T) {
	for name, transcript := range map[string]string{
		"refused":            "S: * OK [CAPABILITY IMAP4rev1] hi\nC: $ STARTTLS\nS: $ NO not today",
		"unknown":            "S: * OK hi\nC: $ STARTTLS\nS: $ BAD what",
		"continued":          "S: * OK hi\nC: $ STARTTLS\nS: + go on\nS: $ OK",
		"PREAUTH":            "S: * PREAUTH [CAPABILITY IMAP4rev1] hi",
		"turned away":        "S: * BYE busy",
		"no greeting":        "S: HTTP/1.1 200 OK",
		"answered too early": "S: * OK hi\nS: P1 OK begin\nC: $ STARTTLS",
		"injected OK":        "S: * OK hi\nC: $ STARTTLS\n" + `S"$ OK begin\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n"`,
		"injected tag":       "S: * OK hi\nC: $ STARTTLS\n" + `S"$ OK begin\r\na OK logged in\r\n"`,
		"injected BYE":       "S: * OK hi\nC: $ STARTTLS\n" + `S"$ OK begin\r\n* BYE\r\n"`,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := connects(t, transcript+"\nH:")
			if s != nil || mail.KindOf(err) != mail.Protocol && mail.KindOf(err) != mail.Offline {
				t.Errorf("Dial = %v, %v", s, err)
			}
			var e *mail.Error
			if errors.As(err, &e) && e.Said != "" {
				t.Errorf("said before TLS and shown: %q", e.Said)
			}
		})
	}
}

// Courier does not offer STARTTLS any more once it was asked what it can do: it is told to begin without being asked, and
// asked anew behind it.
func TestCourierIsToldToBeginTLSWithoutBeingAsked(t *testing.T) {
	for name, greeting := range map[string]string{"offered": "[CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ", "not offered": "[CAPABILITY IMAP4rev1 LOGINDISABLED] ", "not told": ""} {
		t.Run(name, func(t *testing.T) {
			s, err := connects(t, "S: * OK "+greeting+`Courier-IMAP ready.
C: $ STARTTLS
S: $ OK Begin SSL/TLS negotiation now.
T:
C: $ CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS
S: $ OK CAPABILITY completed
C: $ AUTHENTICATE PLAIN
S: +
C: AGFubmEAc2VjcmV0
S: $ OK LOGIN Ok.
C: $ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS
S: $ OK CAPABILITY completed`)
			if err != nil || !s.Caps().UIDPlus {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNothingFromBeforeTLSIsBelieved(t *testing.T) {
	s, err := connects(t, `S: * OK [ALERT] call 555-0199
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN MOVE
S: * LIST () "/" forged
C: $ STARTTLS
S: * OK [ALERT] your password is wrong
S: * OK [CAPABILITY IMAP4rev1 MOVE IDLE] x
S: $ OK [ALERT] begin
T:
C: $ CAPABILITY
S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS
S: $ OK
C: $ AUTHENTICATE PLAIN AGFubmEAc2VjcmV0
S: * OK [ALERT] over quota
S: $ OK done
C: $ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS
S: $ OK`)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Caps(); c.Move || c.Idle || !c.UIDPlus {
		t.Errorf("caps = %+v", c)
	}
	if got := s.Alerts(); len(got) != 1 || got[0] != "over quota" {
		t.Errorf("alerts = %q", got)
	}
}

func TestCertificateNobodyTrustsIsRefused(t *testing.T) {
	config, _ := certificate(t)
	sc := script(t, "S: * OK hi\nC: $ STARTTLS\nS: $ OK\nT:\nH:")
	sc.TLS = config
	_, err := Dial(t.Context(), local(mail.StartTLS), "secret", Options{Dial: sc.Dial})
	if err == nil || !strings.Contains(err.Error(), "trust") {
		t.Errorf("err = %v", err)
	}
	if err := sc.Check(); err != nil {
		t.Error(err)
	}
}

func TestTLSFromTheFirstByte(t *testing.T) {
	config, caFile := certificate(t)
	sc := script(t, "T:\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: $ AUTHENTICATE PLAIN AGFubmEAc2VjcmV0\nS: $ OK [CAPABILITY IMAP4rev1 MOVE] in")
	sc.TLS = config
	a := local(mail.TLS)
	a.CAFile = caFile
	s, err := Dial(t.Context(), a, "secret", Options{Dial: sc.Dial})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Caps().Move {
		t.Errorf("caps = %+v", s.Caps())
	}
	s.Close()
	if err := sc.Check(); err != nil {
		t.Error(err)
	}
}

func TestInsecureIsForThisMachineOnly(t *testing.T) {
	a := local(mail.Insecure)
	a.IMAP.Host = "imap.example.org"
	if _, err := Dial(t.Context(), a, "secret", Options{}); mail.KindOf(err) != mail.Rejected {
		t.Errorf("err = %v", err)
	}
}

func TestLogins(t *testing.T) {
	const greeting = "S: * OK [CAPABILITY IMAP4rev1 "
	for name, c := range map[string]struct {
		transcript string
		want       mail.Kind
	}{
		"LOGIN":                {greeting + "] hi\nC: $ LOGIN \"anna\" \"secret\"\nS: $ OK [CAPABILITY IMAP4rev1] in", mail.Unknown},
		"PLAIN with challenge": {greeting + "AUTH=PLAIN] hi\nC: $ AUTHENTICATE PLAIN\nS: +\nC: AGFubmEAc2VjcmV0\nS: $ OK [CAPABILITY IMAP4rev1] in", mail.Unknown},
		"AUTH=LOGIN":           {greeting + "AUTH=LOGIN] hi\nC: $ AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: YW5uYQ==\nS: + UGFzc3dvcmQ6\nC: c2VjcmV0\nS: $ OK [CAPABILITY IMAP4rev1] in", mail.Unknown},
		"unknown mechanism":    {greeting + "AUTH=GSSAPI] hi\nC: $ LOGIN \"anna\" \"secret\"\nS: $ OK [CAPABILITY IMAP4rev1] in", mail.Unknown},
		"disabled":             {greeting + "LOGINDISABLED] hi\nH:", mail.Protocol},
		"wrong":                {greeting + "] hi\nC: $ LOGIN …\nS: $ NO [AUTHENTICATIONFAILED] wrong\nH:", mail.Auth},
		"wrong, no code":       {greeting + "] hi\nC: $ LOGIN …\nS: $ NO wrong\nH:", mail.Auth},
		"referral":             {greeting + "] hi\nC: $ LOGIN …\nS: $ NO [REFERRAL imap://evil.example/] go there\nH:", mail.Auth},
		"not now":              {greeting + "] hi\nC: $ LOGIN …\nS: $ NO [UNAVAILABLE] later\nH:", mail.Temporary},
		"too many":             {"S: * BYE Too many connections\nH:", mail.Offline},
		"another protocol":     {"S: 220 smtp.example.org ESMTP\nH:", mail.Protocol},
		"ID is sent":           {greeting + "] hi\nC: $ LOGIN …\nS: $ OK [CAPABILITY IMAP4rev1 ID] in\nC: $ ID (\"name\" \"posthorn\")\nS: * ID NIL\nS: $ OK", mail.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			sc := script(t, c.transcript)
			s, err := Dial(t.Context(), local(mail.Insecure), "secret", Options{Dial: sc.Dial, Patience: 5 * time.Second})
			if mail.KindOf(err) != c.want || (err == nil) != (s != nil) {
				t.Errorf("Dial = %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
			if s != nil {
				s.Close()
			}
			if err := sc.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPasswordsThatCannotBeQuotedAreLiterals(t *testing.T) {
	for name, transcript := range map[string]string{
		"asked first": "S: * OK [CAPABILITY IMAP4rev1] hi\nC: $ LOGIN \"anna\" {5}\nS: + go on\nC: süß\nS: $ OK [CAPABILITY IMAP4rev1]",
		"at once":     "S: * OK [CAPABILITY IMAP4rev1 LITERAL+] hi\nC: $ LOGIN \"anna\" {5+}\nC: süß\nS: $ OK [CAPABILITY IMAP4rev1]",
	} {
		t.Run(name, func(t *testing.T) {
			sc := script(t, transcript)
			s, err := Dial(t.Context(), local(mail.Insecure), "süß", Options{Dial: sc.Dial, Patience: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			if err := sc.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}
