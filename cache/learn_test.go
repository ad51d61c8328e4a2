package cache

import (
	"fmt"
	"slices"
	"testing"

	"posthorn/mail"
)

// people are headers from one person each, with a subject word of their own.
func people(from, to int) []mail.Header {
	list := headers(from, to)
	for i := range list {
		n := from + i
		list[i].Envelope.Subject = fmt.Sprintf("word%dx", n)
		list[i].Envelope.From = []mail.Address{{Local: fmt.Sprintf("person%dx", n), Domain: "example.org"}}
	}
	return list
}

// learned are those of the numbers whose person and whose subject are both known; one without the other is an error.
func (f *fixture) learned(numbers ...int) (known []int) {
	f.t.Helper()
	for _, n := range numbers {
		contact, text := len(f.found(fmt.Sprintf("person%dx", n))) == 1, len(f.matches(fmt.Sprintf("subject:word%dx", n))) == 1
		if contact != text {
			f.t.Errorf("of message %d contact is %v, full text is %v", n, contact, text)
		}
		if contact {
			known = append(known, n)
		}
	}
	return known
}

func (f *fixture) learn(n int) bool {
	f.t.Helper()
	more, err := f.Learn(f.ctx, n)
	f.ok(err)
	return more
}

func TestNewMailIsLearnedAtOnceAndAMassOfItLater(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, people(1001, 1100)...)
	f.add(f.inbox, people(1, 300)...)
	f.add(f.inbox, people(2001, 2001)...)
	some := []int{1001, 1100, 1, 150, 151, 300, 2001}
	if got := f.learned(some...); !slices.Equal(got, []int{1001, 1100}) {
		t.Errorf("at once %v were learned, want those before the mass", got)
	}
	if !f.learn(150) {
		t.Error("nothing is left after half of it")
	}
	f.reopen() // what was not learned yet is learned after the next start
	if got := f.learned(some...); !slices.Equal(got, []int{1001, 1100, 1, 150}) {
		t.Errorf("after a part of it %v were learned", got)
	}
	for f.learn(150) {
	}
	if got := f.learned(some...); !slices.Equal(got, some) {
		t.Errorf("in the end %v were learned, want all", got)
	}
	f.add(f.inbox, people(2002, 2002)...)
	if got := f.learned(2002); len(got) != 1 {
		t.Error("new mail waits though nothing is before it")
	}
}

func TestWhatIsReadOrForgottenBeforeItIsLearnedIsLearnedOnce(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, people(1, 300)...)
	f.ok(f.SetPreview(f.ctx, keys[9], "aardvark", "aardvark"))
	f.do(f.Vanished(f.ctx, f.inbox, mail.UIDSet{{Lo: 290, Hi: 300}}, nil, Marks{}))
	for f.learn(100) {
	}
	f.check()
	if got := f.matches("body:aardvark AND subject:word10x"); len(got) != 1 {
		t.Errorf("the text of the message that was read is found %d times", len(got))
	}
	f.add(f.inbox, people(301, 301)...)
	if got := f.learned(10, 289, 290, 300, 301); !slices.Equal(got, []int{10, 289, 301}) {
		t.Errorf("%v are known; 290 to 300 are gone", got)
	}
}

// Whoever waits to write, be it for a key that was pressed, does not wait for all that is to be learned.
func TestLearningMakesWayForWhoWaitsToWrite(t *testing.T) {
	f := newFixture(t)
	for n := 1; n < 1000; n += 250 { // more than are learned as they come
		_, err := f.Add(f.ctx, f.inbox, headers(n, n+249), Marks{})
		f.ok(err)
	}
	learned := func() (last int) {
		f.ok(f.Reader.db.QueryRowContext(f.ctx, "SELECT last FROM learned").Scan(&last))
		return last
	}
	f.waiting.Add(1)
	more, err := f.Learn(f.ctx, 1000)
	if f.ok(err); !more || learned() != lessonsAtOnce {
		t.Errorf("learned %d while somebody waited, more %v", learned(), more)
	}
	f.waiting.Add(-1)
	more, err = f.Learn(f.ctx, 1000)
	if f.ok(err); more || learned() != 1000 {
		t.Errorf("learned %d, more %v", learned(), more)
	}
}
