package compose

import "testing"

func TestACopiedListOfAddressesBecomesOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"anna@x.example\nben@x.example\r\n":                    "anna@x.example, ben@x.example",
		"anna@x.example;\nBen <ben@x.example>;\n\n":            "anna@x.example, Ben <ben@x.example>",
		"anna@x.example\tben@x.example":                        "anna@x.example, ben@x.example",
		"Anna L\tanna@x.example\nBen, Dr.\tben@x.example\n":    `Anna L <anna@x.example>, "Ben, Dr." <ben@x.example>`,
		"anna@x.example ben@x.example  <mira@x.example>":       "anna@x.example, ben@x.example, <mira@x.example>",
		"anna@x.example, ben@x.example":                        "anna@x.example, ben@x.example",
		"Anna Lindqvist\n <anna@x.example>,\n ben@x.example":   "Anna Lindqvist <anna@x.example>, ben@x.example",
		"anna@x.example\nBen\n":                                "anna@x.example, Ben",
		"Anna Lindqvist":                                       "Anna Lindqvist",
		"@x.example":                                           "@x.example",
		"anna@x.example, ":                                     "anna@x.example, ",
		"anna@x.example\n":                                     "anna@x.example\n",
		`"Lindqvist, Anna" <anna@x.example>; ben@x.example`:    `"Lindqvist, Anna" <anna@x.example>; ben@x.example`,
		"anna@x.example; ben@x.example\tmira@x.example (Mira)": "anna@x.example, ben@x.example, mira@x.example (Mira)",
	} {
		if got := AddressList(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
