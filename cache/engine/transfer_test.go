package engine

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// aging makes servers that know 8BITMIME until they are old.
type aging struct {
	net.Conn
	old *atomic.Bool
}

func (c aging) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.old.Load() {
		copy(p, bytes.ReplaceAll(p[:n], []byte("8BITMIME"), []byte("XBITMIME")))
	}
	return n, err
}

func TestTextGoesAsTheServerCarriesIt(t *testing.T) {
	r := newRig(t)
	var old atomic.Bool
	r.open()
	dial := r.e.opt.Dial
	r.e.opt.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return aging{c, &old}, nil
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", r.connected)
	send := func(arrives string) {
		t.Helper()
		before := len(r.smtp.Accepted())
		d := draft(r, "ben@example.org", "Ebbe")
		d.Body = "Grüße\n"
		if _, err := r.e.Send(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		r.settle()
		got := r.smtp.Accepted()[before:]
		if arrives == "" && len(got) == 0 {
			return
		}
		if len(got) != 1 || !strings.HasSuffix(string(got[0].Raw), "\r\n\r\n"+arrives+"\r\n") {
			t.Errorf("arrived, where %q should have: %+v", arrives, got)
		}
	}
	send("Gr=C3=BC=C3=9Fe") // nothing is known of the server
	send("Grüße")
	old.Store(true)
	send("")
	drafts, err := r.store.Drafts(t.Context())
	if err != nil || len(drafts) != 1 {
		t.Fatalf("%d drafts, %v", len(drafts), err)
	}
	if !r.logged("send it again, and it goes encoded") {
		t.Errorf("the log says %+v", r.e.Log())
	}
	send("Gr=C3=BC=C3=9Fe")
}
