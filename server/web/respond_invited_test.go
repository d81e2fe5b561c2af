package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// invite asks one more person and gives their personal address.
func (o *office) invite(wave surveys.Wave, p surveys.Person) (path string, i invitations.Invitation) {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error {
		made, err := invitations.Ask(tx, wave.ID, []surveys.Person{p})
		if err == nil {
			i = made[0]
		}
		return err
	})
	return "/i/" + string(o.Secret.Deriver().Token(wave.ID, i.ID)), i
}

// tokenOf is a personal address without what stands before the token.
func tokenOf(path string) string { return strings.TrimPrefix(path, "/i/") }

// filled is a form of the everyKind survey with an answer and a text, and the receipt of a page.
func filled(t *testing.T, page reply) url.Values {
	t.Helper()
	return url.Values{"receipt": {string(receiptIn(t, page.body))}, "lang": {"en"}, "q.easier": {"4"}, "q.say": {"Please wait for the audit."}}
}

func TestAnInvitationIsAnsweredOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		_, wave := o.open(everyKind(t, "en", "de"))
		path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 2, Band: 1, Language: "de"})
		page := o.get(path)
		if page.status != http.StatusOK || !strings.Contains(page.body, "Legal &amp; Tax &lt;b&gt;") || !strings.Contains(page.body, "Staff") {
			t.Fatalf("status %d\n%s", page.status, page.body)
		}
		if strings.Contains(page.body, `name="department"`) || strings.Contains(page.body, `name="band"`) {
			t.Error("the page asks what the invitation has settled")
		}
		form := filled(t, page)
		form.Set("department", "1") // whatever is sent, the invitation counts
		form.Set("band", "2")
		first := o.post(path, form)
		if first.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", first.status, first.body)
		}
		o.holds(1, 1)
		if again := o.post(path, form); again.status != http.StatusSeeOther {
			t.Errorf("a double click: status %d", again.status)
		}
		back := with(form, "q.easier", "1")
		if again := o.post(path, back); again.status != http.StatusSeeOther {
			t.Errorf("back and changed: status %d", again.status)
		}
		o.holds(1, 1)
		other := with(form, "receipt", string(surveys.NewReceipt()), "q.say", "From my other <phone>")
		refused := o.post(path, other)
		if refused.status != http.StatusConflict || !strings.Contains(refused.body, "You have already answered") ||
			!strings.Contains(refused.body, "From my other &lt;phone&gt;") || !strings.Contains(refused.body, `href="/receipt`) {
			t.Errorf("another device: status %d\n%s", refused.status, refused.body)
		}
		if later := o.get(path); later.status != http.StatusConflict || !strings.Contains(later.body, "Sie haben schon geantwortet") {
			t.Errorf("opened again: status %d\n%s", later.status, later.body)
		}
		o.holds(1, 1)
		reply := o.replyOf(t, wave, form.Get("receipt"))
		if reply.Department != 2 || reply.Band != 1 || reply.Answers["easier"].Number != 1 {
			t.Errorf("stored is %+v", reply)
		}
	})
}

// replyOf looks up what is stored for a receipt.
func (o *office) replyOf(t *testing.T, wave surveys.Wave, typed string) surveys.Reply {
	t.Helper()
	receipt, ok := surveys.ParseReceipt(typed)
	if !ok {
		t.Fatalf("%q is not a receipt", typed)
	}
	q, err := o.Catalog.Questionnaire(t.Context(), wave.Questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	found, err := o.Intake.Lookup(t.Context(), receipt, q.Document)
	if err != nil {
		t.Fatal(err)
	}
	return found.Reply
}

// The person's language is in the invitation. In the response it would join the two wherever few people speak it.
func TestTheLanguageOfAnInvitedAnswerIsNotKept(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	_, wave := o.open(everyKind(t, "en", "de"))
	path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1, Language: "de"})
	page := o.get(path)
	if !strings.Contains(page.body, `lang="de"`) {
		t.Fatal("the page is not in the person's language")
	}
	form := with(filled(t, page), "lang", "de")
	if r := o.post(path, form); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if got := o.replyOf(t, wave, form.Get("receipt")).Language; got != "en" {
		t.Errorf("stored is the language %q", got)
	}
	change := with(form, "action", "change", "answers", "1", "q.easier", "2")
	if r := o.post("/receipt", change); r.status != http.StatusSeeOther {
		t.Fatalf("changing: status %d\n%s", r.status, r.body)
	}
	if got := o.replyOf(t, wave, form.Get("receipt")); got.Language != "en" || got.Answers["easier"].Number != 2 {
		t.Errorf("after a change stored is %+v", got)
	}
}

