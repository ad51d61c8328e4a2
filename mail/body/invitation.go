package body

import (
	"fmt"
	"strings"
	"time"

	"posthorn/mail/calendar"
)

// Bounds on what a card tells of an invitation; the attachment holds all of it.
const (
	shownEvents = 5
	shownPeople = 12
)

// methodTitles say what calendar data wants. // RFC 5546 §1.4
var methodTitles = map[string]string{
	"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer to an invitation", "COUNTER": "Another time is proposed",
	"DECLINECOUNTER": "The proposed time is declined", "ADD": "One more date", "REFRESH": "The latest version is asked for",
}

// invitationCards tells of the events in calendar data.
func invitationCards(s string, opt Options) []Card {
	c := calendar.Parse(s)
	var out []Card
	for _, e := range c.Events[:min(len(c.Events), shownEvents)] {
		out = append(out, eventCard(c.Method, e, opt))
	}
	if more := len(c.Events) - len(out) + c.More; more > 0 && len(out) > 0 {
		out[len(out)-1].add("", fmt.Sprintf("and %d more, see the attachment", more))
	}
	return out
}

func eventCard(method string, e calendar.Event, opt Options) Card {
	c := Card{Title: methodTitles[method]}
	switch {
	case e.Status == "CANCELLED":
		c.Title = methodTitles["CANCEL"]
	case c.Title == "" && e.Task:
		c.Title = "Task"
	case c.Title == "":
		c.Title = "Event"
	case method == "REQUEST" && !e.Instance.Time.IsZero():
		c.Title = "One date of a series has changed"
	case method == "REQUEST" && e.Sequence > 0:
		c.Title = "Invitation, changed"
	}
	if method == "REPLY" {
		for _, p := range e.Attendees[:min(len(e.Attendees), shownPeople)] {
			c.add(p.Display(), answers[p.Answer])
		}
		c.shorten()
	}
	c.add("What", e.Summary)
	c.add("When", opt.span(e.Start, e.End))
	c.add("Repeats", e.Repeats)
	if !e.Instance.Time.IsZero() && !e.Instance.Time.Equal(e.Start.Time) {
		c.add("Instead", "of "+opt.span(e.Instance, calendar.Moment{}))
	}
	c.add("Where", e.Location)
	c.add("Link", cleanURL(e.URL))
	c.add("By", e.Organizer.Display())
	if method != "REPLY" {
		c.people(e.Attendees)
	}
	c.add("Says", e.Comment)
	return c
}

// answers say what an attendee replies. // RFC 5545 §3.2.12
var answers = map[string]string{
	"ACCEPTED": "comes", "DECLINED": "does not come", "TENTATIVE": "comes perhaps", "DELEGATED": "sends somebody else", "NEEDS-ACTION": "has not answered",
}

// shorten puts long labels before their texts.
func (c *Card) shorten() {
	for i, f := range c.Facts {
		c.Facts[i] = Fact{"Answer", f.Label + " " + f.Text}
	}
}

// people lists who comes, by what they answered.
func (c *Card) people(list []calendar.Person) {
	groups := map[string][]string{}
	for _, p := range list {
		label := ""
		switch {
		case p.Thing:
			label = "Rooms"
		case p.Answer == "ACCEPTED":
			label = "Coming"
		case p.Answer == "TENTATIVE":
			label = "Perhaps"
		case p.Answer == "DECLINED":
			label = "Not coming"
		default:
			label = "Invited"
		}
		groups[label] = append(groups[label], p.Display())
	}
	for _, label := range []string{"Coming", "Perhaps", "Invited", "Not coming", "Rooms"} {
		names := groups[label]
		if more := len(names) - shownPeople; more > 0 {
			names = append(names[:shownPeople:shownPeople], fmt.Sprintf("and %d more", more))
		}
		c.add(label, strings.Join(names, ", "))
	}
}

const (
	dayFormat   = "Monday 2 January 2006"
	clockFormat = "15:04"
)

// span tells from when to when, by the reader's clock, and by the other where that shows another time.
func (o Options) span(start, end calendar.Moment) string {
	if start.Time.IsZero() {
		return ""
	}
	if start.Day {
		out := start.Time.Format(dayFormat)
		if !end.Time.IsZero() {
			out += " to " + end.Time.Format(dayFormat)
		}
		return out
	}
	from, to := start.Time, end.Time
	here := from
	if o.Zone != nil && !start.Floating {
		here = from.In(o.Zone)
	}
	out := here.Format(dayFormat+", ") + clock(here, to, start.Floating)
	_, a := here.Zone()
	_, b := from.Zone()
	switch name := from.Location().String(); {
	case start.Floating:
	case a != b && name != "UTC":
		out += " (" + dayUnless(here, from) + clock(from, to, false) + " in " + name + ")"
	case o.Zone == nil:
		out += " (" + name + ")"
	}
	return out
}

// clock is "10:00 to 10:45", with the day where the end is on another.
func clock(from, to time.Time, floating bool) string {
	if to.IsZero() {
		return from.Format(clockFormat)
	}
	if !floating {
		to = to.In(from.Location())
	}
	return from.Format(clockFormat) + " to " + dayUnless(from, to) + to.Format(clockFormat)
}

// dayUnless names the day of t unless it is that of the other time.
func dayUnless(other, t time.Time) string {
	if other.Format(time.DateOnly) == t.Format(time.DateOnly) {
		return ""
	}
	return t.Format(dayFormat + ", ")
}
