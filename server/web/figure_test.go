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
