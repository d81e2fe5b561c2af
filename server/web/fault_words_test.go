package web

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// roomOfFaults is where the faults come from that a form tells, and the words of which area it tells them in.
type roomOfFaults struct {
	area, folder, files string // files: those that matter begin so
	elsewhere           []string
}

func roomsOfFaults() []roomOfFaults {
	return []roomOfFaults{
		{area: "fault_", folder: "../accounts", elsewhere: []string{"wait"}}, // see phrases.wait
		{area: "people_fault_", folder: "../../surveys/people"},
		{area: "plan_fault_", folder: "../../surveys/waves"},
		{area: "settings_fault_", folder: "../../surveys/settings"},
		{area: "change_fault_", folder: "../../surveys/changes"},
		{area: "visit_fault_", folder: "../../surveys/visits"},
		// Those of an idea itself are told to respondents, in their words.
		{area: "idea_fault_", folder: "../../surveys/ideas"},
		{area: "promise_fault_", folder: "../../surveys/promises"},
		{area: "decision_fault_", folder: "../../surveys/decisions"},
		{area: "champion_fault_", folder: "../../surveys/champions"},
		{area: "milestone_fault_", folder: "../../surveys/milestones"},
		{area: "webhooks_fault_", folder: "../../surveys/webhooks"},
		{area: "translation_fault_", folder: "../../surveys/translations"},
		// Lines that cannot be taken in stand in a table of their own.
		{area: "directory_fault_", folder: "../../surveys/directory", elsewhere: []string{"bad_lines"}},
		{area: "history_fault_", folder: "../../surveys/history", elsewhere: []string{"bad_lines"}},
		// What is wrong with a translation is counted by language; its own page shows it.
		{area: "draft_fault_", folder: "../../surveys", files: "validate", elsewhere: []string{"same_language", "untranslated"}},
	}
}

var (
	faultConstant = regexp.MustCompile(`(?m)^\s*([fF]ault[A-Z]\w*)\s*=\s*"([^"]+)"`)
	faultNamed    = regexp.MustCompile(`\b[fF]ault[A-Z]\w*\b`)
	faultLiteral  = regexp.MustCompile(`\bCode:\s*"([^"]+)", Detail|\b(?:fault|add)\([^\n]*?(?:\bpath|"\w+"), "([a-z_]+)", (?:"|fmt)|\bfault\("([a-z_]+)", "must`)
)

// codes are those of the faults that the files of a room give.
func (r roomOfFaults) codes(t *testing.T) []string {
	t.Helper()
	given, constants := map[string]bool{}, map[string]string{}
	texts := goFiles(t, r.folder)
	for _, text := range texts {
		for _, m := range faultConstant.FindAllStringSubmatch(text, -1) {
			constants[m[1]] = m[2]
		}
	}
	for file, text := range texts {
		if !strings.HasPrefix(file, r.folder+"/"+r.files) {
			continue
		}
		for _, name := range faultNamed.FindAllString(text, -1) {
			if code, ok := constants[name]; ok {
				given[code] = true
			}
		}
		for _, m := range faultLiteral.FindAllStringSubmatch(text, -1) {
			given[m[1]+m[2]+m[3]] = true
		}
	}
	for _, code := range r.elsewhere {
		if !given[code] {
			t.Errorf("%s does not give %q any more", r.folder, code)
		}
		delete(given, code)
	}
	return slices.Sorted(maps.Keys(given))
}

// Somebody who reads German is never told a fault in English, and no words wait for a fault that nothing gives.
func TestEveryFaultThatARoomGivesHasWordsInBothLanguages(t *testing.T) {
	pages := strings.Join(slices.Collect(maps.Values(goFiles(t, "."))), "\n")
	for _, lang := range []string{"en", "de"} {
		words := staffSentences(t, lang)
		for _, r := range roomsOfFaults() {
			codes := r.codes(t)
			if len(codes) < 3 {
				t.Errorf("%s: only %q are found", r.folder, codes)
			}
			for _, code := range codes {
				if words[r.area+wordKey(code)] == nil {
					t.Errorf("%s gives %q, which %s has no words for in %s", r.folder, code, r.area, lang)
				}
			}
			for key := range words {
				code, ours := strings.CutPrefix(key, r.area)
				told := func(c string) bool { return code == wordKey(c) || strings.HasSuffix(code, "_"+wordKey(c)) }
				if ours && r.area != "fault_" && !slices.ContainsFunc(codes, told) && !strings.Contains(pages, `"`+key+`"`) && !strings.Contains(pages, `= "`+code+`"`) {
					t.Errorf("%s tells a fault that nothing gives", key)
				}
			}
		}
	}
}
