package body

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestDecodeForgivesTransferEncodings(t *testing.T) {
	for name, c := range map[string]struct{ encoding, in, want string }{
		"base64":                {"base64", "aGVsbG8gd29ybGQ=\r\n", "hello world"},
		"base64 in lines":       {"BASE64", "aGVs\r\nbG8g\r\nd29y\r\nbGQ=\r\n", "hello world"},
		"base64 unpadded":       {"base64", "aGVsbG8gd29ybGQ", "hello world"},
		"base64 bad bytes":      {"base64", "aGVs*bG8gd2!9ybGQ=", "hello world"},
		"base64 with blanks":    {" base64 ", "aGVs bG8g d29y bGQ=", "hello world"},
		"base64 joined":         {"base64", "aGVsbG8g\r\nd28=\r\ncmxk", "hello world"},
		"base64 and a footer":   {"base64", "aGVsbG8=\r\n______________\r\nlist footer\r\n", "hello______________\r\nlist footer\r\n"},
		"not base64 at all":     {"base64", "Dear Anna, how are you? (Fine, I hope.)\r\n", "Dear Anna, how are you? (Fine, I hope.)\r\n"},
		"empty base64":          {"base64", "", ""},
		"quoted":                {"quoted-printable", "caf=C3=A9 =\r\nau lait=\r\n", "café au lait"},
		"quoted lower case":     {"Quoted-Printable", "caf=c3=a9", "café"},
		"quoted broken":         {"quoted-printable", "100=% =zz =4 =\t \nx=", "100=% =zz =4 x"},
		"quoted blanks kept":    {"quoted-printable", "a  \r\nb", "a  \r\nb"},
		"quoted raw 8 bit":      {"quoted-printable", "caf\xc3\xa9=20x", "café x"},
		"uuencode":              {"x-uuencode", "begin 644 a.txt\n+:&5L;&\\@=V]R;&0 \n`\nend\n", "hello world"},
		"uuencode without file": {"x-uuencode", "nothing here", "nothing here"},
		"8bit":                  {"8bit", "caf\xe9", "caf\xe9"},
		"unknown":               {"x-nonsense", "as it is=20", "as it is=20"},
		"with comment":          {"quoted-printable (yes)", "=41", "A"},
	} {
		if got := string(Decode(mail.Part{Encoding: c.encoding}, []byte(c.in))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDecodeIsExactForBinaries(t *testing.T) {
	data := make([]byte, 4099)
	for i := range data {
		data[i] = byte(i * 7)
	}
	encoded := base64.StdEncoding.EncodeToString(data)
	var lines strings.Builder
	for len(encoded) > 76 {
		lines.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	lines.WriteString(encoded + "\r\n")
	if got := Decode(mail.Part{Encoding: "base64"}, []byte(lines.String())); !bytes.Equal(got, data) {
		t.Errorf("%d bytes, want %d the same", len(got), len(data))
	}
}

func TestTextFindsTheCharset(t *testing.T) {
	for name, c := range map[string]struct{ mediaType, charset, in, want string }{
		"utf-8":                     {"text/plain", "utf-8", "café", "café"},
		"latin1":                    {"text/plain", "iso-8859-1", "caf\xe9", "café"},
		"latin1 with euro":          {"text/plain", "iso-8859-1", "\x80 5", "€ 5"},
		"none, utf-8":               {"text/plain", "", "café", "café"},
		"none, latin1":              {"text/plain", "", "caf\xe9", "café"},
		"mislabelled utf-8":         {"text/plain", "windows-1252", "café", "café"},
		"mislabelled ascii":         {"text/plain", "us-ascii", "caf\xe9", "café"},
		"mislabelled latin1":        {"text/plain", "utf-8", "caf\xe9 \xc3\xa9", "café é"},
		"unknown":                   {"text/plain", "x-unknown", "caf\xe9", "café"},
		"quoted label":              {"text/plain", " 'ISO-8859-2'; ", "\xb1", "ą"},
		"shift_jis":                 {"text/plain", "Shift_JIS", "\x83e\x83X\x83g", "テスト"},
		"cp932":                     {"text/plain", "cp932", "\x83e\x83X\x83g", "テスト"},
		"euc-kr by windows name":    {"text/plain", "ks_c_5601-1987", "\xc7\xd1", "한"},
		"uhc":                       {"text/plain", "uhc", "\xc7\xd1", "한"},
		"gb18030":                   {"text/plain", "gb18030", "\xb2\xe2", "测"},
		"koi8-r":                    {"text/plain", "koi8-r", "\xf4", "Т"},
		"dos":                       {"text/plain", "cp850", "\x84", "ä"},
		"utf-16 with mark":          {"text/plain", "utf-16", "\xff\xfeh\x00i\x00", "hi"},
		"utf-16 undeclared":         {"text/plain", "", "\xfe\xff\x00h\x00i", "hi"},
		"utf-16 that is none":       {"text/plain", "utf-16", "hi", "hi"},
		"utf-7":                     {"text/plain", "utf-7", "a+AOQ-b +- +ZeVnLIqe-", "aäb + 日本語"},
		"byte order mark":           {"text/plain", "utf-8", "\xef\xbb\xbfhi", "hi"},
		"html names its own":        {"text/html", "", "<meta charset=\"koi8-r\"><p>\xf4", "<meta charset=\"koi8-r\"><p>Т"},
		"html names it the old way": {"text/html", "", "<meta http-equiv=x content='text/html; charset=iso-8859-2'>\xb1", "<meta http-equiv=x content='text/html; charset=iso-8859-2'>ą"},
		"html, label wins":          {"text/html", "iso-8859-1", "<meta charset=\"koi8-r\"><p>\xf4", "<meta charset=\"koi8-r\"><p>ô"},
		"line ends":                 {"text/plain", "utf-8", "a\r\nb\n", "a\nb\n"},
	} {
		p := mail.Part{MediaType: c.mediaType, Params: map[string]string{"charset": c.charset}}
		if got := Text(p, []byte(c.in)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestEnriched(t *testing.T) {
	for in, want := range map[string]string{
		"<bold>Now</bold> is\nthe time\n\nfor all": "Now is the time\nfor all",
		"1 << 2":                                 "1 < 2",
		"<color><param>red</param>Blood</color>": "Blood",
		"a < b":                                  "a < b",
	} {
		if got := enriched(in); got != want {
			t.Errorf("enriched(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextsThatAreNotWhatTheySayAreRead(t *testing.T) {
	const greeting = "Grüße aus Lübeck, wo seit Tagen die Sonne scheint und alle draußen sind."
	b64 := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(greeting+"\r\n", 3)))
	folded := regexp.MustCompile(`.{76}`).ReplaceAllString(b64, "$0\r\n")
	quoted := "Gr=C3=BC=C3=9Fe aus L=C3=BCbeck, wo seit Tagen die Sonne scheint und al=\r\nle drau=C3=9Fen sind.\r\n"
	document := "<!DOCTYPE html><html><head><title>x</title></head><body><p>Grüße aus <b>Lübeck</b>, wo seit Tagen die Sonne scheint und alle draußen sind.</p></body></html>"
	for name, c := range map[string]struct {
		mediaType, encoding, raw string
		want, not                string
	}{
		"base64 said to be 7bit":            {"text/plain", "7bit", folded, greeting, b64[:20]},
		"base64 said to be nothing":         {"text/plain", "", b64, greeting, b64[:20]},
		"quoted-printable said to be 8bit":  {"text/plain", "8bit", quoted, greeting, "=C3"},
		"HTML said to be plain":             {"text/plain", "8bit", document, greeting, "<p>"},
		"HTML in undeclared base64":         {"text/plain", "7bit", base64.StdEncoding.EncodeToString([]byte(document)), greeting, "<p>"},
		"plain said to be HTML":             {"text/html", "8bit", "Dear Anna,\n\nfirst line\nsecond line\n", "first line\nsecond line", "first line second"},
		"plain said to be base64":           {"text/plain", "base64", greeting, greeting, "\ufffd"},
		"plain said to be quoted-printable": {"text/plain", "quoted-printable", greeting, greeting, "\ufffd"},
		"base64 said to be quoted":          {"text/plain", "quoted-printable", "no base64 at all here: 1+1=2", "1+1=2", "\ufffd"},
		"a key is no text":                  {"text/plain", "7bit", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kA==", "q83vEjRWeJCrze8SNFZ4kKvN", "\ufffd"},
		"a query string is not encoded":     {"text/plain", "7bit", "see /find?a=42&b=7F and a=3Dx", "a=42&b=7F and a=3Dx", "a=x"},
		"a tag in a text":                   {"text/plain", "7bit", "Write <html> at the top, then <body>.", "Write <html> at the top", "\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Plain([]Content{{mail.Part{Section: "1", MediaType: c.mediaType, Encoding: c.encoding, Params: map[string]string{"charset": "utf-8"}}, []byte(c.raw)}})
			if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
				t.Errorf("reads %q", got)
			}
		})
	}
}

func TestAPartsOwnHeaderIsHeldAgainstItsDescription(t *testing.T) {
	plain := mail.Part{MediaType: "text/plain", Encoding: "7bit", Params: map[string]string{"charset": "us-ascii"}}
	for header, want := range map[string]bool{
		"": false, "\r\n": false, "Content-Type: TEXT/Plain\r\n\r\n": false, "Subject: a\r\n\r\n": false, "Content-Transfer-Encoding: 8BIT\r\n\r\n": false,
		"Content-Type: text/plain; charset=\"US-ASCII\"\r\n\r\n": false, "Content-Type: text\r\n\r\n": false,
		"Content-Type: text/plain; charset=utf-8\r\n\r\n": true, "Content-Type: text/html\r\n\r\n": true, "Content-Transfer-Encoding: base64\r\n\r\n": true,
	} {
		if got := Misdescribed(plain, []byte(header)); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	if Misdescribed(mail.Part{MediaType: "message/rfc822", Encoding: "7bit"}, []byte("\r\n")) {
		t.Error("a message of a digest needs no type")
	}
}
