package compose

import (
	"slices"
	"strings"

	"posthorn/mail"
)

// AddressList makes one line of a list of addresses that was copied from elsewhere: a column of them, a row with tabs
// between, cells of a table with the name beside the address, a folded header field, addresses with only spaces
// between. Anything else stays as it is, since it may be a part of an address.
func AddressList(s string) string {
	var items []string
	name := "" // cells in front of the address that they belong to
	for cell := range strings.FieldsFuncSeq(lines(s), func(r rune) bool { return r == '\n' || r == '\t' }) {
		cell = strings.Trim(cell, " ,;")
		switch {
		case cell == "":
		case !strings.Contains(cell, "@"):
			name = strings.TrimSpace(name + " " + cell)
		default:
			items = append(items, withName(name, cell)...)
			name = ""
		}
	}
	if name != "" {
		items = append(items, name)
	}
	if len(items) < 2 && !strings.ContainsAny(strings.TrimRight(s, "\r\n\t"), "\r\n\t") {
		return s
	}
	return strings.Join(items, ", ")
}

// withName is the addresses of a cell; name is that of the first where it has none.
func withName(name, cell string) []string {
	items := []string{cell}
	if words := strings.Fields(cell); len(words) > 1 && !slices.ContainsFunc(words, notAddress) {
		items = words
		for i := range items {
			items[i] = strings.Trim(items[i], ",;")
		}
	}
	switch {
	case name == "":
	case strings.HasPrefix(items[0], "<"): // a folded line
		items[0] = name + " " + items[0]
	case !notAddress(items[0]):
		a := mail.ParseAddresses(items[0], nil)[0]
		items[0] = mail.Address{Name: name, Local: a.Local, Domain: a.Domain}.String()
	default:
		items = append([]string{name}, items...)
	}
	return items
}

func notAddress(word string) bool {
	a, ok := strictAddress(strings.Trim(word, ",;"))
	return !ok || a.Name != "" || strings.Contains(word, "\"")
}
