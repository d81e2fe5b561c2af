package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// pitch is a filled form of a first pitch.
func pitch(csrf, department, band, text string) url.Values {
	return url.Values{"csrf": {csrf}, "version": {"0"}, "department": {department}, "band": {band}, "language": {"en"}, "text": {text}}
}

// pitched saves a pitch.
func (o *office) pitched(cookie, change string, form url.Values) {
	o.t.Helper()
	if r := o.submit(cookie, change+"/pitches/edit", form); r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
}

func TestPeopleReadThePitchOfTheirBandElseOfTheirDepartmentElseTheOneForEveryone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		cookie, csrf := o.member(accounts.Author)
		change := o.proposed(cookie, proposal(csrf))
		general, wave := o.asks("a-new-expense-tool")
		tied := ""
		o.transact(func(tx *store.Tx) error {
			q, err := o.Catalog.Questionnaire(t.Context(), wave.Questionnaire)
			if err != nil {
				return err
			}
			_, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "Finance", At: o.clock.Now(), Departments: []surveys.DepartmentID{1}})
			if err == nil {
				tied = "/s/" + links[0].Code
			}
			return err
		})
		lead, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1, Band: 2})
		staff, _ := o.invite(wave, surveys.Person{ID: 2, Department: 1, Band: 1})
		legal, _ := o.invite(wave, surveys.Person{ID: 3, Department: 2, Band: 2})
		reads := func(when string, want map[string]string) {
			t.Helper()
			o.clock.add(2 * freshness)
			for path, text := range want {
				_, rest, found := strings.Cut(o.get(path).body, `<div class="pitch"`)
				shown, _, _ := strings.Cut(rest, "</div>")
				if found != (text != "") || !strings.Contains(shown, text) {
					t.Errorf("%s: %s shows %q, not %q", when, path, shown, text)
				}
			}
		}
		reads("before anything is written", map[string]string{general: "", tied: "", lead: ""})
		everyone := pitch(csrf, "0", "0", "Everyone decides. <script>alert(1)</script> [x](javascript:alert(1))")
		everyone.Set("texts.de", "Alle entscheiden.")
		o.pitched(cookie, change, everyone)
		reads("with one for everyone", map[string]string{general: "<p>Everyone decides. &lt;script&gt;", tied: "Everyone", lead: "Everyone", general + "?lang=de": "<p>Alle entscheiden."})
		o.pitched(cookie, change, pitch(csrf, "1", "0", "**Finance** decides."))
		o.pitched(cookie, change, pitch(csrf, "1", "2", "Leads decide."))
		reads("with all", map[string]string{general: "Everyone", tied: "<strong>Finance</strong> decides.", lead: "Leads decide.", staff: "<strong>Finance", legal: "Everyone"})
		if body := o.get(general).body; strings.Contains(body, "<script>alert") || strings.Contains(body, "javascript:") {
			t.Error("a pitch brings its own script")
		}
		again := pitch(csrf, "1", "0", "Finance decides **first**.")
		again.Set("version", "1")
		o.pitched(cookie, change, again)
		reads("after a new version", map[string]string{tied: "<strong>first</strong>", staff: "<strong>first", lead: "Leads"})
		page := o.as(cookie, change+"/pitches/edit?department=1&band=0").body
		holds(t, "the form", page, "A survey about this change is open", "Version 1", "Version 2", `href="/waves/1"`, "Finance decides <strong>first</strong>.")
		if n := strings.Count(page, "Could be read in"); n != 2 {
			t.Errorf("%d versions could be read in the open wave, not both", n)
		}
		o.clock.add(time.Minute)
		if r := o.submit(cookie, change+"/pitches/remove", url.Values{"csrf": {csrf}, "version": {"2"}, "department": {"1"}, "band": {"0"}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		reads("after it is taken back", map[string]string{tied: "Everyone", staff: "Everyone", lead: "Leads"})
	})
}

