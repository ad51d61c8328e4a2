package index

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestDaysAreNamedFromToday(t *testing.T) {
	now := time.Date(2026, 3, 14, 9, 0, 0, 0, time.FixedZone("", 3600)) // a Saturday
	for date, want := range map[string]string{
		"2026-03-14T00:00:00+01:00": "Today",
		"2026-03-14T23:59:59+01:00": "Today",
		"2026-03-15T00:00:00+01:00": "In the future",
		"2026-03-13T23:30:00Z":      "Today",
		"2026-03-13T12:00:00+01:00": "Yesterday",
		"2026-03-12T12:00:00+01:00": "Thursday 12 March",
		"2026-03-08T00:00:00+01:00": "Sunday 8 March",
		"2026-03-07T23:59:59+01:00": "Last week",
		"2026-03-02T00:00:00+01:00": "Last week",
		"2026-03-01T23:59:59+01:00": "Earlier in March",
		"2026-02-28T12:00:00+01:00": "February",
		"2025-12-31T12:00:00+01:00": "December 2025",
		"2025-03-14T12:00:00+01:00": "March 2025",
	} {
		at, err := time.Parse(time.RFC3339, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := around(now).heading(at); got != want {
			t.Errorf("%s is below %q, want %q", date, got, want)
		}
	}
	if got := around(now).heading(time.Time{}); got != "Without a date" {
		t.Errorf("what has no date is below %q", got)
	}
}

// headed is a list with headings, of messages so many hours old, the newest first.
type headed struct {
	*Index
	t   *testing.T
	now time.Time
	all []mail.Message
	h   int
}

func newHeaded(t *testing.T, h int) *headed {
	env, _, _ := uitest.Env()
	env.Config.Headings = true
	x := &headed{t: t, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC), h: h}
	env.Now = func() time.Time { return x.now }
	x.Index = New(env)
	return x
}

func (x *headed) arrive(hours ...int) {
	for _, h := range hours {
		x.all = append(x.all, mail.Message{Key: mail.MessageKey(len(x.all) + 1), Received: x.now.Add(-time.Duration(h) * time.Hour)})
	}
	w := window{at: stay}
	w.Messages = slices.SortedFunc(slices.Values(x.all), func(a, b mail.Message) int {
		return cmp.Or(b.Received.Compare(a.Received), cmp.Compare(b.Key, a.Key))
	})
	x.take(screen.Result{Value: w})
}

// lines are drawn, and held against where rows are said to be: each row shown is there once, headings are no rows.
func (x *headed) draw() []string {
	x.t.Helper()
	f := x.Draw(screen.Rect{W: 60, H: x.h})
	if len(f.Lines) != x.h {
		x.t.Fatalf("%d lines, want %d", len(f.Lines), x.h)
	}
	plain := make([]string, len(f.Lines))
	for y, l := range f.Lines {
		plain[y] = ansi.Strip(l)
		if ansi.StringWidth(l) != 60 {
			x.t.Fatalf("line %d is %d wide: %q", y, ansi.StringWidth(l), plain[y])
		}
		rule := strings.Contains(plain[y], "───")
		if y < len(x.lines) && rule != (x.lines[y] < 0) {
			x.t.Fatalf("line %d is said to be row %d: %q", y, x.lines[y], plain[y])
		}
	}
	if !slices.Contains(x.lines, x.at) {
		x.t.Fatalf("the cursor is on row %d, which is out of sight: %v", x.at, x.lines)
	}
	return plain
}

func (x *headed) line() int { return slices.Index(x.lines, x.at) }

func TestHeadingsStandAboveTheirDays(t *testing.T) {
	x := newHeaded(t, 16)
	x.arrive(1, 2, 20, 21, 60, 600)
	var got []string
	for _, l := range x.draw() {
		if before, _, ok := strings.Cut(l, "───"); ok {
			l = strings.Trim(before, " ─")
		} else if l = "row"; len(got) > 9 {
			continue
		}
		got = append(got, l)
	}
	want := []string{"Today", "row", "row", "Yesterday", "row", "row", "Wednesday 11 March", "row", "February", "row"}
	if !slices.Equal(got, want) {
		t.Errorf("drawn %q, want %q", got, want)
	}
	for _, what := range []func(){
		func() { x.h = 15 },
		func() { x.h, x.view.Sort.By = 16, "size" },
		func() { x.view.Sort.By, x.env.Config.Headings = "", false },
	} {
		what()
		if strings.Contains(strings.Join(x.draw(), ""), "───") {
			t.Errorf("headings are drawn in %d lines, by %q, configured: %v", x.h, x.view.Sort.By, x.env.Config.Headings)
		}
	}
}

func TestAClickOnAHeadingIsOnNoRow(t *testing.T) {
	x := newHeaded(t, 20)
	x.arrive(1, 20, 60)
	x.draw()
	for y, want := range []int{0, 0, 0, 1, 1, 2} {
		if _, act := x.Mouse(screen.Mouse{Gesture: screen.Click, Y: y}); act != "" || x.at != want {
			t.Errorf("a click on line %d leaves the cursor on row %d, want %d", y, x.at, want)
		}
		x.draw()
	}
}

// TestNothingMovesTheCursor: whatever arrives, and when a day ends, the cursor stays on its message and its line; only
// at the ends of the list, and where two days become one, its line may change.
func TestNothingMovesTheCursor(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 1))
		x := newHeaded(t, 16+r.IntN(20))
		x.Roomy(seed%2 == 1)
		for range 5 + r.IntN(60) {
			x.arrive(1 + r.IntN(600))
		}
		x.draw()
		for range 8 {
			for range r.IntN(4) {
				keys := []action.Action{action.Down, action.Up, action.PageDown, action.PageUp, action.HalfDown, action.Top, action.Bottom}
				x.Do(keys[r.IntN(len(keys))])
				x.draw()
			}
			if r.IntN(3) == 0 {
				x.Mouse(screen.Mouse{Gesture: screen.Wheel, Lines: r.IntN(20) - 10})
				x.draw()
			}
			m, _ := x.Current()
			y, top, sunk := x.line(), x.top, x.drawn() == len(x.rows)
			x.arrive(0)
			x.draw()
			if now, _ := x.Current(); now.Key != m.Key {
				t.Fatalf("seed %d: the cursor went from message %d to %d", seed, m.Key, now.Key)
			}
			if top > 3 && !sunk && x.line() != y {
				t.Fatalf("seed %d: the cursor's line went from %d to %d", seed, y, x.line())
			}
			y = x.line()
			x.now = x.now.Add(24 * time.Hour)
			x.draw()
			if now, _ := x.Current(); now.Key != m.Key {
				t.Fatalf("seed %d: the cursor went to another message at midnight", seed)
			}
			if d := x.line() - y; x.top > 3 && !(x.drawn() == len(x.rows)) && (d < -1 || d > 1) {
				t.Fatalf("seed %d: at midnight the cursor's line went from %d to %d", seed, y, x.line())
			}
		}
	}
}
