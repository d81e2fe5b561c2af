package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// exported asks for files of a closed wave of six people. It takes part in the test of a wave from the command line.
func (s *site) exported(survey, wave string) {
	s.t.Helper()
	dir := s.t.TempDir()
	s.do("import", "directory", csvFile(s.t, "email,name,department,language", `ann@x.org,"Ann, the first",Finance,de`, "bo@x.org,Bö,Harbour,"))
	lines := s.do("export", "all", "--out", dir)
	var manifest struct {
		Files []exportedFile
	}
	content, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(content, &manifest)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	want := []string{"bands.csv", "comments-wave-" + wave + ".csv", "conversation.json", "departments.csv", "directory.csv", "responses-wave-" + wave + ".csv",
		"results-survey-" + survey + ".csv", "results-survey-" + survey + ".xlsx", "survey-" + survey + "-version-1.yaml"}
	var names []string
	for _, file := range manifest.Files {
		names = append(names, file.Name)
		content, err := os.ReadFile(filepath.Join(dir, file.Name))
		sum := sha256.Sum256(content)
		if err != nil || int64(len(content)) != file.Bytes || hex.EncodeToString(sum[:]) != file.SHA256 {
			s.t.Errorf("%s is not as the manifest says: %v", file.Name, err)
		}
	}
	if slices.Sort(names); !slices.Equal(names, want) {
		s.t.Errorf("exported %v", names)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != len(want)+1 || len(lines) != len(want)+1 {
		s.t.Errorf("%d files, %d lines: %v", len(left), len(lines), err)
	}
	// What was taken out can be brought in again.
	if again := strings.Join(s.do("import", "directory", "--dry-run", filepath.Join(dir, "directory.csv")), "\n"); !strings.Contains(again, "added 0, changed 0, gone 0, unchanged 2") {
		s.t.Error(again)
	}
	if again := s.do("import", "survey", filepath.Join(dir, "survey-"+survey+"-version-1.yaml")); again[0] != survey {
		s.t.Errorf("the survey document becomes survey %v", again)
	}
	s.exportedResults(survey, wave, filepath.Join(dir, "results-survey-"+survey+".csv"))
}

func (s *site) exportedResults(survey, wave, all string) {
	s.t.Helper()
	dir := s.t.TempDir()
	s.do("export", "results", "--wave", wave, "--out", dir)
	of, err := os.ReadFile(filepath.Join(dir, "results-wave-"+wave+".csv"))
	whole, failure := os.ReadFile(all)
	if err != nil || failure != nil || !bytes.Equal(of, whole) || bytes.Count(of, []byte("\n")) < 20 {
		s.t.Errorf("the results of the only wave are not those of the survey: %v, %v\n%s", err, failure, of)
	}
	s.do("export", "results", "--survey", survey, "--format", "xlsx", "--language", "de", "--out", dir)
	book, err := excelize.OpenFile(filepath.Join(dir, "results-survey-"+survey+".xlsx"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); !slices.Contains(sheets, "Kommentare") || sheets[0] != "Lies mich" {
		s.t.Errorf("sheets %v", sheets)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{wrongUsed, nil}, {wrongUsed, []string{"--wave", wave, "--survey", survey}}, {wrongUsed, []string{"--wave", wave, "--format", "pdf"}},
		{failed, []string{"--wave", "99"}}, {failed, []string{"--survey", "99"}},
	} {
		s.command(c.code, "", append([]string{"export", "results", "--out", dir}, c.args...)...)
	}
}
