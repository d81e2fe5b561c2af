package web

import (
	"bytes"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"soundings/server/accounts"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// staffSentences reads the words for staff as they are, the forms of each key, of all areas together. A key that two
// areas claim is a fault: one would hide the other.
func staffSentences(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	files, err := fs.Glob(static.Locales(), "staff/*."+lang+".toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no words in %s: %v", lang, err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		for key, forms := range formsOf(t, file) {
			if all[key] != nil {
				t.Errorf("%s says %s again, which another area says already", file, key)
			}
			all[key] = forms
		}
	}
	return all
}

// formsOf reads one file of words: a text for each key under "", or one for each plural form.
func formsOf(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	source, err := fs.ReadFile(static.Locales(), file)
	if err != nil {
		t.Fatal(err)
	}
	raw := map[string]any{}
	if err := toml.Unmarshal(source, &raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	texts := map[string]map[string]string{}
	for key, value := range raw {
		texts[key] = map[string]string{}
		switch value := value.(type) {
		case string:
			texts[key][""] = value
		case map[string]any:
			for form, text := range value {
				texts[key][form] = text.(string)
			}
		}
	}
	return texts
}

// source is the text of all files of a kind, by name.
type source map[string]string

func staffTemplates(t *testing.T) source {
	t.Helper()
	var names []string
	for _, pattern := range []string{"staff/*.html", "staff/parts/*.html"} {
		found, err := fs.Glob(static.Templates(), pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d templates, %v", pattern, len(found), err)
		}
		names = append(names, found...)
	}
	texts := source{}
	for _, name := range names {
		text, err := fs.ReadFile(static.Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

// goFiles are the files of this package without its tests.
func goFiles(t *testing.T, folder string) source {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	texts := source{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

var (
	saidInTemplate = regexp.MustCompile(`\.[TN] "(\w+)"`)
	saidInGo       = regexp.MustCompile(`(?:\.say|\.count|\.T|\.N|\.frame)\((?:c, )?"(\w+)"(\s*\+)?`)
	quoted         = regexp.MustCompile(`"(\w+)(?:%[sdv])?"`)
)

func TestStaffWordsThatArePutOnAPageExist(t *testing.T) {
	staff := staffSentences(t, "en")
	respondents := sentences(t, "en")
	for file, text := range staffTemplates(t) {
		for _, m := range saidInTemplate.FindAllStringSubmatch(text, -1) {
			if staff[m[1]] == nil {
				t.Errorf("%s says %s, which there are no words for", file, m[1])
			}
		}
	}
	found := 0
	for file, text := range goFiles(t, ".") {
		for _, m := range saidInGo.FindAllStringSubmatch(text, -1) {
			key := m[1]
			known := staff[key] != nil || respondents[key] != nil
			if m[2] != "" { // the beginning of a key that is put together
				begins := func(k string) bool { return strings.HasPrefix(k, key) }
				known = slices.ContainsFunc(slices.Collect(maps.Keys(staff)), begins) || slices.ContainsFunc(slices.Collect(maps.Keys(respondents)), begins)
			}
			if !known {
				t.Errorf("%s says %s, which there are no words for", file, key)
			}
			found++
		}
	}
	if found < 50 {
		t.Errorf("only %d sentences were found in the code; is it read at all?", found)
	}
}

func TestStaffWordsAreAllUsed(t *testing.T) {
	var whole []string
	for _, text := range staffTemplates(t) {
		whole = append(whole, text)
	}
	for _, text := range goFiles(t, ".") {
		whole = append(whole, text)
	}
	used := map[string]bool{}
	var beginnings []string
	for _, m := range quoted.FindAllStringSubmatch(strings.Join(whole, "\n"), -1) {
		used[m[1]] = true
		if strings.HasSuffix(m[1], "_") {
			beginnings = append(beginnings, m[1])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(staffSentences(t, "en"))) {
		puttogether := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) })
		if !used[key] && !puttogether {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// What somebody can do wrong has words in German too, not the plain English of the command line.
func TestStaffWordsTellEveryErrorThatStaffCanCause(t *testing.T) {
	staff := staffSentences(t, "en")
	field := regexp.MustCompile(`Code: "([^"]+)"`)
	for _, folder := range []string{".", "../accounts"} {
		for file, text := range goFiles(t, folder) {
			for _, m := range field.FindAllStringSubmatch(text, -1) {
				key := wordKey(m[1])
				if staff["error_"+key] == nil && staff["fault_"+key] == nil && m[1] != "wait" {
					t.Errorf("%s: %q has no words", file, m[1])
				}
			}
		}
	}
	for kind := range statuses {
		if staff["error_title_"+wordKey(string(kind))] == nil || staff["error_"+wordKey(string(kind))] == nil && kind != surveys.TooMany {
			t.Errorf("the kind %q has no words", kind)
		}
	}
	for key := range staff {
		if code, ok := strings.CutPrefix(key, "fault_"); ok && !slices.ContainsFunc([]string{".", "../accounts"}, func(folder string) bool {
			return slices.ContainsFunc(slices.Collect(maps.Values(goFiles(t, folder))), func(text string) bool {
				return strings.Contains(text, `"`+strings.ReplaceAll(code, "_", " ")+`"`)
			})
		}) {
			t.Errorf("%s tells a fault that nothing gives", key)
		}
	}
}

func TestGermanStaffWordsAreThoseOfEnglish(t *testing.T) {
	english, german := staffSentences(t, "en"), staffSentences(t, "de")
	for key, forms := range english {
		want := blank.FindAllString(forms[""]+forms["other"], -1)
		slices.Sort(want)
		own := german[key]
		if own == nil {
			t.Errorf("German lacks %s", key)
			continue
		}
		if (own["other"] == "") != (forms["other"] == "") || own["other"] != "" && (own["one"] == "" || forms["one"] == "") {
			t.Errorf("%s lacks a plural form: %v, %v", key, forms, own)
		}
		for form, text := range own {
			got := blank.FindAllString(text, -1)
			slices.Sort(got)
			if form != "one" && !slices.Equal(got, want) {
				t.Errorf("%s (%s) fills in %v, English %v", key, form, got, want)
			}
			for _, name := range got {
				if !slices.Contains(want, name) {
					t.Errorf("%s (%s) fills in %s, which English does not", key, form, name)
				}
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s (%s) is %q", key, form, text)
			}
		}
	}
	for key := range german {
		if english[key] == nil {
			t.Errorf("German has %s, which English lacks", key)
		}
	}
}

// Staff are addressed with Sie.
func TestGermanStaffWordsAreFormal(t *testing.T) {
	familiar := regexp.MustCompile(`(?i)(^|[^\pL])(du|dich|dir|dein|deine|deinem|deinen|deiner|euch|euer|eure)($|[^\pL])`)
	for key, forms := range staffSentences(t, "de") {
		for _, text := range forms {
			if familiar.MatchString(text) {
				t.Errorf("%s: %q", key, text)
			}
		}
	}
}

var (
	action    = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	machine   = regexp.MustCompile(`(?s)<(code|script|style)\b.*?</(?:code|script|style)>|<!--.*?-->|<!doctype html>`)
	readAloud = regexp.MustCompile(`\s(?:aria-label|title|alt|placeholder|aria-description|data-text-[\w-]+)="([^"]*)"`)
	tag       = regexp.MustCompile(`(?s)<[^>]*>`)
	entity    = regexp.MustCompile(`&\w+;`)
	letters   = regexp.MustCompile(`\pL[\pL\pN’'-]*`)
)

// Names and the endings of files are the same in every language.
var names = []string{"Soundings", "CSV", "XLSX", "YAML", "XLIFF", "SVG", "JSON", "QR"}

func TestStaffTemplatesHoldNoWordsOfTheirOwn(t *testing.T) {
	for file, text := range staffTemplates(t) {
		text = action.ReplaceAllString(text, "")
		text = entity.ReplaceAllString(machine.ReplaceAllString(text, ""), "")
		for _, m := range readAloud.FindAllStringSubmatch(text, -1) {
			text += " " + m[1]
		}
		for _, word := range letters.FindAllString(tag.ReplaceAllString(text, " "), -1) {
			if !slices.Contains(names, word) {
				t.Errorf("%s says %q in every language", file, word)
			}
		}
	}
}

// fragments are the stretches of at least two words that an English sentence has around what it fills in.
func fragments(text string) []string {
	var list []string
	for _, piece := range blank.Split(text, -1) {
		piece = strings.TrimSpace(strings.Trim(piece, ".,;:()“”"))
		if strings.Count(piece, " ") >= 1 {
			list = append(list, piece)
		}
	}
	return list
}

// englishOn are the English sentences of the program that a page in another language holds.
func englishOn(t *testing.T, page string) (found []string) {
	t.Helper()
	german := staffSentences(t, "de")
	for key, forms := range staffSentences(t, "en") {
		for form, text := range forms {
			for _, piece := range fragments(text) {
				if strings.Contains(page, piece) && !strings.Contains(german[key][form], piece) {
					found = append(found, key+": "+piece)
				}
			}
		}
	}
	return found
}

func TestStaffPagesInGermanLanguageHoldNoEnglishSentence(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	german := func(cookie, path string) string {
		r := o.get(path, "Cookie", sessionCookie+"="+cookie, "Accept-Language", "de-DE,de;q=0.9,en;q=0.5")
		if !bytes.Contains([]byte(r.body), []byte(`<html lang="de"`)) {
			t.Errorf("%s is not in German: status %d", path, r.status)
		}
		return readable(r.body)
	}
	if found := englishOn(t, german("", "/setup")); len(found) > 0 {
		t.Errorf("setting up: %v", found)
	}
	cookie, _ := o.member(accounts.Admin)
	if found := englishOn(t, german(cookie, "/trend")); len(found) > 0 {
		t.Errorf("the empty trend: %v", found)
	}
	o.answered(12, 3)
	paths := []string{"/results/waves/1", "/results/waves/1/questions/benefit", "/trend?band=1", "/login", "/nowhere", "/trend?band=x", "/trend?department=x"}
	for _, r := range o.routes() { // every page that needs no number in its address
		if r.method == http.MethodGet && r.access.kind == session && !strings.ContainsAny(r.path, ":*.") && r.path != "/" && r.path != "/results" { // both only lead on
			paths = append(paths, r.path)
		}
	}
	if len(paths) < 12 {
		t.Errorf("only %d pages are looked at", len(paths))
	}
	for _, path := range paths {
		if found := englishOn(t, german(cookie, path)); len(found) > 0 {
			t.Errorf("%s: %v", path, found)
		}
	}
	if page := readable(o.as(cookie, "/trend").body); len(englishOn(t, page)) < 10 {
		t.Error("an English trend seems to hold no English; the search finds nothing")
	}
}

// readable is the text of a page with what it reads aloud, without its code.
func readable(page string) string {
	text := machine.ReplaceAllString(page, " ")
	for _, m := range readAloud.FindAllStringSubmatch(text, -1) {
		text += "\n" + m[1]
	}
	return strings.NewReplacer("&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`).Replace(tag.ReplaceAllString(text, "\n"))
}

func TestStaffErrorsAreToldInGermanLanguage(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, _ := o.member(accounts.Viewer)
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/nowhere":             {http.StatusNotFound, "Diese Seite gibt es nicht."},
		"/trend?survey=x":      {http.StatusUnprocessableEntity, "muss eine ganze Zahl sein"},
		"/trend?band=99":       {http.StatusUnprocessableEntity, "bezeichnet nichts, was es gibt"},
		"/trend?department=no": {http.StatusUnprocessableEntity, "Die Adresse fragt nach etwas, das es nicht gibt."},
	} {
		r := o.get(path, "Cookie", sessionCookie+"="+cookie, "Accept-Language", "de")
		if r.status != want.status || !strings.Contains(r.body, want.text) {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	if r := o.get("/api/v1/waves?survey=x", "Accept-Language", "de", "Authorization", "Bearer "+o.bearer(accounts.Viewer)); !strings.Contains(r.body, "must be a whole number") {
		t.Errorf("the API is told in another language: %s", r.body)
	}
}
