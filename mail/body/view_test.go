package body

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

var packed = time.Date(2026, 10, 5, 14, 30, 0, 0, time.UTC)

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range files {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed})
		if err != nil {
			t.Fatal(err)
		}
		f.Write(bytes.Repeat([]byte("x"), 1500*len(name)))
	}
	w.Close()
	return b.Bytes()
}

func tarred(t *testing.T, compress bool, files ...string) []byte {
	t.Helper()
	var b, z bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: 1500, ModTime: packed}); err != nil {
			t.Fatal(err)
		}
		w.Write(make([]byte, 1500))
	}
	w.Close()
	if !compress {
		return b.Bytes()
	}
	g := gzip.NewWriter(&z)
	g.Write(b.Bytes())
	g.Close()
	return z.Bytes()
}

func view(t *testing.T, p mail.Part, data []byte) string {
	t.Helper()
	d, ok := View(p, data, Options{Width: 60, Measure: columns})
	if !ok {
		return "no"
	}
	checkDocument(t, d, 60)
	return kinds(d)
}

func TestArchivesAreListed(t *testing.T) {
	got := view(t, mail.Part{MediaType: "application/octet-stream", Filename: "X.ZIP"}, zipped(t, "a.txt", "dir/", "b/grüße\x1b[2J.png"))
	if !strings.Contains(got, "t0|a.txt             7.5 kB  2026-10-05 14:30\n") || !strings.Contains(got, "t0|dir/") || !strings.Contains(got, "b/grüße␛[2J.png") || !strings.Contains(got, "!0|3 entries") {
		t.Errorf("zip:\n%s", got)
	}
	for _, compress := range []bool{false, true} {
		got = view(t, mail.Part{MediaType: "application/x-tar", Filename: "x"}, tarred(t, compress, "a.txt", "../../etc/cron.d/x"))
		if !strings.Contains(got, "t0|a.txt               1.5 kB  2026-10-05 14:30\n") || !strings.Contains(got, "!0|2 entries, 3.0 kB unpacked.") || !strings.Contains(got, "lead out of the folder") {
			t.Errorf("tar:\n%s", got)
		}
	}
}

func TestHostileArchivesAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("large, and nothing runs beside it") // .ci/run: the race detector would take minutes and find nothing
	}
	many := make([]string, 3*maxEntries)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	if got := view(t, mail.Part{Filename: "x.zip"}, zipped(t, many...)); strings.Count(got, "\n") > maxEntries+10 || !strings.Contains(got, "more than is listed") {
		t.Errorf("zip of many: %.300s", got)
	}
	if got := view(t, mail.Part{Filename: "x.tgz"}, tarred(t, true, many...)); strings.Count(got, "\n") > maxEntries+10 || !strings.Contains(got, "more than is listed") {
		t.Errorf("tar of many: %.300s", got)
	}
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	w := tar.NewWriter(g)
	if err := w.WriteHeader(&tar.Header{Name: "zeros", Size: 4 * maxUnpacked}); err != nil {
		t.Fatal(err)
	}
	for range maxUnpacked>>20 + 1 {
		w.Write(make([]byte, 1<<20))
	}
	g.Close()
	if got := view(t, mail.Part{Filename: "bomb.tar.gz"}, b.Bytes()); !strings.Contains(got, "more than is listed") || !strings.Contains(got, "far more than it looks") {
		t.Errorf("bomb: %s", got)
	}
	whole := zipped(t, "a", "b", "c")
	for n := range len(whole) {
		view(t, mail.Part{Filename: "x.zip"}, whole[:n])
		broken := bytes.Clone(whole)
		broken[n] ^= 0xff
		view(t, mail.Part{Filename: "x.zip"}, broken)
	}
	if got := view(t, mail.Part{Filename: "x.zip"}, []byte("no zip")); !strings.Contains(got, "cannot be read") {
		t.Errorf("no zip: %s", got)
	}
}

