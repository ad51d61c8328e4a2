package oneclick

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"posthorn/mail/mailtest"
)

// site is a mailing list's web site that remembers what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	heard []string
}

// newSite answers as given; client reaches and trusts it.
func newSite(t *testing.T, answer http.HandlerFunc) (*site, Client) {
	t.Helper()
	ca := mailtest.NewAuthority(t.TempDir())
	s := &site{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.heard = append(s.heard, fmt.Sprintf("%s %s %s %q", r.Method, r.RequestURI, r.Header, body))
		s.mu.Unlock()
		answer(w, r)
	}))
	s.TLS = ca.Server()
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	pem, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return s, Client{Dial: (&net.Dialer{}).DialContext, Roots: roots, Patience: time.Minute}
}

func (s *site) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heard...)
}

func TestOneRequestIsMadeAndItSaysNothingElse(t *testing.T) {
	s, c := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "a=b")
		w.WriteHeader(http.StatusAccepted)
	})
	for range 2 { // the second time without what the first brought
		if got, err := c.Post(t.Context(), s.URL+"/u?id=9f3a#there"); got != Done || err != nil {
			t.Fatalf("%v, %v", got, err)
		}
	}
	want := `POST /u?id=9f3a map[Connection:[close] Content-Length:[26] Content-Type:[application/x-www-form-urlencoded]] "List-Unsubscribe=One-Click"`
	for _, got := range s.asked() {
		if got != want {
			t.Errorf("asked\n%s, want\n%s", got, want)
		}
	}
	if n := len(s.asked()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhatIsNoSuccessIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		result Result
		says   string
	}{
		"refused": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, Refused, "it answered 403 forbidden"},
		"broken":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, Refused, "it answered 500 internal server error"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1/x", http.StatusTemporaryRedirect)
		}, Refused, "it leads on"},
		"no answer": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Unsure, "EOF"},
	} {
		s, client := newSite(t, c.answer)
		got, err := client.Post(t.Context(), s.URL)
		if got != c.result || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if n := len(s.asked()); n != 1 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
}

func TestASilentSiteIsNotWaitedForForEver(t *testing.T) {
	hang := make(chan struct{})
	s, c := newSite(t, func(http.ResponseWriter, *http.Request) { <-hang })
	defer close(hang)
	c.Patience = 500 * time.Millisecond
	if got, err := c.Post(t.Context(), s.URL); got == Done || got == Refused || err == nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := c.Post(ctx, s.URL); got != NotSent || err == nil {
		t.Errorf("cancelled: %v, %v", got, err)
	}
}

func TestOnlyTheOpenNetIsAsked(t *testing.T) {
	s, c := newSite(t, func(http.ResponseWriter, *http.Request) {})
	c.Dial = nil
	if got, err := c.Post(t.Context(), s.URL); got != NotSent || err == nil || !strings.Contains(err.Error(), "private network") {
		t.Errorf("%v, %v", got, err)
	}
	if n := len(s.asked()); n != 0 {
		t.Errorf("asked %d times", n)
	}
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "2620:fe::fe": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "::1": false, "::": false,
		"fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:7f00:1::": false,
		"ff02::1": false, "240.0.0.1": false, "192.0.2.1": false,
	} {
		if got := open(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s is of the open net: %v", addr, got)
		}
	}
}

func TestOtherAddressesAreNotAsked(t *testing.T) {
	dialled := false
	c := Client{Dial: func(context.Context, string, string) (net.Conn, error) { dialled = true; return nil, errors.New("no") }}
	for _, link := range []string{"http://lists.example/u", "https://u:p@lists.example/", "https:lists.example", "file:///etc/passwd", "javascript:alert(1)",
		"https://a\r\nHost: b", "https:///u", "", "ftp://lists.example", "//lists.example"} {
		if got, err := c.Post(t.Context(), link); got != NotSent || err == nil || dialled {
			t.Errorf("%q: %v, %v, dialled %v", link, got, err, dialled)
		}
	}
}

func TestABadCertificateIsRefusedBeforeAnythingIsSaid(t *testing.T) {
	s, c := newSite(t, func(http.ResponseWriter, *http.Request) {})
	c.Roots = x509.NewCertPool()
	if got, err := c.Post(t.Context(), s.URL); got != NotSent || err == nil || err.Error() != "its certificate is not valid" {
		t.Errorf("%v, %v", got, err)
	}
	if n := len(s.asked()); n != 0 {
		t.Errorf("asked %d times", n)
	}
}
