package compose

import (
	"bytes"
	"html"
	"io"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gfm "github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown makes HTML of what people write in mail: a line end is one, addresses of pages are links, and what looks like
// HTML is text, which nobody meant to hide.
var markdown = goldmark.New(goldmark.WithExtensions(gfm.GFM), goldmark.WithRendererOptions(htmlrenderer.WithHardWraps(),
	renderer.WithNodeRenderers(util.Prioritized(tagsAsText{}, 1))))

// tagsAsText shows HTML as it was typed.
type tagsAsText struct{}

// RegisterFuncs is for goldmark.
func (tagsAsText) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			w.WriteString(html.EscapeString(string(n.(*ast.RawHTML).Segments.Value(source))))
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		b := n.(*ast.HTMLBlock)
		if entering {
			w.WriteString("<p>" + html.EscapeString(string(b.Lines().Value(source))))
			return ast.WalkContinue, nil
		}
		if b.HasClosure() {
			w.WriteString(html.EscapeString(string(b.ClosureLine.Value(source))))
		}
		w.WriteString("</p>\n")
		return ast.WalkContinue, nil
	})
	r.Register(ast.KindImage, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		said, to := html.EscapeString(spoken(n, source)), string(n.(*ast.Image).Destination)
		switch {
		case strings.HasPrefix(to, "cid:"):
			w.WriteString(`<img src="` + to + `" alt="` + said + `">`)
		case strings.HasPrefix(to, "https:") || strings.HasPrefix(to, "http:"): // fetched from elsewhere, it would tell on its readers
			w.WriteString(`<a href="` + html.EscapeString(to) + `">` + said + `</a>`)
		default:
			w.WriteString(said)
		}
		return ast.WalkSkipChildren, nil
	})
}

// spoken are the words below a node.
func spoken(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		} else {
			b.WriteString(spoken(c, source))
		}
	}
	return b.String()
}

// apart puts an empty line behind each quote: in Markdown the line below would go on with it, in mail it answers it.
func apart(text string) string {
	var b strings.Builder
	quoted, fence := false, ""
	for line := range strings.Lines(text) {
		bare := strings.TrimLeft(line, " ")
		if quoted && bare != "\n" && !strings.HasPrefix(bare, ">") {
			b.WriteString("\n")
		}
		switch {
		case fence != "" && strings.HasPrefix(bare, fence):
			fence = ""
		case fence == "" && (strings.HasPrefix(bare, "```") || strings.HasPrefix(bare, "~~~")):
			fence = bare[:3]
		}
		quoted = fence == "" && strings.HasPrefix(bare, ">")
		b.WriteString(line)
	}
	return b.String()
}

// sheet is all the looks that are set: quotes, tables and code can be told from the rest without it, but not well.
const sheet = "blockquote{margin:0 0 0 .5em;padding-left:1em;border-left:2px solid #aaa}table{border-collapse:collapse}" +
	"th,td{border:1px solid #aaa;padding:.2em .6em}pre,code{font-family:monospace}img{max-width:100%}"

// formatted is the text of a draft as HTML. An image of the text that has the name of an attached picture shows that
// one; shown are those pictures, as the HTML calls them.
func formatted(body string, attached []Attachment, source io.Reader, domain string) (page string, shown map[int]string, err error) {
	above, signature, signed := cutSignature(lines(body))
	shown = map[int]string{}
	src := []byte(apart(above))
	doc := markdown.Parser().Parse(text.NewReader(src))
	err = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		image, ok := n.(*ast.Image)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		i := picture(string(image.Destination), attached)
		if i < 0 {
			return ast.WalkContinue, nil
		}
		if shown[i] == "" {
			id, err := random(source, 8)
			if err != nil {
				return ast.WalkStop, err
			}
			shown[i] = id + "@" + domain
		}
		image.Destination = []byte("cid:" + shown[i]) // RFC 2392 §2
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><style>" + sheet + "</style></head><body>\n")
	if err := markdown.Renderer().Render(&b, src, doc); err != nil {
		return "", nil, err
	}
	if signed {
		b.WriteString("<p>-- <br>\n" + strings.ReplaceAll(html.EscapeString(strings.TrimRight(signature, "\n")), "\n", "<br>\n") + "</p>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String(), shown, nil
}

// cutSignature cuts at the mark of the signature, which Markdown would take for the line below a heading.
func cutSignature(body string) (above, signature string, signed bool) {
	if rest, ok := strings.CutPrefix(body, "-- \n"); ok {
		return "", rest, true
	}
	above, signature, signed = strings.Cut(body, "\n-- \n")
	return above, signature, signed
}

// picture is which attached picture an image of the text names, or -1.
func picture(destination string, attached []Attachment) int {
	name, err := url.PathUnescape(destination)
	if err != nil {
		return -1
	}
	for i, a := range attached {
		if a.Name == name && strings.HasPrefix(a.MediaType, "image/") {
			return i
		}
	}
	return -1
}

// alternatives are the text and, for those who show it, the same as HTML with its pictures; rest is what is attached
// besides. // RFC 2046 §5.1.4, RFC 2387
func (d Draft) alternatives(env Environment) (p part, rest []Attachment, err error) {
	page, shown, err := formatted(d.Body, d.Attachments, env.Random, d.From.Domain)
	if err != nil {
		return part{}, nil, err
	}
	related := []part{encodedText(page, env.Transfer, "text/html;", "charset=utf-8")}
	for i, a := range d.Attachments {
		id := shown[i]
		if id == "" {
			rest = append(rest, a)
			continue
		}
		picture, err := attachmentPart(a, env)
		if err != nil {
			return part{}, nil, err
		}
		picture.header = header{}
		picture.header.tokens("Content-Type", []string{a.MediaType})
		picture.header.tokens("Content-Transfer-Encoding", []string{"base64"})
		picture.header.tokens("Content-ID", []string{"<" + id + ">"})
		picture.header.tokens("Content-Disposition", append([]string{"inline;"}, parameter("filename", safeName(a.Name))...))
		related = append(related, picture)
	}
	shownPart := related[0]
	if len(related) > 1 {
		if shownPart, err = container("related", related, env.Random); err != nil {
			return part{}, nil, err
		}
	}
	p, err = container("alternative", []part{textPart(d.Body, env.Transfer), shownPart}, env.Random)
	return p, rest, err
}

// container is several parts as one.
func container(subtype string, parts []part, source io.Reader) (part, error) {
	boundary, err := random(source, 12)
	if err != nil {
		return part{}, err
	}
	boundary = "=_" + boundary
	var p part
	var b bytes.Buffer
	encoding := "7bit"
	for i, sub := range parts {
		if sub.eight {
			p.eight, encoding = true, "8bit"
		}
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString("--" + boundary + "\r\n")
		b.Write(sub.header.Bytes())
		b.WriteString("\r\n")
		b.Write(sub.body)
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
	p.header.tokens("Content-Type", []string{"multipart/" + subtype + ";", `boundary="` + boundary + `"`})
	p.header.tokens("Content-Transfer-Encoding", []string{encoding})
	p.body = b.Bytes()
	return p, nil
}
