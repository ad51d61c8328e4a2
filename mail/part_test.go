package mail

import (
	"encoding/json"
	"reflect"
	"testing"
)

func leaf(section, mediaType string) Part { return Part{Section: section, MediaType: mediaType} }

func sections(list []*Part) (out []string) {
	for _, p := range list {
		out = append(out, p.Section)
	}
	return out
}

// letter is text in two forms with a picture in place, a file and a forwarded message.
func letter() Part {
	picture := Part{Section: "1.2.2", MediaType: "image/png", ContentID: "p@x"}
	file := Part{Section: "2", MediaType: "application/pdf", Disposition: "attachment", Filename: "a.pdf"}
	forwarded := Part{Section: "3", MediaType: "message/rfc822", Children: []Part{{Section: "3.TEXT", MediaType: "multipart/mixed", Children: []Part{
		leaf("3.1", "text/plain"), {Section: "3.2", MediaType: "image/gif", Disposition: "attachment", Filename: "inner.gif"},
	}}}}
	return Part{MediaType: "multipart/mixed", Children: []Part{
		{Section: "1", MediaType: "multipart/alternative", Children: []Part{
			leaf("1.1", "text/plain"),
			{Section: "1.2", MediaType: "multipart/related", Children: []Part{leaf("1.2.1", "text/html"), picture}},
		}},
		file, forwarded, leaf("4", "text/plain"),
	}}
}

func TestTextPartsTakeOneFormOfAlternatives(t *testing.T) {
	p := letter()
	if got := sections(p.TextParts("text/plain")); !reflect.DeepEqual(got, []string{"1.1", "3.HEADER", "3.1", "4"}) {
		t.Errorf("plain: %q", got)
	}
	if got := sections(p.TextParts("text/html")); !reflect.DeepEqual(got, []string{"1.2.1", "3.HEADER", "3.1", "4"}) {
		t.Errorf("html: %q", got)
	}
}

func TestTextPartsOfRarerForms(t *testing.T) {
	for name, c := range map[string]struct {
		part Part
		want []string
	}{
		"single":   {leaf("1", "text/plain"), []string{"1"}},
		"markdown": {leaf("1", "text/markdown"), []string{"1"}},
		"enriched": {leaf("1", "text/enriched"), []string{"1"}},
		"picture":  {leaf("1", "image/png"), nil},
		"calendar": {leaf("1", "text/calendar"), []string{"1"}},
		"invitation": {Part{MediaType: "multipart/mixed", Children: []Part{
			{Section: "1", MediaType: "application/octet-stream", Disposition: "attachment", Filename: "Invite.ICS"}, leaf("2", "text/calendar"), leaf("3", "text/plain"),
		}}, []string{"3", "2"}},
		"report": {Part{MediaType: "multipart/report", Children: []Part{
			leaf("1", "text/plain"), leaf("2", "message/delivery-status"), {Section: "3", MediaType: "message/rfc822", Children: []Part{leaf("3.1", "text/plain")}},
		}}, []string{"1", "3.HEADER", "2"}},
		"attached message": {Part{Section: "1", MediaType: "message/rfc822", Disposition: "attachment", Children: []Part{leaf("1.1", "text/plain")}}, nil},
		"attached text":    {Part{Section: "1", MediaType: "text/plain", Disposition: "attachment"}, nil},
		"named text":       {Part{Section: "1", MediaType: "text/plain", Filename: "notes.txt"}, nil},
		"named, inline":    {Part{Section: "1", MediaType: "text/plain", Filename: "notes.txt", Disposition: "inline"}, []string{"1"}},
		"named patch":      {Part{Section: "1", MediaType: "text/x-patch", Filename: "a.patch", Disposition: "inline"}, nil},
		"empty container":  {Part{MediaType: "multipart/mixed"}, nil},
		"preferred absent": {Part{MediaType: "multipart/alternative", Children: []Part{leaf("1", "text/plain"), leaf("2", "image/png")}}, []string{"1"}},
		"richest last":     {Part{MediaType: "multipart/alternative", Children: []Part{leaf("1", "text/plain"), leaf("2", "text/enriched")}}, []string{"2"}},
		"for web mail":     {Part{MediaType: "multipart/alternative", Children: []Part{leaf("1", "text/plain"), leaf("2", "text/x-amp-html")}}, []string{"1"}},
		"related by start": {Part{MediaType: "multipart/related", Params: map[string]string{"start": "<b>"}, Children: []Part{
			{Section: "1", MediaType: "text/plain", ContentID: "a"}, {Section: "2", MediaType: "text/html", ContentID: "b"},
		}}, []string{"2"}},
	} {
		if got := sections(c.part.TextParts("text/html")); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAttachmentsAreTheFiles(t *testing.T) {
	p := letter()
	if got := sections(p.Attachments()); !reflect.DeepEqual(got, []string{"2", "3"}) {
		t.Errorf("%q", got)
	}
	if n := p.AttachmentCount(); n != 2 {
		t.Errorf("%d", n)
	}
	signed := Part{MediaType: "multipart/signed", Children: []Part{leaf("1", "text/plain"), leaf("2", "application/pgp-signature")}}
	if got := signed.Attachments(); len(got) != 0 || signed.AttachmentCount() != 0 {
		t.Errorf("signature: %q", sections(got))
	}
}

func TestFindAndWalk(t *testing.T) {
	p := letter()
	if q := p.Find("3.2"); q == nil || q.Filename != "inner.gif" {
		t.Errorf("3.2 is %+v", q)
	}
	if p.Find("9") != nil {
		t.Error("9 is there")
	}
	var seen []string
	p.Walk(func(q *Part) bool {
		seen = append(seen, q.Section)
		return !q.Message()
	})
	if want := []string{"", "1", "1.1", "1.2", "1.2.1", "1.2.2", "2", "3", "4"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("%q", seen)
	}
}

func TestPartSurvivesBeingStored(t *testing.T) {
	p := letter()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q Part
	if err := json.Unmarshal(data, &q); err != nil || !reflect.DeepEqual(p, q) {
		t.Errorf("%v: %+v", err, q)
	}
}

func TestTextPartsAreBounded(t *testing.T) {
	digest := Part{MediaType: "multipart/digest"}
	for range MaxParts {
		digest.Children = append(digest.Children, Part{Section: "1", MediaType: "message/rfc822", Children: []Part{leaf("1.1", "text/plain")}})
	}
	if n := len(digest.TextParts("text/plain")); n != maxTextParts {
		t.Errorf("%d parts of a digest", n)
	}
	deep := leaf("1", "text/plain")
	for range MaxDepth {
		deep = Part{Section: "1", MediaType: "message/rfc822", Children: []Part{deep}}
	}
	if n := len(deep.TextParts("text/plain")); n != maxInside {
		t.Errorf("%d parts of messages in messages", n)
	}
}
