package people

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestOnlyPlainAddressesAreTaken(t *testing.T) {
	for typed, want := range map[string]string{
		"ann@example.org":                        "ann@example.org",
		"Ann.O'Neill+it@Example.ORG":             "Ann.O'Neill+it@example.org",
		"müller@bücher.example":                  "müller@xn--bcher-kva.example",
		"ann@例え.テスト":                             "ann@xn--r8jz45g.xn--zckzah",
		"用户@example.cn":                          "用户@example.cn",
		"":                                       "",
		"ann":                                    "",
		"@example.org":                           "",
		"ann@":                                   "",
		"ann@localhost":                          "",
		"ann@example..org":                       "",
		"ann@example.org.":                       "",
		"ann@-example.org":                       "",
		"ann@10.0.0.1":                           "",
		"ann@[10.0.0.1]":                         "",
		".ann@example.org":                       "",
		"a..nn@example.org":                      "",
		"ann bell@example.org":                   "",
		"ann@exam ple.org":                       "",
		"Ann <ann@example.org>":                  "",
		"<ann@example.org>":                      "",
		`"ann bell"@example.org`:                 "",
		"ann@example.org, bo@x.org":              "",
		"ann@bell@example.org":                   "",
		"ann@example.org\nBcc: x@x.org":          "",
		"ann\r\n@example.org":                    "",
		"ann\u200b@example.org":                  "",
		"ann\u202e@example.org":                  "",
		"ann(it)@example.org":                    "",
		"ann;bo@example.org":                     "",
		"ann@example.org\x00":                    "",
		"\xff@example.org":                       "",
		strings.Repeat("a", 64) + "@example.org": strings.Repeat("a", 64) + "@example.org",
		strings.Repeat("a", 65) + "@example.org": "",
		"ann@" + strings.Repeat(strings.Repeat("b", 60)+".", 4) + "example": "",
	} {
		got, ok := ParseAddress(typed)
		if ok != (want != "") || got.Email != want {
			t.Errorf("%q: %q, %v; want %q", typed, got.Email, ok, want)
		}
	}
}

func TestAddressesThatDifferInCaseAreOnePerson(t *testing.T) {
	for _, pair := range [][2]string{
		{"Ann@Example.org", "ANN@example.ORG"}, {"STRASSE@x.org", "straße@x.org"}, {"a@BÜCHER.example", "A@xn--bcher-kva.example"},
		{"e\u0301ric@x.org", "\u00c9RIC@x.org"},
	} {
		a, okA := ParseAddress(pair[0])
		b, okB := ParseAddress(pair[1])
		if !okA || !okB || a.Key != b.Key {
			t.Errorf("%q has the key %q and %q has %q", pair[0], a.Key, pair[1], b.Key)
		}
	}
}

// Whatever is taken can be put into a header line as it is, and is taken again unchanged.
func TestATakenAddressIsSafeInAHeader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~é\n\r]{1,12}@[ -~ü\n]{1,8}\.[a-z,<>]{1,4}`)).Draw(t, "typed")
		a, ok := ParseAddress(typed)
		if !ok {
			return
		}
		if strings.ContainsAny(a.Email, " \t\r\n<>\",;:()[]\\") || strings.Count(a.Email, "@") != 1 || len(a.Key) > 512 {
			t.Fatalf("%q is taken as %q", typed, a.Email)
		}
		if again, ok := ParseAddress(a.Email); !ok || again != a {
			t.Fatalf("%q is taken as %q, and that as %q", typed, a, again)
		}
	})
}
