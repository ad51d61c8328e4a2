package compose

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// attachmentPart reads an attachment and wraps it up.
func attachmentPart(a Attachment, env Environment) (part, error) {
	if err := checkValue("Attach", a.Name+a.MediaType+a.Charset); err != nil {
		return part{}, err
	}
	data, err := read(a, env.Load)
	if err != nil {
		return part{}, fmt.Errorf("attach %q: %w", a.Name, err)
	}
	if a.MediaType == "message/rfc822" {
		if a.Message != 0 && a.Section == "" {
			data = withoutBcc(data) // it names whom somebody, perhaps oneself, wanted nobody to see
		}
		if p, ok := messagePart(a, data); ok && !(p.eight && env.Transfer == SevenBit) {
			return p, nil
		}
	}
	p := part{body: base64Lines(data)}
	p.header.tokens("Content-Type", contentType(a, data))
	p.header.tokens("Content-Transfer-Encoding", []string{"base64"})
	p.header.tokens("Content-Disposition", disposition(a))
	return p, nil
}

func read(a Attachment, load func(Attachment) ([]byte, error)) ([]byte, error) {
	switch {
	case a.Folder:
		return zipped(a.Path)
	case a.Path != "":
		data, _, err := open(a.Path, maxAttachment+1)
		if err == nil && len(data) > maxAttachment {
			err = errors.New("it has grown beyond the limit: share it in another way")
		}
		return data, err
	case load == nil:
		return nil, errors.New("it belongs to a message that cannot be read here")
	}
	return load(a)
}

// messagePart attaches a message as it is: a re-encoded one would break its signatures, and no encoding is
// allowed for message/rfc822. ok is false for bytes that cannot travel so, such as lines beyond 998 octets; they then
// go as a file, still unaltered, rather than mended. // RFC 2046 §5.2.1
func messagePart(a Attachment, data []byte) (part, bool) {
	if !bytes.Contains(data, []byte{'\r'}) {
		data = bytes.ReplaceAll(data, []byte{'\n'}, []byte("\r\n")) // a file with the line ends of this system
	}
	eight := false
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") {
			return part{}, false
		}
		eight = eight || !isASCII(string(line))
	}
	p := part{body: data, eight: eight, message: true}
	encoding := "7bit"
	if eight {
		encoding = "8bit"
	}
	p.header.tokens("Content-Type", []string{"message/rfc822"})
	p.header.tokens("Content-Transfer-Encoding", []string{encoding})
	p.header.tokens("Content-Disposition", disposition(a))
	return p, true
}

func contentType(a Attachment, data []byte) []string {
	top, sub, ok := strings.Cut(a.MediaType, "/")
	if !ok || !isToken(top) || !isToken(sub) || len(a.MediaType) > 127 || top == "multipart" || top == "message" { // RFC 2045 §6.4
		return []string{"application/octet-stream"}
	}
	if top != "text" {
		return []string{a.MediaType}
	}
	charset := a.Charset
	if charset == "" && utf8.Valid(data) {
		charset = "utf-8"
	}
	if !isToken(charset) || len(charset) > 40 {
		return []string{a.MediaType}
	}
	return []string{a.MediaType + ";", "charset=" + charset}
}

func disposition(a Attachment) []string {
	return append([]string{"attachment;"}, parameter("filename", safeName(a.Name))...)
}
