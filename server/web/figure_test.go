package web

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// Both addresses of a chart are answered from the same options; the picture may be opened as a page and runs nothing.
func TestAChartAsPictureSaysWhatItsOptionsSay(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	nasty := `</text><script>alert("1")</script>&amp;{a}`
	o.transact(func(tx *store.Tx) error { return people.ChangeDepartment(tx, 1, people.Details{Name: nasty}) })
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Viewer)
	page := o.as(cookie, "/trend").body
	for _, want := range []string{`data-src="/trend/chart.json?construct=openness&amp;`, `<img class="chart-still" src="/trend/chart.svg?construct=openness&amp;`,
		`media="(prefers-color-scheme: dark)" srcset="/trend/chart.svg?construct=openness&amp;`, `download="trend.svg"`, `<a href="#stands">`, `id="stands"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	r := o.as(cookie, "/trend/chart.svg")
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "image/svg+xml" || r.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("status %d, %v\n%s", r.status, r.header, r.body)
	}
	if policy := r.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; sandbox") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy of a picture is %q", policy)
	}
	texts, elements := drawn(t, r.body)
	for _, element := range elements {
		if element == "script" || element == "style" || element == "foreignObject" {
			t.Errorf("the picture has a %s", element)
		}
	}
	if strings.Contains(r.body, " style=") {
		t.Error("the picture has styles that its policy refuses")
	}
	options := o.as(cookie, "/trend/chart.json").body
	for _, name := range []string{`script\u003ealert`, "Legal"} {
		if !strings.Contains(options, name) {
			t.Errorf("the options do not hold %q", name)
		}
	}
	if !strings.Contains(strings.ReplaceAll(texts, "\u2060", ""), nasty) || !strings.Contains(texts, "Legal & Tax <b>") {
		t.Errorf("the picture says %q", texts)
	}
	dark, phone := o.as(cookie, "/trend/chart.svg?paper=dark").body, o.as(cookie, "/trend/chart.svg?paper=phone").body
	if dark == r.body || !strings.Contains(phone, `width="360"`) {
		t.Error("the papers are alike")
	}
	if again := o.get("/trend/chart.svg", "Cookie", sessionCookie+"="+cookie, "If-None-Match", r.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("asked again: status %d", again.status)
	}
	if r := o.as(cookie, "/trend/chart.svg?paper=wet"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("unknown paper: status %d", r.status)
	}
}

// Where a picture leaves its page, it says itself what it shows, of whom, of when and from where; on the page it does not,
// since the page says so already.
func TestAFileOfAChartStandsForItself(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Viewer)
	for page, c := range map[string]struct{ chart, title string }{
		"/trend":                             {"/trend/chart", "Openness to change, 0–100"},
		"/trend?view=small":                  {"/trend/chart?view=small", "Openness to change, 0–100"},
		"/departments/1":                     {"/departments/1/chart", "Openness to change in Finance"},
		"/results/waves/1":                   {"/results/waves/1/answers", "How everyone answered"},
		"/results/waves/1#heat":              {"/results/waves/1/heatmap", "Every question, every department"},
		"/results/waves/1/questions/benefit": {"/results/waves/1/questions/benefit/chart", ""},
	} {
		path, query, _ := strings.Cut(c.chart, "?")
		file := o.as(cookie, path+".svg?paper=file&"+query)
		texts, elements := drawn(t, file.body)
		for _, want := range []string{c.title, "Harbour Group", "Spring 2026", "Source: own survey, drawn with Soundings on"} {
			if file.status != http.StatusOK || !strings.Contains(texts, want) {
				t.Errorf("the file of %s: status %d, lacks %q\n%q", page, file.status, want, texts)
			}
		}
		if strings.Count(strings.Join(elements, " ")+" ", "title ") != 1 || !strings.Contains(file.body, `role="img" aria-labelledby="title desc"`) {
			t.Errorf("the file of %s says nothing to those who do not see it", page)
		}
		options := o.as(cookie, path+".json?paper=file&"+query)
		if options.status != http.StatusOK || !strings.Contains(options.body, "Source: own survey") {
			t.Errorf("the options of the file of %s: status %d\n%s", page, options.status, options.body)
		}
		still, _ := drawn(t, o.as(cookie, path+".svg?"+query).body)
		if c.title != "" && strings.Contains(still, c.title) || strings.Contains(still, "Source:") {
			t.Errorf("the picture on %s says again what the page says: %q", page, still)
		}
		if body := o.as(cookie, page).body; !strings.Contains(body, "paper=file\" download=") {
			t.Errorf("%s does not offer the file", page)
		}
	}
}

// Why cells are hatched stands beneath the table, for paper and for phones, where nothing can be pointed at.
func TestTheReasonOfHatchedCellsIsWritten(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 3)
	cookie, _ := o.member(accounts.Viewer)
	const reason = "Too few people answered, so their figures would not be anonymous."
	page := o.as(cookie, "/results/waves/1").body
	_, key, _ := strings.Cut(page, `class="figure-foot scale hatched"`)
	key, _, _ = strings.Cut(key, "</p>")
	if strings.Count(key, reason) != 1 {
		t.Errorf("beneath the heat map stands %q", key)
	}
	file, _ := drawn(t, o.as(cookie, "/results/waves/1/heatmap.svg?paper=file").body)
	if !strings.Contains(strings.ReplaceAll(file, "\n", " "), "Hatched: ") || !strings.Contains(file, "not be anonymous") {
		t.Errorf("the file says %q", file)
	}
}

func TestAChartIsAsLimitedAsItsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	o.answered(12, 12)
	cookie, _ := o.member(accounts.Analyst, 1)
	for _, path := range []string{"/trend/chart.json", "/trend/chart.svg"} {
		if r := o.as(cookie, path); r.status != http.StatusOK || strings.Contains(r.body, "Legal") || !strings.Contains(r.body, "Finance") {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
		if r := o.as(cookie, path+"?department=2"); r.status != http.StatusForbidden {
			t.Errorf("another department on %s: status %d", path, r.status)
		}
	}
}

// drawn are the texts of a picture and the names of its elements.
func drawn(t *testing.T, svg string) (texts string, elements []string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, elements
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements = append(elements, token.Name.Local)
		case xml.CharData:
			texts += string(token)
		}
	}
}