func TestTwoDevicesAtOnceAreOneResponse(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			o := newOffice(t, storetest.Open(t, address)).staffed()
			servers := []*office{o, newOffice(t, storetest.Open(t, address))}
			_, wave := o.open(everyKind(t))
			const people, devices = 8, 4
			thanked := make([]int, people)
			var mu sync.Mutex
			var wg sync.WaitGroup
			for p := range people {
				path, _ := o.invite(wave, surveys.Person{ID: surveys.PersonID(p + 1), Department: 1})
				for d := range devices {
					form := url.Values{"receipt": {string(surveys.NewReceipt())}, "q.easier": {"3"}}
					wg.Go(func() {
						switch r := servers[d%2].post(path, form); r.status {
						case http.StatusSeeOther:
							mu.Lock()
							thanked[p]++
							mu.Unlock()
						case http.StatusConflict:
						default:
							t.Errorf("status %d\n%s", r.status, r.body)
						}
					})
				}
			}
			wg.Wait()
			for p, n := range thanked {
				if n != 1 {
					t.Errorf("person %d was thanked on %d devices", p, n)
				}
			}
			o.holds(people, 0)
		})
	}
}

func TestWhatIsNoInvitationLeadsNowhere(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, wave := o.open(everyKind(t))
	path, i := o.invite(wave, surveys.Person{ID: 1, Department: 1})
	good := tokenOf(path)
	changed := "0"
	if good[20] == '0' {
		changed = "1"
	}
	form := url.Values{"receipt": {string(surveys.NewReceipt())}, "q.easier": {"3"}}
	for name, typed := range map[string]string{
		"a link's code": code, "one character changed": good[:20] + changed + good[21:], "cut short": good[:31], "longer": good + "0",
		"of another wave": string(o.Secret.Deriver().Token(wave.ID+1, i.ID)), "of nobody": string(o.Secret.Deriver().Token(wave.ID, i.ID+1)),
		"the id alone": "1", "zero bytes": strings.Repeat("%00", 32), "a path": "..%2f..%2fetc%2fpasswd", "quotes": "%27%20OR%201=1%20--",
		"not UTF-8": "%ff%fe", "very long": strings.Repeat("a", 8000), "a script": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
	} {
		for _, suffix := range []string{"", "/quiet"} {
			if r := o.get("/i/" + typed + suffix); r.status != http.StatusNotFound || !strings.Contains(r.body, "There is no survey at this address") || strings.Contains(r.body, "<script>alert") {
				t.Errorf("%s%s: status %d", name, suffix, r.status)
			}
			if r := o.post("/i/"+typed+suffix, form); r.status != http.StatusNotFound {
				t.Errorf("POST %s%s: status %d", name, suffix, r.status)
			}
		}
	}
	o.holds(0, 0)
	if r := o.get("/i/" + strings.ToUpper(good)); r.status != http.StatusOK {
		t.Errorf("in capitals: status %d", r.status)
	}
	if r := o.get(path + "/"); r.status != http.StatusNotFound {
		t.Errorf("with a slash: status %d", r.status)
	}
}

func TestARefusedInvitationFormComesBackFilledIn(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	_, wave := o.open(everyKind(t))
	path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1})
	form := with(filled(t, o.get(path)), "q.easier", "")
	r := o.post(path, form)
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Please wait for the audit.") || !strings.Contains(r.body, form.Get("receipt")) {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	o.holds(0, 0)
	o.close(wave)
	closed := o.post(path, with(form, "q.easier", "3"))
	if closed.status != http.StatusGone || !strings.Contains(closed.body, "Please wait for the audit.") {
		t.Errorf("closed: status %d\n%s", closed.status, closed.body)
	}
	if r := o.get(path); r.status != http.StatusGone {
		t.Errorf("closed: status %d", r.status)
	}
	o.holds(0, 0)
}

func TestWhileTheDatabaseIsAwayAnInvitedAnswerIsKept(t *testing.T) {
	server, address := storetest.Mortal(t)
	o := newOffice(t, storetest.Open(t, address)).staffed()
	_, wave := o.open(everyKind(t))
	path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1})
	form := filled(t, o.get(path))
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	says(t, o.get(path), http.StatusServiceUnavailable, "Please try again in a moment")
	kept := o.post(path, form)
	says(t, kept, http.StatusServiceUnavailable, "Your answers are not stored yet.", "Send again", "Please wait for the audit.", form.Get("receipt"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and a second click
		if got := o.post(path, form); got.status != http.StatusSeeOther {
			t.Fatalf("status %d:\n%s", got.status, got.body)
		}
	}
	o.holds(1, 1)
	if lines := o.log.String(); strings.Contains(lines, tokenOf(path)) || strings.Contains(lines, "audit") {
		t.Errorf("the log tells of an answer:\n%s", lines)
	}
}

