package mail

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// stored asserts that what AppendJSON writes is read as what encoding/json writes.
func stored[T any](t *testing.T, v T, written []byte) {
	t.Helper()
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var got, wanted T
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatalf("%s: %v", written, err)
	}
	if err := json.Unmarshal(want, &wanted); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("%s\nis not\n%s", written, want)
	}
}

// everything fills each field of an envelope and of a part with s, by reflection, so that no field can be forgotten.
func everything(v reflect.Value, s string, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(s != "")
	case reflect.Int64:
		v.SetInt(int64(len(s)) - 3)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{s: s, "charset": s, "a": ""}))
	case reflect.Slice:
		if depth == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		everything(v.Index(0), s, depth-1) // the other one stays empty
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 2, 3, 4, 5, 6, len(s), time.FixedZone("", 5400))))
			return
		}
		for i := range v.NumField() {
			everything(v.Field(i), s, depth)
		}
	default:
		panic("the test does not know " + v.Type().String())
	}
}

func FuzzStored(f *testing.F) {
	for _, s := range []string{"", "plain", `a "quoted" \ text`, "\x00\x1f\x7f\u0080\t\n", "Größe 漢字 🎺", "\xff\xfe broken \xc3", "\xed\xa0\x80", "\uFFFD", "<&>\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var e Envelope
		everything(reflect.ValueOf(&e).Elem(), s, 2)
		stored(t, e, e.AppendJSON(nil))
		var p Part
		everything(reflect.ValueOf(&p).Elem(), s, 3)
		stored(t, p, p.AppendJSON(nil))
	})
}

func TestStoredEmpty(t *testing.T) {
	stored(t, Envelope{}, (&Envelope{}).AppendJSON(nil))
	stored(t, Part{}, (&Part{}).AppendJSON(nil))
	odd := Envelope{Date: time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC), Subject: "x"} // no time that JSON can hold
	stored(t, Envelope{Subject: "x"}, odd.AppendJSON(nil))
}
