package body

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"posthorn/mail"
)

// checkDocument fails on anything in a document that must not reach a terminal.
func checkDocument(t *testing.T, d Document, width int) {
	t.Helper()
	show := func(s string) {
		if r := unsafe(s); r >= 0 || strings.ContainsAny(s, "\n\t") || !utf8.ValidString(s) {
			t.Fatalf("unsafe text %q", s)
		}
	}
	for _, l := range d.Lines {
		for _, s := range l.Spans {
			show(s.Text)
			if s.Link < 0 || s.Link > len(d.Links) {
				t.Fatalf("span to link %d of %d", s.Link, len(d.Links))
			}
		}
		wrapped := l.Kind == Normal || l.Kind == Quote || l.Kind == Heading || l.Kind == Rule
		if n := utf8.RuneCountInString(l.Text()); wrapped && n > width {
			t.Fatalf("line of %d columns at width %d: %q", n, width, l.Text())
		}
	}
	for _, l := range d.Links {
		show(l.Text)
		show(l.URL)
	}
	end := 0
	for _, f := range d.Folds() {
		if f.From < end || f.To < f.From+minFold || f.To > len(d.Lines) {
			t.Fatalf("fold of %d to %d behind %d in %d lines", f.From, f.To, end, len(d.Lines))
		}
		end = f.To
		show(f.Author)
	}
}

func checkText(t *testing.T, s string) {
	t.Helper()
	if r := unsafe(s); r >= 0 || !utf8.ValidString(s) {
		t.Fatalf("unsafe text %q", s)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte(usualHeader))
	f.Add([]byte("From a@b\nA : 1\n 2\nno colon\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := ParseHeader(raw)
		for name, value := range h.Fields {
			if strings.ContainsAny(name+value, "\r\n") {
				t.Fatalf("%q: %q is not unfolded", name, value)
			}
			if !h.Has(name) {
				t.Fatalf("%q is there and is not", name)
			}
		}
		e := Envelope(h)
		checkText(t, mail.Line(e.Subject))
		for _, s := range []string{e.Subject, e.FromText(), e.ToText(), e.MessageID, e.ListID, e.ListPost} {
			if !utf8.ValidString(s) {
				t.Fatalf("%q is no UTF-8", s)
			}
		}
		if _, err := e.Date.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzDecodeWords(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "=?utf-8?b?Y2Fmw?= =?utf-8?b?6k=?=", "=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "raw caf\xe9", "=?utf-7?Q?+AOk-?=", "=?utf-16?B?//5hAA==?="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := DecodeWords(s)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is no UTF-8", out)
		}
		if !strings.Contains(s, "=?") && utf8.ValidString(s) && out != s {
			t.Fatalf("%q became %q", s, out)
		}
		ParseValue(s)
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"Mon, 2 Jan 2006 15:04:05 -0700 (MST)", "2006-01-02T15:04:05.1+02:00", "1-Feb-03 10.00 GMT+1", "January 2, 2006 12:04am"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := ParseDate(s)
		if _, err := d.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		if !d.IsZero() && (d.Year() < 1899 || d.Year() > 9999) {
			t.Fatalf("%q is in %d", s, d.Year())
		}
		if fast, ok := parseStrictDate(s); ok && !fast.Equal(d) {
			t.Fatalf("%q: %v and %v", s, fast, d)
		}
	})
}

func FuzzParse(f *testing.F) {
	samples, _ := filepath.Glob("testdata/samples/*.eml")
	for _, path := range samples {
		if raw, err := os.ReadFile(path); err == nil {
			f.Add(raw)
		}
	}
	f.Add([]byte("Content-Type: multipart/mixed\n\n--y\nContent-Type: message/rfc822\n\nContent-Type: multipart/digest; boundary=y\n\n--y\n\na"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		parts := 0
		m.Root.Walk(func(p *mail.Part) bool {
			parts++
			if p.Section != "" && int64(len(m.Content(p.Section))) != p.Size {
				t.Fatalf("section %s: %d bytes, said to be %d", p.Section, len(m.Content(p.Section)), p.Size)
			}
			if len(p.Children) == 0 {
				if m.Content(p.Section) == nil {
					t.Fatalf("section %q has no content", p.Section)
				}
				if !utf8.ValidString(Text(*p, m.Content(p.Section))) {
					t.Fatalf("section %s is no UTF-8", p.Section)
				}
			}
			return true
		})
		if parts > mail.MaxParts+mail.MaxDepth {
			t.Fatalf("%d parts", parts)
		}
		list := m.Parts(m.Root.TextParts("text/html"))
		checkDocument(t, Render(list, Options{Width: 40}), 40)
		checkText(t, Plain(list))
	})
}

