package directory

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/people"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/uploads"
)

func TestColumnsAreToldByTheirHeadings(t *testing.T) {
	for _, c := range []struct {
		name       string
		headings   string
		remembered map[string]Field
		noBands    bool
		want       Matching
	}{
		{name: "English", headings: "Employee ID|Full Name|Work Email|Department|Job Level|Preferred language", want: Matching{Name: 1, Email: 2, Department: 3, Band: 4, Language: 5}},
		{name: "German", headings: "Nachname|Vorname|E-Mail-Adresse|Abteilung|Hierarchieebene|Sprache", want: Matching{Family: 0, Given: 1, Email: 2, Department: 3, Band: 4, Language: 5}},
		{name: "in capitals and with signs", headings: "\ufeffE_MAIL| DEPARTMENT (name)|name", want: Matching{Email: 0, Department: 1, Name: 2}},
		{name: "a whole name needs no halves", headings: "Vorname|Anzeigename|Mail|Team", want: Matching{Name: 1, Email: 2, Department: 3}},
		{name: "the likelier of two", headings: "Team|Abteilung|Private Mail|E-Mail", want: Matching{Department: 1, Email: 3}},
		{name: "something with mail in it", headings: "Dienst-Mail (extern)|Organisationseinheit", want: Matching{Email: 0, Department: 1}},
		{name: "no bands to match", headings: "Email|Department|Level", noBands: true, want: Matching{Email: 0, Department: 1}},
		{name: "remembered choices outweigh", headings: "Email|Login|Department|Cost centre", remembered: map[string]Field{"email": Unused, "login": Email, "costcentre": Department},
			want: Matching{Email: 1, Department: 3}},
		{name: "nothing", headings: "a|b", want: Matching{}},
	} {
		got := Guess(strings.Split(c.headings, "|"), c.remembered, !c.noBands)
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAColumnFeedsOneField(t *testing.T) {
	m := Matching{Given: 0, Family: 1, Email: 2}
	m.Set(Name, 2)
	if fmt.Sprint(m) != fmt.Sprint(Matching{Name: 2}) || !slices.Equal(m.Missing(), []Field{Email, Department}) {
		t.Errorf("%v lacks %v", m, m.Missing())
	}
}

func TestLanguagesAreReadAsPeopleWriteThem(t *testing.T) {
	tongues := newTongues()
	for typed, want := range map[string]string{"": "", "de": "de", "DE": "de", "de_AT": "de-AT", "pt-br": "pt-BR", "German": "de", "deutsch": "de", "Français": "fr",
		"Englisch": "en", "polish": "pl", "中文": "zh", "Portugiesisch": "pt", "українська": "uk"} {
		if got, ok := tongues.read(typed); !ok || got != want {
			t.Errorf("%q is %q, %v; want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"Klingonish", "??", "und", "de-" + strings.Repeat("x", 40)} {
		if got, ok := tongues.read(typed); ok {
			t.Errorf("%q is taken for %q", typed, got)
		}
	}
}

const umlauts = "E-Mail;Name;Abteilung\r\nmüller@bücher.example;Jörg Müller;Finance\r\n"

func TestFilesAreReadAsOfficeProgramsWriteThem(t *testing.T) {
	wide := func(order []byte, s string) []byte {
		b := slices.Clone(order)
		for _, u := range utf16.Encode([]rune(s)) {
			pair := []byte{byte(u), byte(u >> 8)}
			if order[0] == 0xFE {
				slices.Reverse(pair)
			}
			b = append(b, pair...)
		}
		return b
	}
	for name, content := range map[string][]byte{
		"UTF-8": []byte(umlauts), "UTF-8 with a mark": []byte("\ufeff" + umlauts), "tabs": []byte(strings.ReplaceAll(umlauts, ";", "\t")),
		"UTF-16, little end first": wide([]byte{0xFF, 0xFE}, umlauts), "UTF-16, big end first": wide([]byte{0xFE, 0xFF}, umlauts),
		"Windows-1252": []byte(strings.NewReplacer("ü", "\xfc", "ö", "\xf6").Replace(umlauts)), "XLSX": workbook(t, strings.Split(strings.TrimSpace(umlauts), "\r\n")),
	} {
		path := filepath.Join(t.TempDir(), "people")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		e := taken(t, path)
		if len(e.list) != 1 || len(e.bad) != 0 || e.list[0].name != "Jörg Müller" || e.list[0].address.Email != "müller@xn--bcher-kva.example" {
			t.Errorf("%s: %+v, bad %+v", name, e.list, e.bad)
		}
	}
}

func workbook(t *testing.T, rows []string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		cells := strings.Split(row, ";")
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// naughty is a list of strings that have broken programs before.
func naughty(t *testing.T) []string {
	t.Helper()
	list := []string{"=1+1", "+49 30", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE persons; --", "Ω≈ç√∫", "\u202eright", "🏳️‍🌈", "NULL", "a\nb"}
	if path, ok := shareddata.Find(t, "nasty/blns.json"); ok {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var more []string
		if err := json.Unmarshal(source, &more); err != nil {
			t.Fatal(err)
		}
		list = append(list, more...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool { // departments are told apart without case and space
		key := imports.Folded(s)
		known := seen[key] || key == ""
		seen[key] = true
		return known
	})
}

func TestNaughtyNamesComeBackAsTheyWere(t *testing.T) {
	list := naughty(t)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		rows := [][]string{{"E-mail", "Name", "Department"}}
		for i, name := range list {
			rows = append(rows, []string{fmt.Sprintf("p%d@x.org", i), name, name})
		}
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		applied(t, s, b.String(), Terms{NewDepartments: true, Headcounts: true})
		departments, err := people.Departments(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		names := map[surveys.DepartmentID]string{}
		for _, d := range departments {
			names[d.ID] = d.Name
		}
		got, err := people.Persons(s.Read(t.Context()), nil)
		if err != nil || len(got) != len(list) {
			t.Fatalf("%d people, %v; want %d", len(got), err, len(list))
		}
		for i, p := range got {
			want := imports.Row{Cells: []string{list[i]}}.Cell(0)
			if p.Name != want || names[p.Department] != want {
				t.Errorf("%q came back as the name %q and the department %q", want, p.Name, names[p.Department])
			}
		}
		if plan := applied(t, s, b.String(), Terms{}); plan.Unchanged != len(list) {
			t.Errorf("taken in again, %d of %d are unchanged", plan.Unchanged, len(list))
		}
	})
}

func TestAnUploadWaitsInTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		house(t, s)
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var file strings.Builder
		file.WriteString(lines())
		for i := range 30_000 {
			fmt.Fprintf(&file, "person.number%d@example.org,Pérson %d,Finance,Staff,de\n", i, i)
		}
		var id uploads.ID
		transact(t, s, func(tx *store.Tx) (err error) {
			id, err = Uploads().Stage(tx, "people.csv", []byte(file.String()), now)
			return err
		})
		if got := storetest.Rows(t, s, "SELECT COUNT(*) > 1 FROM directory_parts"); got[0] != "1" {
			t.Fatal("the file is too small to be kept in parts")
		}
		f, err := OpenUpload(s.Read(t.Context()), id)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		e, err := f.Read(t.Context(), Guess(f.Headings(), nil, true), nil)
		if err != nil || len(e.list) != 30_000 || e.list[29_999].name != "Pérson 29999" {
			t.Fatalf("%d people, %v", len(e.list), err)
		}
		transact(t, s, func(tx *store.Tx) error {
			plan, err := e.Apply(tx, Terms{})
			if err != nil {
				return err
			}
			return Uploads().Finish(tx, id, plan.Outcome())
		})
		u, err := Uploads().ByID(s.Read(t.Context()), id)
		if err != nil || u.FileName != "people.csv" || u.Outcome == nil || u.Outcome.Added != 30_000 {
			t.Errorf("%+v, %v", u, err)
		}
		if got := storetest.Rows(t, s, "SELECT COUNT(*) FROM directory_parts"); got[0] != "0" {
			t.Error("the file is kept after it was taken in")
		}
	})
}

func TestUploadsAreNotKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var old, recent, dropped uploads.ID
		transact(t, s, func(tx *store.Tx) (err error) {
			for id, at := range map[*uploads.ID]time.Time{&old: now.Add(-uploads.KeptFor - time.Second), &recent: now.Add(-uploads.KeptFor + time.Second), &dropped: now} {
				if *id, err = Uploads().Stage(tx, "", []byte("x"), at); err != nil {
					return err
				}
			}
			return Uploads().Discard(tx, dropped)
		})
		if err := Uploads().Purge(t.Context(), s, now); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[uploads.ID]surveys.ErrorKind{old: surveys.NotFound, dropped: surveys.NotFound, recent: ""} {
			if _, err := Uploads().ByID(s.Read(t.Context()), id); err == nil && want != "" || err != nil && surveys.KindOf(err) != want {
				t.Errorf("upload %d: %v, want %q", id, err, want)
			}
		}
		if got := storetest.Rows(t, s, "SELECT COUNT(*) FROM directory_parts"); got[0] != "1" {
			t.Errorf("%s parts are kept, want those of the recent upload", got[0])
		}
	})
}

func TestChosenColumnsAreRememberedForFilesWithTheSameHeadings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		names := []string{"Login", "E-Mail", "Cost centre", ""}
		var id uploads.ID
		transact(t, s, func(tx *store.Tx) (err error) {
			if id, err = Uploads().Stage(tx, "", []byte("x"), time.Now()); err != nil {
				return err
			}
			if err := Uploads().Choose(tx, id, names, Matching{Email: 1, Department: 2}); err != nil {
				return err
			}
			return Uploads().Choose(tx, id, names, Matching{Email: 0, Department: 2})
		})
		other := []string{"cost-centre", "Something", "E-mail", "LOGIN"}
		remembered, err := Uploads().Remembered(s.Read(t.Context()), other)
		if err != nil {
			t.Fatal(err)
		}
		if got := Guess(other, remembered, true); fmt.Sprint(got) != fmt.Sprint(Matching{Email: 3, Department: 0}) {
			t.Errorf("matched are %v, remembered %v", got, remembered)
		}
		u, err := Uploads().ByID(s.Read(t.Context()), id)
		if err != nil || fmt.Sprint(u.Matching) != fmt.Sprint(Matching{Email: 0, Department: 2}) {
			t.Errorf("%+v, %v", u, err)
		}
	})
}
