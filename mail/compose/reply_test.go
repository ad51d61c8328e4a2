package compose

import (
	"fmt"
	"slices"
	"testing"

	"posthorn/mail"
)

func envelope(from, to, cc string) mail.Envelope {
	return mail.Envelope{Subject: "Low tide", From: addresses(from), To: addresses(to), Cc: addresses(cc), MessageID: "m@x.example"}
}

func TestAnswerRecipients(t *testing.T) {
	const anna, ben, me, alias = "Anna <anna@x.example>", "Ben <ben@x.example>", "Robin Ahlgren <robin@home.example>", "secretary@sailing.example"
	replyTo := func(e mail.Envelope, s string) mail.Envelope { e.ReplyTo = addresses(s); return e }
	followup := func(e mail.Envelope, s string) mail.Envelope { e.FollowupTo = addresses(s); return e }
	list := func(e mail.Envelope, post string) mail.Envelope { e.ListPost = post; return e }
	for _, c := range []struct {
		name     string
		envelope mail.Envelope
		mode     Mode
		to, cc   string
	}{
		{"the sender", envelope(anna, me, ben), ReplySender, anna, ""},
		{"Reply-To before From", replyTo(envelope(anna, me, ""), ben), ReplySender, ben, ""},
		{"all, without oneself, Cc kept", envelope(anna, me+", "+ben, "Cid <cid@x.example>"), ReplyAll, anna + ", " + ben, "Cid <cid@x.example>"},
		{"all, each once, however written", envelope(anna, "BEN@x.example, "+me, ben+", ANNA@X.example"), ReplyAll, anna + ", BEN@x.example", ""},
		{"all, without any own identity", envelope(anna, me+", ROBIN@HOME.EXAMPLE", alias+", "+ben), ReplyAll, anna, ben},
		{"all to Reply-To", replyTo(envelope(anna, me, ""), ben), ReplyAll, ben, ""},
		{"own sent mail goes to its To", envelope(me, anna, ben), ReplySender, anna, ""},
		{"own sent mail, all", envelope(me, anna, ben), ReplyAll, anna, ben},
		{"own mail sent with an alias", envelope(alias, anna, ""), ReplySender, anna, ""},
		{"own mail, Reply-To ignored", replyTo(envelope(me, anna, ""), me), ReplySender, anna, ""},
		{"own mail to Cc only", envelope(me, "", anna), ReplySender, anna, ""},
		{"a note to oneself", envelope(me, me, ""), ReplyAll, me, ""},
		{"a form that writes as its owner", replyTo(envelope(me, me, ""), anna), ReplySender, anna, ""},
		{"only Cc remains", envelope(me, me, anna), ReplyAll, anna, ""},
		{"the list", list(envelope(anna, "gauge@lists.example", ""), "<mailto:gauge@lists.example>"), ReplyList, "gauge@lists.example", ""},
		{"the list among others", list(envelope(anna, me, ""), "<https://lists.example/post>, <MAILTO:gauge@lists.example?subject=x&bcc=e@x.example> (post)"), ReplyList, "gauge@lists.example", ""},
		{"a list that takes no post", list(envelope(anna, me+", news@lists.example", ""), "NO (announcements only)"), ReplySender, anna, ""},
		{"a list that takes no post, list reply", list(envelope(anna, me+", news@lists.example", ""), "NO"), ReplyList, anna, ""},
		{"Mail-Followup-To", followup(envelope(anna, "gauge@lists.example", ben), "gauge@lists.example, "+me), ReplyAll, "gauge@lists.example", ""},
		{"Mail-Followup-To is for answers to all", followup(envelope(anna, "gauge@lists.example", ben), "gauge@lists.example"), ReplySender, anna, ""},
		{"a Mail-Followup-To without an address", followup(envelope(anna, ben, ""), "nobody"), ReplyAll, anna + ", " + ben, ""},
		{"all, without addresses of one's own with a detail", envelope(anna, "robin+gauge@home.example, anna+x@x.example", ""), ReplyAll, anna + ", anna+x@x.example", ""},
		{"no List-Post", envelope(anna, "gauge@lists.example", ""), ReplyList, anna + ", gauge@lists.example", ""},
		{"what is no address is left out", envelope(anna, me+", undisclosed-recipients:;, nonsense, x@", ""), ReplyAll, anna, ""},
		{"no From", mail.Envelope{Sender: addresses(anna)}, ReplySender, anna, ""},
	} {
		d := Answer(Original{Envelope: c.envelope}, c.mode, robin, Attribution{})
		if d.To != c.to || d.Cc != c.cc || d.Bcc != "" {
			t.Errorf("%s: To %q Cc %q Bcc %q, want %q and %q", c.name, d.To, d.Cc, d.Bcc, c.to, c.cc)
		}
	}
}

