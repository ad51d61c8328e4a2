package compose

import (
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*Draft)
		want string // part of each problem, separated by |
	}{
		{"none", func(d *Draft) {}, ""},
		{"no recipient", func(d *Draft) { d.To = "" }, "no recipient"},
		{"only Bcc will do", func(d *Draft) { d.To, d.Bcc = "", "a@x.example" }, ""},
		{"unfinished address", func(d *Draft) { d.Cc = "anna@" }, `Cc: "anna@" is not an address`},
		{"empty subject", func(d *Draft) { d.Subject = " " }, "subject is empty"},
		{"empty text", func(d *Draft) { d.Body = "\n" }, "text is empty"},
		{"a file says enough", func(d *Draft) { d.Body, d.Attachments = "", []Attachment{{Name: "a"}} }, ""},
		{"heavy", func(d *Draft) { d.Attachments = []Attachment{{Size: 10 << 20}, {Size: 12 << 20}} }, "has about 31 MB, more than many servers take"},
		{"somebody outside", func(d *Draft) { d.Cc = "ben@harbour.example, zoe@sub.X.example, carl@notx.example" }, "It goes to 4 recipients.|carl@notx.example is outside x.example."},
		{"many outside", func(d *Draft) { d.Bcc = "a@a.org, b@a.org, c@a.org, d@a.org" }, "goes to 5 recipients|a@a.org, b@a.org, c@a.org and 1 more are outside"},
		{"an answer to many", func(d *Draft) {
			d.InReplyTo, d.Cc = []string{"1@x"}, strings.Repeat("a@x.example, ", 9)
		}, "The answer goes to 10 recipients."},
		{"an answer to fewer", func(d *Draft) {
			d.InReplyTo, d.Cc = []string{"1@x"}, strings.Repeat("a@x.example, ", 8)
		}, ""},
		{"new mail to many", func(d *Draft) { d.Cc = strings.Repeat("a@x.example, ", 20) }, ""},
		{"another account", func(d *Draft) { d.Came = "work" }, "came to work, and this goes out as home"},
		{"the same account", func(d *Draft) { d.Came = "home" }, ""},
		{"a word of one's own", func(d *Draft) { d.Body = "siehe beipack\n" }, `says "Beipack"`},
		{"a word in the subject", func(d *Draft) { d.Subject = "The plan, attached" }, `The subject says "attached"`},
		{"a word in the subject of what is answered", func(d *Draft) { d.Subject, d.InReplyTo = "Re: the plan attached", []string{"1@x"} }, ""},
		{"a word in the subject of what is forwarded", func(d *Draft) { d.Subject, d.Original = "Fwd: the plan attached", 7 }, ""},
		{"a word that means something else here", func(d *Draft) { d.Body = "The enclosed bay, and the ENCLOSED yard.\n" }, ""},
		{"another word after it", func(d *Draft) { d.Body = "Of the enclosed bay the map is attached.\n" }, `says "attached"`},
		{"a word in the line above a quote", func(d *Draft) { d.Body = "Yes.\n\nAm 3. Mai 2026 schrieb Anbei GmbH:\n> x\n" }, ""},
		{"everything at once", func(d *Draft) { d.To, d.Subject, d.Body = "", "", "" }, "no recipient|subject is empty|text is empty"},
	} {
		d := draft()
		c.edit(&d)
		got := d.Problems(Review{Domains: []string{"x.example", "@Harbour.Example"}, Words: []string{"Beipack", "-Enclosed"}})
		var want []string
		if c.want != "" {
			want = strings.Split(c.want, "|")
		}
		if len(got) != len(want) {
			t.Errorf("%s: %q", c.name, got)
			continue
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%s: %q, want %q", c.name, got[i], want[i])
			}
		}
	}
}

func TestTheSizeIsHeldAgainstWhatTheServerTakes(t *testing.T) {
	d := draft()
	d.Body = ""
	d.Attachments = []Attachment{{Size: 5_700_000, MediaType: "image/png"}, {Size: 200_000, MediaType: "message/rfc822"}}
	for limit, want := range map[int64]string{0: "", 9_000_000: "", 8_000_000: "", 7_999_999: "With its attachments the message has about 8.0 MB, and the server takes 8.0 MB at most.",
		300_000: "With its attachments the message has about 8.0 MB, and the server takes 300 kB at most."} {
		if got := strings.Join(d.Problems(Review{Limit: limit}), " "); got != want {
			t.Errorf("of %d: %q, want %q", limit, got, want)
		}
	}
}

func TestForgottenAttachment(t *testing.T) {
	for body, word := range map[string]string{
		"I have attached the table.":                   "attached",
		"See the attachment":                           "attachment",
		"Please find enclosed our offer":               "enclosed",
		"Die Tabelle findest du im Anhang.":            "im Anhang",
		"Anbei der Plan":                               "Anbei",
		"Vous trouverez ci-joint le plan.":             "ci-joint",
		"Voir la pièce jointe":                         "pièce jointe",
		"Te envío adjunto el plano":                    "adjunto",
		"Segue em anexo":                               "em anexo",
		"In allegato il piano":                         "In allegato",
		"Zie de bijlage":                               "bijlage",
		"Planen är bifogad":                            "bifogad",
		"Se vedlagt fil":                               "vedlagt",
		"Suunnitelma on liitteenä":                     "liitteenä",
		"W załączeniu plan":                            "W załączeniu",
		"План во вложении":                             "во вложении",
		"Prílohu posielam, je v prílohe.":              "Prílohu",
		"Mellékelem a tervet":                          "Mellékelem",
		"A csatolt fájl":                               "csatolt",
		"Am atașat planul":                             "atașat",
		"Plan je u prilogu":                            "u prilogu",
		"План је у прилогу":                            "у прилогу",
		"Прикачен е планът":                            "Прикачен",
		"Το συνημμένο αρχείο":                          "συνημμένο",
		"Plan ekte":                                    "ekte",
		"Xem tệp đính kèm":                             "đính kèm",
		"File terlampir":                               "terlampir",
		"فایل پیوست شد":                                "پیوست",
		"ไฟล์แนบมาด้วย":                                "แนบ",
		"المرفق هنا":                                   "المرفق",
		"फ़ाइल संलग्न है":                              "संलग्न",
		"파일을 첨부합니다":                                    "첨부",
		"Csatorna és csatolmányok nélkül":              "csatolmányok",
		"A csatorna":                                   "",
		"表を添付します":                                      "添付",
		"请看附件":                                         "附件",
		"הקובץ מצורף":                                  "מצורף",
		"I grew detached from it":                      "",
		"The anexonym of the year":                     "",
		"Thanks!\n\nOn Mon, Anna wrote:\n> attached\n": "",
		"See below.\n" + forwardMark + "\nattached":    "",
		"Bye\n-- \nPlease mind the attachment policy":  "",
		"Nothing.\n> see attachment\nAll right then, ": "",
	} {
		d := draft()
		d.Body = body
		got := strings.Join(d.Problems(Review{}), "")
		if word == "" && got != "" || word != "" && !strings.Contains(got, `"`+word+`"`) {
			t.Errorf("%q: %q", body, got)
		}
		d.Attachments = []Attachment{{Name: "a.pdf"}}
		if p := d.Problems(Review{}); len(p) > 0 {
			t.Errorf("%q with an attachment: %q", body, p)
		}
	}
}
