package body

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charsetAliases are labels met in mail that the WHATWG index lacks, by its own names.
var charsetAliases = map[string]string{
	"cp932": "shift_jis", "ms932": "shift_jis", "windows-31j": "shift_jis", "cp943": "shift_jis", "ibm-943": "shift_jis", "x-ms-cp932": "shift_jis",
	"cp949": "euc-kr", "uhc": "euc-kr", "ms949": "euc-kr", "ks_c_5601": "euc-kr", "ks_c_5601-1992": "euc-kr", "x-windows-949": "euc-kr",
	"cp936": "gbk", "ms936": "gbk", "gb_2312": "gbk", "x-gb2312": "gbk", "gb-2312": "gbk", "hz": "hz-gb-2312",
	"cp950": "big5", "ms950": "big5", "x-big5": "big5", "big5-eten": "big5",
	"cp51932": "euc-jp", "ujis": "euc-jp", "eucjp": "euc-jp", "eucjp-ms": "euc-jp", "eucjpms": "euc-jp", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "jis": "iso-2022-jp",
	"8859_1": "windows-1252", "iso8859_1": "windows-1252", "iso-8859": "windows-1252", "latin-1": "windows-1252", "latin_1": "windows-1252", "iso_8859_1": "windows-1252", "ansi": "windows-1252", "x-ansi": "windows-1252", "windows1252": "windows-1252", "win-1252": "windows-1252", "cp-1252": "windows-1252", "8bit": "windows-1252", "iso-8859-1-windows-3.1-latin-1": "windows-1252", "iso-8859-1-windows-3.0-latin-1": "windows-1252",
	"8859_2": "iso-8859-2", "8859_5": "iso-8859-5", "8859_7": "iso-8859-7", "8859_9": "iso-8859-9", "8859_15": "iso-8859-15", "latin-9": "iso-8859-15", "latin9": "iso-8859-15", "latin-2": "iso-8859-2",
	"cp-1250": "windows-1250", "cp-1251": "windows-1251", "win-1251": "windows-1251", "windows1251": "windows-1251", "win1251": "windows-1251", "koi8r": "koi8-r", "koi8u": "koi8-u", "cp-866": "ibm866",
	"windows-874": "windows-874", "cp874": "windows-874", "iso-8859-11": "windows-874", "tis620": "windows-874",
	"utf8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8", "utf_8": "utf-8", "x-utf-8": "utf-8", "unicode-1-1-utf8": "utf-8", "cp65001": "utf-8", "windows-65001": "utf-8", "unicode": "utf-16le", "ucs-2": "utf-16be", "ucs2": "utf-16be", "utf16": "utf-16", "mac": "macintosh", "x-mac-roman": "macintosh", "macroman": "macintosh",
}

// charsetExtra are charsets that the WHATWG index does not have at all.
var charsetExtra = map[string]encoding.Encoding{
	"utf-16": unicode.UTF16(unicode.BigEndian, unicode.UseBOM), // RFC 2781 §4.3
	"utf-32": utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf-32be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"ibm437": charmap.CodePage437, "cp437": charmap.CodePage437, "ibm850": charmap.CodePage850, "cp850": charmap.CodePage850,
	"ibm852": charmap.CodePage852, "cp852": charmap.CodePage852, "ibm855": charmap.CodePage855, "cp855": charmap.CodePage855,
	"ibm858": charmap.CodePage858, "cp858": charmap.CodePage858, "ibm860": charmap.CodePage860, "cp860": charmap.CodePage860,
	"ibm862": charmap.CodePage862, "cp862": charmap.CodePage862, "ibm863": charmap.CodePage863, "ibm865": charmap.CodePage865, "cp865": charmap.CodePage865,
	"iso-8859-16": charmap.ISO8859_16,
}

// charsetNamed is the decoder for a label as senders write it; nil where none is known, and for UTF-8.
func charsetNamed(label string) encoding.Encoding {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'`;,.<>()"))
	if len(label) > 60 {
		return nil
	}
	if e, ok := charsetExtra[label]; ok {
		return e
	}
	if name, ok := charsetAliases[label]; ok {
		label = name
	}
	if e, ok := charsetExtra[label]; ok {
		return e
	}
	e, err := htmlindex.Get(label)
	if err != nil || e == encoding.Replacement { // browsers are afraid of hz-gb-2312
		e, err = ianaindex.IANA.Encoding(label)
	}
	if err != nil || e == unicode.UTF8 {
		return nil
	}
	return e
}

// toUTF8 decodes b. What is valid UTF-8 with characters beyond ASCII is UTF-8 whatever the label says, for nothing
// else looks like it by chance; otherwise the label counts; failing that windows-1252 does.
func toUTF8(label string, b []byte) string {
	if isUTF7(label) {
		return decodeUTF7(b)
	}
	e, wide := charsetNamed(label), bytes.IndexByte(b, 0) >= 0
	if wide && e == nil {
		e = byteOrder(b)
	}
	switch _, single := e.(*charmap.Charmap); {
	case isASCII(b):
		if e == nil || single || !wide && isWide(e) {
			return string(b)
		}
	case utf8.Valid(b) && !(wide && isWide(e)):
		return strings.TrimPrefix(string(b), "\ufeff")
	case e == nil:
		return repair(string(b))
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return repair(string(b))
	}
	return strings.TrimPrefix(string(out), "\ufeff")
}

// byteOrder recognises UTF-16 by its mark, nil where there is none.
func byteOrder(b []byte) encoding.Encoding {
	if bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		return charsetExtra["utf-16"]
	}
	return nil
}

// isWide tells whether e spells ASCII with NUL bytes.
func isWide(e encoding.Encoding) bool {
	if e == nil {
		return false
	}
	b, err := e.NewEncoder().Bytes([]byte("a"))
	return err == nil && len(b) > 1
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// windows1252 is the character of one byte in the charset that unlabelled mail is most often written in.
func windows1252(c byte) rune { return charmap.Windows1252.DecodeByte(c) }
