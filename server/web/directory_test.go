package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/uploads"
)

// inParts is a form with a directory, as the page's form sends it.
func (o *office) inParts(cookie, csrf, name, content string) *http.Request {
	o.t.Helper()
	return o.partsTo(directoryPath, cookie, csrf, name, content)
}

// partsTo is a form with a file.
func (o *office) partsTo(path, cookie, csrf, name, content string) *http.Request {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("csrf", csrf); err != nil {
		o.t.Fatal(err)
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		o.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	if cookie != "" {
		r.Header.Set("Cookie", sessionCookie+"="+cookie)
	}
	return r
}

// send uploads a file.
func (o *office) send(cookie, csrf, name, content string, header ...string) reply {
	o.t.Helper()
	r := o.inParts(cookie, csrf, name, content)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return o.do(r)
}

// over sends a request over a connection, where a body that is refused unread gets its answer, too.
func over(t *testing.T, base string, r *http.Request) int {
	t.Helper()
	target, err := url.Parse(base + r.URL.Path)
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI, r.URL = "", target
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, answer).status
}

// sent uploads a file and returns the address of what it would change.
func (o *office) sent(cookie, csrf, content string) string {
	o.t.Helper()
	r := o.send(cookie, csrf, "people.csv", content)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

var digestField = regexp.MustCompile(`name="digest" value="([0-9a-f]+)"`)

// agreed is the form that confirms what a page shows.
func agreed(t *testing.T, page, csrf string, pairs ...string) url.Values {
	t.Helper()
	digest := digestField.FindStringSubmatch(page)
	if digest == nil {
		t.Fatalf("there is nothing to confirm\n%s", page)
	}
	return with(url.Values{"csrf": {csrf}, "digest": {digest[1]}}, pairs...)
}

// reads fails the test unless the page has all the sentences.
func reads(t *testing.T, page string, sentences ...string) {
	t.Helper()
	for _, want := range sentences {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page\n%s", want, page)
		}
	}
}

func TestADirectoryIsSeenBeforeItIsTakenIn(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.sized(10, 20)
		cookie, csrf := o.member(accounts.Author)
		at := o.sent(cookie, csrf, "E-Mail;Name;Abteilung;Ebene\nann@x.org;Ann <b>;Finance;Staff\nbo@x.org;=1+1;Harbor;\n")
		page := o.as(cookie, at).body
		reads(t, page, "2 people in people.csv: 2 added, 0 changed, 0 gone.", "Harbor: 1 person", "Nobody in the file works in Legal &amp; Tax &lt;b&gt;.", "for example: Ann &lt;b&gt;, =1&#43;1")
		reads(t, o.german(cookie, at), "2 Personen in people.csv: 2 neu, 0 geändert, 0 ausgeschieden.")
		if got := o.rows("SELECT COUNT(*) FROM persons"); got[0] != "0" {
			t.Fatalf("looking at it stored %s people", got[0])
		}
		r := o.submit(cookie, at, agreed(t, page, csrf, "headcounts", "yes"))
		if r.status != http.StatusUnprocessableEntity {
			t.Errorf("without agreeing to a new department: status %d", r.status)
		}
		reads(t, r.body, "Please agree to these departments", `name="headcounts" value="yes" checked`)
		confirm := agreed(t, page, csrf, "headcounts", "yes", "departments", "yes")
		for range 2 { // a double click
			if r := o.submit(cookie, at, confirm); r.status != http.StatusSeeOther || r.header.Get("Location") != at {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
		reads(t, o.as(cookie, at).body, "The directory is taken in: 2 added, 0 changed, 0 gone.")
		want := []string{"ann@x.org|Ann <b>|1|1|0", "bo@x.org|=1+1|3|0|0"}
		if got := o.rows("SELECT email, name, department_id, band_id, gone FROM persons ORDER BY id"); !slices.Equal(got, want) {
			t.Errorf("stored are %q, want %q", got, want)
		}
		if got := o.rows("SELECT headcount FROM departments ORDER BY id"); !slices.Equal(got, []string{"1", "0", "1"}) {
			t.Errorf("headcounts are %q", got)
		}
		reads(t, o.as(cookie, "/people").body, "The directory has 2 people.")
		if audit := o.rows("SELECT action FROM audit_log WHERE action LIKE 'directory.%' ORDER BY id"); len(audit) < 3 || audit[0] != "directory.upload" {
			t.Errorf("the audit log has %q", audit)
		}
	})
}