func TestAnswerWritesAsTheIdentityTheOriginalWasSentTo(t *testing.T) {
	const me, club = "Robin Ahlgren <robin@home.example>", "Club Secretary <secretary@sailing.example>"
	for _, c := range []struct{ from, to, cc, want string }{
		{"a@x.example", "b@x.example, Secretary@Sailing.example", "robin@home.example", club},
		{"a@x.example", "b@x.example", "secretary@sailing.example", club},
		{"a@x.example", "robin@home.example", "secretary@sailing.example", me},
		{"a@x.example", "list@x.example", "", me},
		{"secretary@sailing.example", "robin@home.example", "", club},
		{"a@x.example", "Robin+Gauge@home.example", "", "Robin Ahlgren <Robin+Gauge@home.example>"},
		{"a@x.example", "shop-7@robin.example", "", "Robin <shop-7@robin.example>"},
	} {
		for _, mode := range []Mode{ReplySender, ReplyAll, ReplyList, ForwardInline, ForwardAttached} {
			if d := Answer(Original{Envelope: envelope(c.from, c.to, c.cc)}, mode, robin, Attribution{}); d.From.String() != c.want {
				t.Errorf("%+v, mode %d: From %s", c, mode, d.From)
			}
		}
	}
}

func TestAnswerSubjectMarkAndOriginal(t *testing.T) {
	o := Original{Message: mail.Message{Key: 7}, Envelope: mail.Envelope{Subject: "AW: Re: Low tide", From: addresses("a@x.example")}}
	for mode, want := range map[Mode]struct {
		subject string
		mark    mail.Flags
	}{
		ReplySender: {"Re: Low tide", mail.Answered}, ReplyAll: {"Re: Low tide", mail.Answered}, ReplyList: {"Re: Low tide", mail.Answered},
		ForwardInline: {"Fwd: AW: Re: Low tide", mail.Forwarded}, ForwardAttached: {"Fwd: AW: Re: Low tide", mail.Forwarded},
	} {
		d := Answer(o, mode, robin, Attribution{})
		if d.Subject != want.subject || d.Mark != want.mark || d.Original != 7 || d.Account != "home" {
			t.Errorf("mode %d: %+v", mode, d)
		}
	}
}

func TestAnswerReferences(t *testing.T) {
	many := make([]string, 80)
	for i := range many {
		many[i] = fmt.Sprintf("%d@x.example", i)
	}
	for _, c := range []struct {
		name       string
		e          mail.Envelope
		inReplyTo  []string
		references []string
	}{
		{"first answer", mail.Envelope{MessageID: "a@x"}, []string{"a@x"}, []string{"a@x"}},
		{"deeper", mail.Envelope{MessageID: "c@x", References: []string{"a@x", "b@x"}, InReplyTo: []string{"b@x"}}, []string{"c@x"}, []string{"a@x", "b@x", "c@x"}},
		{"In-Reply-To alone", mail.Envelope{MessageID: "b@x", InReplyTo: []string{"a@x"}}, []string{"b@x"}, []string{"a@x", "b@x"}},
		{"In-Reply-To of several", mail.Envelope{MessageID: "c@x", InReplyTo: []string{"a@x", "b@x"}}, []string{"c@x"}, []string{"c@x"}},
		{"no Message-ID", mail.Envelope{References: []string{"a@x"}}, nil, []string{"a@x"}},
		{"nothing", mail.Envelope{}, nil, nil},
		{"each once", mail.Envelope{MessageID: "b@x", References: []string{"a@x", "b@x"}}, []string{"b@x"}, []string{"a@x", "b@x"}},
		{"bounded", mail.Envelope{MessageID: "z@x", References: many}, []string{"z@x"}, slices.Concat(many[:1], many[32:], []string{"z@x"})},
	} {
		d := Answer(Original{Envelope: c.e}, ReplyAll, robin, Attribution{})
		if !slices.Equal(d.InReplyTo, c.inReplyTo) || !slices.Equal(d.References, c.references) {
			t.Errorf("%s: %v %v", c.name, d.InReplyTo, d.References)
		}
		if f := Answer(Original{Envelope: c.e}, ForwardInline, robin, Attribution{}); f.InReplyTo != nil || f.References != nil {
			t.Errorf("%s: a forward is no answer: %v %v", c.name, f.InReplyTo, f.References)
		}
	}
	if d := Answer(Original{Envelope: mail.Envelope{MessageID: "z@x", References: many}}, ReplyAll, robin, Attribution{}); len(d.References) != maxReferences {
		t.Errorf("%d references", len(d.References))
	}
}

func TestReplyBody(t *testing.T) {
	o := Original{Envelope: envelope("Anna <anna@x.example>", "robin@home.example", ""), Text: "Hello Robin,\n\n> Shall we?\n\nYes.\n-- \nAnna\n"}
	o.Envelope.Date = now
	want := "On Tue, 3 Nov 2026 at 14:05, Anna wrote:\n> Hello Robin,\n>\n>> Shall we?\n>\n> Yes.\n\n"
	if d := Answer(o, ReplySender, robin, Attribution{}); d.Body != want {
		t.Errorf("got\n%s\nwant\n%s", d.Body, want)
	}
	o.Text = " \n"
	if d := Answer(o, ReplySender, robin, Attribution{}); d.Body != "" {
		t.Errorf("nothing to quote, but %q", d.Body)
	}
}

