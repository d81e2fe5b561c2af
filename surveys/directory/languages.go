package directory

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"soundings/surveys/imports"
)

const longestTag = 35

// tongues reads languages as directories write them: tags ("de", "de-AT", "pt_BR"), or names in English, in German or in
// the language itself ("German", "Deutsch").
type tongues map[string]string // tag by folded name

func newTongues() tongues {
	t := tongues{}
	english, german := display.English.Languages(), display.German.Languages()
	for _, tag := range display.Supported.Tags() {
		if strings.Contains(tag.String(), "-") && !strings.HasPrefix(tag.String(), "zh-") {
			continue // regional forms go by tags, not by names
		}
		for _, name := range []string{display.Self.Name(tag), german.Name(tag), english.Name(tag)} {
			if name != "" {
				t[imports.Folded(name)] = tag.String()
			}
		}
	}
	return t
}

// read gives the tag; "" stands for none.
func (t tongues) read(typed string) (tag string, ok bool) {
	if typed == "" {
		return "", true
	}
	if tag, ok := t[imports.Folded(typed)]; ok {
		return tag, true
	}
	parsed, err := language.Parse(typed)
	if err != nil || parsed == language.Und || len(parsed.String()) > longestTag {
		return "", false
	}
	return parsed.String(), true
}
