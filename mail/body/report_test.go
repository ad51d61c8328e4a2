package body

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestParseDeliveriesForgives(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want []Delivery
	}{
		"one group": {"Reporting-MTA: dns; a\nFinal-Recipient: rfc822;<x@y>\nAction: Failed (really)\nStatus: 5.1.1 (no)\n",
			[]Delivery{{To: "x@y", Action: "failed", Status: "5.1.1"}}},
		"blank lines of blanks": {"Reporting-MTA: dns; a\r\n \r\nFinal-Recipient: x@y\r\nAction: delayed\r\nStatus: 4.4.1\r\nWill-Retry-Until: Sun, 11 Oct 2026 09:12:40 +0000\r\n\t\r\n",
			[]Delivery{{To: "x@y", Action: "delayed", Status: "4.4.1", Until: time.Date(2026, 10, 11, 9, 12, 40, 0, time.UTC)}}},
		"general status, telling line": {"Final-Recipient: rfc822;x@y\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;552 5.2.2 full\nRemote-MTA: dns;mx",
			[]Delivery{{To: "x@y", Action: "failed", Status: "5.2.2", Said: "552 5.2.2 full", Server: "mx"}}},
		"no status": {"Final-Recipient: rfc822;x@y\nAction: failed\nDiagnostic-Code: smtp; 550 nothing here",
			[]Delivery{{To: "x@y", Action: "failed", Status: "5.1.1", Said: "550 nothing here"}}},
		"no action":      {"Final-Recipient: rfc822;x@y\nStatus: 4.2.2", []Delivery{{To: "x@y", Action: "delayed", Status: "4.2.2"}}},
		"renamed on way": {"Original-Recipient: rfc822;a@b\nFinal-Recipient: rfc822;c@d\nAction: relayed\nStatus: 2.1.9", []Delivery{{To: "a@b", Action: "relayed", Status: "2.1.9"}}},
		"original unknown": {"Original-Recipient: unknown\nFinal-Recipient: rfc822;c@d\nAction: delivered\nStatus: 2.0.0",
			[]Delivery{{To: "c@d", Action: "delivered", Status: "2.0.0"}}},
		"empty":   {"", nil},
		"rubbish": {"hello\n\nworld: x\n\n\n", nil},
	} {
		if got := ParseDeliveries(c.raw); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if n := len(ParseDeliveries(strings.Repeat("Final-Recipient: rfc822;x@y\n\n", 50_000))); n != maxDeliveries {
		t.Errorf("%d deliveries", n)
	}
}

func TestStatusIsExplainedInWords(t *testing.T) {
	for status, want := range map[string]string{
		"5.1.1": "no such mailbox", "4.2.2": "full", "5.7.26": "checks of its sender", "5.1.10": "takes no mail", "5.4.99": "on the way", "5.99.1": "", "": "", "5": "",
	} {
		if got := explainStatus(status); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q in it", status, got, want)
		}
	}
	for said, want := range map[string]string{
		"connect to mx.example[192.0.2.1]:25: Connection timed out": "4.4.1", "550 mailbox is full": "5.2.2", "554 no": "5.7.0",
		"host 192.5.1.10 said 5.1.1 no": "5.1.1", "5.7.1": "5.7.1", "version 15.5.10.3": "", "": "",
	} {
		if got := preciseStatus("", said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

func TestCardsAreMadeOfReportsOnly(t *testing.T) {
	plain := func(s string) []Content { return []Content{{mail.Part{MediaType: "text/plain"}, []byte(s)}} }
	if c := Cards(plain("Hello,\nthis is no failure of x@y.example: 550 5.1.1\n"), Options{}); c != nil {
		t.Errorf("a letter became %+v", c)
	}
	if c := Cards(plain("Hi. This is the qmail-send program at x.\nI have nothing to say.\n"), Options{}); c != nil {
		t.Errorf("an opening alone became %+v", c)
	}
	receipt := func(s string) []Content {
		return []Content{{mail.Part{MediaType: "message/disposition-notification"}, []byte(s)}}
	}
	if c := Cards(receipt("Final-Recipient: rfc822;a@b\nDisposition: automatic-action/MDN-sent-automatically; deleted/error\n"), Options{}); len(c) != 1 || !strings.Contains(c[0].Facts[1].Text, "deleted without") {
		t.Errorf("a receipt became %+v", c)
	}
	if c := Cards(receipt("Disposition: manual-action/x; shredded"), Options{}); c != nil {
		t.Errorf("an unknown receipt became %+v", c)
	}
}

func TestCardsAreSafeAndBounded(t *testing.T) {
	raw := "Final-Recipient: rfc822;\x1b]0;x\x07@y\nAction: failed\nDiagnostic-Code: smtp; 550 \x9b31m=?utf-8?q?=1b[2J?=" + strings.Repeat("x", 5000) + "\n\n"
	parts := []Content{{mail.Part{MediaType: "message/delivery-status"}, []byte(strings.Repeat(raw, 30))}}
	for _, c := range Cards(parts, Options{}) {
		if len(c.Facts) > 6*shownDeliveries {
			t.Errorf("%d facts", len(c.Facts))
		}
		for _, f := range c.Facts {
			if unsafe(f.Text) >= 0 || len(f.Text) > maxFact+10 {
				t.Errorf("unsafe or long: %q", f.Text)
			}
		}
	}
	checkDocument(t, Render(parts, Options{Width: 40}), 40)
}
