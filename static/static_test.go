package static

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// folders are what the package embeds, as it lies beside this file.
var folders = []string{"css", "img", "js", "locales", "templates", "vendor"}

func TestEveryFileOnDiskIsEmbedded(t *testing.T) {
	for _, folder := range folders {
		embedded := map[string]bool{}
		for _, files := range []fs.FS{public, templates, locales} {
			for name := range contents(t, files) {
				embedded[name] = true
			}
		}
		found := 0
		for name := range contents(t, os.DirFS(".")) {
			if !strings.HasPrefix(name, folder+"/") {
				continue
			}
			found++
			if !embedded[name] {
				t.Errorf("%s is not embedded: does its name begin with a dot or underscore?", name)
			}
		}
		if found == 0 {
			t.Errorf("no file found in %s/", folder)
		}
	}
}

func TestEveryVendoredFolderHasALicence(t *testing.T) {
	entries, err := fs.ReadDir(public, "vendor")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		checked++
		licence, err := fs.ReadFile(public, path.Join("vendor", entry.Name(), "LICENSE"))
		if err != nil || len(licence) < 500 {
			t.Errorf("vendor/%s has no licence text (%d bytes, %v)", entry.Name(), len(licence), err)
		}
	}
	if checked < 4 {
		t.Errorf("only %d vendored folders found", checked)
	}
}

func TestVendoredVersionsAreThosePinned(t *testing.T) {
	raw, err := os.ReadFile("package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	copied, err := fs.ReadFile(public, "vendor/versions.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(copied)), "\n")
	if len(lines) != len(manifest.DevDependencies) {
		t.Errorf("%d versions copied, %d pinned", len(lines), len(manifest.DevDependencies))
	}
	for _, line := range lines {
		name, version, _ := strings.Cut(line, " ")
		if manifest.DevDependencies[name] != version {
			t.Errorf("%s %s is vendored, package.json pins %q: run vendor.sh", name, version, manifest.DevDependencies[name])
		}
	}
}

// The security policy allows nothing from another host and no data: picture, and
// a reference in a vendored sheet would miss the hash in its address.
func TestStyleSheetsReferToNothingOutside(t *testing.T) {
	sheets := 0
	for name, content := range contents(t, public) {
		if path.Ext(name) != ".css" {
			continue
		}
		sheets++
		if strings.Contains(content, "@import") {
			t.Errorf("%s imports another sheet", name)
		}
		for _, match := range cssReference.FindAllStringSubmatch(content, -1) {
			switch reference := match[1]; {
			case strings.HasPrefix(reference, "http"), strings.HasPrefix(reference, "//"):
				t.Errorf("%s refers to another host: %s", name, reference)
			case strings.HasPrefix(name, "vendor/") && !strings.HasPrefix(reference, "data:"):
				t.Errorf("%s refers to a file by an address without hash: %s", name, reference)
			case !strings.HasPrefix(name, "vendor/") && strings.HasPrefix(reference, "data:"):
				t.Errorf("%s holds a picture that the security policy refuses: %.60s", name, reference)
			}
		}
	}
	if sheets < 4 {
		t.Errorf("only %d style sheets found", sheets)
	}
}

func TestOurScriptsAndTemplatesNeedNoExceptionFromThePolicy(t *testing.T) {
	namespaces := regexp.MustCompile(`http://www\.w3\.org/[0-9]{4}/[a-z]+`)
	outside := regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+\.[a-z]|\beval\(|new Function`)
	for name, content := range contents(t, public) {
		if strings.HasPrefix(name, "js/") && outside.MatchString(namespaces.ReplaceAllString(content, "")) {
			t.Errorf("%s names another host or evaluates text: %s", name, outside.FindString(content))
		}
	}
	inline := regexp.MustCompile(`(?i)<style|\sstyle\s*=|<script(?:\s+type="[a-z/]*")?\s*>|<[^>{]*\son[a-z]+\s*=|javascript:|\ssrc="(?:data|https?):`)
	for name, content := range contents(t, Templates()) {
		if path.Ext(name) == ".md" {
			continue
		}
		if strings.HasPrefix(name, "mail/") {
			content = strings.Replace(content, "<style>", "", 1) // a mail program knows no policy of ours, and fetches no style sheet
		}
		if found := inline.FindString(content); found != "" {
			t.Errorf("templates/%s has something inline that browsers will refuse: %s", name, found)
		}
	}
}

// WCAG 2.2 asks 4.5:1 of text of this size, in both schemes.
func TestOpennessCellsAreReadable(t *testing.T) {
	sheet, err := fs.ReadFile(public, "css/figures.css")
	if err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile(`(?m)^\.o([0-8]) \{ color: light-dark\((#\w+), (#\w+)\); background: light-dark\((#\w+), (#\w+)\); \}$`)
	matches := rule.FindAllStringSubmatch(string(sheet), -1)
	if len(matches) != 9 {
		t.Fatalf("%d openness steps found, want 9", len(matches))
	}
	for i, match := range matches {
		if match[1] != fmt.Sprint(i) {
			t.Errorf("step %s stands at place %d", match[1], i)
		}
		for scheme, pair := range map[string][2]string{"light": {match[2], match[4]}, "dark": {match[3], match[5]}} {
			if ratio := contrast(t, pair[0], pair[1]); ratio < 4.5 {
				t.Errorf("step %d on %s: %s on %s has a contrast of %.2f", i, scheme, pair[0], pair[1], ratio)
			}
		}
	}
}

// contents reads every file below the embedded folders by its path.
func contents(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if filepath.Base(name) == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		content, err := fs.ReadFile(files, name)
		found[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A browser takes the meaning from a table whose rows are laid out as blocks, unless it is told.
func TestTablesThatAreStackedOnAPhoneSayWhatTheirPartsAre(t *testing.T) {
	table := regexp.MustCompile(`(?s)<table class="[^"]*\b(?:stacked|milestone-board)\b.*?</table>`)
	parts := regexp.MustCompile(`<(?:table|thead|tbody|tr|th|td)\b[^>]*>`)
	found := 0
	for name, content := range contents(t, Templates()) {
		for _, one := range table.FindAllString(content, -1) {
			found++
			for _, part := range parts.FindAllString(one, -1) {
				if !strings.Contains(part, ` role="`) {
					t.Errorf("templates/%s: %s has no role", name, part)
				}
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d tables found", found)
	}
}
