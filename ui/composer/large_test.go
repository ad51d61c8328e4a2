package composer

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// From a key (a letter, Enter, Backspace) to the picture in a text of 10 MB, as many times what it takes in one of 10 kB: in lines as people write
// them, and in one without an end.
func BenchmarkKeyToViewIn10MB(b *testing.B) {
	for name, sep := range map[string]string{"lines": "\n", "paragraph": " "} {
		b.Run(name, func(b *testing.B) {
			small, large := writing(prose(sep, 10<<10)), writing(prose(sep, 10<<20))
			var spent [2]time.Duration
			b.ResetTimer()
			for range b.N {
				for i, c := range []*Composer{small, large} {
					begun := time.Now()
					for _, k := range []tea.KeyPressMsg{{Code: 'x', Text: "x"}, {Code: tea.KeyEnter}, {Code: tea.KeyBackspace}} {
						c.Type(k)
						c.Draw(screen.Rect{W: 120, H: 36})
					}
					spent[i] += time.Since(begun)
				}
			}
			b.ReportMetric(float64(spent[1])/float64(spent[0]), "ratio")
			b.ReportMetric(float64(spent[1].Microseconds())/float64(3*b.N), "µs/key")
		})
	}
}

// prose is about size bytes of words of all lengths; after each dozen comes sep.
func prose(sep string, size int) string {
	r := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString("incomprehensibilities"[:1+r.IntN(12)] + " ")
		if i%12 == 11 {
			b.WriteString("漢字 ö" + sep)
		}
	}
	return b.String()
}

// writing is a composer with the cursor in the middle of a text.
func writing(body string) *Composer {
	env, _, root := uitest.Env()
	s, _ := New(env, compose.Draft{To: "ben@okafor.example", Subject: "Tide", Body: body})
	root.Push(s)
	c := s.(*Composer)
	c.text.Goto(len(body) / 2)
	c.keeping.ticking = true
	c.Draw(screen.Rect{W: 120, H: 36})
	return c
}
