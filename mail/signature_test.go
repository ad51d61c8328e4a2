package mail

import "testing"

func TestSignatureIsChosenByTheRecipientThenByTheAddress(t *testing.T) {
	a := Account{Name: "home", Address: "anna@example.org", Signature: "Anna", Signatures: map[string]string{
		"sailing@example.org": "port watch", "to:ben@x.example": "A.", "to:*@X.example": "Anna, for X", "short": "a", "to:*@quiet.example": ""}}
	home, sailing := "anna@example.org", "Anna <SAILING@example.org>"
	for _, c := range []struct{ from, to, want string }{
		{home, "", "Anna"},
		{sailing, "", "port watch"},
		{home, "cy@x.example", "Anna, for X"},
		{sailing, "Ben <BEN@x.example>", "A."},
		{sailing, "dee@y.example, ben@x.example, cy@x.example", "A."},
		{sailing, "cy@x.example, ben@x.example", "Anna, for X"},
		{home, "dee@sub.x.example", "Anna"},
		{home, "dee@quiet.example", ""},
		{home, "short@y.example", "Anna"},
	} {
		if got := a.SignatureFor(ParseAddresses(c.from, nil)[0], ParseAddresses(c.to, nil)); got != c.want {
			t.Errorf("from %s to %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	all := a.AllSignatures()
	if len(all) != 6 || all[0] != (Signature{"", "Anna"}) || all[1].Name != "sailing@example.org" || all[5].Name != "to:ben@x.example" {
		t.Errorf("%+v", all)
	}
	for key, ok := range map[string]bool{"short": true, "to:*@x.example": true, "to:ben@x.example": true, "a@b.example": true,
		"to:ben": false, "to:": false, "": false, "a@": false, "sh\nort": false, "to:a@b, c@d": false} {
		if bad := badSignature(key); (bad == "") != ok {
			t.Errorf("%q: %s", key, bad)
		}
	}
}
