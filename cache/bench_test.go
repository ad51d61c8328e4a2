package cache

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// realistic is message n of a large mailbox: a few thousand correspondents, every third message an answer.
func realistic(n int, r *rand.Rand) mail.Header {
	words := strings.Fields("the quarterly report about winter plans meeting notes invoice reminder release build failed patch review " +
		"question regarding holiday schedule update for your order kernel driver proposal draft agenda minutes")
	h := header(n)
	subject := make([]string, 6)
	for i := range subject {
		subject[i] = words[r.IntN(len(words))]
	}
	who := r.IntN(3000)
	h.Received = noon.Add(time.Duration(n)*time.Minute - 100000*time.Minute)
	h.Envelope.Subject = strings.Join(subject, " ")
	h.Envelope.MessageID = fmt.Sprintf("%x.%d@mail%d.example.org", r.Uint64(), n, who%40)
	h.Envelope.From = []mail.Address{{Name: fmt.Sprintf("Person%d Family%d", who, who%700), Local: fmt.Sprintf("person%d", who), Domain: fmt.Sprintf("mail%d.example.org", who%40)}}
	h.Flags = mail.Flags(r.IntN(2))
	h.Structure = &mail.Part{MediaType: "multipart/alternative", Children: []mail.Part{
		{Section: "1", MediaType: "text/plain", Params: map[string]string{"charset": "utf-8"}, Encoding: "quoted-printable", Size: 800},
		{Section: "2", MediaType: "text/html", Params: map[string]string{"charset": "utf-8"}, Encoding: "quoted-printable", Size: 4000},
	}}
	return h
}

func realisticHeaders(count int) []mail.Header {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]mail.Header, count)
	for i := range out {
		out[i] = realistic(i+1, r)
		if i > 10 && i%3 == 0 {
			parent := out[i-1-r.IntN(10)].Envelope
			out[i].Envelope.InReplyTo = []string{parent.MessageID}
			out[i].Envelope.References = append(parent.References[:len(parent.References):len(parent.References)], parent.MessageID)
		}
	}
	return out
}

// fill stores headers newest first in batches of 500, as a first synchronisation does.
func (f *fixture) fill(box mail.MailboxKey, list []mail.Header) {
	f.t.Helper()
	for end := len(list); end > 0; end -= 500 {
		f.do(f.Add(f.ctx, box, list[max(0, end-500):end], Marks{}))
	}
	next, first := mail.UID(len(list)+1), mail.UID(1)
	f.do(f.Add(f.ctx, box, nil, Marks{UIDNext: &next, Backfill: &first}))
}

func BenchmarkInsert100kHeaders(b *testing.B) {
	list := realisticHeaders(100_000)
	for b.Loop() {
		b.StopTimer()
		f := newFixture(b)
		b.StartTimer()
		f.fill(f.inbox, list)
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
	f.fill(f.inbox, realisticHeaders(100_000))
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
