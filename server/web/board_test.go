package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// board opens the board of ideas of an office.
func (o *office) board(b settings.Board) *office {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error { return settings.SaveBoard(tx, b) })
	o.houses.forget()
	return o
}

// suggested sends an idea without an account.
func (o *office) suggested(title string, pairs ...string) reply {
	o.t.Helper()
	return o.post("/board/new", with(url.Values{"title": {title}, "seen": {title}}, pairs...))
}

func (o *office) idea(id ideas.ID) ideas.Idea {
	o.t.Helper()
	i, err := ideas.ByID(o.t.Context(), o.Store, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

func TestANewInstallationHasNoBoardAndSaysSoKindly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	for _, path := range []string{"/board", "/board/new", "/board/ideas/1"} {
		if r := o.get(path); r.status != http.StatusNotFound || !strings.Contains(r.body, "There is no board of ideas at the moment") {
			t.Errorf("%s: status %d\n%s", path, r.status, r.body)
		}
	}
	if r := o.suggested("One"); r.status != http.StatusNotFound {
		t.Errorf("status %d", r.status)
	}
	if r := o.get("/thanks"); strings.Contains(r.body, "/board") {
		t.Error("the thank-you page leads to a board that is off")
	}
}

func TestWhenAnIdeaAppearsIsSet(t *testing.T) {
	storetestEach(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed().board(settings.BoardReviewed)
		if r := o.suggested("Waits"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/board?sent=yes&lang=en" {
			t.Fatalf("status %d to %s", r.status, r.header.Get("Location"))
		}
		if r := o.get("/board?sent=yes"); strings.Contains(r.body, "Waits") || !strings.Contains(r.body, "IT looks at each idea") {
			t.Errorf("before IT has looked:\n%s", r.body)
		}
		if r := o.get("/board/ideas/1"); r.status != http.StatusNotFound {
			t.Errorf("status %d", r.status)
		}
		o.board(settings.BoardOpen)
		if r := o.suggested("At once", "department", "1", "text", "<b>Now</b>"); r.header.Get("Location") != "/board?sent=yes&lang=en" {
			t.Fatalf("status %d to %s", r.status, r.header.Get("Location"))
		}
		if r := o.get("/board"); !strings.Contains(r.body, "At once") || !strings.Contains(r.body, "From Finance") || strings.Contains(r.body, "Waits") {
			t.Errorf("on the board:\n%s", r.body)
		}
		if r := o.get("/board/ideas/2?lang=ar"); !strings.Contains(r.body, `<html lang="ar" dir="rtl">`) || !strings.Contains(r.body, `<h1 lang="en" dir="ltr">`) {
			t.Errorf("an English idea on an Arabic page:\n%s", r.body)
		}
		if r := o.get("/board/ideas/2?lang=de"); !strings.Contains(r.body, "&lt;b&gt;Now") || !strings.Contains(r.body, "Aus Finance") {
			t.Errorf("the idea:\n%s", r.body)
		}
		for query, want := range map[string]bool{"?department=1": true, "?department=2": false, "?q=ONCE": true, "?q=twice": false, "?page=9": false, "?page=99999999999999": false, "?department=x&q=%ff": true} {
			if r := o.get("/board" + query); r.status != http.StatusOK || strings.Contains(r.body, "At once") != want {
				t.Errorf("%s: status %d, shown %v", query, r.status, !want)
			}
		}
	})
}

func TestAnIdeaThatCannotBeTakenComesBackAsItWasTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	long := strings.Repeat("idea ", 20_000)
	r := o.suggested("", "text", long, "name", "Ana", "department", "2")
	for _, part := range []string{"Nothing is stored yet.", "Please write your idea in this line.", "At most 4,000 characters fit.", long, `value="Ana"`, `<option value="2" selected>`, `aria-describedby="h.title e.title"`} {
		if !strings.Contains(r.body, part) {
			t.Errorf("the form lacks %.40q", part)
		}
	}
	if r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
	if r := o.suggested("One", "department", "99"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "not one of those offered") {
		t.Errorf("an unknown department: status %d", r.status)
	}
	if r := o.suggested("Buy pills", "website", "https://example.org"); r.status != http.StatusSeeOther {
		t.Errorf("a robot learns that it was found out: status %d", r.status)
	}
	if n := len(storetest.Rows(t, o.Store, "SELECT 1 FROM ideas")); n != 0 {
		t.Errorf("%d ideas are stored", n)
	}
}

