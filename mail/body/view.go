package body

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"posthorn/mail"
)

// viewer makes paragraphs of an attachment.
type viewer func(*article, mail.Part, []byte, Options)

// viewers are the ways to look at attachments, by media type and by the end of the file name.
var viewers = map[string]viewer{
	"text/csv": viewCSV, "text/tab-separated-values": viewCSV, ".csv": viewCSV, ".tsv": viewCSV,
	"application/zip": viewZip, "application/x-zip-compressed": viewZip, ".zip": viewZip, ".jar": viewZip, ".epub": viewZip,
	"application/x-tar": viewTar, ".tar": viewTar, ".tgz": viewTar, ".tar.gz": viewTar, "application/x-gtar": viewTar,
	"message/rfc822": viewMessage, "message/global": viewMessage, ".eml": viewMessage,
	"text/calendar": viewCalendar, "application/ics": viewCalendar, ".ics": viewCalendar,
	"text/html": viewHTML, "application/xhtml+xml": viewHTML, ".html": viewHTML, ".htm": viewHTML,
}

// viewerOf is how to look at a part: what its name ends in counts where the type says nothing; nil: as text, if it
// is any.
func viewerOf(p mail.Part) viewer {
	if v := viewers[p.MediaType]; v != nil {
		return v
	}
	name := strings.ToLower(strings.TrimSpace(p.Filename))
	if strings.HasSuffix(name, ".tar.gz") {
		return viewTar
	}
	return viewers[path.Ext(name)]
}

// Viewable tells whether View may have something to show, before the bytes are there.
func Viewable(p mail.Part) bool {
	major, _, _ := strings.Cut(p.MediaType, "/")
	switch major {
	case "image", "audio", "video", "font", "multipart":
		return viewerOf(p) != nil
	}
	return true
}

// View shows an attachment inside the reader: tables, lists of what is in archives, messages, invitations, HTML and
// every text. raw is the part as it came, still transfer-encoded. It is false for what no text can be made of.
func View(p mail.Part, raw []byte, opt Options) (Document, bool) {
	opt.Width = max(opt.Width, minWidth)
	data := Decode(p, raw)
	p.Encoding = ""
	a := &article{}
	if v := viewerOf(p); v != nil {
		v(a, p, data, opt)
	} else if !readable(p, data) {
		return Document{}, false
	} else {
		viewText(a, p, data)
	}
	a.trim(0)
	return a.document(opt), true
}

// readable tells whether data is text: that of a type that says so has no NUL, all other must be UTF-8 as well.
func readable(p mail.Part, data []byte) bool {
	head := data[:min(len(data), 64<<10)]
	if strings.HasPrefix(p.MediaType, "text/") {
		return bytes.IndexByte(head, 0) < 0 || charsetNamed(p.Params["charset"]) != nil
	}
	for cut := 0; cut < utf8.UTFMax && len(head) < len(data) && len(head) > 0 && !utf8.Valid(head); cut++ {
		head = head[:len(head)-1]
	}
	controls := 0
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b {
			controls++
		}
	}
	return utf8.Valid(head) && controls == 0
}

// viewText shows a file as it is: its lines are its own.
func viewText(a *article, p mail.Part, data []byte) {
	if p.MediaType == "text/plain" && strings.EqualFold(p.Params["format"], "flowed") {
		a.part(Content{p, data}, 0)
		return
	}
	p.MediaType = "text/plain"
	s := Text(p, data)
	if len(s) > maxText {
		s, a.truncated = strings.ToValidUTF8(s[:maxText], ""), true
	}
	for line := range strings.SplitSeq(mail.Text(s), "\n") {
		if len(a.paragraphs) == maxLines {
			a.truncated = true
			break
		}
		a.paragraphs = append(a.paragraphs, paragraph{text: strings.TrimRight(expandTabs(line), " "), kind: Pre, keep: true})
	}
	for len(a.paragraphs) > 0 && a.paragraphs[len(a.paragraphs)-1].text == "" {
		a.paragraphs = a.paragraphs[:len(a.paragraphs)-1]
	}
	markPatches(a.paragraphs)
}

func viewHTML(a *article, p mail.Part, data []byte, _ Options) {
	p.MediaType = "text/html"
	a.html(Text(p, data))
}

func viewCalendar(a *article, p mail.Part, data []byte, opt Options) {
	cards := invitationCards(Text(p, data), opt)
	for _, c := range cards {
		a.card(c)
		a.add(paragraph{kind: Blank})
	}
	if len(cards) == 0 {
		a.note("No event can be read in this file.")
	}
}

// viewMessage shows a message as it would be shown by itself.
func viewMessage(a *article, p mail.Part, data []byte, opt Options) {
	m := Parse(data)
	a.attached(Content{mail.Part{MediaType: mail.HeadersType}, data})
	if m.Root.Cut {
		a.note(PartsCut)
		a.add(paragraph{kind: Blank})
	}
	a.read(m.Parts(m.Root.TextParts("text/html")), opt)
	if files := m.Root.Attachments(); len(files) > 0 {
		a.add(paragraph{kind: Blank})
		card := Card{Title: "Attachments"}
		for _, f := range files[:min(len(files), 50)] {
			name := f.Filename
			if name == "" {
				name = f.MediaType
			}
			card.add("", name+", "+sizeWords(f.Size))
		}
		a.card(card)
	}
}

// note adds a word of ours.
func (a *article) note(s string) { a.add(paragraph{text: s, kind: Note}) }