func renderText(s string, opt Options, mediaType string, params map[string]string) (Document, string) {
	parts := []Content{{mail.Part{MediaType: mediaType, Params: params}, []byte(s)}}
	return Render(parts, opt), Plain(parts)
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"<p>a <b>b</b><table><tr><th>x<th>y<tr><td>1<td><a href='https://a.example'>2</a></table><ul><li>x<ol start=3><li>y",
		"<blockquote type=cite><pre>x\n y\n</pre></blockquote><img src=http://x alt='\x1b]0;x\x07'>&#27;[31m&#x202e;",
		"<table><tr><td rowspan=3 colspan=2>a<td>b<tr><td>c</table><div style='font-size:30px'>h</div><a href='java\tscript:x'>z</a>",
		strings.Repeat("<div>", 600) + "deep" + strings.Repeat("<table><tr><td>", 30),
		"<style>.a,#b,td{color:#fff;background:url(x)} c .d{background:red}</style><p class='a'>x<p id=b style='color:rgba(1,2,3,.5);font:1em/2 a'>y<font size=+2 color=fff>z",
		"<table align=left><tr><td><a class=btn href=http://a.example><img width=24 src=rss.png></a></table><table style=display:inline-table><tr><td>b<td>9.50<tr><td>c<td>1</table>|<hr><hr>",
		"<p>From: a<br>Sent: b<br>To: c<br>Subject: d<p>e<ol type=I start=-3><li value=x>f<li><input type=checkbox checked>g</ol><dl><dt>h<dd>i</dl>日\n本 한\n국",
	} {
		f.Add(s, 40)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = max(20, min(width, 200))
		d, plain := renderText(s, Options{Width: width}, "text/html", nil)
		checkDocument(t, d, width)
		checkText(t, plain)
	})
}

// FuzzLinks follows what a link says and where it leads, in text and in HTML: what comes out is a target of a kind
// that is followed, printable ASCII, unchanged when it is cleaned again; and its host can be read in the footnote.
func FuzzLinks(f *testing.F) {
	for _, c := range [][2]string{
		{"here", "https://a.example/x?y=1#z"}, {"https://good.example", "https://good.example@evil.example:8443/\\x"}, {"www.bücher.example", "//xn--bcher-kva.example"},
		{"a@b.example", "mailto:a@b.example?subject=x%0d%0aBcc:%20e@x.example"}, {"x", "java\tscript:x"}, {"", "HTTPS://А.example\x00/\u202e"}, {"+1", "tel:+1"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, text, target string) {
		a := &article{}
		if n := a.link(text, target); n > 0 {
			l := a.links[0]
			if scheme, _, _ := strings.Cut(l.URL, ":"); !slices.Contains([]string{"http", "https", "ftp", "mailto", "tel"}, scheme) {
				t.Fatalf("%q is followed", l.URL)
			}
			if strings.ContainsFunc(l.URL, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Fatalf("%q is not printable ASCII", l.URL)
			}
			if again := cleanURL(l.URL); again != l.URL && len(l.URL) <= maxURL {
				t.Fatalf("%q becomes %q", l.URL, again)
			}
			checkText(t, l.Text)
			at := layout{opt: Options{Width: 40, Measure: columns}}
			at.footnote(l, 1, "[1] ")
			shown := ""
			for _, line := range at.lines {
				if columns(line.Text()) > 40 {
					t.Fatalf("%q is wider than 40", line.Text())
				}
				shown += strings.TrimPrefix(strings.TrimPrefix(line.Text(), "    "), "[1] ")
			}
			checkText(t, shown)
			if end := authorityEnd(l.URL); !strings.HasPrefix(shown, l.URL[:end]) {
				t.Fatalf("%q does not show %q", shown, l.URL[:end])
			}
		}
		d, _ := renderText(text+" "+target, Options{Width: 40}, "text/plain", nil)
		checkDocument(t, d, 40)
		if start, end := findLink(target, 0); start >= 0 && (end <= start || end > len(target)) {
			t.Fatalf("%q has a link from %d to %d", target, start, end)
		}
	})
}