func TestASimilarIdeaIsAskedAboutOnce(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.suggested("A second printer on the ground floor")
	first := o.suggested("Printers for the ground floor", "seen", "", "text", "Please")
	if first.status != http.StatusOK || !strings.Contains(first.body, "Is it one of these?") || !strings.Contains(first.body, `href="/board/ideas/1?lang=en"`) ||
		!strings.Contains(first.body, `name="seen" value="Printers for the ground floor"`) || !strings.Contains(first.body, "Please</textarea>") {
		t.Errorf("status %d\n%s", first.status, first.body)
	}
	if r := o.suggested("Printers for the ground floor", "text", "Please"); r.header.Get("Location") != "/board?sent=yes&lang=en" {
		t.Errorf("posted anyway: status %d to %s", r.status, r.header.Get("Location"))
	}
	if r := o.suggested("Lamps", "seen", ""); r.status != http.StatusSeeOther {
		t.Errorf("nothing is similar: status %d", r.status)
	}
	if o.idea(2).Text != "Please" {
		t.Errorf("stored is %+v", o.idea(2))
	}
	found := o.post("/board/similar", url.Values{"q": {"printer"}, "lang": {"de"}})
	if !strings.Contains(found.body, `"href":"/board/ideas/1?lang=de"`) || !strings.Contains(found.body, "Neu · Noch niemand") || found.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s", found.body)
	}
	if r := o.post("/board/similar", url.Values{}); r.body != `{"ideas":[]}` {
		t.Errorf("%s", r.body)
	}
}

// voteCookie is what a browser keeps of an answer, with everything it was told about it.
func voteCookie(t *testing.T, r reply) (pair, whole string) {
	t.Helper()
	whole = r.header.Get("Set-Cookie")
	pair, _, _ = strings.Cut(whole, ";")
	return pair, whole
}

func TestABrowsersSupportCountsOnceAndCanBeTakenBack(t *testing.T) {
	storetestEach(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed().board(settings.BoardOpen)
		sent := o.suggested("One")
		if sent.header.Get("Set-Cookie") != "" || o.get("/board/ideas/1").header.Get("Set-Cookie") != "" {
			t.Error("a browser is marked that supports nothing")
		}
		yes, no := url.Values{"support": {"yes"}}, url.Values{"support": {"no"}}
		r := o.post("/board/ideas/1/support", yes)
		cookie, whole := voteCookie(t, r)
		for _, part := range []string{"soundings_board=", "; max-age=31536000", "; path=/board", "; HttpOnly", "; SameSite=Lax"} {
			if !strings.Contains(whole, part) {
				t.Errorf("the cookie %q lacks %q", whole, part)
			}
		}
		vote := func(form url.Values) {
			t.Helper()
			if r := o.do(o.formRequest("/board/ideas/1/support", form, cookie)); r.status != http.StatusSeeOther || r.header.Get("Set-Cookie") != "" {
				t.Fatalf("status %d, %s", r.status, r.header.Get("Set-Cookie"))
			}
		}
		for range 20 {
			vote(yes)
		}
		if n := o.idea(1).Supporters; n != 1 {
			t.Errorf("%d supporters", n)
		}
		if page := o.get("/board/ideas/1", "Cookie", cookie); !strings.Contains(page.body, "You support this idea.") || !strings.Contains(page.body, "1 supporter<") {
			t.Errorf("%s", page.body)
		}
		if page := o.get("/board/ideas/1"); strings.Contains(page.body, "You support this idea.") {
			t.Error("somebody else's support is taken for one's own")
		}
		vote(no)
		if n := o.idea(1).Supporters; n != 0 {
			t.Errorf("%d supporters once it is taken back", n)
		}
		if r := o.do(o.formRequest("/board/ideas/1/support", yes, "soundings_board=made-up")); !strings.Contains(r.header.Get("Set-Cookie"), "soundings_board=") || o.idea(1).Supporters != 1 {
			t.Errorf("a made-up mark is taken: %q", r.header.Get("Set-Cookie"))
		}
		foreign := o.formRequest("/board/ideas/1/support", yes, "")
		foreign.Header.Set("Sec-Fetch-Site", "cross-site")
		if r := o.do(foreign); r.status != http.StatusForbidden || o.idea(1).Supporters != 1 {
			t.Errorf("another site makes a browser support an idea: status %d", r.status)
		}
		for _, path := range []string{"/board/ideas/9/support", "/board/ideas/x/support"} {
			if r := o.post(path, yes); r.status != http.StatusNotFound || !strings.Contains(r.body, "This idea is not on the board") {
				t.Errorf("%s: status %d", path, r.status)
			}
		}
	})
}

