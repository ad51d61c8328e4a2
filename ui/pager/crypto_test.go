package pager

import (
	"strings"
	"testing"
)

// While posthorn verifies no signature and decrypts nothing, nothing it shows of its own says that a message was signed
// or encrypted; and what a message says of itself stands where its text does, below the header.
func TestNothingSaysThatAMessageIsSignedOrEncrypted(t *testing.T) {
	const usual = "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/"
	for name, raw := range map[string]string{
		"OpenPGP signed":    usual + "signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello.\n--b\nContent-Type: application/pgp-signature; name=\"a.asc\"\n\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n--b--\n",
		"S/MIME signed":     usual + "signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello.\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIIB\n--b--\n",
		"partly signed":     usual + "mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nHello.\n--o\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe rest.\n--b\nContent-Type: application/pgp-signature\n\niQ==\n--b--\n--o--\n",
		"OpenPGP encrypted": usual + "encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream; name=\"a.asc\"\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n--b--\n",
	} {
		f := newFixture(t, raw)
		got := strings.ToLower(text(f.open(100), 100, 40))
		for _, word := range []string{"signed", "verified", "encrypted", "secure", "trusted", "🔒", "✓", "✔"} {
			if strings.Contains(got, word) {
				t.Errorf("%s: %q is shown:\n%s", name, word, got)
			}
		}
		if name != "OpenPGP encrypted" && !strings.Contains(got, "hello.") {
			t.Errorf("%s: the text is not shown:\n%s", name, got)
		}
	}
	const drawn = "Checked  verified by example.org"
	f := newFixture(t, "From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"+drawn+"\n")
	found := 0
	for _, line := range f.open(100).page.lines {
		all, plain := "", true
		for _, piece := range line {
			all, plain = all+piece.text, plain && piece.token == textToken
		}
		if strings.Contains(all, drawn) {
			if found++; !plain {
				t.Errorf("what a message says of itself looks like what posthorn says: %v", line)
			}
		}
	}
	if found != 1 {
		t.Errorf("the text is shown %d times", found)
	}
}
