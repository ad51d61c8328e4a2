package compose

import (
	"errors"
	"testing"
	"time"
	"unicode/utf8"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestTimesArePutAsPeopleTypeThem(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 11, 24, 10, 30, 20, 0, berlin) // a Tuesday
	for text, want := range map[string]string{
		"18:30":                "2026-11-24 18:30:00 +0100",
		"9:00":                 "2026-11-25 09:00:00 +0100",
		"10:30":                "2026-11-25 10:30:00 +0100",
		"at 9":                 "2026-11-25 09:00:00 +0100",
		"6pm":                  "2026-11-24 18:00:00 +0100",
		"6:15 PM":              "2026-11-24 18:15:00 +0100",
		"6:15pm":               "2026-11-24 18:15:00 +0100",
		"12am":                 "2026-11-25 00:00:00 +0100",
		"12 pm":                "2026-11-24 12:00:00 +0100",
		"noon":                 "2026-11-24 12:00:00 +0100",
		"midnight":             "2026-11-25 00:00:00 +0100",
		"tonight":              "2026-11-24 20:00:00 +0100",
		"today 18":             "2026-11-24 18:00:00 +0100",
		"tomorrow 9:00":        "2026-11-25 09:00:00 +0100",
		"9:00 tomorrow":        "2026-11-25 09:00:00 +0100",
		"Tomorrow":             "2026-11-25 08:00:00 +0100",
		"tomorrow 9":           "2026-11-25 09:00:00 +0100",
		"mon 8:30":             "2026-11-30 08:30:00 +0100",
		"tomorrow evening":     "2026-11-25 18:00:00 +0100",
		"fri 14":               "2026-11-27 14:00:00 +0100",
		"on Friday at 2 pm":    "2026-11-27 14:00:00 +0100",
		"next fri":             "2026-11-27 08:00:00 +0100",
		"tue 9":                "2026-12-01 09:00:00 +0100",
		"tue 11":               "2026-11-24 11:00:00 +0100",
		"mon":                  "2026-11-30 08:00:00 +0100",
		"in 2h":                "2026-11-24 12:30:20 +0100",
		"+2h":                  "2026-11-24 12:30:20 +0100",
		"in 2h30m":             "2026-11-24 13:00:20 +0100",
		"in 1 hour 30 minutes": "2026-11-24 12:00:20 +0100",
		"90 min":               "2026-11-24 12:00:20 +0100",
		"in 3 days":            "2026-11-27 10:30:20 +0100",
		"in 3 days 18:00":      "2026-11-27 18:00:00 +0100",
		"in 1 week":            "2026-12-01 10:30:20 +0100",
		"2026-12-01 08:00":     "2026-12-01 08:00:00 +0100",
		"2026-12-01":           "2026-12-01 08:00:00 +0100",
		"08:00 2026-12-01":     "2026-12-01 08:00:00 +0100",
		"1 dec":                "2026-12-01 08:00:00 +0100",
		"Dec 1, 8am":           "2026-12-01 08:00:00 +0100",
		"1 dec 2026 8:00":      "2026-12-01 08:00:00 +0100",
		"24. november 11:00":   "2026-11-24 11:00:00 +0100",
		"1.12. 18:00":          "2026-12-01 18:00:00 +0100",
		"1.12.2026":            "2026-12-01 08:00:00 +0100",
		"3 jan":                "2027-01-03 08:00:00 +0100",
	} {
		got, err := When(text, now)
		if err != nil || got.Format("2006-01-02 15:04:05 -0700") != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestWhatIsNoTimeIsNamedAtItsColumn(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC)
	for text, want := range map[string]struct {
		column int
		text   string
	}{
		"":                     {0, "say when: " + whenExamples},
		"  ":                   {0, "say when: " + whenExamples},
		"soon":                 {0, "“soon” is no time: " + whenExamples},
		"tomorrow früh":        {9, "“früh” is no time: " + whenExamples},
		"tomorrow 25:00":       {9, "the clock has no 25:00: it goes from 0:00 to 23:59"},
		"9:75":                 {0, "the clock has no 9:75: it goes from 0:00 to 23:59"},
		"fri 13pm":             {4, "with am and pm the hours go from 1 to 12"},
		"9:00 18:00":           {5, "“18:00” is a second time: one is enough"},
		"fri mon":              {4, "“mon” is a second day: one is enough"},
		"30 feb":               {0, "there is no such day"},
		"2026-13-01":           {0, "there is no such day"},
		"29 feb 2027":          {0, "there is no such day"},
		"today":                {5, "say at what time today"},
		"today 9:00":           {0, "that is over: it is 10:30 now"},
		"2025-12-01":           {0, "that is over: it is 10:30 now"},
		"in 0 min":             {0, "that is over: it is 10:30 now"},
		"2036-12-01":           {0, "that is more than a year away"},
		"in 9999 weeks":        {0, "that is more than a year away"},
		"12/1 9:00":            {0, "“12/1” may be two dates: write 2026-12-01, or 1 dec"},
		"tomorrow 2h":          {9, "“2h” does not go with a day or a time of day"},
		"in 3 moons":           {5, "“moons” is no time: " + whenExamples},
		"in":                   {0, "“in” is no time: " + whenExamples},
		"in 99999999999999999": {3, "“99999999999999999” is no time: " + whenExamples},
	} {
		got, err := When(text, now)
		var bad *WhenError
		if !errors.As(err, &bad) || bad.Column != want.column || bad.Text != want.text {
			t.Errorf("%q: %v, %+v; want %+v", text, got, err, want)
		}
	}
}

func TestTimesWhereTheClocksAreSet(t *testing.T) {
	berlin, york := zone(t, "Europe/Berlin"), zone(t, "America/New_York")
	for _, c := range []struct {
		now  time.Time
		text string
		want string
	}{
		{time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), "tomorrow 2:30", "2026-03-29 03:30:00 +0200"}, // skipped
		{time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), "tomorrow 9:00", "2026-03-29 09:00:00 +0200"},
		{time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), "in 1 day", "2026-03-29 22:00:00 +0200"},
		{time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), "in 24h", "2026-03-29 23:00:00 +0200"},
		{time.Date(2026, 10, 24, 22, 0, 0, 0, berlin), "tomorrow 2:30", "2026-10-25 02:30:00 +0200"}, // comes twice: the first
		{time.Date(2026, 10, 24, 22, 0, 0, 0, berlin), "tomorrow 9:00", "2026-10-25 09:00:00 +0100"},
		{time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).In(berlin), "in 2h", "2026-10-25 03:30:00 +0100"},
		{time.Date(2026, 3, 7, 12, 0, 0, 0, york), "tomorrow 2:15", "2026-03-08 03:15:00 -0400"},
		{time.Date(2026, 10, 31, 12, 0, 0, 0, york), "tomorrow 1:30", "2026-11-01 01:30:00 -0400"},
		{time.Date(2026, 12, 31, 23, 59, 0, 0, york), "0:00", "2027-01-01 00:00:00 -0500"},
		{time.Date(2026, 11, 24, 23, 0, 0, 0, york), "tomorrow 9:00", "2026-11-25 09:00:00 -0500"},
	} {
		got, err := When(c.text, c.now)
		if err != nil || got.Format("2006-01-02 15:04:05 -0700") != c.want {
			t.Errorf("%q at %v: %v, %v; want %s", c.text, c.now, got, err, c.want)
		}
	}
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"18:30", "tomorrow 9:00", "fri 14", "in 2h", "2026-12-01 08:00", "1 dec 2027", "in 1 week 3 days 4pm"} {
		f.Add(s, int64(1_790_000_000))
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		now := time.Unix(unix%(1<<35), 0).In(berlin)
		at, err := When(text, now)
		var bad *WhenError
		switch {
		case err == nil && (!at.After(now) || at.After(now.AddDate(1, 0, 1))):
			t.Errorf("%q at %v is %v", text, now, at)
		case err != nil && (!errors.As(err, &bad) || bad.Column < 0 || bad.Column > utf8.RuneCountInString(text) || bad.Text == ""):
			t.Errorf("%q: %#v", text, err)
		}
	})
}
