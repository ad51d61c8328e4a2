package body

import (
	"strings"
	"testing"
)

func TestHTMLIsReadAsItWasMeant(t *testing.T) {
	long := strings.Repeat("x", 39)
	for name, c := range map[string]struct{ in, want string }{
		"white space":      {"<p> a \n b<b> c</b>&nbsp;&nbsp;d </p><p>e", " 0|a b c d\n 0|\n 0|e\n"},
		"powers":           {"10<sup>6</sup> m<sup>-1</sup> 4<sup><b>th</b></sup> x<sup><a href=http://a.example>1</a></sup> H<sub>2</sub>O", " 0|10⁶ m⁻¹ 4th x1 H2O\n 0|\n-0|────────────────────\nf0|[1] http://a.example\n"},
		"ruby":             {"<ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby> <ruby>東<rp>[</rp><rt>tō</rt><rp>]</rp></ruby>", " 0|漢(kan)字(ji) 東[tō]\n"},
		"breaks":           {"a<br>b<br><br><br>c", " 0|a\n 0|b\n 0|\n 0|c\n"},
		"divisions":        {"<div>a<div>b</div>c</div><div><br></div><div>d</div>", " 0|a\n 0|b\n 0|c\n 0|\n 0|d\n"},
		"heading":          {"<h2>A</h2>b", "#0|A\n 0|\n 0|b\n"},
		"large is heading": {"<div style='font-size: 24px'>A</div><div>b</div>", "#0|A\n 0|\n 0|b\n"},
		"lists":            {"<ul><li>a<li><p>b</p><ul><li>c</ul></ul><ol start=9><li>d<li>e</ol>", " 0|• a\n 0|• b\n 0|  ◦ c\n 0|\n 0|9. d\n 0|10. e\n"},
		"quote":            {"a<blockquote type=cite>b<blockquote>c</blockquote></blockquote>d", " 0|a\n 0|\n 1|b\n 1|\n 2|c\n 0|\n 0|d\n"},
		"preformatted":     {"<pre>a\n  b\n\nc\n</pre>", "p0|a\np0|  b\n 0|\np0|c\n"},
		"rule":             {"a<hr>b", " 0|a\n 0|\n-0|" + strings.Repeat("─", 40) + "\n 0|\n 0|b\n"},
		"dropped":          {"<head><title>t</title><style>x{}</style></head><script>y()</script>a<!-- b --><textarea>c</textarea>", " 0|a\n"},
		"soft hyphens":     {"con&shy;fes&#8203;sion", " 0|confession\n"},
		"entities":         {"&lt;b&gt; &amp; &euro; &#27;[31m &#x9b;", " 0|<b> & € ␛[31m ›\n"},
		"alternative text": {"<img alt='A boat' src=x> b", " 0|[A boat] b\n"},
		"picture of ours":  {"<img src='cid:x'>", " 0|[image]\n"},
		"definition list":  {"<dl><dt>a<dd>b</dl>", " 0|a\n 0|  b\n"},
		"signature":        {"a<br>-- <br>me", " 0|a\ns0|--\ns0|me\n"},
		"upper case":       {"<span style='text-transform:uppercase'>a</span>b", " 0|Ab\n"},
		"pre-wrap":         {"<div style='white-space:pre-wrap'>a  b\nc</div>", " 0|a  b\n 0|c\n"},
		"empty":            {"", ""},
		"only a picture":   {"<img src=https://x.example/a.png>", ""},
		"joined words":     {"<span>a</span><span>b</span>", " 0|ab\n"},
		"kinds of lists":   {"<ol type=a start=3><li>x<li>y</ol><ol style='list-style-type:upper-roman'><li value=4>x<li>y</ol>", " 0|c. x\n 0|d. y\n 0|\n 0|IV. x\n 0|V. y\n"},
		"list of no marks": {"<ul style='list-style:none'><li>x<li>y</ul>", " 0|x\n 0|y\n"},
		"typed bullets":    {"<p class=MsoListParagraph>· " + strings.Repeat("word ", 10) + "</p>", " 0|· word word word word word word word\n 0|  word word word\n"},
		"source of Japan":  {"<p>今日\nは<b>x\ny</b>", " 0|今日はx y\n"},
		"things to do":     {"<ul><li><input type=checkbox checked> a<li><input type=checkbox> b</ul>", " 0|• [x] a\n 0|• [ ] b\n"},
		"things sold":      {"<table><tr><td><table><tr><td>a<br>b<td>€1.50</table><tr><td><table><tr><td>c<td>€11.00</table></table>", "t0|a   €1.50\nt0|b\nt0|c  €11.00\n"},
		"figures":          {"<table><tr><td>14<br>new<td>231<br>old</table>", "t0|14   231\nt0|new  old\n"},
		"marked by both":   {"<p>a<div style='border-left:solid blue;padding:0 0 0 4pt'><p>From: A<br>Sent: x<br>To: B<br>Subject: c<p>d</div>", " 0|a\n 0|\n 1|From: A\n 1|Sent: x\n 1|To: B\n 1|Subject: c\n 1|\n 1|d\n"},
		"a larger line":    {"<p style='font-size:18px'>A</p><p style='font-size:13px'>" + long + "</p>", "#0|A\n 0|\n 0|" + long + "\n"},
		"size by class":    {"<style>.t{font-size:28px}</style><p class=t>A</p><p>" + long, "#0|A\n 0|\n 0|" + long + "\n"},
		"old sizes":        {"<font size=5>A</font><p>" + long, "#0|A\n 0|\n 0|" + long + "\n"},
		"nothing divided":  {"a<p>|</p><p>&nbsp;·&nbsp;</p><hr><hr><p>b<hr>", " 0|a\n 0|\n-0|" + strings.Repeat("─", 40) + "\n 0|\n 0|b\n"},
		"older mail":       {"<p>a</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> A &lt;a@b.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> B<br><b>Subject:</b> c</p></div><p>d", " 0|a\n 0|\n 1|From: A <a@b.example>\n 1|Sent: Monday\n 1|To: B\n 1|Subject: c\n 1|\n 1|d\n"},
		"line at the left": {"a<div style='border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt'>b</div>c", " 0|a\n 0|\n 1|b\n 0|\n 0|c\n"},
		"Gmail's quote":    {"a<div class=gmail_quote><div class=gmail_attr>On Monday A wrote:</div><blockquote class=gmail_quote style='margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex'>b</blockquote></div>", " 0|a\n 0|\n 0|On Monday A wrote:\n 0|\n 1|b\n"},
		"for the office":   {"<!--[if mso]><p>x</p><![endif]--><![if !mso]><p>a</p><![endif]><!--[if !mso]><!--><p>b</p><!--<![endif]--><o:p>&nbsp;</o:p>", " 0|a\n 0|\n 0|b\n"},
		"right to left":    {"<p dir=rtl>שלום &rlm;<bdo dir=ltr>abc</bdo>&#x202e;x", " 0|שלום abc\ufffdx\n"},
		"not closed":       {"<p>a<b>b<p>c</i></div></table>d<a href=", " 0|ab\n 0|\n 0|cd\n"},
		"nothing but tags": {"<<p>>a</", " 0|<\n 0|\n 0|>a</\n"},
	} {
		d, _ := renderText(c.in, Options{Width: 40}, "text/html", nil)
		if got := kinds(d); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestHiddenTextIsNotShown(t *testing.T) {
	for _, hidden := range []string{
		"<div style='display:none'>X</div>", "<div style='DISPLAY : NONE !important'>X</div>", "<p hidden>X", "<span style='visibility:hidden'>X</span>",
		"<span style='font-size:0'>X</span>", "<span style='font-size:1px;color:#fff'>X</span>", "<div style='max-height:0;overflow:hidden'>X</div>",
		"<div style='mso-hide:all'>X</div>", "<span style='opacity:0'>X</span>", "<span style='color:#FFF;background:#ffffff'>X</span>",
		"<div style='position:absolute;left:-9999px'>X</div>", "<div style='text-indent:-2000px'>X</div>", "<span style='color:transparent'>X</span>",
		"<style>.pre,.x{display:none}</style><p class='pre'>X", "<table style='display:none'><tr><td>X</table>", "<table><tr style='display:none'><td>X</table>",
		"<template>X</template>", "<p style='visibility:hidden'><b>X</b></p>",
		"<div style='background:#123456'><p><span style='color:#123456'>X</span></p></div>", "<table><tr><td bgcolor=#eee><font color=#eeeeee>X</font></table>",
		"<table bgcolor=eeeeee><tr><td><font color=#efefef>X</font></table>", "<p style='color:#fefefe'>X", "<p style='color:rgb(255, 255, 250)'>X",
		"<body bgcolor=black text=black>X", "<style>.w{color:white}</style><p class=w>X", "<p style='color:rgba(0,0,0,0)'>X", "<div style='max-height:0px'>X",
		"<div style='width:1px;height:1px;overflow:hidden'>X</div>", "<style>#x{display:none}</style><p id=x>X", "<p style='font:0/0 a'>X",
	} {
		if _, plain := renderText("a"+hidden, Options{Width: 40}, "text/html", nil); strings.Contains(plain, "X") {
			t.Errorf("%s shows %q", hidden, plain)
		}
	}
	for _, shown := range []string{
		"<td style='font-size:0'><span style='font-size:14px'>X</span>", "<p style='visibility:hidden'><b style='visibility:visible'>X</b>",
		"<style>@media (max-width:1px){.x{display:none}}</style><p class=x>X", "<style>.x{display:none}.x{display:block}</style><p class=x>X",
		"<span style='color:#fff;background:#000'>X</span>", "<noscript>X</noscript>", "<button>X</button>", "<center>X", "<unknown>X</unknown>",
		"<table background=x.png><tr><td style='color:#fff'>X</table>", "<div style='background:url(x)'><p style='color:white'>X", "<p style='color:#ccc'>X",
		"<style>.b a{background:#000}</style><p class=b><a style='color:#fff'>X</a>", "<style>.b{background:#000}</style><p class=b><font color=white>X</font>",
		"<div style='background-image:linear-gradient(red,blue);color:#fff'>X", "<a href=https://a.example style='mso-hide:all;background:#00f;color:#fff'>X</a>",
		"<body bgcolor=#000><font color=white>X</font>", "<p style='color:white;background-color:rgba(0,0,0,.5)'>X", "<p style='color:linktext'>X",
		strings.Repeat("<div>", 700) + "X", strings.Repeat("<b>", 2000) + "X",
	} {
		if _, plain := renderText(shown, Options{Width: 40}, "text/html", nil); !strings.Contains(plain, "X") {
			t.Errorf("%.80s shows %q", shown, plain)
		}
	}
}

func TestRemoteContentIsCounted(t *testing.T) {
	d, _ := renderText(`<link rel=stylesheet href="https://x.example/s.css"><body background="http://x.example/b.png"><img src="https://x.example/1.gif" width=1>
<img src="//x.example/2.png" alt=a><img src="cid:3"><img src="data:image/png;base64,AA"><td style="background:url('https://x.example/4.png')">a<iframe src="https://x.example/"></iframe>`, Options{Width: 40}, "text/html", nil)
	if d.Remote != 4 || d.Trackers != 1 || len(d.TrackedBy) != 1 || d.TrackedBy[0] != "x.example" { // the cell outside a table is no element
		t.Errorf("%d, %d of %q", d.Remote, d.Trackers, d.TrackedBy)
	}
	if d, _ := renderText("<p>a<a href='https://x.example'>b</a>", Options{Width: 40}, "text/html", nil); d.Remote != 0 {
		t.Errorf("a link counts as %d", d.Remote)
	}
}

func TestHTMLLinksAreNumberedOnceForEachTarget(t *testing.T) {
	d, _ := renderText(`<base href="https://base.example/dir/page"><a href="https://a.example/">one <b>bold</b> word</a>, <a href="https://a.example/">again</a>,
<a href="other">relative</a>, <a href="#top">here</a>, <a href="javascript:x()">bad</a>, <a name=x>anchor</a>, <a href="https://evil.example">https://good.example</a>`, Options{Width: 100}, "text/html", nil)
	want := []Link{{"one bold word", "https://a.example/", false}, {"relative", "https://base.example/dir/other", false}, {"https://good.example", "https://evil.example", true}}
	if len(d.Links) != 3 || d.Links[0] != want[0] || d.Links[1] != want[1] || d.Links[2] != want[2] {
		t.Errorf("%+v", d.Links)
	}
	ends := map[int]int{}
	for _, l := range d.Lines {
		for _, s := range l.Spans {
			if s.End {
				ends[s.Link]++
			}
			if l.Kind != Footnote && (s.Link > 0) != (s.Style&LinkText != 0) {
				t.Errorf("span %+v", s)
			}
		}
	}
	if ends[1] != 2 || ends[2] != 1 || ends[3] != 1 || len(ends) != 3 {
		t.Errorf("ends %v", ends)
	}
}

func TestFootnotesTellWhereLinksLead(t *testing.T) {
	deep := "https://a.example/" + strings.Repeat("x", 60)
	host := "https://" + strings.Repeat("login.", 9) + "evil.example"
	in := `<a href="https://a.example/1">one</a>, <a href="https://a.example/2">https://a.example/2</a>, <a href="` + deep + `">deep</a>, <a href="` + host + `/x">host</a>, <a href="https://evil.example">https://good.example</a>`
	d, plain := renderText(in, Options{Width: 40}, "text/html", nil)
	got := kinds(d)
	_, got, _ = strings.Cut(got, "-0|────────────────────\n")
	want := "f0|[1] https://a.example/1\n" +
		"f0|[3] https://a.example/xxxxxxxxxxxxxxxxx…\n" +
		"f0|[4] https://login.login.login.login.logi\nf0|    n.login.login.login.login.evil.examp\nf0|    le/x\n" +
		"f0|[5] https://evil.example\nf0|    where its text says\nf0|    https://good.example\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(plain, "[1]") {
		t.Errorf("text to be quoted has footnotes:\n%s", plain)
	}
	if d, _ := renderText("see https://a.example/2 and www.b.example", Options{Width: 60}, "text/plain", nil); len(d.Lines) != 1 || len(d.Links) != 2 {
		t.Errorf("plain text has %d lines", len(d.Lines))
	}
}

func TestLinksShowWhatTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		links    int
	}{
		"button":           {"<a href=https://a.example style='background:#f00;padding:8px 12px'>Read on</a>", " 0|→ Read on\n", 1},
		"button by class":  {"<a class='btn btn-primary' href=https://a.example>Read on</a>", " 0|→ Read on\n", 1},
		"button in a cell": {"<table><tr><td bgcolor=#ff0000 style='border-radius:3px'><a href=https://a.example>Read on</a></table>", " 0|→ Read on\n", 1},
		"button with one":  {"<a class=btn href=https://a.example>Read on »</a>", " 0|Read on »\n", 1},
		"not a button":     {"<p>See <a href=https://a.example>Read on</a></p>", " 0|See Read on\n", 1},
		"named icon":       {"<a href=https://a.example><img src=x width=24 alt=Photos></a>", " 0|Photos\n", 1},
		"known icon":       {"<a href=https://a.example/1><img src=https://a.example/instagram-24.png width=24></a>", " 0|Instagram\n", 1},
		"unknown icon":     {"a<a href=https://a.example/1><img src=https://a.example/3.png width=24></a>", " 0|a\n", 0},
		"icon with words":  {"<a href=https://a.example/1><img src=facebook.png width=24></a> <a href=https://a.example/1>Friends</a>", " 0|Friends\n", 1},
		"picture":          {"<a href=https://a.example/1><img src=x width=600 alt='A boat'></a>", " 0|[A boat]\n", 1},
		"picture of none":  {"<a href=https://a.example/1><img src=x width=600></a>", " 0|[image]\n", 1},
		"picture said twice": {"<a href=https://a.example/1><img src=x width=600 alt='A boat'></a><h2><a href=https://a.example/1>A boat</a></h2>",
			"#0|A boat\n", 1},
		"empty link": {"a<a href=https://a.example></a><a href=https://b.example>b</a>", " 0|ab\n", 1},
		"row of icons": {"<table style='display:inline-table'><tr><td><a href=https://a.example/1>One</a></table><table style='display:inline-table'><tr><td><a href=https://a.example/2>Two</a></table>",
			" 0|One   Two\n", 2},
	} {
		d, _ := renderText(c.in, Options{Width: 40}, "text/html", nil)
		got, _, _ := strings.Cut(kinds(d), " 0|\n-0|────────────────────\n")
		if got != c.want || len(d.Links) != c.links {
			t.Errorf("%s: got\n%s and %d links, want\n%s", name, got, len(d.Links), c.want)
		}
	}
}

