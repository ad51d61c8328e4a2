package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func event(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

const amsterdam = "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n" +
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n" +
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"

func TestTimesAreReadInTheirZones(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"utc":              {"DTSTART:20260108T090000Z", "2026-01-08T09:00:00Z"},
		"winter":           {"DTSTART;TZID=W. Europe Standard Time:20260108T100000", "2026-01-08T10:00:00+01:00"},
		"summer":           {"DTSTART;TZID=\"W. Europe Standard Time\":20260708T100000", "2026-07-08T10:00:00+02:00"},
		"before change":    {"DTSTART;TZID=W. Europe Standard Time:20260329T015900", "2026-03-29T01:59:00+01:00"},
		"after change":     {"DTSTART;TZID=W. Europe Standard Time:20260329T030000", "2026-03-29T03:00:00+02:00"},
		"of the system":    {"DTSTART;TZID=America/New_York:20260708T100000", "2026-07-08T10:00:00-04:00"},
		"with a path":      {"DTSTART;TZID=/example.org/20250101_1/Europe/London:20260708T100000", "2026-07-08T10:00:00+01:00"},
		"zone unknown":     {"DTSTART;TZID=Nowhere:20260708T100000", "2026-07-08T10:00:00Z floating"},
		"zone is a path":   {"DTSTART;TZID=../../etc/passwd:20260708T100000", "2026-07-08T10:00:00Z floating"},
		"floating":         {"DTSTART:20260708T100000", "2026-07-08T10:00:00Z floating"},
		"day":              {"DTSTART;VALUE=DATE:20260708", "2026-07-08T00:00:00Z day"},
		"day without word": {"DTSTART:20260708", "2026-07-08T00:00:00Z day"},
		"folded":           {"DTSTART;TZID=W. Europe Stan\r\n dard Time:2026\r\n\t0108T100000", "2026-01-08T10:00:00+01:00"},
		"rubbish":          {"DTSTART:soon", "0001-01-01T00:00:00Z"},
	} {
		m := Parse(amsterdam + event(c.line)).Events[0].Start
		got := m.Time.Format(time.RFC3339)
		if m.Floating {
			got += " floating"
		}
		if m.Day {
			got += " day"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestZonesOfRarerRules(t *testing.T) {
	zone := func(rule string) string {
		return "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD\n" +
			"BEGIN:DAYLIGHT\nDTSTART:20000401T020000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0530\n" + rule + "END:DAYLIGHT\nEND:VTIMEZONE\n"
	}
	for rule, want := range map[string]string{
		"": "+05:30", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14\n": "+05:30",
		"RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1\n": "+05:30", "RRULE:FREQ=YEARLY;BYMONTH=4\n": "+05:30", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=2SU;UNTIL=20010101T000000Z\n": "+05:30",
	} {
		if got := Parse(zone(rule) + event("DTSTART;TZID=Z:20100601T000000")).Events[0].Start.Time.Format("-07:00"); got != want {
			t.Errorf("%q: %s, want %s", rule, got, want)
		}
	}
	if got := Parse(zone("") + event("DTSTART;TZID=Z:19990101T000000")).Events[0].Start.Time.Format("-07:00"); got != "+00:00" {
		t.Errorf("before the first rule: %s", got)
	}
}

func TestEventsAreRead(t *testing.T) {
	c := Parse("METHOD:request\n" + event("UID:u1", "SEQUENCE:2", `SUMMARY;LANGUAGE=en:Tea\, cake\; and\nmore\\`, "item1.LOCATION:Here", "STATUS:confirmed",
		"DTSTART;VALUE=DATE:20260708", "DTEND;VALUE=DATE:20260710", `ORGANIZER;CN="Okafor; Ines^n^'x^'":MAILTO:ines@b.example`,
		"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example", "ATTENDEE;CUTYPE=ROOM;CN=Room 3:urn:x", "ATTENDEE;CN=Ex;EMAIL=e@x.example:invalid:nomail"))
	e := c.Events[0]
	if c.Method != "REQUEST" || e.UID != "u1" || e.Sequence != 2 || e.Summary != "Tea, cake; and\nmore\\" || e.Location != "Here" || e.Status != "CONFIRMED" {
		t.Errorf("%+v", c)
	}
	if got := e.End.Time.Format(time.DateOnly); got != "2026-07-09" {
		t.Errorf("the last day is %s", got)
	}
	if e.Organizer.Name != `Okafor; Ines "x"` || e.Organizer.Addr() != "ines@b.example" {
		t.Errorf("organizer %+v", e.Organizer)
	}
	if len(e.Attendees) != 3 || e.Attendees[0].Answer != "ACCEPTED" || !e.Attendees[1].Thing || e.Attendees[1].Display() != "Room 3" || e.Attendees[2].Addr() != "e@x.example" {
		t.Errorf("attendees %+v", e.Attendees)
	}
	if e := Parse(event("DTSTART:20260708T100000Z", "DURATION:P1DT1H30M")).Events[0]; e.End.Time.Sub(e.Start.Time) != 25*time.Hour+30*time.Minute {
		t.Errorf("a duration ends at %v", e.End)
	}
	if e := Parse(event("DTSTART;VALUE=DATE:20260708", "DTEND;VALUE=DATE:20260709")).Events[0]; !e.End.Time.IsZero() {
		t.Errorf("one day ends at %v", e.End)
	}
}

func TestRecurrenceIsSaidInWords(t *testing.T) {
	for rule, want := range map[string]string{
		"FREQ=DAILY":                                      "every day",
		"FREQ=DAILY;INTERVAL=3;COUNT=5":                   "every 3 days, 5 times",
		"FREQ=WEEKLY;BYDAY=TH":                            "every Thursday",
		"FREQ=WEEKLY":                                     "every Thursday",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO":              "every 2 weeks on Monday and Wednesday",
		"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR":                "every weekday",
		"freq=weekly;byday=SA,SU;UNTIL=20260303T225959Z":  "every Saturday and Sunday, until 3 March 2026",
		"FREQ=MONTHLY;BYDAY=2TU":                          "every month on the second Tuesday",
		"FREQ=MONTHLY;BYDAY=-1FR":                         "every month on the last Friday",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1":   "every month on the last weekday",
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,15":         "every 3 months on the 1st and 15th",
		"FREQ=MONTHLY;BYMONTHDAY=-1":                      "every month on the last day",
		"FREQ=MONTHLY":                                    "every month on the 8th",
		"FREQ=YEARLY":                                     "every year on 8 January",
		"FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU":               "every year on the last Sunday of October",
		"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24":            "every year on the 24th of December",
		"FREQ=HOURLY":                                     "again and again, by a rule of its own",
		"FREQ=WEEKLY;INTERVAL=-4;BYDAY=XX,99MO;COUNT=abc": "every Thursday",
		"":     "",
		"nope": "",
	} {
		e := Parse(event("DTSTART:20260108T100000Z", "RRULE:"+rule)).Events[0]
		if e.Repeats != want {
			t.Errorf("%s: %q, want %q", rule, e.Repeats, want)
		}
	}
	e := Parse(event("DTSTART:20260108T100000Z", "RRULE:FREQ=DAILY", "EXDATE:20260109T100000Z,20260110T100000Z")).Events[0]
	if want := "every day, not on 9 January 2026 and 10 January 2026"; e.Repeats != want {
		t.Errorf("%q, want %q", e.Repeats, want)
	}
}

func TestHostileCalendarsAreBounded(t *testing.T) {
	long := strings.Repeat
	for name, s := range map[string]string{
		"events":     long("BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", 100_000),
		"depth":      long("BEGIN:VEVENT\n", 100_000),
		"ends":       long("END:VEVENT\n", 100_000),
		"attendees":  event(long("ATTENDEE:mailto:a@b\n", 100_000)),
		"exceptions": event("DTSTART:20260101", "RRULE:FREQ=DAILY", "EXDATE:"+long("20260101,", 100_000)),
		"params":     event("SUMMARY" + long(";X=y", 100_000) + ":z"),
		"folds":      event("SUMMARY:" + long("\n x", 500_000)),
		"zones":      long(amsterdam, 5000),
		"rule":       event("RRULE:" + long("FREQ=DAILY;", 100_000)),
		"quotes":     event("X;" + long(`"`, 500_000)),
	} {
		c := Parse(s)
		if len(c.Events) > maxEvents {
			t.Errorf("%s: %d events", name, len(c.Events))
		}
		for _, e := range c.Events {
			if len(e.Attendees) > maxAttendees || len(e.Summary) > 2*maxLine || len(e.Repeats) > 1000 {
				t.Errorf("%s: %d attendees, summary of %d", name, len(e.Attendees), len(e.Summary))
			}
		}
	}
	if d := parseDuration("P99999999W"); d != 0 {
		t.Errorf("a duration of %v", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(amsterdam + event("DTSTART;TZID=W. Europe Standard Time:20260108T100000", "RRULE:FREQ=MONTHLY;BYDAY=2TU", "DURATION:PT1H"))
	f.Add("BEGIN:VEVENT\nDTSTART:00010101\nEXDATE:99991231\nRRULE:FREQ=YEARLY;BYMONTH=13\nEND:VEVENT")
	f.Fuzz(func(t *testing.T, s string) {
		c := Parse(s)
		if len(c.Events) > maxEvents {
			t.Fatalf("%d events", len(c.Events))
		}
		for _, e := range c.Events {
			_ = fmt.Sprint(e.Start, e.End, e.Repeats)
			if !e.End.Time.IsZero() && !e.Task && e.End.Time.Before(e.Start.Time) {
				t.Fatalf("it ends at %v before %v", e.End, e.Start)
			}
		}
	})
}