func TestBadLinesAreNamedOnThePageAndNothingCanBeConfirmed(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	at := o.sent(cookie, csrf, "email,department,band,language\nann@x.org,Finance,Chief,xx-nonsense-\nANN@x.org,Finance,Leads,\nbo <bo@x.org>,,,\n")
	page := o.as(cookie, at).body
	reads(t, page, "3 lines cannot be taken in, so nothing can be stored.", "There is no band “Chief”.", "“xx-nonsense-” is not a language.",
		"ANN@x.org stands in line 2 already.", "There is no band “Leads”. Is it Lead?", "“bo &lt;bo@x.org&gt;” is not a plain e-mail address.", "No department.")
	reads(t, o.german(cookie, at), "3 Zeilen lassen sich nicht übernehmen.", "ANN@x.org steht schon in Zeile 2.", "Es gibt keine Ebene „Leads“. Ist Lead gemeint?")
	if digestField.MatchString(page) {
		t.Error("a file with bad lines can be confirmed")
	}
	if r := o.submit(cookie, at, url.Values{"csrf": {csrf}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
	if got := o.rows("SELECT COUNT(*) FROM persons"); got[0] != "0" {
		t.Errorf("%s people are stored", got[0])
	}
	if r := o.submit(cookie, at+"/discard", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
	if r := o.as(cookie, at); r.status != http.StatusNotFound {
		t.Errorf("a discarded upload: status %d", r.status)
	}
}

func TestColumnsAreChosenOnceForFilesWithTheSameHeadings(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Author)
		file := "Login,Where,Name\nann@x.org,Finance,Ann\n"
		at := o.sent(cookie, csrf, file)
		reads(t, o.as(cookie, at).body, "Which columns hold the e-mail address and the department?")
		r := o.submit(cookie, at+"/columns", url.Values{"csrf": {csrf}, "email": {"0"}, "name": {"0"}, "department": {""}})
		if r.status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", r.status)
		}
		reads(t, r.body, "Please choose a column.", "This column is chosen for something else, too.")
		if r := o.submit(cookie, at+"/columns", url.Values{"csrf": {csrf}, "email": {"0"}, "department": {"1"}, "name": {"99"}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		reads(t, o.as(cookie, at).body, "1 person in people.csv: 1 added")
		reads(t, o.as(cookie, o.sent(cookie, csrf, file)).body, "1 person in people.csv: 1 added")
	})
}

func TestOtherNumbersThanWereSeenAreShownFirst(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	one, other := o.sent(cookie, csrf, "email,department\nann@x.org,Finance\n"), o.sent(cookie, csrf, "email,department\nann@x.org,Legal & Tax <b>\n")
	seen := agreed(t, o.as(cookie, one).body, csrf)
	if r := o.submit(cookie, other, agreed(t, o.as(cookie, other).body, csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	r := o.submit(cookie, one, seen)
	if r.status != http.StatusConflict {
		t.Errorf("status %d", r.status)
	}
	reads(t, r.body, "The directory has changed since you looked.", "0 added, 1 changed")
	if got := o.rows("SELECT department_id FROM persons"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("stored is %q", got)
	}
	if r := o.submit(cookie, one, agreed(t, r.body, csrf)); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
}

func TestAFileThatIsNoTableIsRefusedOnThePage(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	for name, c := range map[string]struct{ file, content, want string }{
		"none":        {"", "", "Please choose a file."},
		"empty":       {"a.csv", "", "Please choose a file."},
		"old Excel":   {"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file (.xls)."},
		"broken XLSX": {"a.xlsx", "PK\x03\x04nonsense", "This file cannot be read as CSV or XLSX."},
	} {
		if r := o.send(cookie, csrf, c.file, c.content); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, c.want) {
			t.Errorf("%s: status %d, want %q\n%s", name, r.status, c.want, r.body)
		}
	}
	if got := o.rows("SELECT COUNT(*) FROM directory_uploads"); got[0] != "0" {
		t.Errorf("%s uploads are kept", got[0])
	}
}

// A larger body is let in on one address, and only from somebody who may use it.
func TestOnlyWhoManagesPeopleCanSendALargeFile(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	author, csrf := o.member(accounts.Author)
	viewer, viewerCSRF := o.member(accounts.Viewer)
	large := "email,department\n" + strings.Repeat("x", 2*largestBody) + ",Finance\n"
	base := o.listen()
	typed := func(path, cookie string, form url.Values) *http.Request {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", sessionCookie+"="+cookie)
		return r
	}
	for name, c := range map[string]struct {
		r    *http.Request
		want int
	}{
		"somebody who may":       {o.inParts(author, csrf, "people.csv", large), http.StatusSeeOther},
		"a stranger":             {o.inParts("", csrf, "people.csv", large), http.StatusRequestEntityTooLarge},
		"a viewer":               {o.inParts(viewer, viewerCSRF, "people.csv", large), http.StatusRequestEntityTooLarge},
		"larger than anybody":    {o.inParts(author, csrf, "people.csv", strings.Repeat("x", uploads.Largest+2*largestBody)), http.StatusRequestEntityTooLarge},
		"to another address":     {typed("/people/departments", author, url.Values{"csrf": {csrf}, "name": {large}}), http.StatusRequestEntityTooLarge},
		"to a respondent's form": {typed("/s/code", author, url.Values{"receipt": {large}}), http.StatusRequestEntityTooLarge},
	} {
		if got := over(t, base, c.r); got != c.want {
			t.Errorf("%s: status %d, want %d", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		r    reply
		want int
	}{
		"another session's token": {o.send(author, viewerCSRF, "people.csv", "x"), http.StatusForbidden},
		"from another site":       {o.send(author, csrf, "people.csv", "x", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		"a viewer":                {o.send(viewer, viewerCSRF, "people.csv", "x"), http.StatusForbidden},
		"not in parts":            {o.submit(author, directoryPath, url.Values{"csrf": {csrf}}), http.StatusUnsupportedMediaType},
		"packed":                  {o.send(author, csrf, "people.csv", "x", "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType},
		"parts of something else": {o.send(author, csrf, "people.csv", "x", "Content-Type", "multipart/form-data; boundary=other"), http.StatusForbidden},
	} {
		if c.r.status != c.want {
			t.Errorf("%s: status %d, want %d", name, c.r.status, c.want)
		}
	}
}

func TestAWarningIsGivenBeforeManyGo(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.transact(func(tx *store.Tx) error {
		var list []people.Entry
		for i := range 9 {
			e := people.Entry{Key: fmt.Sprintf("p%d@x.org", i)}
			e.Email, e.Department = e.Key, 1
			list = append(list, e)
		}
		return people.Enter(tx, list, nil)
	})
	file := "email,department\n"
	for i := range 6 {
		file += fmt.Sprintf("p%d@x.org,Finance\n", i)
	}
	const warning = "people would go."
	if page := o.as(cookie, o.sent(cookie, csrf, file)).body; strings.Contains(page, warning) {
		t.Error("a third is not many")
	}
	page := o.as(cookie, o.sent(cookie, csrf, strings.Replace(file, "p5@x.org,Finance\n", "", 1))).body
	reads(t, page, "4 of 9 people would go. Is this the whole directory, or only a part of it?")
}
