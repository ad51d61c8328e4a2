package pager

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// newsletter is a message to Anna's alias with a way to unsubscribe, and with what her server found out about it.
func newsletter(unsubscribe, results string) string {
	return "Authentication-Results: mx.example.org; " + results + "\nFrom: The Tide <news@tide.example>\nTo: post@lindqvist.example\nSubject: News\n" +
		"Message-ID: <n@tide.example>\n" + unsubscribe + "Content-Type: text/plain\n\nHello\n"
}

const oneClick = "List-Unsubscribe: <https://tide.example/u/1>, <mailto:leave@tide.example?subject=1>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"

// leaving opens a message and presses the key.
func leaving(t *testing.T, raw string) (*fixture, *Pager) {
	f := newFixture(t, raw)
	for n := range 4 {
		f.mail.Deliver("home", "INBOX", checked(n, "Mira <mira@harbour.example>", "pass"), 0)
	}
	p := f.open(80)
	uitest.Do(p, action.Unsubscribe)
	return f, p
}

func TestUnsubscribingAsksWithTheTargetAndTakesTheQuietestWay(t *testing.T) {
	for name, c := range map[string]struct {
		header, results string
		asks            []string
		site, to        string // what a yes does
	}{
		"one click": {oneClick, "dkim=pass header.d=tide.example", []string{"Unsubscribe from The Tide at tide.example?", "One request there takes you off the list."}, "home: https://tide.example/u/1 for news@tide.example", ""},
		"forged":    {oneClick, "dkim=fail header.d=tide.example", []string{"from The Tide by mail to leave@tide.example?", "signature does not hold"}, "", "leave@tide.example"},
		"unchecked": {oneClick, "none", []string{"by mail to leave@tide.example?", "From: post@lindqvist.example", "Subject: 1", "does not vouch"}, "", "leave@tide.example"},
		"mail":      {"List-Unsubscribe: <https://tide.example/u>, <mailto:leave@tide.example>\n", "dkim=pass", []string{"by mail to leave@tide.example?", "Subject: unsubscribe"}, "", "leave@tide.example"},
		"page":      {"List-Unsubscribe: <https://tide.example/u?x=1>, <mailto:a@b.example,c@d.example>\n", "dkim=pass", []string{"on a page of tide.example?", "https://tide.example/u?x=1"}, "", ""},
		"homograph": {"List-Unsubscribe: <https://аррӏе.com/u>\n", "none", []string{"page of xn--80ak6aa92e.com (аррӏе.com)?"}, "", ""},
	} {
		f, p := leaving(t, newsletter(c.header, c.results))
		f.env.Config.Opener = []string{"true"}
		if !p.Offers(action.Unsubscribe) {
			t.Errorf("%s: not hinted at", name)
		}
		ask, ok := f.root.Top().(screen.Dialog)
		if !ok {
			t.Errorf("%s: nothing is asked, said %q", name, f.root.Said)
			continue
		}
		w, h := ask.Size(80, 24)
		got := strings.Join(strings.Fields(strings.ReplaceAll(text(f.root.Top(), w, h), "│", "")), " ")
		for _, want := range c.asks {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
		w, h = ask.Size(40, 12)
		if got := text(f.root.Top(), w, h); !strings.Contains(got, strings.Fields(c.asks[0])[len(strings.Fields(c.asks[0]))-1]) {
			t.Errorf("%s: who will hear of it is not seen on a small terminal:\n%s", name, got)
		}
		if len(f.eng.Asked)+len(f.eng.Sent) != 0 {
			t.Errorf("%s: done before the answer", name)
		}
		uitest.Do(f.root.Top(), action.Yes)
		site, to := strings.Join(f.eng.Asked, " "), ""
		for _, d := range f.eng.Sent {
			to += d.To
			if d.From.Addr() != "post@lindqvist.example" {
				t.Errorf("%s: sent from %s", name, d.From.Addr())
			}
		}
		if site != c.site || to != c.to || len(f.root.Failed) > 0 {
			t.Errorf("%s: asked %q, wrote to %q, failed %v", name, site, to, f.root.Failed)
		}
	}
}

// What needs the network at once gives way to what can wait for it, where the list offers both.
func TestUnsubscribingOfflineGoesByMail(t *testing.T) {
	for _, phase := range []engine.Phase{engine.Offline, engine.Idle} {
		f := newFixture(t, newsletter(oneClick, "dkim=pass header.d=tide.example"))
		for n := range 4 {
			f.mail.Deliver("home", "INBOX", checked(n, "Mira <mira@harbour.example>", "pass"), 0)
		}
		f.eng.Stands = []engine.State{{Account: "work", Phase: engine.Offline}, {Account: "home", Phase: phase}}
		p := f.open(80)
		uitest.Do(p, action.Unsubscribe)
		asks := text(f.root.Top(), 64, 16)
		uitest.Do(f.root.Top(), action.Yes)
		if offline := phase == engine.Offline; strings.Contains(asks, "You are offline: this mail waits in the outbox.") != offline || (len(f.eng.Sent) == 1) != offline || (len(f.eng.Asked) == 0) != offline {
			t.Errorf("phase %v: asks\n%s\nmail %v, site %v", phase, asks, f.eng.Sent, f.eng.Asked)
		}
	}
}

func TestNoIsAnAnswerToUnsubscribing(t *testing.T) {
	for _, results := range []string{"dkim=pass", "none"} {
		f, _ := leaving(t, newsletter(oneClick, results))
		uitest.Do(f.root.Top(), action.No)
		if len(f.eng.Asked)+len(f.eng.Sent) != 0 || f.root.Top() != nil {
			t.Errorf("%s: asked %q, sent %v", results, f.eng.Asked, f.eng.Sent)
		}
	}
}

func TestHostileWaysToUnsubscribeLeadNowhere(t *testing.T) {
	for _, header := range []string{
		"", "<javascript:alert(1)>", "<file:///etc/passwd>", "<https://bank.example@evil.example/>", "<mailto:a@b.example?subject=x%0d%0aBcc:e@evil.example>",
		"<mailto:a@b.example%0d%0aDATA>", "<https://a.example/\x1b]0;CNRY\x07>", "<ssh://-oProxyCommand=CNRY/>", "<//a.example/>", "https://a.example/",
	} {
		raw := newsletter(fmt.Sprintf("List-Unsubscribe: %s\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", header), "dkim=pass")
		f, _ := leaving(t, raw)
		if f.root.Top() != nil || len(f.root.Said) != 1 || !strings.Contains(f.root.Said[0], "nsubscribe") {
			t.Errorf("%q: asks %T, says %q", header, f.root.Top(), f.root.Said)
		}
		if len(f.eng.Asked)+len(f.eng.Sent) != 0 {
			t.Errorf("%q: did something", header)
		}
	}
	f := newFixture(t, letter)
	if p := f.open(80); p.Offers(action.Unsubscribe) {
		t.Error("a letter is hinted to be a newsletter")
	}
}

func TestWhatBecameOfUnsubscribingStandsInTheHeader(t *testing.T) {
	day := func(s mail.LeavingState, asked string) mail.Leaving {
		return mail.Leaving{State: s, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Asked: asked}
	}
	for _, c := range []struct {
		kept mail.Leaving
		want string
	}{
		{day(mail.LeavingDone, "tide.example"), "List unsubscribed on 2 March 2026, says tide.example"},
		{day(mail.LeavingAsked, "tide.example"), "List asked on 2 March 2026 to unsubscribe you; whether tide.example did is not known"},
		{day(mail.LeavingRefused, "tide.example"), "List tide.example refused to unsubscribe you on 2 March 2026"},
		{day(mail.LeavingUnsent, "tide.example"), "List still subscribed: tide.example was not reached on 2 March 2026"},
		{day(mail.LeavingMailed, "leave@tide.example"), "List asked on 2 March 2026 by mail to leave@tide.example to unsubscribe you"},
		{day(mail.LeavingPage, "tide.example"), "List page of tide.example to unsubscribe opened on 2 March 2026"},
		{day(mail.LeavingDone, "\x1b]0;CNRY\x07\u202e"), "List unsubscribed on 2 March 2026, says "},
		{mail.Leaving{}, ""},
	} {
		for _, w := range []int{40, 80, 120} {
			f := newFixture(t, newsletter(oneClick, "dkim=pass header.d=tide.example"))
			p := f.open(w)
			if strings.Contains(text(p, w, 24), "List ") {
				t.Fatalf("something is known of a list nobody left:\n%s", text(p, w, 24))
			}
			if err := f.mail.Store.Choose(t.Context(), mail.LeavingChoice("home", "news@tide.example"), c.kept.String()); err != nil {
				t.Fatal(err)
			}
			uitest.Run(p.Update(mail.Event{Kind: mail.ListLeft, Account: "home"}))
			got := text(p, w, 24)
			if flat := strings.Join(strings.Fields(got), " "); !strings.Contains(flat, c.want) || c.want == "" && strings.Contains(flat, "List ") {
				t.Errorf("%d columns: no %q in\n%s", w, c.want, got)
			}
			if strings.ContainsAny(got, "\x1b\x07\u202e") {
				t.Errorf("a control came through: %q", got)
			}
		}
	}
}

func TestAskingAgainTellsOfTheLastTime(t *testing.T) {
	f := newFixture(t, newsletter("List-Unsubscribe: <https://tide.example/u>\n", "none"))
	f.env.Config.Opener = []string{"true"}
	l := mail.Leaving{State: mail.LeavingPage, At: f.env.Now(), Asked: "tide.example"}
	if err := f.mail.Store.Choose(t.Context(), mail.LeavingChoice("home", "news@tide.example"), l.String()); err != nil {
		t.Fatal(err)
	}
	p := f.open(80)
	uitest.Do(p, action.Unsubscribe)
	ask := f.root.Top().(screen.Dialog)
	w, h := ask.Size(80, 24)
	if got := strings.Join(strings.Fields(strings.ReplaceAll(text(f.root.Top(), w, h), "│", "")), " "); !strings.Contains(got, "The last time: page of tide.example to unsubscribe opened on ") {
		t.Errorf("%s", got)
	}
	uitest.Do(f.root.Top(), action.Yes)
	if len(f.eng.Chosen) != 1 || f.eng.Chosen[0] != mail.LeavingChoice("home", "news@tide.example")+": "+l.String() {
		t.Errorf("remembered %q", f.eng.Chosen)
	}
}
