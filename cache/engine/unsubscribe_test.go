package engine

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"posthorn/mail"
	"posthorn/mail/mailtest"
	"posthorn/mail/oneclick"
)

// listSite is a mailing list's site; the Client reaches and trusts it, whatever host it is asked for.
func listSite(t *testing.T, status int) (link string, asked *atomic.Int32, web oneclick.Client) {
	t.Helper()
	asked = &atomic.Int32{}
	link, web = siteThat(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
	})
	return link, asked, web
}

// siteThat answers as given.
func siteThat(t *testing.T, answers http.HandlerFunc) (link string, web oneclick.Client) {
	t.Helper()
	ca := mailtest.NewAuthority(t.TempDir())
	site := httptest.NewUnstartedServer(answers)
	site.TLS = ca.Server()
	site.StartTLS()
	t.Cleanup(site.Close)
	pem, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	web.Roots = x509.NewCertPool()
	web.Roots.AppendCertsFromPEM(pem)
	web.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, site.Listener.Addr().String())
	}
	return "https://localhost/u/1", web
}

func TestUnsubscribingAsksOnceAndSaysWhatCameOfIt(t *testing.T) {
	for status, want := range map[int]struct {
		says    string
		trouble bool
		kept    mail.LeavingState
	}{
		200: {"Unsubscribed: localhost says that it is done.", false, mail.LeavingDone},
		410: {"Not unsubscribed by localhost: it answered 410 gone.", true, mail.LeavingRefused},
		0:   {"Perhaps unsubscribed: the answer of localhost was lost: the server ended it.", true, mail.LeavingAsked},
	} {
		link, asked, web := listSite(t, status)
		r := newRig(t)
		r.open()
		r.e.opt.Web = web
		if err := r.e.Unsubscribe("home", "news.example", link); err == nil {
			t.Error("an engine that does not run took it")
		}
		r.e.Start(context.WithoutCancel(t.Context()))
		if err := r.e.Unsubscribe("home", "news.example", link); err != nil {
			t.Fatal(err)
		}
		r.settle()
		var got Entry
		for _, n := range r.e.Log() {
			if n.Answer || n.Trouble {
				got = n
			}
		}
		if !strings.HasPrefix(got.Text, want.says) || got.Trouble != want.trouble || got.Answer == want.trouble || asked.Load() != 1 {
			t.Errorf("%d: asked %d times, says %+v", status, asked.Load(), got)
		}
		if got := r.leaving("home", "news.example"); got.State != want.kept || got.Asked != "localhost" || got.At.IsZero() {
			t.Errorf("%d: kept %+v", status, got)
		}
	}
}

// leaving is what is kept of an account's last try to leave a list.
func (r *rig) leaving(account, list string) mail.Leaving {
	r.t.Helper()
	kept, err := r.store.Choice(context.WithoutCancel(r.t.Context()), mail.LeavingChoice(account, list))
	if err != nil {
		r.t.Fatal(err)
	}
	return mail.ParseLeaving(kept)
}

// What is kept while the site has the request and has not answered is what a program that is killed then leaves.
func TestQuittingInTheMiddleOfARequestKeepsThatItWasMade(t *testing.T) {
	heard, over := make(chan struct{}), make(chan struct{})
	link, web := siteThat(t, func(http.ResponseWriter, *http.Request) { close(heard); <-over })
	defer close(over)
	r := newRig(t)
	r.open()
	r.e.opt.Web = web
	r.e.Start(context.WithoutCancel(t.Context()))
	if err := r.e.Unsubscribe("home", "news.example", link); err != nil {
		t.Fatal(err)
	}
	<-heard
	if got := r.leaving("home", "news.example"); got.State != mail.LeavingAsked || got.Asked != "localhost" {
		t.Errorf("killed now, it would be known that %+v", got)
	}
	r.close()
	r.open()
	if got := r.leaving("home", "news.example"); got.State != mail.LeavingAsked {
		t.Errorf("after the next start: %+v", got)
	}
}

func TestWhatWasKnownOfAListOutlivesATryThatDidNotReachIt(t *testing.T) {
	link, _, web := listSite(t, 200)
	r := newRig(t)
	r.open()
	r.e.opt.Web = web
	r.e.Start(context.WithoutCancel(t.Context()))
	for _, dial := range []func(context.Context, string, string) (net.Conn, error){web.Dial, unreachable} {
		r.e.opt.Web.Dial = dial
		if err := r.e.Unsubscribe("home", "news.example", link); err != nil {
			t.Fatal(err)
		}
		r.settle()
	}
	if got := r.leaving("home", "news.example"); got.State != mail.LeavingDone {
		t.Errorf("%+v", got)
	}
}

func unreachable(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("network is unreachable")
}

func TestUnsubscribingOfflineSaysSo(t *testing.T) {
	r := newRig(t)
	r.open()
	r.e.opt.Web.Dial, r.e.opt.Dial = unreachable, unreachable
	r.e.Start(context.WithoutCancel(t.Context()))
	if err := r.e.Unsubscribe("home", "news.example", "https://lists.example/u"); err != nil {
		t.Fatal(err)
	}
	const want = "You are offline: nothing was sent to lists.example, and you are still subscribed. Try again when you are online."
	const trying = "Not unsubscribed, nothing was sent to lists.example: network is unreachable. Try again later." // while it connects
	r.until("it says so", func() bool {
		return slices.ContainsFunc(r.e.Log(), func(n Entry) bool { return (n.Text == want || n.Text == trying) && n.Trouble })
	})
	r.settle()
	if got := r.leaving("home", "news.example"); got.State != mail.LeavingUnsent {
		t.Errorf("%+v", got)
	}
}

func TestAMailThatLeavesAListIsRememberedWhenItIsSent(t *testing.T) {
	r := newRig(t)
	r.open()
	r.e.Start(context.WithoutCancel(t.Context()))
	d := draft(r, "leave@tide.example", "unsubscribe")
	d.Leaves = "news.tide.example"
	if _, err := r.e.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := r.leaving("home", "news.tide.example"); got.State != mail.LeavingMailed || got.Asked != "leave@tide.example" {
		t.Errorf("%+v", got)
	}
}

func TestUnsubscribingWithoutANetworkSaysThatNothingWasSent(t *testing.T) {
	r := newRig(t)
	r.open()
	r.e.opt.Web.Dial = unreachable
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	r.settle()
	for range 2 { // said again when it is tried again
		if err := r.e.Unsubscribe("home", "news.example", "https://lists.example/u"); err != nil {
			t.Fatal(err)
		}
		r.settle()
	}
	log := r.e.Log()
	last := log[len(log)-1]
	if last.Text != "Not unsubscribed, nothing was sent to lists.example: network is unreachable. Try again later." || last.Times != 1 || !last.Trouble {
		t.Errorf("%+v", last)
	}
}
