package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

// frozen makes a pack with the form and returns its address.
func (o *office) frozen(cookie, csrf string, more url.Values) string {
	o.t.Helper()
	form := url.Values{"csrf": {csrf}, "title": {"IT planning <b>spring</b>"}, "meeting": {"2026-03-15"}, "wave": {"1"}, "department": {"1", "2"}}
	for name, values := range more {
		form[name] = values
	}
	r := o.submit(cookie, "/packs/new", form)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

func TestAPackSaysWhatThePagesAndItsFileSay(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.answered(12, 9)
		cookie, csrf := o.member(accounts.Author)
		o.proposed(cookie, proposal(csrf))
		address := o.frozen(cookie, csrf, url.Values{"change": {"1"}})
		pack := o.as(cookie, address)
		o.mustHold(pack.body, "IT planning &lt;b&gt;spring&lt;/b&gt;", "For the meeting on 15 March 2026", "Made by author@example.org on 2 March 2026.", "A new expense tool")

		// The standings are the rows that the page of the wave shows.
		live := tableOf(t, o.as(cookie, "/results/waves/1").body, "construct-0")
		if here := tableOf(t, pack.body, "standings-1"); len(here) != 4 || !slices.EqualFunc(here, live, slices.Equal) {
			t.Errorf("the pack says\n%q\nand the page\n%q", here, live)
		}
		reconciled := tableOf(t, pack.body, "reconciled")
		if row := reconciled[1]; !strings.HasPrefix(row[2], "21 ") || row[3] != "5" || row[5] != "the same" {
			t.Errorf("the wave is reconciled as %q", row)
		}
		// The file is the stored document, its sum is on the page, and its figures are those of the page.
		file := o.as(cookie, address+"/pack.json")
		sum := sha256.Sum256([]byte(file.body))
		o.mustHold(pack.body, hex.EncodeToString(sum[:]))
		var document struct {
			Version int
			Waves   []struct {
				Measures []struct {
					Construct string
					All       struct {
						Group struct {
							N    int
							Mean float64
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(file.body), &document); err != nil || document.Version != 4 {
			t.Fatalf("version %d, %v", document.Version, err)
		}
		first := document.Waves[0].Measures[0]
		if everyone := live[1]; first.Construct != "openness" || fmt.Sprintf("%.0f", first.All.Group.Mean) != everyone[1] || first.All.Group.N != 21 {
			t.Errorf("the file says %+v, the page %q", first, everyone)
		}
		if got := o.entries(); !slices.Contains(got, "author@example.org||pack.make|pack 1|ok|0.0.0.0") || !slices.Contains(got, "author@example.org||pack.export|pack 1|ok|0.0.0.0") {
			t.Errorf("the audit log holds %q", got)
		}
		// So are those of the workbook, which says of which pack they are.
		book := o.workbook(o.as(cookie, address+"/waves/1/results.xlsx"))
		rows, err := book.GetRows("Results", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, here := range live[1:] {
			at := slices.IndexFunc(rows, func(row []string) bool {
				name := strings.Replace(row[3], "Organisation", "Everyone", 1)
				return name == here[0] && row[5] == "openness"
			})
			if at < 0 {
				t.Fatalf("the workbook has no openness of %q in %q", here[0], rows)
			}
			mean, err := strconv.ParseFloat(rows[at][11], 64)
			if n := strings.Fields(here[7])[0]; err != nil || fmt.Sprintf("%.0f", mean) != here[1] || rows[at][7] != n {
				t.Errorf("the workbook says %q, the page %q, %v", rows[at], here, err)
			}
			compared++
		}
		if said, err := book.GetRows("Planning pack"); err != nil || compared != 3 || said[0][1] != "IT planning <b>spring</b>" || said[4][1] != hex.EncodeToString(sum[:]) {
			t.Errorf("%d groups compared; the workbook is of %q, %v", compared, said, err)
		}
		o.mustHold(o.german(cookie, address), "Für die Besprechung am 15. März 2026", "Wo jede Abteilung steht", "unverändert")

		// Renaming is no other figure; one figure changed behind the program's back damages the pack.
		o.say("UPDATE departments SET name = 'Money' WHERE id = 1")
		if again := o.as(cookie, address); !strings.Contains(again.body, "Finance") || strings.Contains(again.body, "Money") {
			t.Error("a renamed department is called something else in the pack")
		}
		o.say("UPDATE packs SET document = ? WHERE id = 1", []byte(strings.Replace(file.body, `"n":21`, `"n":20`, 1)))
		damaged := o.as(cookie, address)
		o.mustHold(damaged.body, "This pack is damaged", hex.EncodeToString(sum[:]))
		if strings.Contains(damaged.body, "standings-1") {
			t.Error("figures of a damaged pack are shown")
		}
		for _, path := range []string{"/waves/1/trend.svg", "/waves/1/results.xlsx", "/pack.json"} {
			if r := o.as(cookie, address+path); r.status != http.StatusNotFound {
				t.Errorf("%s of a damaged pack: status %d", path, r.status)
			}
		}
	})
}

func TestWhoMayMakeAndReadPacks(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 9)
	author, csrf := o.member(accounts.Author)
	both := o.frozen(author, csrf, nil)
	legal := o.frozen(author, csrf, url.Values{"department": {"2"}, "title": {"Only Legal"}})
	viewer, token := o.member(accounts.Viewer, 1)
	if r := o.submit(viewer, "/packs/new", url.Values{"csrf": {token}, "title": {"x"}}); r.status != http.StatusForbidden {
		t.Errorf("a viewer makes a pack: status %d", r.status)
	}
	page := o.as(viewer, both)
	o.mustHold(page.body, "Your account shows some departments only.", "Finance", "The file holds departments that your account does not include.")
	if strings.Contains(page.body, "Legal") {
		t.Error("somebody who sees Finance reads about Legal")
	}
	if r := o.as(viewer, both+"/pack.json"); r.status != http.StatusForbidden {
		t.Errorf("they take the file of both: status %d", r.status)
	}
	for _, path := range []string{legal, legal + "/pack.json", legal + "/waves/1/trend.json"} {
		if r := o.as(viewer, path); r.status != http.StatusForbidden {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if list := o.as(viewer, "/packs").body; strings.Contains(list, "Only Legal") || !strings.Contains(list, both) {
		t.Errorf("their list is\n%s", list)
	}
	// A refused form keeps what was typed.
	refused := o.submit(author, "/packs/new", url.Values{"csrf": {csrf}, "title": {"Kept"}, "meeting": {"2026-02-30"}, "department": {"2"}})
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("without a wave and a day: status %d", refused.status)
	}
	o.mustHold(refused.body, `value="Kept"`, "2 things are missing or wrong", "Choose the day of the meeting.", "Choose at least one wave.", `name="department" value="2" checked`)
	if strings.Contains(refused.body, `name="department" value="1" checked`) {
		t.Error("a department that was not ticked comes back ticked")
	}
}

// A pack on paper: a cover, the wave, a sheet for each department, and how it was made, each beginning a page.
func TestAPackIsPrintedPageByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 9)
	o.member(accounts.Author)
	tab := o.enterAs(accounts.Author, o.browsing().Tab(1440, 900))
	tab.Open(o.BaseURL + "/packs/new")
	tab.Type("#title", "IT planning, spring")
	tab.Type("#meeting", "03152026")
	tab.Click(".pack-form .btn-primary")
	tab.Await(`location.pathname === "/packs/1" && document.readyState === "complete"`)
	tab.Accessible("a pack")
	for paper, size := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
		pages, headings := printed(tab.Paper(size[0], size[1]))
		if pages < 5 || pages > 7 {
			t.Errorf("%s: %d pages", paper, pages)
		}
		for _, heading := range []string{"IT planning, spring", "Where each department stands", "Spring 2026, What do you think of this change?", "Finance", "Legal & Tax <b>", "How these numbers are made"} {
			if !slices.Contains(headings, heading) {
				t.Errorf("%s: no %q among %q", paper, heading, headings)
			}
		}
	}
}

var (
	pdfPage  = regexp.MustCompile(`/Type\s*/Page\b`)
	pdfTitle = regexp.MustCompile(`/Title\s*\(((?:[^()\\]|\\.)*)\)`)
)

// printed counts the pages of a PDF and reads the headings of its outline.
func printed(pdf []byte) (pages int, headings []string) {
	for _, found := range pdfTitle.FindAllSubmatch(pdf, -1) {
		headings = append(headings, string(found[1]))
	}
	return len(pdfPage.FindAll(pdf, -1)), headings
}
