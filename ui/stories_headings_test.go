package ui_test

import (
	"strings"
	"testing"
	"time"
)

func TestDaysHaveHeadingsAndNothingJumps(t *testing.T) {
	r := newRig(t)
	r.config.Mouse, r.config.Headings = true, true
	r.start()
	now := r.Now()
	noon := time.Date(now.Year(), now.Month(), now.Day()+1, 12, 0, 0, 0, now.Location())
	r.Advance(noon.Sub(now))
	at := func(age time.Duration, subject string, header ...string) {
		r.sent = r.Now().Add(-age)
		r.deliver("home", "INBOX", post{subject: subject, header: header})
	}
	at(50*24*time.Hour, "Ancient")
	at(26*time.Hour, "Dinner")
	at(25*time.Hour, "Lunch")
	at(time.Hour, "Breakfast", "References: <"+id("Dinner")+">")
	r.Press("ctrl+r", "g i")
	r.inOrder("Today", "Breakfast", "Yesterday", "Lunch", "Ancient")
	r.Press("-")
	r.inOrder("Today", "Breakfast", "Dinner", "Yesterday", "Lunch") // unfolded it stays together
	r.Press("-", "T")
	r.inOrder("Today", "Breakfast", "Yesterday", "Lunch", "Dinner", "Ancient")
	r.Click("Yesterday")
	r.cursorOn("Breakfast")
	r.Click("Lunch")
	r.cursorOn("Lunch")
	r.Sees("4 unread of 4")
	_, y := r.Place("Lunch")
	at(0, "Tea")
	r.Press("ctrl+r")
	r.inOrder("Today", "Tea", "Breakfast", "Yesterday", "Lunch")
	r.cursorOn("Lunch")
	_, before := r.Place("Lunch")
	r.Advance(24 * time.Hour)
	r.Press("k", "j")
	day := noon.AddDate(0, 0, -1).Format("Monday 2 January")
	r.inOrder("Yesterday", "Tea", "Breakfast", day, "Lunch", "Dinner", "Ancient")
	if _, now := r.Place("Lunch"); now != before || now > y+1 {
		t.Errorf("the cursor's line went from %d to %d", before, now)
	}
	r.Press("O")
	r.Type("size")
	r.Press("enter")
	r.SeesNot(day)
	for _, order := range []string{"newest", "oldest"} {
		r.Press("O")
		r.Type(order)
		r.Press("enter")
	}
	r.inOrder("Ancient", day, "Dinner")
	r.Resize(40, 12)
	r.SeesNot("Yesterday")
	r.Sees("Ancient")
	if n := strings.Count(r.Screen(), "▎"); n != 1 {
		t.Errorf("%d cursors:\n%s", n, r.Screen())
	}
}
