package config

import (
	"fmt"

	"posthorn/ui/keys"
)

// Keys is the [keys] part: a preset, and the user's own keys by scope and action.
type Keys struct {
	Preset string
	Own    map[string]map[string][]string
}

// readKeys makes Keys of the table as TOML has it; wrong is where that is no table of keys.
func readKeys(table map[string]any) (k Keys, wrong *keys.Problem) {
	k.Own = map[string]map[string][]string{}
	for scope, v := range table {
		if scope == "preset" {
			name, ok := v.(string)
			if !ok {
				return k, &keys.Problem{Key: "keys.preset", What: `is the name of a set of keys: preset = "gmail"`}
			}
			k.Preset = name
			continue
		}
		actions, ok := v.(map[string]any)
		if !ok {
			return k, &keys.Problem{Key: "keys." + scope, What: fmt.Sprintf(`holds actions: %s = { archive = ["e"] }`, scope)}
		}
		k.Own[scope] = map[string][]string{}
		for name, v := range actions {
			list, ok := sequences(v)
			if !ok {
				return k, &keys.Problem{Key: "keys." + scope + "." + name, What: fmt.Sprintf(`is a list of keys: %s = ["e", "g e"]`, name)}
			}
			k.Own[scope][name] = list
		}
	}
	return k, nil
}

// sequences are the keys in a TOML value: a list, or one alone.
func sequences(v any) ([]string, bool) {
	if one, ok := v.(string); ok {
		return []string{one}, true
	}
	list, ok := v.([]any)
	out := make([]string, len(list))
	for i, item := range list {
		if out[i], ok = item.(string); !ok {
			return nil, false
		}
	}
	return out, ok
}
