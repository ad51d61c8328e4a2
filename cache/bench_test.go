package cache

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

var benchWords = strings.Fields("the quarterly report about winter plans meeting notes invoice reminder release build failed patch review " +
	"question regarding holiday schedule update for your order kernel driver proposal draft agenda minutes")

var benchStructure = &mail.Part{MediaType: "multipart/alternative", Children: []mail.Part{
	{Section: "1", MediaType: "text/plain", Params: map[string]string{"charset": "utf-8"}, Encoding: "quoted-printable", Size: 800},
	{Section: "2", MediaType: "text/html", Params: map[string]string{"charset": "utf-8"}, Encoding: "quoted-printable", Size: 4000},
}}

// realistic is message n of a large mailbox: a minute newer than message n-1, from one of a few thousand people; every
// third message answers an earlier one.
func realistic(n int, r *rand.Rand) mail.Header {
	who, at := r.IntN(3000), noon.Add(time.Duration(n-100_000)*time.Minute)
	domain := "mail" + strconv.Itoa(who%40) + ".example.org"
	id := func(n int) string { // random as those of real mail, but known to the answers
		return strconv.FormatUint(uint64(n)*0x9e3779b97f4a7c15, 16) + "." + strconv.Itoa(n) + "@example.org"
	}
	var subject []byte
	for range 6 {
		subject = append(append(subject, benchWords[r.IntN(len(benchWords))]...), ' ')
	}
	h := mail.Header{UID: mail.UID(n), Flags: mail.Flags(r.IntN(2)), Received: at, Size: int64(2000 + n), Structure: benchStructure,
		Envelope: mail.Envelope{Date: at, Subject: string(subject), MessageID: id(n),
			From: []mail.Address{{Name: "Person" + strconv.Itoa(who) + " Family" + strconv.Itoa(who%700), Local: "person" + strconv.Itoa(who), Domain: domain}},
			To:   []mail.Address{{Local: "me", Domain: "example.org"}}}}
	switch n % 10 {
	case 0, 1:
		h.Structure = &mail.Part{MediaType: "multipart/mixed", Children: []mail.Part{*benchStructure,
			{Section: "2", MediaType: "application/pdf", Encoding: "base64", Disposition: "attachment", Filename: "Report " + strconv.Itoa(n) + ".pdf", Size: 90_000}}}
	case 2, 3, 4:
		h.Envelope.ListID = "list" + strconv.Itoa(n%200) + ".example.org"
	case 5:
		h.Envelope.Cc = []mail.Address{{Name: "Copy Reader", Local: "reader" + strconv.Itoa(n%300), Domain: domain}}
	}
	if n%3 == 0 && n > 10 {
		parent := id(n - 1 - r.IntN(10))
		h.Envelope.InReplyTo, h.Envelope.References = []string{parent}, []string{parent}
	}
	return h
}

// fill stores count headers newest first in batches of 2000, as a first synchronisation does.
func (f *fixture) fill(box mail.MailboxKey, count int) {
	f.t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	batch := make([]mail.Header, 0, 2000)
	for n := count; n > 0; n-- {
		if batch = append(batch, realistic(n, r)); len(batch) == cap(batch) || n == 1 {
			f.do(f.Add(f.ctx, box, batch, Marks{}))
			batch = batch[:0]
		}
	}
	next, first := mail.UID(count+1), mail.UID(1)
	f.do(f.Add(f.ctx, box, nil, Marks{UIDNext: &next, Backfill: &first}))
}

func BenchmarkInsert100kHeaders(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		f := newFixture(b)
		b.StartTimer()
		f.fill(f.inbox, 100_000)
		b.StopTimer()
		f.checked = false
		f.close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "headers/s")
}

// large is a fixture with 100,000 messages.
func large(b *testing.B) *fixture {
	f := newFixture(b)
	f.fill(f.inbox, 100_000)
	f.checked = false
	return f
}

func BenchmarkWindowAt100k(b *testing.B) {
	f := large(b)
	total, _, err := f.Count(f.ctx, in(f.inbox))
	if err != nil || total != 100_000 {
		b.Fatal(total, err)
	}
	middle := Position{Received: noon.Add(-50_000 * time.Minute).Unix(), Key: 1}
	for name, v := range map[string]View{"all": in(f.inbox), "unseen": {Mailboxes: []mail.MailboxKey{f.inbox}, Unseen: true}} {
		for at, p := range map[string]Position{"top": {}, "middle": middle} {
			b.Run(name+"/"+at, func(b *testing.B) {
				for b.Loop() {
					w, err := f.Window(f.ctx, v, p, 50, 50)
					if err != nil || len(w.Messages) < 50 {
						b.Fatal(len(w.Messages), err)
					}
				}
			})
		}
	}
}

func BenchmarkOneWish(b *testing.B) {
	f := large(b)
	keys := f.shown(in(f.inbox))
	i := 0
	for b.Loop() {
		change := read
		if i/len(keys)%2 == 1 {
			change = unread
		}
		f.wish("marked as read", change, keys[i%len(keys)])
		i++
	}
}

func BenchmarkWishFor10k(b *testing.B) {
	f := large(b)
	w, err := f.Window(f.ctx, in(f.inbox), Position{}, 0, 10_000)
	if err != nil {
		b.Fatal(err)
	}
	keys := keysOf(w.Messages)
	i := 0
	for b.Loop() {
		i++
		f.wish("flagged", mail.FlagChange{Mask: mail.Flagged | mail.Seen, Want: mail.Flags(i%2) * (mail.Flagged | mail.Seen)}, keys...)
	}
}

func BenchmarkDueWith10kWishes(b *testing.B) {
	f := large(b)
	w, err := f.Window(f.ctx, in(f.inbox), Position{}, 0, 10_000)
	if err != nil {
		b.Fatal(err)
	}
	f.wish("read", read, keysOf(w.Messages)...)
	for b.Loop() {
		if ops, err := f.Due(context.Background(), "home", noon, 2000); err != nil || len(ops) != 2000 {
			b.Fatal(len(ops), err)
		}
	}
}