func TestTablesAreAligned(t *testing.T) {
	for name, c := range map[string]struct {
		part mail.Part
		data string
		want string
	}{
		"commas": {mail.Part{MediaType: "text/csv"}, "Name,Weight\r\n\"Gull, grey\",1.2\r\nTern,0.1\r\n",
			"t0|Name        Weight\nt0|──────────  ──────\nt0|Gull, grey     1.2\nt0|Tern           0.1\n"},
		"semicolons": {mail.Part{Filename: "a.csv", MediaType: "application/vnd.ms-excel"}, "Möwe;1,2\nSeeschwalbe;0,1\n",
			"t0|Möwe         1,2\nt0|Seeschwalbe  0,1\n"},
		"tabs":    {mail.Part{MediaType: "text/tab-separated-values"}, "a\tb\n1\t2\n", "t0|a  b\nt0|─  ─\nt0|1  2\n"},
		"ragged":  {mail.Part{MediaType: "text/csv"}, "a,b\n1\n\n2,3,4\n", "t0|a  b\nt0|1\nt0|2  3  4\n"},
		"quotes":  {mail.Part{MediaType: "text/csv"}, "a\"b,\"c\nd\",e\x1b[1m\n", "t0|a\"b  c d  e␛[1m\n"},
		"nothing": {mail.Part{MediaType: "text/csv"}, "", "!0|There is nothing in this table.\n"},
	} {
		if got := view(t, c.part, []byte(c.data)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
	got := view(t, mail.Part{MediaType: "text/csv"}, []byte(strings.Repeat("1,2\n", 10*maxRows)))
	if strings.Count(got, "\n") > maxRows+3 || !strings.Contains(got, "goes on behind its row") {
		t.Errorf("a long table has %d lines", strings.Count(got, "\n"))
	}
	view(t, mail.Part{MediaType: "text/csv"}, []byte(strings.Repeat("1,", 1<<20)))
	view(t, mail.Part{MediaType: "text/csv"}, []byte(strings.Repeat("\"", 1<<20)))
}

func TestAttachmentsAreViewedByWhatTheyAre(t *testing.T) {
	bounce, err := os.ReadFile("testdata/samples/attached.eml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		part mail.Part
		data string
		want string // in what is shown; "no": nothing
	}{
		"text":     {mail.Part{MediaType: "text/plain"}, "a\n\n  b  c\n", "p0|a\np0|\np0|  b  c\n"},
		"patch":    {mail.Part{MediaType: "text/x-diff"}, "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n", "-0|-x\n+0|+y\n"},
		"unknown":  {mail.Part{MediaType: "application/octet-stream", Filename: "config"}, "key = value\n", "p0|key = value\n"},
		"binary":   {mail.Part{MediaType: "application/octet-stream"}, "a\x00b", "no"},
		"not utf8": {mail.Part{MediaType: "application/pdf"}, "%PDF\xff\xfe", "no"},
		"latin":    {mail.Part{MediaType: "text/plain", Params: map[string]string{"charset": "iso-8859-1"}}, "caf\xe9", "p0|café\n"},
		"html":     {mail.Part{MediaType: "application/octet-stream", Filename: "a.HTM"}, "<p>x <b>y</b>", "x y"},
		"event":    {mail.Part{MediaType: "text/plain", Filename: "a.ics"}, "BEGIN:VEVENT\nSUMMARY:Tea\nEND:VEVENT", "What  Tea"},
		"no event": {mail.Part{MediaType: "text/calendar"}, "", "No event"},
		"message":  {mail.Part{MediaType: "message/rfc822"}, string(bounce), "Fwd: two letters"},
		"encoded":  {mail.Part{MediaType: "text/plain", Encoding: "base64"}, base64.StdEncoding.EncodeToString([]byte("hello")), "p0|hello\n"},
	} {
		if got := view(t, c.part, []byte(c.data)); !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
	got := view(t, mail.Part{Filename: "x.eml"}, bounce)
	if !strings.Contains(got, "It is under the stairs.") || !strings.Contains(got, "secret.txt, ") || strings.Contains(got, "not to be read in place") {
		t.Errorf("message:\n%s", got)
	}
	for name, raw := range map[string]string{
		"Not all parts of this message":        strings.Repeat("Content-Type: message/rfc822\n\n", mail.MaxDepth+5) + "x",
		"The header is longer than can be fol": "To: " + strings.Repeat("a@example.org, ", mail.MaxAddresses) + "b@example.org\n\nx",
	} {
		if got := view(t, mail.Part{MediaType: "message/rfc822"}, []byte(raw)); !strings.Contains(got, name) {
			t.Errorf("it does not say %q:\n%.3000s", name, got)
		}
	}
	if got := view(t, mail.Part{MediaType: "message/rfc822"}, bounce); strings.Contains(got, "can be followed") {
		t.Errorf("a small message is said to be too large:\n%s", got)
	}
	if Viewable(mail.Part{MediaType: "image/png"}) || !Viewable(mail.Part{MediaType: "image/png", Filename: "a.zip"}) || !Viewable(mail.Part{MediaType: "application/x"}) {
		t.Error("what can be viewed is not told")
	}
}

func FuzzView(f *testing.F) {
	for _, name := range []string{"a.zip", "a.tar", "a.tgz", "a.csv", "a.eml", "a.ics", "a.txt"} {
		f.Add(name, []byte("PK\x05\x06a,b\nBEGIN:VEVENT\nFrom: x\n\n"))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d, _ := View(mail.Part{Filename: name}, data, Options{Width: 40})
		checkDocument(t, d, 40)
	})
}
