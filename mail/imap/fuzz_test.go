package imap

import (
	"bytes"
	"testing"

	"posthorn/mail"
)

func FuzzFramer(f *testing.F) {
	for _, s := range []string{"* OK hello\r\n", "* 1 FETCH (BODY[] {3}\r\nabc)\r\nA1 OK {5}\r\n", "\r\n\x00\n* LIST () {99999999999}\r\n", "* X {3+}\nab", "* 1 FETCH (BODY[] {30}\r\nab\r\n)\r\nP1 OK\r\n", "* 1 X {9}\r\nP1 OK\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		framer := newFramer(bytes.NewReader(in))
		framer.expect("P1", limits{line: 64, literals: 32, count: 1000})
		for {
			r, err := framer.next()
			if err != nil {
				return
			}
			outside, inside := len(r.line), 0
			for _, l := range r.literals {
				if l.at > l.start || l.start > l.end || l.end > len(r.line) || r.line[l.at] != '{' {
					t.Fatalf("literal %+v of %q", l, r.line)
				}
				inside += l.end - l.start
			}
			if outside -= inside + 2*len(r.literals); outside > 64 || inside > 32 {
				t.Fatalf("kept %d and %d octets: %q", outside, inside, r.line)
			}
		}
	})
}

func FuzzFetch(f *testing.F) {
	f.Add([]byte("* 1 FETCH (UID 1 FLAGS (\\Seen a) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" MODSEQ (5) RFC822.SIZE 1 X (1 (\"a\")) BODY[1]<0> {2}\r\nab BODYSTRUCTURE " + plain + ")\r\n"))
	f.Add([]byte("* 1 FETCH (BODY[HEADER.FIELDS (\"A\")] NIL UID 4294967296)\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := newFramer(bytes.NewReader(in)).next()
		if err != nil {
			return
		}
		s := &Session{flags: flagMemo{}, strings: intern{}, charsets: charsets{}}
		if name, _, c := r.head(); name == "FETCH" {
			got := s.parseFetch(&c)
			for _, section := range got.sections {
				if len(section.data) > len(in) {
					t.Fatalf("section %q has %d octets of %d", section.name, len(section.data), len(in))
				}
			}
		}
		name, _, c := r.head()
		(&lister{s: s, at: map[string]int{}}).take(name, 0, c)
		(&found{}).take(name, 0, c)
		takeSelected(&mail.Selected{}, name, 0, c)
		(&Moved{}).take(mail.NewUIDSet(1, 2), string(in))
	})
}

func FuzzStructure(f *testing.F) {
	f.Add([]byte(plain))
	f.Add([]byte(`((((("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1) "MIXED") "MIXED") "MIXED") "MIXED")`))
	f.Add([]byte(`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 (NIL) (` + plain + ` "MIXED") 9)`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := &response{line: append(append([]byte("("), in...), ')')}
		s := &Session{flags: flagMemo{}, strings: intern{}, charsets: charsets{}}
		var got fetched
		c := cursor{r: r, i: 1}
		if !s.parseStructure(&got, &c) || got.structure == nil {
			return
		}
		parts, sections := 0, map[string]bool{}
		got.structure.Walk(func(p *mail.Part) bool {
			if parts++; p.MediaType == "" || sections[p.Section] {
				t.Fatalf("part %+v in %q", p, in)
			}
			sections[p.Section] = true
			return true
		})
		if parts > mail.MaxParts || depth(got.structure) > mail.MaxDepth+1 {
			t.Fatalf("%d parts, %d deep", parts, depth(got.structure))
		}
	})
}

func depth(p *mail.Part) int {
	deepest := 0
	for i := range p.Children {
		deepest = max(deepest, depth(&p.Children[i]))
	}
	return deepest + 1
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"", "&", "&-", "Caf&AOk-", "&Jjo-!", "&2Dzf-", "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "A&AEE-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, wire string) {
		name, exact := decodeName(wire)
		if again, _ := decodeName(encodeName(name)); again != name {
			t.Errorf("%q was decoded as %q, and that comes back as %q", wire, name, again)
		}
		if exact && encodeName(name) != wire {
			t.Errorf("%q does not lead back to %q", name, wire)
		}
	})
}
