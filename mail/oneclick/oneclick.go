// Package oneclick asks a mailing list's site to take an address off the list, as RFC 8058 has it: one POST that says
// who is meant by its address alone. It refuses everything that a request of a mail's choosing could be misused for: it
// goes by HTTPS to hosts of the open net and nowhere else, follows nothing, brings no cookie and no credential, reads no
// answer but its status, and is made once.
package oneclick

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Client makes the request; the zero value is right for a real one.
type Client struct {
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: to hosts of the open net only
	Roots    *x509.CertPool                                                    // nil: those of the system
	Patience time.Duration                                                     // how long it may take; 0: 20 seconds
}

// Result is what became of a request.
type Result int

// The results.
const (
	NotSent Result = iota // the site was not reached: it has heard nothing
	Unsure                // it may have heard, and no answer came
	Refused               // it answered with something else than success
	Done                  // it says that it is done
)

// answer is what is sent. // RFC 8058 §3.2
const answer = "List-Unsubscribe=One-Click"

// Post asks the site at link. The error says why the result is not Done; it may quote the site.
func (c Client) Post(ctx context.Context, link string) (Result, error) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return NotSent, errors.New("that is no address that can be asked")
	}
	patience := c.Patience
	if patience == 0 {
		patience = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var reached atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { reached.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(answer))
	if err != nil {
		return NotSent, errors.New("that is no address that can be asked")
	}
	req.GetBody = nil // nothing is sent again by itself
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "") // says nothing of us
	transport := c.transport()
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	switch {
	case err != nil && reached.Load():
		return Unsure, told(err)
	case err != nil:
		return NotSent, told(err)
	}
	resp.Body.Close()
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return Done, nil
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return Refused, errors.New("it leads on to another page instead of doing it") // RFC 8058 §3.1 forbids that
	}
	return Refused, fmt.Errorf("it answered %d %s", resp.StatusCode, strings.ToLower(http.StatusText(resp.StatusCode)))
}

// transport takes one request: no proxy, no HTTP/2, which may repeat one by itself, and no second use of a connection.
func (c Client) transport() *http.Transport {
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{Control: onlyOpen}).DialContext
	}
	return &http.Transport{
		DialContext: dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		TLSNextProto:    map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
}

// onlyOpen refuses addresses that are not of the open net, whatever name led there.
func onlyOpen(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !open(a.Addr()) {
		return errors.New("it is in a private network, where no mailing list lives")
	}
	return nil
}

// closed are ranges that the methods of netip.Addr do not know: shared addresses of providers, what stands for IPv4
// addresses within IPv6, benchmarks, documentation, and what is reserved.
var closed = func() (out []netip.Prefix) {
	for _, p := range strings.Fields("0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 " +
		"64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fec0::/10") {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

func open(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// told is what failed, in words where it was a certificate: none can be excepted here, so it is all the same why.
func told(err error) error {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	if errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid) {
		return errors.New("its certificate is not valid")
	}
	return err
}
