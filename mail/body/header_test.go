package body

import (
	"reflect"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestHeaderKeepsOrderUnfoldsAndForgives(t *testing.T) {
	h := ParseHeader([]byte("From anna@example.org Mon Jan  1 00:00:00 2024\r\n" +
		"Received: one\r\nRECEIVED : two\r\nSubject: a\r\n  folded\r\n\tline\r\nno field here\r\n" +
		"Empty:\r\nBad Name: x\r\nTo:   b@example.org  \r\n\r\nReceived: body\r\n"))
	if got := h.All("received"); !reflect.DeepEqual(got, []string{"one", "two"}) {
		t.Errorf("All(received) = %q", got)
	}
	for name, want := range map[string]string{"Subject": "a folded line", "Empty": "", "to": "b@example.org", "Missing": "", "Bad Name": ""} {
		if got := h.Get(name); got != want {
			t.Errorf("Get(%s) = %q, want %q", name, got, want)
		}
	}
	if !h.Has("EMPTY") || h.Has("missing") {
		t.Error("Has is wrong about Empty or Missing")
	}
}

func TestHeaderReadsLineEndsOfAllKinds(t *testing.T) {
	for name, raw := range map[string]string{
		"LF": "A: 1\nB: 2\n 3\n\nC: 4\n", "CRLF": "A: 1\r\nB: 2\r\n 3\r\n\r\nC: 4\r\n", "no end": "A: 1\r\nB: 2\r\n 3",
	} {
		h := ParseHeader([]byte(raw))
		if h.Get("a") != "1" || h.Get("b") != "2 3" || h.Has("C") {
			t.Errorf("%s: a=%q b=%q", name, h.Get("a"), h.Get("b"))
		}
	}
}

func TestHeaderIsBounded(t *testing.T) {
	h := ParseHeader([]byte(strings.Repeat("A: b\r\n", 400_000)))
	if n := len(h.All("a")); n != maxFields {
		t.Errorf("%d fields kept, want %d", n, maxFields)
	}
	h = ParseHeader([]byte("A: " + strings.Repeat("x", 200_000)))
	if n := len(h.Get("a")); n > maxField {
		t.Errorf("field of %d bytes kept", n)
	}
}

func TestDecodeWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain text":                            "plain text",
		"=?utf-8?q?caf=C3=A9?=":                 "café",
		"=?UTF-8?B?Y2Fmw6k=?=":                  "café",
		"=?iso-8859-1?Q?caf=E9_=AB?= au lait":   "café « au lait",
		"=?utf-8?q?a?= =?utf-8?q?b?=":           "ab",
		"=?utf-8?q?a?=  \t =?utf-8?b?Yg==?=":    "ab",
		"=?utf-8?q?a?= b =?utf-8?q?c?=":         "a b c",
		"=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=":    "café", // character split between words
		"=?utf-8?b?Y2Fmw?= =?utf-8?b?6k=?=":     "café", // base64 group split between words
		"=?utf-8?b?Y2Fmw6k?=":                   "café", // no padding
		"=?utf-8?q?a?==?utf-8?q?b?=":            "ab",   // glued
		"x=?utf-8?q?a?=y":                       "xay",
		"=?utf-8?Q?two words?=":                 "two words",
		"=?utf-8*en?Q?tagged?=":                 "tagged",
		"=?utf-8?Q?really??=":                   "really?",
		"=?nonsense?Q?caf=C3=A9?=":              "café",
		"=?nonsense?Q?caf=E9?=":                 "café",
		"=?us-ascii?Q?caf=E9?=":                 "café",
		"=?iso-8859-1?Q?caf=C3=A9?=":            "café", // mislabelled
		"=?windows-1252?Q?=9B?=":                "›",
		"=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=":    "テスト",
		"=?cp932?B?g2WDWINn?=":                  "テスト",
		"=?gb2312?B?suLK1A==?=":                 "测试",
		"=?koi8-r?Q?=F4=C5=D3=D4?=":             "Тест",
		"=?utf-7?Q?caf+AOk-?=":                  "café",
		"raw café":                              "raw café",
		"raw caf\xe9":                           "raw café",
		"=?utf-8?q?unfinished":                  "=?utf-8?q?unfinished",
		"=?utf-8?q?lost_end =?utf-8?q?next?=":   "=?utf-8?q?lost_end next",
		"=?utf-8?x?what?=":                      "=?utf-8?x?what?=",
		"=?utf-8?q??=":                          "",
		"=?=?=?":                                "=?=?=?",
		"=?utf-8?Q?=zz=4?=":                     "=zz=4",
		"=?iso-8859-1?q?a?= =?utf-8?q?=C3=A9?=": "aé",
		"Re: [list] =?utf-8?B?w6TDtsO8?= (was: =?utf-8?Q?=C3=9F?=)": "Re: [list] äöü (was: ß)",
		"=?utf-8?B?8J+Yg?= =?utf-8?B?A==?=":                         "😀",
	} {
		if got := DecodeWords(in); got != want {
			t.Errorf("DecodeWords(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDecodeWordsOfBombsIsLinear(t *testing.T) {
	for _, unit := range []string{"=?", "=?a?q?", "=?a?q?b?=", "=?a?b?Y?= ", "?=", "=?utf-8?q?=?= "} {
		in := strings.Repeat(unit, 1<<20/len(unit))
		if out := DecodeWords(in); len(out) > 2*len(in) {
			t.Errorf("%q repeated grows to %d bytes", unit, len(out))
		}
	}
}

func TestParseDate(t *testing.T) {
	const layout = "2006-01-02 15:04:05 -0700"
	for in, want := range map[string]string{
		"Mon, 2 Jan 2006 15:04:05 -0700":                   "2006-01-02 15:04:05 -0700",
		"Mon, 02 Jan 2006 15:04:05 -0700 (MST)":            "2006-01-02 15:04:05 -0700",
		"2 Jan 2006 15:04 +0530":                           "2006-01-02 15:04:00 +0530",
		"Mon,  2 Jan 2006 15:04:05 +0000":                  "2006-01-02 15:04:05 +0000",
		"Mon, 2 Jan 2006 15:04:05 GMT":                     "2006-01-02 15:04:05 +0000",
		"Mon, 2 Jan 2006 15:04:05 EST":                     "2006-01-02 15:04:05 -0500",
		"Mon, 2 Jan 06 15:04:05 +0100":                     "2006-01-02 15:04:05 +0100",
		"Mon, 2 Jan 106 15:04:05 +0100":                    "2006-01-02 15:04:05 +0100",
		"Mon, 2 Jan 98 15:04:05 +0100":                     "1998-01-02 15:04:05 +0100",
		"Monday, 2 January 2006 15:04:05 +0100":            "2006-01-02 15:04:05 +0100",
		"Mon Jan  2 15:04:05 2006":                         "2006-01-02 15:04:05 +0000",
		"Mon Jan 2 15:04:05 CET 2006":                      "2006-01-02 15:04:05 +0100",
		"2006-01-02T15:04:05Z":                             "2006-01-02 15:04:05 +0000",
		"2006-01-02T15:04:05.123456+02:00":                 "2006-01-02 15:04:05 +0200",
		"2006-01-02 15:04:05 -0700":                        "2006-01-02 15:04:05 -0700",
		"2006/01/02 15:04:05":                              "2006-01-02 15:04:05 +0000",
		"Mon, 02-Jan-2006 15:04:05 GMT":                    "2006-01-02 15:04:05 +0000",
		"2-Jan-06 15.04.05 +0200":                          "2006-01-02 15:04:05 +0200",
		"Mon, 2 Jan 2006 15:04:05 GMT+2":                   "2006-01-02 15:04:05 +0200",
		"Mon, 2 Jan 2006 15:04:05 +02:00":                  "2006-01-02 15:04:05 +0200",
		"Mon, 2 Jan 2006 3:04:05 PM +0200":                 "2006-01-02 15:04:05 +0200",
		"January 2, 2006 12:04am":                          "2006-01-02 00:04:00 +0000",
		"Mo, 2 Okt 2006 15:04:05 +0200":                    "2006-10-02 15:04:05 +0200",
		"2.1.2006 15:04:05 +0100":                          "2006-01-02 15:04:05 +0100",
		"1/13/2006 15:04":                                  "2006-01-13 15:04:00 +0000",
		"Mon, 2 (day) Jan (month) 2006 (y) 15:04:05 -0700": "2006-01-02 15:04:05 -0700",
		"Mon, 2 Jan 2006 15:04:05 -9999":                   "2006-01-02 15:04:05 +0000",
		"Thu, 31 Dec 1998 23:59:60 +0000":                  "1999-01-01 00:00:00 +0000",
		"2 Jan 2006":                                       "2006-01-02 00:00:00 +0000",
	} {
		if got := ParseDate(in).Format(layout); got != want {
			t.Errorf("ParseDate(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "yesterday", "Mon, 99 Jan 2006 15:04:05 +0000", "Mon, 2 Foo 2006 15:04:05", "15:04:05", "-", "+", "Mon, 2 Jan 99999 1:1:1"} {
		if got := ParseDate(in); !got.IsZero() && got.Year() > 9998 {
			t.Errorf("ParseDate(%q) = %v", in, got)
		}
	}
	for _, in := range []string{"", "yesterday", "Mon, 2 Foo 2006 15:04:05", "15:04:05"} {
		if got := ParseDate(in); !got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, want none", in, got)
		}
	}
}

func TestEnvelope(t *testing.T) {
	e := Envelope(ParseHeader([]byte("Date: Mon, 2 Jan 2006 15:04:05 -0700\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
		"From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nFrom: other@example.org\r\nTo: \"A, B\" <a@example.org>, caf\xe9 <c@example.org>\r\n" +
		"Message-ID: <1@example.org>\r\nIn-Reply-To: <0@example.org>\r\nReferences: <a@b>\r\n <0@example.org>\r\n" +
		"List-Id: The list <list.example.org>\r\nList-Post: <mailto:list@example.org>\r\nList-Unsubscribe: <https://example.org/u>\r\n" +
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nAuto-Submitted: auto-generated\r\n" +
		"Authentication-Results: mx.example.org; spf=pass\r\nAuthentication-Results: old.example.org; spf=fail\r\n\r\n")))
	if e.Subject != "Grüße" || e.FromText() != "Jürgen, other@example.org" || e.ToText() != "A, B, café" {
		t.Errorf("subject %q from %q to %q", e.Subject, e.FromText(), e.ToText())
	}
	if e.Date.Unix() != 1136239445 || e.MessageID != "1@example.org" || !reflect.DeepEqual(e.References, []string{"a@b", "0@example.org"}) {
		t.Errorf("date %v id %q references %q", e.Date, e.MessageID, e.References)
	}
	if e.ListID != "list.example.org" || e.ListPost != "<mailto:list@example.org>" || e.ListUnsubscribe == "" || e.ListUnsubscribePost == "" {
		t.Errorf("list fields: %+v", e)
	}
	if e.AutoSubmitted != "auto-generated" || len(e.AuthResults) != 2 || e.AuthResults[0] != "mx.example.org; spf=pass" {
		t.Errorf("auto %q auth %q", e.AutoSubmitted, e.AuthResults)
	}
}

func TestParseValue(t *testing.T) {
	for in, want := range map[string]struct{ value, key, param string }{
		`text/plain; charset="utf-8"`:                                                 {"text/plain", "charset", "utf-8"},
		`TEXT/Plain ; CharSet=UTF-8; format=flowed`:                                   {"text/plain", "format", "flowed"},
		`attachment; filename=two words.txt`:                                          {"attachment", "filename", "two words.txt"},
		`attachment; filename="a\"b.txt"`:                                             {"attachment", "filename", `a"b.txt`},
		`attachment; filename="C:\dir\file.txt"`:                                      {"attachment", "filename", `C:\dir\file.txt`},
		`attachment; filename="no end.txt`:                                            {"attachment", "filename", "no end.txt"},
		`attachment; filename*=utf-8''caf%C3%A9.txt`:                                  {"attachment", "filename", "café.txt"},
		`attachment; filename="cafe.txt"; filename*=utf-8''caf%C3%A9.txt`:             {"attachment", "filename", "café.txt"},
		`attachment; filename*0="long "; filename*1="name.txt"`:                       {"attachment", "filename", "long name.txt"},
		`attachment; filename*0*=utf-8''caf%C3; filename*1*=%A9; filename*2=.txt`:     {"attachment", "filename", "café.txt"},
		`attachment; filename*1="b"; filename*0="a"; filename*10="d"; filename*9="c"`: {"attachment", "filename", "abcd"},
		`attachment; filename="=?utf-8?q?caf=C3=A9.txt?="`:                            {"attachment", "filename", "café.txt"},
		"attachment; filename=\"caf\xe9.txt\"":                                        {"attachment", "filename", "café.txt"},
		`attachment; filename*="utf-8''caf%C3%A9.txt"`:                                {"attachment", "filename", "café.txt"},
		`attachment; filename*=caf%C3%A9.txt`:                                         {"attachment", "filename", "café.txt"},
		`attachment; filename*=it's%20mine.txt`:                                       {"attachment", "filename", "it's mine.txt"},
		`attachment; filename*=iso-8859-1'en'caf%E9.txt`:                              {"attachment", "filename", "café.txt"},
		`attachment; filename*=us-ascii''caf%C3%A9.txt`:                               {"attachment", "filename", "café.txt"},
		`attachment; filename*==?utf-8?q?caf=C3=A9.txt?=`:                             {"attachment", "filename", "café.txt"},
		`attachment; filename*0*=utf-8''caf%C3; filename*1*=%; filename*2*=A9.txt`:    {"attachment", "filename", "café.txt"},
		`attachment; filename*0="=?utf-8?q?caf=C3=A9"; filename*1="?=.txt"`:           {"attachment", "filename", "café.txt"},
		`attachment; FILENAME*0*=utf-8''a%20; Filename*1="%20b.txt"`:                  {"attachment", "filename", "a %20b.txt"},
		`attachment; filename*2="c"; filename*0="a"`:                                  {"attachment", "filename", "ac"},
		`attachment; filename*=utf-8''100%.txt`:                                       {"attachment", "filename", "100%.txt"},
		`attachment; filename="=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?= .txt"`:              {"attachment", "filename", "テスト .txt"},
		`inline; filename="a;b.txt"; size=1`:                                          {"inline", "filename", "a;b.txt"},
		`attachment;; ; filename=x`:                                                   {"attachment", "filename", "x"},
		`multipart/mixed; boundary="=_a?b"`:                                           {"multipart/mixed", "boundary", "=_a?b"},
	} {
		value, params := ParseValue(in)
		if value != want.value || params[want.key] != want.param {
			t.Errorf("ParseValue(%q) = %q %q", in, value, params)
		}
	}
}

const usualHeader = "Date: Tue, 14 May 2024 09:26:53 +0200\r\nFrom: \"Example Shop\" <news@shop.example.com>\r\n" +
	"To: Anna Muster <anna@example.org>\r\nSubject: =?UTF-8?Q?Your_order_has_been_sent_=E2=80=93_thank_you?=\r\n" +
	"Message-ID: <20240514072653.1234@shop.example.com>\r\nReply-To: help@shop.example.com\r\n" +
	"List-Unsubscribe: <https://shop.example.com/unsubscribe?u=1234567890>,\r\n <mailto:leave@shop.example.com>\r\n" +
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
	"Authentication-Results: mx.example.org; dkim=pass header.d=shop.example.com;\r\n\tspf=pass smtp.mailfrom=shop.example.com\r\n\r\n"

func BenchmarkEnvelope(b *testing.B) {
	raw := []byte(usualHeader)
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if e := Envelope(ParseHeader(raw)); e.MessageID == "" {
			b.Fatal("no Message-ID")
		}
	}
}

func BenchmarkParseDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if ParseDate("Tue, 14 May 2024 09:26:53 +0200").IsZero() {
			b.Fatal("no date")
		}
	}
}

func TestWhomItWasDeliveredToIsKeptWhereThatSaysMore(t *testing.T) {
	h := ParseHeader([]byte("X-Original-To: secretary@sailing.example\r\nDelivered-To: <robin@home.example>\r\nEnvelope-to: anna@x.example, Anna@X.example\r\n" +
		"To: Anna <anna@x.example>\r\nDelivered-To: mailing list dev@x.example\r\n\r\n"))
	if got := mail.Addresses(Envelope(h).Delivered); !strings.HasPrefix(got, "secretary@sailing.example, robin@home.example") || strings.Contains(strings.ToLower(got), "anna") {
		t.Errorf("delivered to %q", got)
	}
}
