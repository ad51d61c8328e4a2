package imap

import (
	"strings"
	"testing"

	"posthorn/mail"
)

func TestMailboxNames(t *testing.T) {
	for name, wire := range map[string]string{ // RFC 3501 §5.1.3
		"INBOX/ä": "INBOX/&AOQ-", "台北": "&U,BTFw-", "a & b": "a &- b", "😀": "&2D3eAA-", "Entwürfe": "Entw&APw-rfe",
	} {
		if got := encodeName(name); got != wire {
			t.Errorf("encodeName(%q) = %q", name, got)
		}
		if got, exact := decodeName(wire); got != name || !exact {
			t.Errorf("decodeName(%q) = %q, %v", wire, got, exact)
		}
	}
	for _, wire := range []string{"caf\xe9", "café", "&AEE-", "a&b", "&AOk", "&A-", "&2D0-"} {
		if got, exact := decodeName(wire); exact || got == "" {
			t.Errorf("decodeName(%q) = %q, exact", wire, got)
		}
	}
}

func TestStructuresOfBombsAreCutOrLeftOut(t *testing.T) {
	deep := strings.Repeat("(", 10_000) + plain[1:] + strings.Repeat(` "MIXED")`, 9_999)
	wide := "(" + strings.Repeat(plain, 5000) + ` "MIXED")`
	for name, structure := range map[string]string{"deep": deep, "wide": wide} {
		s := &Session{flags: flagMemo{}, strings: intern{}, charsets: charsets{}}
		var f fetched
		c := cursor{r: &response{line: []byte(structure + ")")}}
		if !s.parseStructure(&f, &c) || c.peek() != ')' || f.structure == nil {
			t.Fatalf("%s: its end was not found", name)
		}
		n := 0
		f.structure.Walk(func(*mail.Part) bool { n++; return true })
		if n > mail.MaxParts || depth(f.structure) > mail.MaxDepth+1 || !f.structure.Cut {
			t.Errorf("%s: %d parts, %d deep", name, n, depth(f.structure))
		}
	}
}
