package body

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// opened is all that is made of a message when it is listed and opened in one form.
func opened(raw []byte, prefer string) (lines int) {
	m := Parse(raw)
	Envelope(m.Header)
	m.Root.Attachments()
	d := Render(m.Parts(m.Root.TextParts(prefer)), Options{Width: 80, Measure: columns})
	return len(d.Lines) + len(d.Links)
}

// allocated is how many octets a function allocates.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// The bounds on all that opening a message may allocate: what is always made, what HTML of the longest kind that is
// followed takes, and what each octet does. Work that grows with the square of a message, or of its depth, breaks them.
const (
	allocatedAlways  = 4 << 20
	allocatedOfHTML  = 64 << 20
	allocatedOfOctet = 6
	linesAtOnce      = 60_000
)

func costsLittle(t *testing.T, name string, raw []byte) {
	t.Helper()
	most := allocatedAlways + allocatedOfOctet*int64(len(raw))
	if bytes.Contains(raw, []byte("text/html")) {
		most += allocatedOfHTML
	}
	for _, prefer := range []string{"text/plain", "text/html"} {
		lines := 0
		if got := allocated(func() { lines = opened(raw, prefer) }); got > most && !mailtest.Raced() {
			t.Errorf("%s: opening %d octets allocates %d MiB, more than %d", name, len(raw), got>>20, most>>20)
		}
		if lines > linesAtOnce {
			t.Errorf("%s: %d lines are made at once", name, lines)
		}
	}
}

func TestBombsOfTheCorpusCostLittle(t *testing.T) {
	files := append(corpusFiles(t, "hostile/*-mime-*.eml"), corpusFiles(t, "hostile/*-head-*.eml")...)
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		costsLittle(t, filepath.Base(path), raw)
	}
}

func TestLargeBombsCostLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("large, and nothing runs beside it") // .ci/run: the race detector would take minutes and find nothing
	}
	const usual = "From: a@example.org\nSubject: x\nMIME-Version: 1.0\n"
	var deep strings.Builder
	deep.WriteString(usual)
	for i := range 10_000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	words := strings.Repeat("=?utf-8?q?a?= ", 100_000)
	for name, raw := range map[string]string{
		"containers":        deep.String(),
		"parts":             usual + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\nab\n", 1_000_000),
		"attached messages": usual + strings.Repeat("Content-Type: message/rfc822\n\n", 50_000),
		"a line":            usual + "\n" + strings.Repeat("x", 20<<20),
		"a line of words":   usual + "\n" + strings.Repeat("word ", 1<<20),
		"a line of quotes":  usual + "\n" + strings.Repeat(">", 4<<20),
		"a line of HTML":    usual + "Content-Type: text/html\n\n" + strings.Repeat("x", 4<<20),
		"a hidden line":     usual + "Content-Type: text/html\n\n" + strings.Repeat("<div>", 190) + "<font style='font-size:1px'>" + strings.Repeat("wo rd", 300_000),
		"classes":           usual + "Content-Type: text/html\n\n<style>" + strings.Repeat(".a{color:red}", 2000) + "</style>" + strings.Repeat("<p class='"+strings.Repeat("a ", 100)+"'>x", 5000),
		"ends of tags":      usual + "Content-Type: text/html\n\n" + strings.Repeat("<b><i><u>", 100) + strings.Repeat("</p>", 400_000),
		"tags":              usual + "Content-Type: text/html\n\n" + strings.Repeat("<div>", 1<<20),
		"nested tables":     usual + "Content-Type: text/html\n\n" + strings.Repeat("<table><tr><td>", 20) + "<pre>" + strings.Repeat("x\n", 250_000),
		"tables beside":     usual + "Content-Type: text/html\n\n" + strings.Repeat("<table><tr><td>a<td>", 20) + "<pre>" + strings.Repeat("x\n", 250_000),
		"small tables":      usual + "Content-Type: text/html\n\n" + strings.Repeat("<table align=left><tr><td>", 20) + "<pre>" + strings.Repeat("x\n", 250_000),
		"nested paragraphs": usual + "Content-Type: text/html\n\n" + strings.Repeat("<table><tr><td>", 20) + strings.Repeat("<p>x", maxTags-100),
		"flowed":            usual + "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat("a \n", 1<<20),
		"comments":          "From: " + strings.Repeat("(", 500_000) + "a@example.org" + strings.Repeat(")", 500_000) + "\n" + usual + "\nx",
		"comments of MIME":  usual + "Content-Type: " + strings.Repeat("(", 500_000) + "\n\nx",
		"quotes":            "To: " + strings.Repeat(`"`, 900_000) + "\n" + usual + "\nx",
		"addresses":         usual + "To: " + strings.Repeat("a@b,", 250_000) + "\n\nx",
		"groups":            usual + "To: " + strings.Repeat("a:;", 300_000) + "\n\nx",
		"fields":            usual + strings.Repeat("To: a@b\n", 1_000_000) + "\nx",
		"folds":             usual + "To: a@b\n" + strings.Repeat(" \n", 1_000_000) + "\nx",
		"references":        usual + "References: " + strings.Repeat("<a@b> ", 170_000) + "\n\nx",
		"words":             "Subject: " + words + "\n\nx",
		"parameters":        usual + "Content-Type: text/plain" + strings.Repeat("; name*1*=a", 100_000) + "\n\nx",
		"base64":            usual + "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("QUJD\n", 1<<20),
		"broken quoted":     usual + "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=\n", 2<<20),
		"files in the text": usual + "\n" + strings.Repeat("begin 644 a\n`\nend\n", 500_000),
	} {
		costsLittle(t, name, []byte(raw))
		if m := Parse([]byte(raw)); name == "containers" || name == "parts" {
			parts := 0
			m.Root.Walk(func(*mail.Part) bool { parts++; return true })
			if !m.Root.Cut || parts > mail.MaxParts+1 {
				t.Errorf("%s: %d parts, cut: %v", name, parts, m.Root.Cut)
			}
		}
	}
}
