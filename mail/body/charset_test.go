package body

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"posthorn/mail"
)

// high is the characters of the upper half of a charset of single bytes.
func high(c *charmap.Charmap) string {
	var b strings.Builder
	for i := 0xff; i >= 0xa0; i-- { // downwards, which is no UTF-8; below are controls, which labels of one half of the pairs forget
		if r := c.DecodeByte(byte(i)); r != '\ufffd' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestEveryCharsetThereIsReadsBack(t *testing.T) {
	const kana, hangul, han = "テスト、日本語の文章です。", "한국어 문장입니다.", "中文信件"
	samples := map[encoding.Encoding]string{}
	for list, sample := range map[*[]encoding.Encoding]string{
		&charmap.All: "", &japanese.All: kana, &korean.All: hangul, &simplifiedchinese.All: han, &traditionalchinese.All: han,
		&unicode.All: kana + hangul, &utf32.All: kana + hangul,
	} {
		for _, e := range *list {
			samples[e] = sample
			if c, ok := e.(*charmap.Charmap); ok {
				samples[e] = high(c)
			}
		}
	}
	seen := 0
	for e, sample := range samples {
		name, err := ianaindex.IANA.Name(e)
		if e == charmap.XUserDefined || err != nil || name == "" { // there is no label for it in mail
			continue
		}
		labels := []string{name}
		if also, err := ianaindex.MIME.Name(e); err == nil && also != name {
			labels = append(labels, also)
		}
		for _, label := range labels {
			for _, label := range []string{label, strings.ToUpper(label), `"` + strings.ToLower(label) + `"`} {
				raw, err := e.NewEncoder().String(sample)
				if err != nil {
					t.Errorf("%s cannot hold its sample: %v", label, err)
					break
				}
				p := mail.Part{MediaType: "text/plain", Params: map[string]string{"charset": label}}
				if got := Text(p, []byte(raw)); got != sample {
					t.Errorf("%s: %q, want %q", label, got, sample)
				}
				seen++
			}
		}
	}
	if seen < 120 {
		t.Errorf("only %d labels were tried", seen)
	}
}