// FuzzFlowed reads what RFC 3676 §4.2 says is to be written: paragraphs cut into soft lines, quoted and stuffed, come
// back as they were, whatever they hold.
func FuzzFlowed(f *testing.F) {
	f.Add("From here to there, > and back\n-- \nme\n  indented", 0, 20, true)
	f.Add("a  b \n\n>> c\n -- x y", 2, 1, false)
	f.Fuzz(func(t *testing.T, s string, quote, room int, delsp bool) {
		quote, room = max(0, min(quote, maxQuote)), max(1, min(room, 80))
		var in, want []string
		write := func(line string, soft bool) {
			if quote > 0 || strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
				line = " " + line // RFC 3676 §4.4
			}
			if soft {
				line += " "
			}
			if soft && delsp {
				line += " "
			}
			in = append(in, strings.Repeat(">", quote)+line)
		}
		for paragraph := range strings.SplitSeq(s[:min(len(s), 10_000)], "\n") {
			words := strings.Fields(paragraph)
			line := ""
			for i, w := range words {
				if quote > 0 && w[0] == '>' {
					w = "x" + w // "> > x" is read as ">> x", for that is what most who write it mean
					words[i] = w
				}
				if line != "" && line != "--" && len(line)+1+len(w) > room { // "-- " would begin a signature // §4.3
					write(line, true)
					line = ""
				}
				if line != "" {
					line += " "
				}
				line += w
			}
			write(line, false)
			want = append(want, strings.Join(words, " "))
		}
		lines := joinFlowed(splitQuoted(strings.Join(in, "\n")), delsp)
		for i, l := range lines {
			if i >= len(want) || l.text != want[i] || l.quote != quote {
				t.Fatalf("%q: line %d is %d %q, want %q", in, i, l.quote, l.text, want)
			}
		}
		if len(lines) != len(want) {
			t.Fatalf("%q: %d lines, want %q", in, len(lines), want)
		}
	})
}

