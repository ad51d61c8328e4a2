package imap

import (
	"bytes"
	"fmt"
	"testing"

	"posthorn/mail"
)

// BenchmarkParse reads one answer to Headers that is in memory already.
func BenchmarkParse(b *testing.B) {
	header := "From: =?utf-8?q?=C3=84nne?= <anne@example.org>\r\nTo: anna@example.org, Bob <bob@example.org>\r\nCc: c@example.org\r\n" +
		"Subject: number 1\r\nMessage-ID: <1@example.org>\r\nReferences: <0@example.org>\r\nDate: Mon, 02 Jan 2006 15:04:05 -0700\r\n\r\n"
	line := fmt.Sprintf(`* 1 FETCH (UID 1 FLAGS (\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 100 BODYSTRUCTURE (`+plain+
		`("application" "pdf" ("name" "a.pdf") NIL NIL "base64" 900 NIL ("attachment" ("filename" "a.pdf")) NIL NIL) "mixed" ("boundary" "x") NIL NIL NIL) MODSEQ (5)`+
		` BODY[HEADER.FIELDS (DATE FROM)] {%d}`+"\r\n%s)\r\n", len(header), header)
	s := &Session{flags: flagMemo{}, strings: intern{}, charsets: charsets{}}
	in := bytes.NewReader(nil)
	f := newFramer(in)
	h := headers{s: s, set: mail.UIDSet{{Lo: 1, Hi: 1}}}
	b.ReportAllocs()
	for b.Loop() {
		in.Reset([]byte(line))
		f.r.Reset(in)
		f.expect("", usual)
		r, err := f.next()
		if err != nil {
			b.Fatal(err)
		}
		h.got, h.batch = map[mail.UID]bool{}, nil
		if name, n, c := r.head(); !h.take(name, n, c) || len(h.got) != 1 {
			b.Fatal("not taken")
		}
	}
}
