package body

import (
	"strings"
	"testing"
)

func TestHTMLIsReadAsItWasMeant(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"white space":      {"<p> a \n b<b> c</b>&nbsp;&nbsp;d </p><p>e", " 0|a b c d\n 0|\n 0|e\n"},
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
	} {
		if _, plain := renderText("a"+hidden, Options{Width: 40}, "text/html", nil); strings.Contains(plain, "X") {
			t.Errorf("%s shows %q", hidden, plain)
		}
	}
	for _, shown := range []string{
		"<td style='font-size:0'><span style='font-size:14px'>X</span>", "<p style='visibility:hidden'><b style='visibility:visible'>X</b>",
		"<style>@media (max-width:1px){.x{display:none}}</style><p class=x>X", "<style>.x{display:none}.x{display:block}</style><p class=x>X",
		"<span style='color:#fff;background:#000'>X</span>", "<noscript>X</noscript>", "<button>X</button>", "<center>X", "<unknown>X</unknown>",
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
	if d.Remote != 5 { // the cell outside a table is no element
		t.Errorf("%d", d.Remote)
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
			if (s.Link > 0) != (s.Style&LinkText != 0) {
				t.Errorf("span %+v", s)
			}
		}
	}
	if ends[1] != 2 || ends[2] != 1 || ends[3] != 1 || len(ends) != 3 {
		t.Errorf("ends %v", ends)
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
