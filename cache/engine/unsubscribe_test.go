package engine

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"posthorn/mail/mailtest"
	"posthorn/mail/oneclick"
)

// listSite is a mailing list's site; the Client reaches and trusts it, whatever host it is asked for.
func listSite(t *testing.T, status int) (link string, asked *atomic.Int32, web oneclick.Client) {
	t.Helper()
	ca := mailtest.NewAuthority(t.TempDir())
	asked = &atomic.Int32{}
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
	}))
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
	return "https://localhost/u/1", asked, web
}

func TestUnsubscribingAsksOnceAndSaysWhatCameOfIt(t *testing.T) {
	for status, want := range map[int]struct {
		says    string
		trouble bool
	}{
		200: {"Unsubscribed: localhost says that it is done.", false},
		410: {"Not unsubscribed by localhost: it answered 410 gone.", true},
		0:   {"Perhaps unsubscribed: the answer of localhost was lost: the server ended it.", true},
	} {
		link, asked, web := listSite(t, status)
		r := newRig(t)
		r.open()
		r.e.opt.Web = web
		if err := r.e.Unsubscribe("home", link); err == nil {
			t.Error("an engine that does not run took it")
		}
		r.e.Start(context.WithoutCancel(t.Context()))
		if err := r.e.Unsubscribe("home", link); err != nil {
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
	}
}

func TestUnsubscribingWithoutANetworkSaysThatNothingWasSent(t *testing.T) {
	r := newRig(t)
	r.open()
	r.e.opt.Web.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("network is unreachable")
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	r.settle()
	for range 2 { // said again when it is tried again
		if err := r.e.Unsubscribe("home", "https://lists.example/u"); err != nil {
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