func TestSmallPrintStepsBack(t *testing.T) {
	d, _ := renderText("<p>"+strings.Repeat("words ", 30)+"</p><p style='font-size:11px'>small</p><p>text<p>To leave, <a href=https://a.example>unsubscribe</a><p>Our address", Options{Width: 40}, "text/html", nil)
	for _, l := range d.Lines {
		if l.Kind != Normal {
			continue
		}
		dim := strings.HasPrefix(l.Text(), "small") || strings.HasPrefix(l.Text(), "To leave") || strings.HasPrefix(l.Text(), "Our")
		for _, s := range l.Spans {
			if (s.Style&Dim != 0) != dim {
				t.Errorf("%q dim: %t", l.Text(), s.Style&Dim != 0)
			}
		}
	}
}

func TestTooDeepOrTooLargeIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("large, and nothing runs beside it") // .ci/run: the race detector would take minutes and find nothing
	}
	for name, c := range map[string]struct {
		in   string
		note bool
	}{
		"usual":       {strings.Repeat("<div>", 150) + "<b>word</b>", false},
		"deep":        {strings.Repeat("<div>", 250) + "<b>word</b>", true},
		"very deep":   {strings.Repeat("<div>", 900) + "word", true},
		"deep tables": {strings.Repeat("<table><tr><td>", 30) + "word", true},
		"large":       {"word" + strings.Repeat("<p>x", maxHTML/4), true},
		"cells":       {"word<table border=1>" + strings.Repeat("<tr><td>a<td>b", maxCells/3-1) + "</table>", false},
		"more cells":  {"word<table border=1>" + strings.Repeat("<tr><td>a<td>b", maxCells/3+2) + "</table>", true},
		"tags":        {"word" + strings.Repeat("<b>x</b>", maxTags/2), false},
		"more tags":   {"word " + strings.Repeat("<b>x</b>", maxTags/2+1), true},
		"styles":      {"<style>.a{" + strings.Repeat("color:red;", 2000) + "}</style>word" + strings.Repeat("<p class='"+strings.Repeat("a ", 10)+"'>x", 10), false},
		"more styles": {"<style>.a{" + strings.Repeat("color:red;", 2000) + "}</style>word" + strings.Repeat("<p class='"+strings.Repeat("a ", 1000)+"'>x", 100), true},
	} {
		d, _ := renderText(c.in, Options{Width: 80}, "text/html", nil)
		note := d.Lines[len(d.Lines)-1].Kind == Note
		if got, _, _ := strings.Cut(d.Lines[0].Text(), " "); !strings.HasPrefix(got, "word") || note != c.note {
			t.Errorf("%s: %q, note %t", name, got, note)
		}
	}
}