func TestAThousandBrowsersFromOnePlaceAreSlowedDown(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.suggested("One")
	refused := reply{}
	for range 100 {
		if r := o.post("/board/ideas/1/support", url.Values{"support": {"yes"}}); r.status != http.StatusSeeOther {
			refused = r
		}
	}
	if n := o.idea(1).Supporters; n != 60 {
		t.Errorf("%d supporters at once", n)
	}
	if refused.status != http.StatusTooManyRequests || !strings.Contains(refused.body, `name="support" value="yes"`) || !strings.Contains(refused.body, "Send again") {
		t.Errorf("status %d\n%s", refused.status, refused.body)
	}
	o.clock.add(3 * o.supporting.every)
	for range 10 {
		o.post("/board/ideas/1/support", url.Values{"support": {"yes"}})
	}
	if n := o.idea(1).Supporters; n != 63 {
		t.Errorf("%d supporters some seconds later", n)
	}
	for n := range 25 {
		if refused = o.suggested("Idea " + strings.Repeat("x", n)); refused.status != http.StatusSeeOther {
			break
		}
	}
	if refused.status != http.StatusTooManyRequests || !strings.Contains(refused.body, "Please wait a minute, then send it again.") || !strings.Contains(refused.body, `value="Idea xxx`) {
		t.Errorf("suggesting: status %d\n%s", refused.status, refused.body)
	}
	if strings.Contains(o.log.String(), "0.0.0.0") || strings.Contains(o.log.String(), "/board") {
		t.Errorf("the log knows who suggests: %s", o.log)
	}
}

func TestTheFormSaysWhatBecomesOfIdeasFromSmallDepartments(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.say("UPDATE departments SET headcount = 40 WHERE id = 1")
	o.say("UPDATE departments SET headcount = 3 WHERE id = 2")
	if r := o.get("/board/new"); !strings.Contains(r.body, "an idea from Legal &amp; Tax &lt;b&gt; is kept without the department") || strings.Contains(r.body, "from Finance") {
		t.Errorf("%s", r.body)
	}
	o.suggested("Anonymous", "department", "2")
	o.suggested("Signed", "department", "2", "name", "Ana")
	if o.idea(1).Department != 0 || o.idea(2).Department != 2 {
		t.Errorf("%+v, %+v", o.idea(1), o.idea(2))
	}
	o.say("UPDATE departments SET pooled_into = 1 WHERE id = 2")
	if r := o.get("/board/new"); !strings.Contains(r.body, "an idea from Legal &amp; Tax &lt;b&gt; counts for Finance") {
		t.Errorf("%s", r.body)
	}
	o.suggested("Pooled", "department", "2")
	if o.idea(3).Department != 1 {
		t.Errorf("%+v", o.idea(3))
	}
}

