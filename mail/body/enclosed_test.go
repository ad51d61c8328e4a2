package body

import (
	"bytes"
	"strings"
	"testing"

	"posthorn/mail"
)

// uuencode writes a file as old programs do.
func uuencode(name string, data []byte) string {
	b := "begin 644 " + name + "\n"
	for len(data) > 0 {
		line := data[:min(len(data), 45)]
		data = data[len(line):]
		b += string(rune(' ' + len(line)))
		for i := 0; i < len(line); i += 3 {
			var g [3]byte
			copy(g[:], line[i:])
			for _, c := range []byte{g[0] >> 2, g[0]<<4&0x30 | g[1]>>4, g[1]<<2&0x3c | g[2]>>6, g[2] & 0x3f} {
				if c == 0 {
					c = '`' - ' '
				}
				b += string(rune(' ' + c))
			}
		}
		b += "\n"
	}
	return b + "`\nend\n"
}

func TestEnclosedFilesAreAttachments(t *testing.T) {
	one, two := bytes.Repeat([]byte{0, 1, 2, 255}, 50), []byte("hello")
	text := "See these:\n\n" + uuencode("a b.png", one) + "\nand\n" + uuencode("../x\x1b[2J.txt", two) + "bye\n" +
		"begin-base64 644 c.bin\naGVsbG8=\n====\n"
	c := Content{mail.Part{Section: "1.2", MediaType: "text/plain"}, crlf(text)}
	files := Enclosures(c.Part, c.Raw)
	if len(files) != 3 || !bytes.Equal(files[0].Data, one) || !bytes.Equal(files[1].Data, two) || string(files[2].Data) != "hello" {
		t.Fatalf("%+v", files)
	}
	if p := files[0].Part; p.Section != "1.2!1" || p.Filename != "a b.png" || p.MediaType != "image/png" || p.Size != 200 {
		t.Errorf("%+v", p)
	}
	if section, n := mail.EnclosedIn(files[1].Part.Section); section != "1.2" || n != 2 {
		t.Errorf("%s is number %d of %s", files[1].Part.Section, n, section)
	}
	d := Render([]Content{c}, Options{Width: 60})
	checkDocument(t, d, 60)
	if len(d.Files) != 3 {
		t.Errorf("%d files in the document", len(d.Files))
	}
	want := " 0|See these:\n 0|\n!0|a b.png, 200 bytes, is among the attachments.\n 0|\n 0|and\n!0|../x␛[2J.txt, 5 bytes, is among the attachments.\n 0|bye\n!0|c.bin, 5 bytes, is among the attachments.\n"
	if got := kinds(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatOnlyBeginsLikeAFileIsText(t *testing.T) {
	for _, s := range []string{
		"begin 644 a\n", "begin 644 a\nend", "begin 2026 with a walk\nand then rest\nend\n", "begin 644 a\nM lower case words\nend\n",
		" " + uuencode("a", []byte("x")), strings.Repeat("begin 644 a\n", 10_000), "begin 644 a\n" + strings.Repeat("M"+strings.Repeat("A", 60)+"\n", 1000),
	} {
		c := Content{mail.Part{MediaType: "text/plain"}, []byte(s)}
		if files := Enclosures(c.Part, c.Raw); len(files) > 0 && len(files[0].Data) > 0 {
			t.Errorf("%.60q: %+v", s, files[0].Part)
		}
	}
	many := []byte(strings.Repeat(uuencode("a", []byte("x")), 3*maxEnclosed))
	if n := len(Enclosures(mail.Part{MediaType: "text/plain"}, many)); n != maxEnclosed {
		t.Errorf("%d files", n)
	}
	for _, section := range []string{"1.2", "1!", "1!0", "1!x", "1!-1"} {
		if s, n := mail.EnclosedIn(section); n != 0 || s != section {
			t.Errorf("%s is number %d of %s", section, n, s)
		}
	}
}
