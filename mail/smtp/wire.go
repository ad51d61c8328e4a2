package smtp

import "bytes"

// canonical is msg with lines that end in CRLF and nothing but CRLF: a CR or LF alone means a line end to one server
// and not to the next, and mail is smuggled between them. A message of ours is canonical already. // RFC 5321 §2.3.8
func canonical(msg []byte) []byte {
	if bytes.Count(msg, []byte("\r")) == bytes.Count(msg, []byte("\r\n")) &&
		bytes.Count(msg, []byte("\n")) == bytes.Count(msg, []byte("\r\n")) && bytes.HasSuffix(msg, []byte("\r\n")) {
		return msg
	}
	msg = bytes.ReplaceAll(msg, []byte("\r\n"), []byte("\n"))
	msg = bytes.ReplaceAll(msg, []byte("\r"), []byte("\n"))
	if !bytes.HasSuffix(msg, []byte("\n")) {
		msg = append(bytes.Clone(msg), '\n')
	}
	return bytes.ReplaceAll(msg, []byte("\n"), []byte("\r\n"))
}

// stuffed doubles the dots that begin lines of a canonical message. // RFC 5321 §4.5.2
func stuffed(msg []byte) []byte {
	out := bytes.ReplaceAll(msg, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(out, []byte(".")) {
		out = append([]byte("."), out...)
	}
	return out
}
