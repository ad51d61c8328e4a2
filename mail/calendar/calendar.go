// Package calendar reads the events of a text/calendar part for people: what, when, where, who, how often. It is
// bounded whatever the input, keeps what it does not understand out of the way, and refuses to compute occurrences,
// to answer, and to know about screens: texts it hands out have not passed mail.Text.
package calendar

import (
	"strconv"
	"strings"
	"time"

	"posthorn/mail"
)

// Calendar is what one part holds.
type Calendar struct {
	Method string  // REQUEST, REPLY, CANCEL, …; empty: just data // RFC 5546 §1.4
	Events []Event // at most maxEvents
	More   int     // events left out
}

// Event is one event or task.
type Event struct {
	Task        bool
	UID         string
	Sequence    int // how often it was changed
	Summary     string
	Description string
	Comment     string
	Location    string
	URL         string
	Status      string // TENTATIVE, CONFIRMED, CANCELLED, …; may be empty
	Start, End  Moment // End: of whole days the last one; the zero Moment where there is none
	Instance    Moment // which one of a series this is about
	Repeats     string // in words: "every Thursday"; empty: once
	Organizer   Person
	Attendees   []Person // at most maxAttendees
}

// Person is an organiser or attendee.
type Person struct {
	mail.Address
	Answer string // ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION, DELEGATED
	Thing  bool   // a room or a resource
}

// Moment is a time, or a day.
type Moment struct {
	Time     time.Time // in the zone it was written in
	Day      bool      // a whole day: the time of day means nothing
	Floating bool      // the same time of day wherever one is
}

// Bounds on one part.
const (
	maxText      = 1 << 20
	maxLines     = 20_000
	maxEvents    = 20
	maxAttendees = 500
)

// Parse reads calendar data; what makes no sense is left out. // RFC 5545 §3.6
func Parse(s string) Calendar {
	var c Calendar
	var z zones
	var stack []*component
	var events []*component
	for p := range properties(s) {
		switch p.name {
		case "BEGIN":
			stack = append(stack[:min(len(stack), maxDepth)], &component{name: strings.ToUpper(p.value)})
			continue
		case "METHOD":
			c.Method = strings.ToUpper(p.value)
		case "END":
			if len(stack) == 0 {
				continue
			}
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			switch top.name {
			case "VEVENT", "VTODO":
				if len(events) < maxEvents {
					events = append(events, top)
				} else {
					c.More++
				}
			case "STANDARD", "DAYLIGHT":
				if len(stack) > 0 {
					stack[len(stack)-1].observances = append(stack[len(stack)-1].observances, top)
				}
			case "VTIMEZONE":
				z.add(top)
			}
			continue
		}
		if len(stack) > 0 {
			stack[len(stack)-1].properties = append(stack[len(stack)-1].properties, p)
		}
	}
	for _, e := range events {
		c.Events = append(c.Events, e.event(&z))
	}
	return c
}

// event reads the properties of a VEVENT or VTODO.
func (c *component) event(z *zones) Event {
	e := Event{Task: c.name == "VTODO"}
	var duration time.Duration
	var rule string
	var except []Moment
	for _, p := range c.properties {
		switch p.name {
		case "UID":
			e.UID = p.value
		case "SEQUENCE":
			e.Sequence, _ = strconv.Atoi(p.value)
		case "SUMMARY":
			e.Summary = p.text()
		case "DESCRIPTION":
			e.Description = p.text()
		case "COMMENT":
			e.Comment = p.text()
		case "LOCATION":
			e.Location = p.text()
		case "URL":
			e.URL = p.value
		case "STATUS":
			e.Status = strings.ToUpper(p.value)
		case "DTSTART":
			e.Start = z.moment(p, p.value)
		case "DTEND", "DUE":
			e.End = z.moment(p, p.value)
		case "DURATION":
			duration = parseDuration(p.value)
		case "RECURRENCE-ID":
			e.Instance = z.moment(p, p.value)
		case "RRULE":
			rule = p.value
		case "EXDATE":
			for v := range strings.SplitSeq(p.value, ",") {
				if m := z.moment(p, v); !m.Time.IsZero() && len(except) < maxExcept {
					except = append(except, m)
				}
			}
		case "ORGANIZER":
			e.Organizer = p.person()
		case "ATTENDEE":
			if len(e.Attendees) < maxAttendees {
				e.Attendees = append(e.Attendees, p.person())
			}
		}
	}
	e.end(duration)
	e.Repeats = repeats(rule, e.Start, except)
	return e
}

// end settles when the event ends: whole days are counted to the last one, as people do. // RFC 5545 §3.6.1
func (e *Event) end(duration time.Duration) {
	if e.End.Time.IsZero() && duration > 0 && !e.Start.Time.IsZero() {
		e.End = e.Start
		e.End.Time = e.Start.Time.Add(duration)
	}
	if e.End.Day && e.Start.Day && !e.Task {
		e.End.Time = e.End.Time.AddDate(0, 0, -1)
	}
	if !e.End.Time.After(e.Start.Time) && !e.Task {
		e.End = Moment{}
	}
}

// person reads a calendar user. // RFC 5545 §3.8.4.1
func (p property) person() Person {
	q := Person{Answer: strings.ToUpper(p.params["PARTSTAT"])}
	switch strings.ToUpper(p.params["CUTYPE"]) {
	case "ROOM", "RESOURCE":
		q.Thing = true
	}
	address := p.value
	if len(address) > 7 && strings.EqualFold(address[:7], "mailto:") {
		address = address[7:]
	} else if email := p.params["EMAIL"]; email != "" { // RFC 7986 §6.2
		address = email
	}
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		q.Local, q.Domain = address[:at], address[at+1:]
	}
	q.Name = p.params["CN"]
	if q.Name == "" && q.Domain == "" {
		q.Name = address
	}
	return q
}
