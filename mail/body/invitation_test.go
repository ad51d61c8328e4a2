package body

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// cardText spells the cards of calendar data as lines.
func cardText(t *testing.T, data string, zone *time.Location) string {
	t.Helper()
	part := Content{mail.Part{MediaType: "text/calendar"}, []byte(data)}
	var b strings.Builder
	for _, c := range Cards([]Content{part}, Options{Zone: zone}) {
		b.WriteString(c.Title + "\n")
		for _, f := range c.Facts {
			if unsafe(f.Text) >= 0 || strings.ContainsAny(f.Text, "\n\t") {
				t.Errorf("unsafe fact %q", f.Text)
			}
			fmt.Fprintf(&b, "%s: %s\n", f.Label, f.Text)
		}
	}
	return b.String()
}

func TestInvitationsAreToldByWhatTheyWant(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for name, c := range map[string]struct{ data, want string }{
		"cancelled": {"METHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:20260108T100000Z\nDTEND:20260108T110000Z\nSTATUS:CANCELLED\nEND:VEVENT",
			"Cancelled\nWhat: Tea\nWhen: Thursday 8 January 2026, 19:00 to 20:00\n"},
		"over midnight": {"BEGIN:VEVENT\nDTSTART:20260108T100000Z\nDTEND:20260108T170000Z\nEND:VEVENT",
			"Event\nWhen: Thursday 8 January 2026, 19:00 to Friday 9 January 2026, 02:00\n"},
		"answer": {"METHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Tea\nDTSTART;VALUE=DATE:20260108\nATTENDEE;PARTSTAT=DECLINED;CN=Olle:mailto:o@x.example\nCOMMENT:Trombone\\nlesson\nEND:VEVENT",
			"Answer to an invitation\nAnswer: Olle does not come\nWhat: Tea\nWhen: Thursday 8 January 2026\nSays: Trombone lesson\n"},
		"one of a series": {"METHOD:REQUEST\nBEGIN:VEVENT\nSEQUENCE:1\nRECURRENCE-ID:20260108T100000Z\nDTSTART:20260109T100000Z\nEND:VEVENT",
			"One date of a series has changed\nWhen: Friday 9 January 2026, 19:00\nInstead: of Thursday 8 January 2026, 19:00\n"},
		"days": {"METHOD:REQUEST\nBEGIN:VEVENT\nDTSTART:20260108\nDTEND:20260111\nURL:javascript:x\nEND:VEVENT",
			"Invitation\nWhen: Thursday 8 January 2026 to Saturday 10 January 2026\n"},
		"task":     {"BEGIN:VTODO\nSUMMARY:Wash \x1b[31mup\u202e\nEND:VTODO", "Task\nWhat: Wash ␛[31mup�\n"},
		"floating": {"BEGIN:VEVENT\nDTSTART:20260108T100000\nEND:VEVENT", "Event\nWhen: Thursday 8 January 2026, 10:00\n"},
		"nothing":  {"hello", ""},
	} {
		if got := cardText(t, c.data, tokyo); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
	if got, want := cardText(t, "BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260108T100000\nEND:VEVENT", nil), "Event\nWhen: Thursday 8 January 2026, 10:00 (Europe/Berlin)\n"; got != want {
		t.Errorf("without a zone: %q, want %q", got, want)
	}
}

func TestManyEventsAndPeopleAreCutShort(t *testing.T) {
	people := strings.Repeat("ATTENDEE:mailto:a@b.example\n", 400)
	got := cardText(t, strings.Repeat("BEGIN:VEVENT\n"+people+"END:VEVENT\n", 40), time.UTC)
	if strings.Count(got, "Event\n") != shownEvents || !strings.Contains(got, "and 35 more, see the attachment") || !strings.Contains(got, "and 388 more") {
		t.Errorf("%s", got)
	}
}