func TestPagesForThoseWhoAnsweredLeadToTheBoardAndSayNothingElse(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardReviewed)
	code, _ := o.open(pulse(t))
	sent := o.post("/s/"+code, url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {"1"}, "band": {"1"}, "q.benefit": {"3"}})
	if sent.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", sent.status, sent.body)
	}
	thanks := o.get(sent.header.Get("Location"))
	if !strings.Contains(thanks.body, `<a href="/board?lang=en" rel="noreferrer">`) || thanks.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s\n%s", thanks.header.Get("Referrer-Policy"), thanks.body)
	}
	for _, path := range []string{"/board", "/board/new", "/receipt"} {
		if r := o.get(path); r.status != http.StatusOK || r.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: status %d, %s", path, r.status, r.header.Get("Referrer-Policy"))
		}
	}
}

// walkBoard meets every page of the board of ideas in a language. What people wrote is in digits.
func (h *holder) walkBoard(in, lang string, meet func(string, reply, int)) {
	h.t.Helper()
	meet("board, off", h.get("/board"+in), http.StatusNotFound)
	h.board(settings.BoardReviewed)
	h.say("UPDATE departments SET headcount = 3 WHERE id = 2")
	meet("board, empty", h.get("/board"+in+"&sent=yes"), http.StatusOK)
	meet("board, nothing found", h.get("/board"+in+"&q=9"), http.StatusOK)
	meet("suggesting", h.get("/board/new"+in), http.StatusOK)
	typed := url.Values{"lang": {lang}, "title": {"12345"}, "seen": {"12345"}, "text": {"6"}, "department": {"1"}}
	h.board(settings.BoardOpen)
	h.post("/board/new", typed)
	h.post("/board/new", with(typed, "title", "67890", "seen", "67890", "name", "Lead"))
	meet("board, faulty", h.post("/board/new", url.Values{"lang": {lang}, "department": {"9"}, "text": {strings.Repeat("1", 5000)}, "name": {"\x00"}}), http.StatusUnprocessableEntity)
	meet("board, similar", h.post("/board/new", with(typed, "seen", "", "text", "7")), http.StatusOK)
	h.say("UPDATE departments SET headcount = 40 WHERE id = 1")
	h.say("UPDATE departments SET pooled_into = 1 WHERE id = 2")
	meet("suggesting from a group", h.get("/board/new"+in), http.StatusOK)
	meet("idea", h.get("/board/ideas/1"+in), http.StatusOK)
	cookie := ideas.NewBrowser().Signed(h.Secret)
	h.do(h.formRequest("/board/ideas/1/support", url.Values{"support": {"yes"}}, boardCookie+"="+cookie))
	for i, status := range ideas.Statuses()[1:] {
		if _, err := ideas.Answer(h.t.Context(), h.Store, 1, i, ideas.Reply{Status: status, Text: "8", On: "2026-03-02"}); err != nil {
			h.t.Fatal(err)
		}
		meet("board, "+string(status), h.get("/board"+in), http.StatusOK)
	}
	h.transact(func(tx *store.Tx) error { return ideas.Promoted(1, "2026-03-02", surveys.Stamp{})(tx, 1) })
	meet("idea, supported", h.get("/board/ideas/1"+in, "Cookie", boardCookie+"="+cookie), http.StatusOK)
	meet("about, suggested", h.get("/about/met-in-"+lang+in), http.StatusOK)
	meet("idea, gone", h.get("/board/ideas/99"+in), http.StatusNotFound)
	meet("thanks, with the board", h.get("/thanks"+in), http.StatusOK)
	h.suggesting, h.supporting = newPace(0, time.Hour), newPace(0, time.Hour)
	meet("suggesting, too often", h.post("/board/new", with(typed, "title", "1", "seen", "1")), http.StatusTooManyRequests)
	meet("supporting, too often", h.post("/board/ideas/1/support", url.Values{"lang": {lang}}), http.StatusTooManyRequests)
}
