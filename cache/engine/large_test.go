package engine

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// large is a large INBOX on a real Dovecot, whose caches are warm.
type large struct {
	b       testing.TB
	server  *mailtest.DovecotServer
	account mail.Account
	next    int // number of the next message
}

func newLarge(b testing.TB, count int) *large {
	b.Helper()
	l := &large{b: b, server: mailtest.Dovecot(b, "anna"), next: 1}
	l.account = l.server.Account("anna", mail.Insecure)
	l.deliver(count)
	l.raw(selecting, allHeaders)
	return l
}

// deliver puts messages into the maildir: a minute apart, from one of a few thousand people, every third an answer to
// an earlier one.
func (l *large) deliver(count int) {
	l.b.Helper()
	r := rand.New(rand.NewPCG(1, uint64(l.next)))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l.server.Fill(l.b, "anna", func(yield func(mailtest.Letter) bool) {
		for range count {
			at := start.Add(time.Duration(l.next) * time.Minute)
			seen := r.IntN(2) == 1
			if !yield(mailtest.Letter{Number: l.next, At: at, Seen: seen, Raw: letter(l.next, at, r)}) {
				return
			}
			l.next++
		}
	})
}

func (l *large) must(err error) {
	l.b.Helper()
	if err != nil {
		l.b.Fatal(err)
	}
}

var letterWords = strings.Fields("the quarterly report about winter plans meeting notes invoice reminder release build failed patch review " +
	"question regarding holiday schedule update for your order kernel driver proposal draft agenda minutes")

// letter is message n with the header fields that mail has on its way through the world.
func letter(n int, at time.Time, r *rand.Rand) []byte {
	id := func(n int) string {
		return fmt.Sprintf("<%x.%d@mail%d.example.org>", uint64(n)*0x9e3779b97f4a7c15, n, n%40)
	}
	who, date := r.IntN(3000), at.Format("Mon, 2 Jan 2006 15:04:05 -0700")
	var m bytes.Buffer
	fmt.Fprintf(&m, "Return-Path: <person%d@mail%d.example.org>\nReceived: from mail%d.example.org by mx.example.org (Postfix) with ESMTPS id %x;\n\t%s\n",
		who, who%40, who%40, n, date)
	fmt.Fprintf(&m, "Authentication-Results: mx.example.org;\n\tdkim=pass header.d=mail%d.example.org; spf=pass smtp.mailfrom=person%d@mail%d.example.org\n", who%40, who, who%40)
	fmt.Fprintf(&m, "From: Person%d Family%d <person%d@mail%d.example.org>\nTo: Anna Example <anna@posthorn.example>\n", who, who%700, who, who%40)
	if n%4 == 0 {
		fmt.Fprintf(&m, "Cc: Bob <bob@example.org>, \"Carol, of Sales\" <carol@example.org>\n")
	}
	m.WriteString("Subject:")
	for range 6 {
		m.WriteString(" " + letterWords[r.IntN(len(letterWords))])
	}
	if n%7 == 0 {
		m.WriteString(" =?utf-8?q?=C3=84rger?=")
	}
	fmt.Fprintf(&m, "\nDate: %s\nMessage-ID: %s\n", date, id(n))
	if n%3 == 0 && n > 10 {
		parent := id(n - 1 - r.IntN(10))
		fmt.Fprintf(&m, "In-Reply-To: %s\nReferences: %s\n", parent, parent)
	}
	m.WriteString("MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"=_b\"\n\n--=_b\nContent-Type: text/plain; charset=utf-8\n\n")
	m.WriteString(strings.Repeat("Some words of a letter, and some more of them.\n", 10))
	m.WriteString("--=_b\nContent-Type: text/html; charset=utf-8\n\n<p>Some words</p>\n--=_b--\n")
	return m.Bytes()
}

// allHeaders is what the engine asks of every message.
const allHeaders = "UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE MODSEQ BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC BCC" +
	" SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES MAIL-FOLLOWUP-TO LIST-ID LIST-POST LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST AUTO-SUBMITTED AUTHENTICATION-RESULTS X-ORIGINAL-TO DELIVERED-TO ENVELOPE-TO)])"

// What the engine asks about mailboxes, and how it opens one: the list first where INBOX is not known, else after what is new there.
const (
	selecting = "SELECT INBOX (CONDSTORE)"
	listing   = `LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))`
)

// raw is how long a client that sends commands and throws every answer away needs: from connecting until the last is done.
func (l *large) raw(commands ...string) time.Duration {
	l.b.Helper()
	start := time.Now()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(l.account.IMAP.Port)))
	l.must(err)
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	for i, command := range append([]string{"LOGIN anna secret", "ENABLE CONDSTORE"}, commands...) {
		tag := "a" + strconv.Itoa(i)
		_, err := fmt.Fprintf(conn, "%s %s\r\n", tag, command)
		l.must(err)
		for {
			line, err := r.ReadSlice('\n')
			if err != nil && err != bufio.ErrBufferFull {
				l.b.Fatal(err)
			}
			if rest, ok := bytes.CutPrefix(line, []byte(tag+" ")); ok {
				if !bytes.HasPrefix(rest, []byte("OK")) {
					l.b.Fatalf("%s: %s", command, rest)
				}
				break
			}
		}
	}
	return time.Since(start)
}