func TestWithdrawingLeavesTheInvitationUsed(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	_, wave := o.open(everyKind(t))
	path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1})
	form := filled(t, o.get(path))
	o.post(path, form)
	if r := o.post("/receipt", url.Values{"receipt": {form.Get("receipt")}, "action": {"withdraw"}, "confirm": {"yes"}}); r.status != http.StatusOK {
		t.Fatalf("status %d", r.status)
	}
	if r := o.post(path, form); r.status != http.StatusConflict || !strings.Contains(r.body, "were withdrawn") || !strings.Contains(r.body, "used once") {
		t.Errorf("with the withdrawn receipt: status %d\n%s", r.status, r.body)
	}
	if r := o.post(path, with(form, "receipt", string(surveys.NewReceipt()))); r.status != http.StatusConflict || !strings.Contains(r.body, "already answered") {
		t.Errorf("with a new receipt: status %d\n%s", r.status, r.body)
	}
	if r := o.get(path); r.status != http.StatusConflict {
		t.Errorf("opened again: status %d", r.status)
	}
}

func TestNothingKeepsAPersonalAddress(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	_, wave := o.open(everyKind(t))
	path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1, Band: 1})
	other, _ := o.invite(wave, surveys.Person{ID: 2, Department: 1, Band: 1})
	pages := []reply{o.get(path), o.post(path, filled(t, o.get(path))), o.get(path), o.get(path + "/quiet"), o.post(path+"/quiet", nil), o.get(path + "x"), o.get(other)}
	for n, r := range pages {
		if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("page %d: %v", n, r.header)
		}
		if strings.Contains(r.body, tokenOf(path)) || strings.Contains(r.header.Get("Set-Cookie"), tokenOf(path)) {
			t.Errorf("page %d holds the token", n)
		}
	}
	if lines := o.log.String(); strings.Contains(lines, tokenOf(path)) || strings.Contains(lines, "/i/") {
		t.Errorf("the log names an invitation:\n%s", lines)
	}
	if r := o.get("/metrics"); strings.Contains(r.body, `route="/i/`) {
		t.Error("the metrics count respondents")
	}
	o.forms.mu.RLock()
	defer o.forms.mu.RUnlock()
	if len(o.forms.pages) != 1 || len(o.forms.links) != 0 {
		t.Errorf("%d pages and %d links are remembered of two people with one department and level", len(o.forms.pages), len(o.forms.links))
	}
	strip := func(r reply) string { return strings.ReplaceAll(r.body, string(receiptIn(t, r.body)), "") }
	if strip(pages[0]) != strip(pages[6]) {
		t.Error("two people of one department and level got different pages")
	}
}

func TestOneClickEndsTheReminders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		_, wave := o.open(everyKind(t))
		path, i := o.invite(wave, surveys.Person{ID: 1, Department: 1})
		_, other := o.invite(wave, surveys.Person{ID: 2, Department: 1})
		declined := func(id surveys.InvitationID) bool {
			t.Helper()
			now, err := invitations.ByID(s.Read(t.Context()), id)
			if err != nil {
				t.Fatal(err)
			}
			return now.Declined
		}
		if r := o.get(path + "/quiet"); r.status != http.StatusOK || !strings.Contains(r.body, "remind me again") {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if declined(i.ID) {
			t.Fatal("opening the page is enough, so a program that checks links unsubscribes people")
		}
		// RFC 8058: no cookies, and either kind of body.
		r := httptest.NewRequest(http.MethodPost, path+"/quiet", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if got := o.do(r); got.status != http.StatusOK || !strings.Contains(got.body, "You will not be reminded again") {
			t.Errorf("status %d\n%s", got.status, got.body)
		}
		if got := o.post(path+"/quiet", url.Values{"List-Unsubscribe": {"One-Click"}}); got.status != http.StatusOK {
			t.Errorf("twice: status %d", got.status)
		}
		if !declined(i.ID) || declined(other.ID) {
			t.Errorf("declined are %v and %v", declined(i.ID), declined(other.ID))
		}
		if got := o.get(path + "/quiet"); !strings.Contains(got.body, "You will not be reminded again") {
			t.Error("the page asks again")
		}
		if got := o.get(path); got.status != http.StatusOK {
			t.Errorf("who wants no reminder cannot answer: status %d", got.status)
		}
	})
}

func TestANamedSurveyPromisesNothingAboutInvitations(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	for anonymity, want := range map[surveys.Anonymity]bool{surveys.Anonymous: true, surveys.Named: false} {
		_, wave := o.open(changed(t, everyKind(t), func(d *surveys.Document) { d.Anonymity = anonymity }))
		path, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1})
		if got := strings.Contains(o.get(path).body, "nothing leads from there to your answers"); got != want {
			t.Errorf("%s: promised is %v", anonymity, got)
		}
	}
}