func TestAPitchIsRefusedPreviewedAndMergedWithEverythingThatWasTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	change := o.proposed(cookie, proposal(csrf))
	long := pitch(csrf, "1", "0", strings.Repeat("word ", 500)+"</textarea><b>")
	long.Set("texts.de", "Ihre Wahl")
	r := o.submit(cookie, change+"/pitches/edit", long)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the refused form", r.body, `id="text-fault">This has 2,514 characters; at most 2,000 fit.`, "&lt;/textarea&gt;&lt;b&gt;", "Ihre Wahl", "One field needs another look")
	preview := pitch(csrf, "1", "0", "You **choose** the week.")
	preview.Set("add", "de")
	r = o.submit(cookie, change+"/pitches/preview", preview)
	holds(t, "the preview", r.body, "You <strong>choose</strong> the week.", `name="texts.de"`)
	if body := o.as(cookie, change+"/pitches").body; !strings.Contains(body, "Nobody reads words of their own") {
		t.Error("a preview is saved")
	}
	o.pitched(cookie, change, pitch(csrf, "1", "0", "Theirs"))
	r = o.submit(cookie, change+"/pitches/edit", pitch(csrf, "1", "0", "Mine <i>"))
	if r.status != http.StatusConflict {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the conflict", r.body, "Nothing was saved yet", "Theirs", "Mine &lt;i&gt;", `name="version" value="1"`)
	for _, path := range []string{"?department=99", "?department=1&band=99", "?band=1", "?department=x"} {
		if r := o.as(cookie, change+"/pitches/edit"+path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

func TestPitchesAreReadAndWrittenWithinTheLimitsOfAnAccount(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	change := o.proposed(cookie, proposal(csrf))
	for _, form := range []url.Values{pitch(csrf, "0", "0", "For all"), pitch(csrf, "1", "2", "For leads of Finance"), pitch(csrf, "2", "0", "For Legal")} {
		o.pitched(cookie, change, form)
	}
	body := o.as(cookie, change+"/pitches").body
	holds(t, "the grid", body, "2 of 2 departments read words of their own", "For all", "For leads of Finance", "For Legal", `department=1"`)
	holds(t, "the change", o.as(cookie, change).body, "2 of 2 departments read words of their own about this change.", change+"/pitches")
	limited, token := o.member(accounts.Author, 1)
	body = o.as(limited, change+"/pitches").body
	holds(t, "a part of the grid", body, "1 of 1 departments reads words of its own", "For all", "For leads of Finance", `band=2&amp;department=1`)
	if strings.Contains(body, "For Legal") || strings.Contains(body, "department=0") || strings.Contains(body, "department=2") {
		t.Error("an account limited to Finance reads or may write the pitch of others")
	}
	for place, want := range map[[2]string]int{{"0", "0"}: http.StatusForbidden, {"2", "0"}: http.StatusForbidden, {"1", "0"}: http.StatusSeeOther} {
		form := pitch(token, place[0], place[1], "Mine")
		if place[0] == "1" {
			if r := o.as(limited, change+"/pitches/edit?department=1"); r.status != http.StatusOK {
				t.Errorf("status %d", r.status)
			}
		}
		if r := o.submit(limited, change+"/pitches/edit", form); r.status != want {
			t.Errorf("%v: status %d, want %d", place, r.status, want)
		}
		if r := o.submit(limited, change+"/pitches/remove", form); r.status == http.StatusSeeOther {
			t.Errorf("%v is taken back from an old version", place)
		}
	}
	analyst, own := o.member(accounts.Analyst)
	body = o.as(analyst, change+"/pitches").body
	if strings.Contains(body, "/pitches/edit") || !strings.Contains(body, "For Legal") {
		t.Error("an analyst reads pitches and does not write them")
	}
	if r := o.submit(analyst, change+"/pitches/edit", pitch(own, "1", "0", "x")); r.status != http.StatusForbidden {
		t.Errorf("status %d", r.status)
	}
	var got struct{ Changes []apiChange }
	o.ask(o.bearer(accounts.Viewer), "/changes", &got)
	if list := got.Changes[0].Pitches; len(list) != 4 || list[0].Department != nil || list[0].Text != "For all" || *list[2].Department != "Finance" || *list[2].Band != "Lead" {
		t.Errorf("the API has %+v", list)
	}
	log := o.as(cookie, "/audit").body
	holds(t, "the audit log", log, "pitch.save", "department 1, band 2")
}

// An author writes to a department beside what is known of it, looks at it, saves, and sees it in the grid.
func TestAPitchIsWrittenInABrowserBesideWhatIsKnown(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	o.proposed(cookie, proposal(csrf))
	earlier := proposal(csrf)
	earlier.Set("title", "Laptops")
	change := o.proposed(cookie, earlier)
	o.pitched(cookie, change, pitch(csrf, "0", "0", "You keep your desk."))
	path, wave := o.asks("laptops")
	o.answers(path, wave, 12, 12)
	tab := o.enterAs(accounts.Admin, o.browsing().Tab(1440, 900))
	tab.Open(o.BaseURL + "/changes/1/pitches")
	tab.AccessibleNow("an empty grid")
	tab.Click(`a[href="/changes/1/pitches/edit?band=0&department=1"]`)
	tab.Await(`location.pathname === "/changes/1/pitches/edit" && document.readyState === "complete"`)
	if text := webtest.Eval[string](tab, `document.querySelector("main").innerText`); !strings.Contains(text, "You keep your desk.") || !strings.Contains(text, "12 answers") || !strings.Contains(text, "What goes with openness") {
		t.Errorf("beside the form stands\n%s", text)
	}
	tab.Type("#text", "You **choose** the week.")
	choosing(tab, "#add", "de")
	tab.Click("#see")
	tab.Await(`location.pathname === "/changes/1/pitches/preview" && document.readyState === "complete"`)
	tab.AccessibleNow("a preview")
	tab.Type(`textarea[name="texts.de"]`, "Sie wählen die Woche.")
	tab.Click("#save")
	tab.Await(`location.pathname === "/changes/1/pitches/edit" && document.readyState === "complete"`)
	if n := webtest.Eval[int](tab, `document.querySelectorAll(".pitch-paper strong, #preview [lang=de]").length`); n != 2 {
		t.Errorf("%d languages are shown as they will be read", n)
	}
	tab.AccessibleNow("a pitch")
	tab.Open(o.BaseURL + "/changes/1/pitches")
	tab.Accessible("the grid")
}
