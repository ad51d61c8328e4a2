package mailtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Authority is a private certificate authority for the servers of a test.
type Authority struct {
	File string // its certificate in PEM form: an account's ca_file

	dir  string
	cert *x509.Certificate
	key  crypto.Signer
}

// NewAuthority makes an authority and writes its certificate into dir.
func NewAuthority(dir string) *Authority {
	a := &Authority{File: filepath.Join(dir, "authority.pem"), dir: dir, key: newKey()}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "posthorn test authority"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	must(err)
	a.cert, err = x509.ParseCertificate(der)
	must(err)
	writePEM(a.File, "CERTIFICATE", der)
	return a
}

// Certificate is a good certificate for a server called localhost and 127.0.0.1; change makes it another, or is nil.
func (a *Authority) Certificate(change func(*x509.Certificate)) tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "localhost"},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	key := newKey()
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	must(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Server is the TLS side of a server with a good certificate.
func (a *Authority) Server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.Certificate(nil)}, MinVersion: tls.VersionTLS12}
}

// Files writes a good certificate and its key where a server of another process finds them.
func (a *Authority) Files() (cert, key string) {
	c := a.Certificate(nil)
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	must(err)
	cert, key = filepath.Join(a.dir, "server.pem"), filepath.Join(a.dir, "server.key")
	writePEM(cert, "CERTIFICATE", c.Certificate[0])
	writePEM(key, "PRIVATE KEY", der)
	return cert, key
}

func newKey() crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	return key
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	must(err)
	return n
}

func writePEM(path, kind string, der []byte) {
	must(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}