// FuzzParams reads names cut into pieces as RFC 2231 §3 and §4 say, wherever they are cut, and any field at all.
func FuzzParams(f *testing.F) {
	f.Add("caf\u00e9 = \"x\"; 100%.txt", 3, "attachment; filename*0*=utf-8''a%; filename*1*=C3")
	f.Add("=?utf-8?q?a?=", 80, "a/b; x*=''; *=1; *0*=; x*99999*=y; x*1=z")
	f.Fuzz(func(t *testing.T, name string, room int, field string) {
		value, params := ParseValue(field)
		for k, v := range params {
			if !utf8.ValidString(v) {
				t.Fatalf("%q: %q is no UTF-8", k, v)
			}
		}
		if again, _ := ParseValue(value); again != value && !strings.ContainsAny(value, "()\"\\;") {
			t.Fatalf("%q becomes %q", value, again)
		}
		if name = strings.TrimPrefix(strings.ToValidUTF8(name, ""), "\ufeff"); name == "" {
			return
		}
		room = max(1, min(room, 80))
		encoded := ""
		for i := range len(name) {
			encoded += fmt.Sprintf("%%%02X", name[i])
		}
		if len(encoded)/room >= maxParams {
			return
		}
		line := "attachment; filename*=utf-8'en'" + encoded
		if len(encoded) > room {
			line = "attachment; filename*0*=utf-8'en'" + encoded[:room]
			for n := 1; n*room < len(encoded); n++ {
				line += fmt.Sprintf("; filename*%d*=%s", n, encoded[n*room:min((n+1)*room, len(encoded))])
			}
		}
		if _, params := ParseValue(line); params["filename"] != name {
			t.Fatalf("%q: %q, want %q", line, params["filename"], name)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"> a\n>> b\nOn x wrote:\n-- \nme\n", "diff --git a b\n--- a\n+++ b\n@@ -1,2 +1 @@\n a\n-b\n", "soft \nline \n> q \n> r\n",
		"*bold* _x_ `c` see <https://a.example/b\nc> www.x.example.", "a\tb\n  | x |\n  | y |\n\u202e\x1b[1m\x9b",
	} {
		f.Add(s, 40, true, true)
		f.Add(s, 20, false, false)
	}
	f.Fuzz(func(t *testing.T, s string, width int, flowed, delsp bool) {
		width = max(20, min(width, 200))
		params := map[string]string{}
		if flowed {
			params["format"] = "flowed"
		}
		if delsp {
			params["delsp"] = "yes"
		}
		d, plain := renderText(s, Options{Width: width}, "text/plain", params)
		checkDocument(t, d, width)
		checkText(t, plain)
		if enriched, _ := renderText(s, Options{Width: width}, "text/enriched", nil); len(enriched.Lines) > 0 {
			checkDocument(t, enriched, width)
		}
	})
}

// TestBombsAreHarmless renders what is made to take for ever, or all memory.
func TestBombsAreHarmless(t *testing.T) {
	if testing.Short() {
		t.Skip("large, and nothing runs beside it") // .ci/run: the race detector would take minutes and find nothing
	}
	long := strings.Repeat
	for name, c := range map[string]struct{ mediaType, text string }{
		"one line":          {"text/plain", long("x", 1<<20)},
		"words":             {"text/plain", long("x ", 512<<10)},
		"links":             {"text/plain", long("http://a.example ", 50_000)},
		"schemes":           {"text/plain", long("http://", 100_000)},
		"brackets":          {"text/plain", "http://a.example/" + long(")", 1<<20)},
		"stars":             {"text/plain", long("*a ", 100_000)},
		"signatures":        {"text/plain", long("--\n", 100_000)},
		"quotes":            {"text/plain", long(long(">", 500)+"\n", 5_000)},
		"newlines":          {"text/plain", long("a\n\n", 100_000)},
		"broken links":      {"text/plain", long("<http://a\n", 50_000)},
		"hunks":             {"text/plain", long("@@ -1,1000000 +1,1000000 @@\n", 30_000)},
		"combining":         {"text/plain", "a" + long("\u0301", 1<<20)},
		"deep elements":     {"text/html", long("<div>", 80_000)},
		"deep tables":       {"text/html", long("<table><tr><td>x<td>", 15_000)},
		"deep links":        {"text/html", long("<a href=http://a.example>x", 50_000)},
		"deep lists":        {"text/html", long("<ul><li>", 30_000)},
		"cells":             {"text/html", "<table>" + long("<tr>"+long("<td>1", 50), 1_000)},
		"spans":             {"text/html", "<table>" + long("<tr><td colspan=1000 rowspan=60000>1<td>2", 5_000)},
		"attributes":        {"text/html", "<p " + long("a=b ", 80_000) + ">x"},
		"styles":            {"text/html", long("<style>.a{display:none}", 50_000)},
		"unclosed":          {"text/html", long("<", 1<<20)},
		"entities":          {"text/html", long("&amp;", 80_000)},
		"formatting":        {"text/html", long("<b><i><u><p>", 30_000)},
		"enriched commands": {"text/enriched", long("<bold", 80_000)},
		"enriched params":   {"text/enriched", long("<param>", 80_000)},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := renderText(c.text, Options{Width: 80}, c.mediaType, nil)
			if len(d.Lines) > maxLines+4 {
				t.Errorf("%d lines", len(d.Lines))
			}
		})
	}
}

// BenchmarkNewsletter renders what a campaign tool wrote, its middle repeated to the size.
func BenchmarkNewsletter(b *testing.B) {
	raw, err := os.ReadFile("../demo/mail/home-quay-press.eml")
	if err != nil {
		b.Fatal(err)
	}
	m := Parse(raw)
	html := Text(m.Root, m.Content("1"))
	from, to := strings.Index(html, `<table border="0" cellpadding="0" cellspacing="0" width="100%" class="mcnImageCardBlock">`), strings.Index(html, `<td valign="top" id="templateFooter"`)
	for _, size := range []int{100 << 10, 1 << 20} {
		long := html[:to] + strings.Repeat("</td></tr><tr><td>"+html[from:to], (size-len(html))/(to-from)) + html[to:]
		parts := []Content{{mail.Part{MediaType: "text/html"}, []byte(long)}}
		b.Run(fmt.Sprintf("%dKB", len(long)>>10), func(b *testing.B) {
			b.SetBytes(int64(len(long)))
			b.ReportAllocs()
			for b.Loop() {
				if d := Render(parts, Options{Width: 80}); len(d.Lines) < 100 || len(d.Links) != 9 {
					b.Fatal("too few lines or links")
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	attachment := strings.Repeat(strings.Repeat("A", 76)+"\r\n", 14<<20/78)
	raw := []byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ntext\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + attachment + "--x--\r\n")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if m := Parse(raw); len(m.Root.Children) != 2 {
			b.Fatal("wrong structure")
		}
	}
}
