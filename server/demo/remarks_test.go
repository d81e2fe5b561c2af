package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/surveys/store/storetest"
)

// pattern matches every text that a line can become.
func pattern(t *testing.T, line string) *regexp.Regexp {
	t.Helper()
	quoted := regexp.QuoteMeta(line)
	quoted = strings.NewReplacer(`\{`, "(?:", `\}`, ")", `\|`, "|").Replace(quoted)
	re, err := regexp.Compile("^" + quoted + "$")
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return re
}

func lines(t *testing.T, language string) []string {
	t.Helper()
	var all []string
	for _, c := range newRemarks().byLanguage[language] {
		all = append(all, c.lines...)
	}
	return all
}

func TestRemarksAreManyAndNoneIsThereTwice(t *testing.T) {
	seen := map[string]bool{}
	for language, least := range map[string]int{"en": 60, "de": 40} {
		all := lines(t, language)
		for _, l := range all {
			if seen[l] {
				t.Errorf("%q is there twice", l)
			}
			seen[l] = true
		}
		t.Log(language, len(all))
		if len(all) < least {
			t.Errorf("%s has %d remarks", language, len(all))
		}
	}
}

func TestGapsAreWellFormed(t *testing.T) {
	rng := stream(99)
	for _, l := range append(lines(t, "en"), lines(t, "de")...) {
		for range 20 {
			if text := spin(rng, l); strings.ContainsAny(text, "{}|") || !pattern(t, l).MatchString(text) {
				t.Errorf("%q becomes %q", l, text)
			}
		}
		if strings.Contains(l, "||") || strings.Contains(l, "{|") || strings.Contains(l, "|}") {
			t.Errorf("%q has an empty choice", l)
		}
	}
}

func TestStoredCommentsAreInBothLanguages(t *testing.T) {
	f := fill(t, storetest.SQLite(t), today)
	patterns := map[string][]*regexp.Regexp{}
	for _, language := range []string{"en", "de"} {
		for _, l := range lines(t, language) {
			patterns[language] = append(patterns[language], pattern(t, l))
		}
	}
	counts := map[string]int{}
	for _, text := range f.texts(t, "SELECT text FROM comments") {
		found := false
		for language, list := range patterns {
			if slices.ContainsFunc(list, func(re *regexp.Regexp) bool { return re.MatchString(text) }) {
				counts[language]++
				found = true
			}
		}
		if !found {
			t.Errorf("%q is nobody's remark", text)
		}
	}
	share := float64(counts["de"]) / float64(f.Comments)
	t.Logf("%v, %.2f German", counts, share)
	if counts["en"]+counts["de"] != f.Comments || share < 0.15 || share > 0.35 {
		t.Errorf("%v of %d comments", counts, f.Comments)
	}
}

// A list with the same sentence twice is not believed.
func TestNoCommentIsReadTwiceInADepartmentsWave(t *testing.T) {
	org, all := writeAll(t)
	for _, w := range all {
		seen := map[string]bool{}
		for _, reply := range w.replies {
			for question, text := range reply.Texts {
				key := org.departments[reply.Department-1].name + "/" + question + "/" + text
				if seen[key] {
					t.Errorf("%s: %q", w.label, key)
				}
				seen[key] = true
			}
		}
	}
}

// Nobody complains about the ticketing's go-live before it, or in a department that does not use it.
func TestRemarksFitDepartmentAndTime(t *testing.T) {
	org, all := writeAll(t)
	complaints := 0
	for _, w := range all {
		for _, reply := range w.replies {
			for _, text := range reply.Texts {
				if !strings.Contains(text, "Since the go-live") && !strings.Contains(text, "Seit der Umstellung") {
					continue
				}
				complaints++
				if name := org.departments[reply.Department-1].name; name != customerService || w.quarter < 5 { // two thirds of eight
					t.Errorf("%s in %s: %q", name, w.label, text)
				}
			}
		}
	}
	if complaints == 0 {
		t.Error("nobody complains about the go-live")
	}
}
