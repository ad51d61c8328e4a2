package body

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxURL bounds a link's target.
const maxURL = 16 << 10

// cleanURL is a target as it may be shown and opened: its scheme one that a reader follows, ASCII only, the host in
// the form that DNS knows. It is empty for everything else.
func cleanURL(s string) string {
	s = strings.Map(func(r rune) rune { // as browsers read it
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, strings.Trim(s, " \t\r\n\f"))
	if strings.HasPrefix(s, "//") {
		s = "https:" + s
	}
	scheme, rest, ok := strings.Cut(s, ":")
	scheme = strings.ToLower(scheme)
	if !ok || rest == "" || len(s) > maxURL {
		return ""
	}
	switch scheme {
	case "http", "https", "ftp":
		rest = strings.ReplaceAll(rest, `\`, "/")
		rest = strings.TrimLeft(rest, "/")
		n := strings.IndexAny(rest, "/?#")
		if n < 0 {
			n = len(rest)
		}
		host := cleanHost(rest[:n])
		if host == "" {
			return ""
		}
		return scheme + "://" + host + escapeURL(rest[n:])
	case "mailto", "tel":
		return scheme + ":" + escapeURL(rest)
	}
	return ""
}

// cleanHost is the authority of a URL, its host in ASCII.
func cleanHost(authority string) string {
	user, host := "", authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, host = escapeURL(authority[:i+1]), authority[i+1:]
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	} else if host, err = idna.Punycode.ToASCII(strings.ToLower(host)); err != nil {
		return ""
	}
	if _, err := idna.Punycode.ToASCII(host); err != nil { // xn-- and nothing that it could stand for
		return ""
	}
	host = strings.ToLower(host)
	if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") != "" {
		return ""
	}
	return user + host
}

// escapeURL percent-encodes what has no place in a URL.
func escapeURL(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"\\^`{|}", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

var namedHost = pattern(`(?i)^(?:https?://|mailto:)?(?:[^\s/@]{1,64}@)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.)+\p{L}{2,24})(?::\d+)?(?:[/?#]\S*)?$`)

// mismatch tells whether a reader of text would expect to land elsewhere than at url: a host named in it belongs to
// another owner, or what stands before an @ in the address passes for the host.
func mismatch(text, url string) bool {
	scheme, rest, _ := strings.Cut(url, ":")
	if scheme == "tel" {
		return false
	}
	rest = strings.TrimPrefix(rest, "//")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if scheme != "mailto" && strings.Contains(rest, "@") {
		return true
	}
	target := owner(rest[strings.LastIndexByte(rest, '@')+1:])
	for _, word := range strings.Fields(cut(text, 500)) {
		word = strings.Trim(word, `<>()[]{}"',;:.!?…`)
		m := namedHost().FindStringSubmatch(word)
		if m == nil {
			continue
		}
		host, err := idna.Lookup.ToASCII(m[1])
		if err != nil {
			host = m[1]
		}
		if !strings.Contains(word, "/") && !strings.Contains(word, "@") && !knownSuffix(host) {
			continue // main.go, README.md
		}
		if owner(host) != target {
			return true
		}
	}
	return false
}

// fileSuffixes are top-level domains that end file names more often than host names.
var fileSuffixes = map[string]bool{"md": true, "rs": true, "py": true, "sh": true, "pl": true, "so": true, "zip": true, "mov": true, "ps": true, "cc": true}

func knownSuffix(host string) bool {
	suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(host))
	if fileSuffixes[suffix] {
		return false
	}
	return icann && suffix != host || strings.Contains(suffix, ".")
}

// owner is the part of a host name that someone registered.
func owner(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	if o, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return o
	}
	return host
}