func TestTablesOfDataKeepTheirColumns(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"with headings": {"<table><tr><th>Item<th>Price<tr><td>Tea<td>1.50<tr><td>Coffee<td>12.00</table>",
			"t0|Item    Price\nt0|──────  ─────\nt0|Tea      1.50\nt0|Coffee  12.00\n"},
		"without":              {"<table><tr><td>Name<td>Anna<tr><td>Town<td>Bremen</table>", "t0|Name  Anna\nt0|Town  Bremen\n"},
		"with empty columns":   {"<table><tr><td>a<td>&nbsp;<td>b<tr><td>c<td><td>d</table>", "t0|a  b\nt0|c  d\n"},
		"with spans":           {"<table border=1><tr><td colspan=2>Total<td>9<tr><td rowspan=2>a<td>b<td>1<tr><td>c<td>2</table>", "t0|Total  9\nt0|a  b   1\nt0|   c   2\n"},
		"one row side by side": {"<table><tr><td>Home<td>News<td>Contact</table>", " 0|Home   News   Contact\n"},
		"one column":           {"<table><tr><td>a<tr><td>b</table>", " 0|a\n 0|b\n"},
		"presentation":         {"<table role=presentation><tr><td><p>" + strings.Repeat("long ", 20) + "</p><td>x</table>", " 0|" + strings.TrimSpace(strings.Repeat("long ", 12)) + "\n 0|" + strings.TrimSpace(strings.Repeat("long ", 8)) + "\n 0|\n 0|x\n"},
		"nested":               {"<table><tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><tr><td>e</table>", "t0|a  b\nt0|c  d\n 0|\n 0|e\n"},
		"lines in cells":       {"<table border=1><tr><td>a<br>b<td>c<tr><td>d<td>e</table>", "t0|a  c\nt0|b\nt0|d  e\n"},
	} {
		d, _ := renderText(c.in, Options{Width: 60}, "text/html", nil)
		if got := kinds(d); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestTablesStayWithinTheWidth(t *testing.T) {
	row := "<tr><td>" + strings.Repeat("several words in a cell ", 3) + "<td>short<td>" + strings.Repeat("x", 30) + "<td><a href=https://a.example>link</a>"
	for _, width := range []int{20, 30, 40, 60, 80, 120} {
		d, plain := renderText("<table border=1>"+strings.Repeat(row, 3)+"</table>", Options{Width: width}, "text/html", nil)
		for _, l := range d.Lines {
			if n := columns(l.Text()); n > width {
				t.Errorf("width %d: %d columns: %s", width, n, l.Text())
			}
		}
		if strings.Count(plain, "short") != 3 {
			t.Errorf("lost at %d:\n%s", width, plain)
		}
	}
}
