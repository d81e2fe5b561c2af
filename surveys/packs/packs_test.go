package packs

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func TestAPackIsReadBackAsItWasWrittenAndDamageIsFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		made := surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)}
		document := []byte("{\"title\": \"IT-Planung Frühjahr\", \"zero\": \"\x00\"}")
		keep := func(title string) (kept Pack) {
			err := s.Transact(t.Context(), "test", func(tx *store.Tx) (err error) {
				kept, err = Keep(tx, Pack{Title: title, Meeting: "2027-03-15", Made: made, Departments: []surveys.DepartmentID{3, 1}}, document)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return kept
		}
		first, second := keep("IT-Planung Frühjahr"), keep("IT-Planung Sommer")
		read, stored, err := ByID(t.Context(), s, first.ID)
		if err != nil {
			t.Fatal(err)
		}
		if string(stored) != string(document) || read.Checksum != Sum(document) || len(read.Checksum) != 64 {
			t.Errorf("it is read back as %q with the checksum %s", stored, read.Checksum)
		}
		if read.Title != "IT-Planung Frühjahr" || read.Meeting != "2027-03-15" || read.Made != made || !slices.Equal(read.Departments, []surveys.DepartmentID{3, 1}) {
			t.Errorf("it is read back as %+v", read)
		}
		list, err := List(t.Context(), s)
		if err != nil || len(list) != 2 || list[0].ID != second.ID {
			t.Errorf("the list is %+v, %v: the newest comes first", list, err)
		}
		if damaged, all, err := Verify(t.Context(), s); err != nil || len(damaged) != 0 || all != 2 {
			t.Errorf("of %d packs %v are damaged, %v", all, damaged, err)
		}
		// One figure of the second is changed behind the program's back.
		err = s.Transact(t.Context(), "test", func(tx *store.Tx) error {
			return tx.Exec("UPDATE packs SET document = ? WHERE id = ?", []byte(strings.Replace(string(document), "zero", "nine", 1)), second.ID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		damaged, all, err := Verify(t.Context(), s)
		if err != nil || all != 2 || len(damaged) != 1 || damaged[0].ID != second.ID {
			t.Errorf("of %d packs %v are damaged, %v", all, damaged, err)
		}
		if _, _, err := ByID(t.Context(), s, 99); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a pack that does not exist is %v", err)
		}
	})
}

func TestAPackNeedsATitleAndADay(t *testing.T) {
	for name, c := range map[string]struct {
		title   string
		meeting surveys.Day
		faults  []string
	}{
		"both":           {"Spring", "2027-03-15", nil},
		"neither":        {" ", "", []string{"title empty", "meeting no day"}},
		"no such day":    {"Spring", "2027-02-30", []string{"meeting no day"}},
		"a longest":      {strings.Repeat("ü", LongestTitle), "2027-03-15", nil},
		"a longer title": {strings.Repeat("ü", LongestTitle+1), "2027-03-15", []string{"title too long"}},
	} {
		t.Run(name, func(t *testing.T) {
			var faults []string
			for _, f := range Check(c.title, c.meeting) {
				faults = append(faults, f.Path+" "+f.Code)
			}
			if !slices.Equal(faults, c.faults) {
				t.Errorf("the faults are %q, want %q", faults, c.faults)
			}
		})
	}
}