func TestForwardInlineCarriesHeaderTextAndFiles(t *testing.T) {
	o := Original{
		Message:  mail.Message{Key: 7, Size: 900},
		Envelope: envelope("Anna <anna@x.example>", "robin@home.example", "Ben <ben@x.example>"),
		Text:     "Hello Robin,\n\n> Shall we?\n-- \nAnna\n",
		Structure: &mail.Part{MediaType: "multipart/mixed", Children: []mail.Part{
			{Section: "1", MediaType: "multipart/related", Children: []mail.Part{
				{Section: "1.1", MediaType: "text/html"},
				{Section: "1.2", MediaType: "image/png", ContentID: "logo", Disposition: "inline", Filename: "logo.png"},
			}},
			{Section: "2", MediaType: "application/pdf", Disposition: "attachment", Filename: `..\..\tides 2026.pdf`, Encoding: "base64", Size: 7800},
			{Section: "3", MediaType: "text/csv", Disposition: "attachment", Filename: "tides.csv", Params: map[string]string{"charset": "iso-8859-1"}},
			{Section: "4", MediaType: "message/rfc822", Children: []mail.Part{{Section: "4.1", MediaType: "text/plain"}}},
			{Section: "5", MediaType: "image/jpeg", Disposition: "attachment"},
		}},
	}
	o.Envelope.Date = now
	d := Answer(o, ForwardInline, robin, Attribution{})
	wantBody := `

---------- Forwarded message ----------
From: Anna <anna@x.example>
Date: Tue, 3 Nov 2026 14:05 +0100
Subject: Low tide
To: robin@home.example
Cc: Ben <ben@x.example>

Hello Robin,

> Shall we?
-- 
Anna
`
	if d.Body != wantBody {
		t.Errorf("got\n%s\nwant\n%s", d.Body, wantBody)
	}
	want := []Attachment{
		{Message: 7, Section: "2", Name: "tides 2026.pdf", MediaType: "application/pdf", Size: 5700},
		{Message: 7, Section: "3", Name: "tides.csv", MediaType: "text/csv", Charset: "iso-8859-1"},
		{Message: 7, Section: "4", Name: "message.eml", MediaType: "message/rfc822"},
		{Message: 7, Section: "5", Name: "attachment.jpg", MediaType: "image/jpeg"},
	}
	if !slices.Equal(d.Attachments, want) {
		t.Errorf("attachments\n%+v\nwant\n%+v", d.Attachments, want)
	}
	if d.To != "" || d.Cc != "" {
		t.Errorf("a forward has no recipients yet: %q %q", d.To, d.Cc)
	}
}

func TestForwardWithoutKnownStructureTakesTheWholeMessage(t *testing.T) {
	o := Original{Message: mail.Message{Key: 7, Size: 900}, Envelope: mail.Envelope{Subject: "Re: tide"}, Text: "Hello"}
	want := []Attachment{{Message: 7, Name: "tide.eml", MediaType: "message/rfc822", Size: 900}}
	for _, mode := range []Mode{ForwardInline, ForwardAttached} {
		if d := Answer(o, mode, robin, Attribution{}); !slices.Equal(d.Attachments, want) {
			t.Errorf("mode %d: %+v", mode, d.Attachments)
		}
	}
	if d := Answer(o, ForwardAttached, robin, Attribution{}); d.Body != "" {
		t.Errorf("body %q", d.Body)
	}
}

func TestForwardingWithTheFilesOfTheOriginalOrWithout(t *testing.T) {
	own := Attachment{Path: "/x/map.pdf", Name: "map.pdf", MediaType: "application/pdf"}
	first, second := Attachment{Message: 7, Section: "2", Name: "a.pdf"}, Attachment{Message: 7, Section: "3", Name: "b.pdf"}
	d := Draft{Original: 7, Mark: mail.Forwarded, Attachments: []Attachment{first, own, second, {Message: 8}}}
	if n, along := d.ToggleCarried(); n != 2 || along || !slices.Equal(d.Attachments, []Attachment{own, {Message: 8}}) {
		t.Errorf("without: %d %v %+v", n, along, d.Attachments)
	}
	stored, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if d, err = Unmarshal(stored); err != nil { // the choice can be taken back after a restart
		t.Fatal(err)
	}
	if n, along := d.ToggleCarried(); n != 2 || !along || !slices.Equal(d.Attachments, []Attachment{own, {Message: 8}, first, second}) || d.Left != nil {
		t.Errorf("with: %d %v %+v", n, along, d.Attachments)
	}
	whole := Answer(Original{Message: mail.Message{Key: 7}}, ForwardAttached, robin, Attribution{})
	if n, _ := whole.ToggleCarried(); n != 0 || len(whole.Attachments) != 1 {
		t.Errorf("what is forwarded itself: %+v", whole.Attachments)
	}
	if got := d.Forwarded(); !slices.Equal(got, []mail.MessageKey{8}) {
		t.Errorf("whole messages that go along: %v", got)
	}
}
