package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/analytics/brief"
	"soundings/server/accounts"
	"soundings/server/demo"
	"soundings/server/web/webtest"
	"soundings/surveys/store/storetest"
)

var (
	briefRef   = regexp.MustCompile(`(?s)(?:<li>|<p class="brief-lead">|</sup> )([^<]*)<sup class="brief-ref"><a href="([^"]*)"`)
	briefFacts = regexp.MustCompile(`<dd class="fact[^"]*">([^<]*)</dd><dt>([^<]*)<span>([^<]*)</span>`)
)

// sentencesOf are the sentences of a brief with the way to their numbers.
func sentencesOf(page string) (texts, links []string) {
	for _, m := range briefRef.FindAllStringSubmatch(page, -1) {
		texts, links = append(texts, strings.Trim(html.UnescapeString(m[1]), " \n\u2060")), append(links, html.UnescapeString(m[2]))
	}
	return texts, links
}

// factsOf are the figures that stand first, by what they are called.
func factsOf(page string) map[string]string {
	facts := map[string]string{}
	for _, m := range briefFacts.FindAllStringSubmatch(page, -1) {
		facts[m[2]] = m[1]
	}
	return facts
}

// briefReader reads the briefs of the demo, on the pages and with the API.
type briefReader struct {
	*office
	t             *testing.T
	cookie, token string
	pages         map[string]string
	told, hidden  int
}

// at is a page; it is asked for once.
func (b *briefReader) at(path string) string {
	b.t.Helper()
	if b.pages[path] == "" {
		r := b.as(b.cookie, path)
		if r.status != http.StatusOK {
			b.t.Fatalf("%s: status %d\n%s", path, r.status, r.body)
		}
		b.pages[path] = r.body
	}
	return b.pages[path]
}

// leads fails unless each sentence leads to a place that is there. A link without a page is of the page itself.
func (b *briefReader) leads(path string, texts, links []string) {
	b.t.Helper()
	for i, link := range links {
		target, fragment, found := strings.Cut(link, "#")
		if target == "" {
			target = path
		}
		if !found || strings.Count(b.at(target), `id="`+fragment+`"`) != 1 {
			b.t.Errorf("%s: %q leads to %s, which is not there", path, texts[i], link)
		}
	}
}

// brief compares one brief with the page of the department and with the API.
func (b *briefReader) brief(path, address string) {
	b.t.Helper()
	page := b.at(path)
	texts, links := sentencesOf(page)
	var answer struct {
		Openness  apiGroupBody
		Sentences []struct{ Rule, Text, Link string }
	}
	b.ask(b.token, address, &answer)
	if len(texts) < 3 || len(texts) > brief.Most || len(answer.Sentences) != len(texts) {
		b.t.Fatalf("%s: the page says %q, the API %v", path, texts, answer.Sentences)
	}
	for i, s := range answer.Sentences {
		if s.Text != texts[i] || s.Link != b.BaseURL+links[i] {
			b.t.Errorf("%s: the page says %q (%s), the API %q (%s)", path, texts[i], links[i], s.Text, s.Link)
		}
	}
	b.leads(path, texts, links)
	own, _, _ := strings.Cut(links[0], "#")
	facts, theirs := factsOf(page), factsOf(b.at(own))
	first := answer.Sentences[0].Rule == "hidden"
	if first != (facts["Openness to change"] == "") || answer.Openness.Shown == nil || *answer.Openness.Shown == first {
		b.t.Errorf("%s: it begins with %q beside %q", path, texts[0], facts)
	}
	for _, label := range []string{"Openness to change", "All others", "clearly up", "clearly down", "no clear change"} {
		if facts[label] != theirs[label] {
			b.t.Errorf("%s: %s is %q, on the page of the department %q", path, label, facts[label], theirs[label])
		}
	}
	if b.told++; first {
		b.hidden++
	}
	for _, text := range []string{page, b.german(b.cookie, path)} {
		if strings.Contains(text, "no value") || strings.Contains(text, "%!") {
			b.t.Errorf("%s: something is missing in\n%s", path, text)
		}
	}
}

// Every brief of the demo, in both languages: each sentence leads to a place that is there, each figure is the one that the
// department's own page shows, the API says the same, and what is hidden there is not told here. The planning pack has the
// same sentences, frozen, and so has its workbook.
func TestTheBriefsOfTheDemoSayWhatTheDepartmentsPagesSayAndLeadThere(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	today := time.Date(2027, 2, 10, 12, 0, 0, 0, time.UTC)
	o.clock.add(today.Sub(o.clock.Now()))
	if _, err := demo.Fill(t.Context(), demo.Deps{Store: o.Store, Catalog: o.Catalog, Intake: o.Intake, Secret: o.Secret, Now: today}); err != nil {
		t.Fatal(err)
	}
	cookie, csrf := o.member(accounts.Admin)
	b := &briefReader{office: o, t: t, cookie: cookie, token: o.bearer(accounts.Viewer), pages: map[string]string{}}
	for change, name := range map[string]string{"1": "one-ticket-system", "2": "expense-tool", "3": "laptops"} {
		for department := 1; department <= 9; department++ {
			path := fmt.Sprintf("/changes/%s/brief/%d", change, department)
			if change != "2" || department == 4 {
				b.brief(path, fmt.Sprintf("/changes/%s/brief/%d", name, department))
			} else if r := o.as(cookie, path); r.status != http.StatusNotFound {
				t.Errorf("%s, which it does not concern: status %d", path, r.status)
			}
		}
	}
	if b.told != 19 || b.hidden < 2 {
		t.Errorf("%d briefs, %d of them without figures", b.told, b.hidden)
	}
	if _, links := sentencesOf(b.at("/changes/1/brief/3")); !strings.Contains(links[0], "wave=") {
		t.Errorf("the brief of a change that was asked about earlier leads to %s", links[0])
	}
	holds(t, "Customer Service", b.at("/changes/3/brief/3"), "is clearly less open to this change than the rest of the organisation", "1 promise to them is overdue", "Noor Haddad", "You listened, but the search is still slow.")
	holds(t, "Legal", b.at("/changes/3/brief/9"), "Where Legal stands cannot be shown. Too few people answered", "In the whole organisation, whoever answers", "they need a group of at least ten people")
	holds(t, "Finance", b.at("/changes/3/brief/4"), "What they want to decide", "The closing comes first", "not asked yet")
	holds(t, "Finance in German", o.german(cookie, "/changes/2/brief/4"), "Dieses Vorhaben geht auf eine Idee von ihnen zurück", "Belege fotografieren statt sammeln", "Von Finance gibt es noch keine Ergebnisse zu diesem Vorhaben")
	b.packed(csrf)
}

// packed compares the briefs in the pack of the demo with the pages of the same day.
func (b *briefReader) packed(csrf string) {
	b.t.Helper()
	pack := b.at("/packs/1")
	texts, links := sentencesOf(pack)
	b.leads("/packs/1", texts, links)
	rows, err := b.workbook(b.as(b.cookie, "/packs/1/waves/15/results.xlsx")).GetRows("Briefs")
	if err != nil {
		b.t.Fatal(err)
	}
	var written, pages []string
	for _, row := range rows[1:] {
		written = append(written, row[3])
	}
	for _, department := range []string{"1", "3", "4", "9"} {
		said, _ := sentencesOf(b.at("/changes/3/brief/" + department))
		pages = append(pages, said...)
	}
	for from, said := range map[string][]string{"the pack": texts, "its workbook": written} {
		if slices.Sort(said); !slices.Equal(said, slices.Sorted(slices.Values(pages))) {
			b.t.Errorf("%s says\n%q\nthe pages\n%q", from, said, pages)
		}
	}
	const idea = "Let us see the old tickets in the new system"
	if strings.Contains(pack, "Noor Haddad") || !strings.Contains(pack, idea) || strings.Contains(b.as(b.cookie, "/packs/1/pack.json").body, idea) {
		b.t.Error("the pack names a champion, or keeps the words of an idea, or does not show them")
	}
	id := regexp.MustCompile(`/ideas/(\d+)" lang="en"><bdi>` + idea).FindStringSubmatch(pack)[1]
	if r := b.submit(b.cookie, "/ideas/"+id+"/hide", url.Values{"csrf": {csrf}, "reason": {"abuse"}}); r.status != http.StatusSeeOther {
		b.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if strings.Contains(b.as(b.cookie, "/packs/1").body, idea) {
		b.t.Error("an idea that was taken off the board stands in the pack")
	}
}

// Everything that the rules can say has words, and no words are left that none of them says.
func TestEveryRuleOfABriefHasWords(t *testing.T) {
	const prefix = "brief_says_"
	for _, lang := range []string{"en", "de"} {
		words := staffSentences(t, lang)
		for _, name := range brief.Rules() {
			if words[prefix+name] == nil {
				t.Errorf("%s: nothing says %s", lang, name)
			}
		}
		for key := range words {
			if name, ok := strings.CutPrefix(key, prefix); ok && !slices.Contains(brief.Rules(), name) {
				t.Errorf("%s: no rule says %s", lang, name)
			}
		}
	}
}

func TestWhoReadsABriefAndWhatOfIt(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, csrf := o.member(accounts.Admin)
	o.spoken([]string{"The VPN sleeps", "Ask Mr Kaur"}, nil)
	change := o.proposed(admin, proposal(csrf))
	o.pitched(admin, change, pitch(csrf, "1", "0", "**Finance** decides."))
	if r := o.submit(admin, "/champions/new", consented(csrf)); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	page := o.as(admin, change+"/brief/1").body
	holds(t, "an administrator", page, "<strong>Finance</strong> decides.", "Finance has no results about this change yet.", "The VPN sleeps")
	champion := o.as(admin, "/champions/1").body
	name := regexp.MustCompile(`<h1[^>]*>(?:<bdi>)?([^<]+)`).FindStringSubmatch(champion)[1]
	holds(t, "an administrator", page, strings.TrimSpace(name))

	viewer, _ := o.member(accounts.Viewer, 1)
	theirs := o.as(viewer, change+"/brief/1").body
	holds(t, "a viewer", theirs, "<strong>Finance</strong> decides.", "1 champion")
	for _, hidden := range []string{strings.TrimSpace(name), "The VPN sleeps"} {
		if strings.Contains(theirs, hidden) {
			t.Errorf("a viewer reads %q", hidden)
		}
	}
	if r := o.as(viewer, change+"/brief/2"); r.status != http.StatusForbidden {
		t.Errorf("somebody who sees Finance reads the brief of Legal: status %d", r.status)
	}
	list := o.as(viewer, change).body
	if !strings.Contains(list, change+"/brief/1") || strings.Contains(list, change+"/brief/2") {
		t.Error("the change does not list exactly the briefs that somebody may read")
	}
	holds(t, "the department", o.as(viewer, "/departments/1").body, change+"/brief/1")
	token := o.bearer(accounts.Author)
	if body := o.ask(token, "/changes/a-new-expense-tool/brief/Finance?lang=de", nil).body; !strings.Contains(body, "Von Finance gibt es noch keine Ergebnisse") || strings.Contains(body, strings.TrimSpace(name)) || strings.Contains(body, "VPN") {
		t.Errorf("the API says\n%s", body)
	}
	o.ask(token, "/changes/a-new-expense-tool/brief/"+url.PathEscape("Legal & Tax <b>"), &struct{ Department string }{})
	for path, status := range map[string]int{"/changes/a-new-expense-tool/brief/99": 404, "/changes/nothing/brief/1": 404} {
		if r := o.ask(token, path, nil); r.status != status {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	for _, path := range []string{change + "/brief/99", change + "/brief/x", "/changes/9/brief/1"} {
		if r := o.as(admin, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}

// What is theirs to decide stands in the brief with what they chose, until it is decided for them, and with the outcome then.
func TestABriefSaysWhatADepartmentWantsDecided(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	o.proposed(cookie, proposal(csrf))
	decision := o.left(cookie, openWindows(csrf))
	holds(t, "before it is asked", o.as(cookie, "/changes/1/brief/1").body, "When is it your turn?", "not asked yet")
	path, wave := o.asked(cookie, csrf, decision, "1")
	o.choose(path, "decide-when-is-it-your-turn", "1", map[string]int{"after-easter": 8, "option": 4})
	o.choose(path, "decide-when-is-it-your-turn", "2", map[string]int{"option": 6, "after-easter": 6})
	if strings.Contains(o.as(cookie, "/changes/1/brief/1").body, "8 answers") {
		t.Error("the brief tells answers of a wave that is open")
	}
	o.counted(wave)
	page := o.as(cookie, "/changes/1/brief/1").body
	holds(t, "undecided", page, "Asked “When is it your turn?”, they chose most often: After Easter (13 April 2026 – 17 April 2026), 67% (39–86) of 12. It is not decided yet.", decision+"#result", "12 answers")
	holds(t, "the page of the decision", o.as(cookie, decision).body, `id="result"`, `id="options"`)
	if strings.Contains(o.as(cookie, "/changes/1/brief/2").body, "they chose most often") {
		t.Error("of a department that chose two alike, one is said to be chosen most often")
	}
	made := url.Values{"csrf": {csrf}, "version": {"2"}, "department": {"0"}, "outcome": {"option"}, "reason": {"The supplier <b> can."}, "on": {"2026-03-02"}}
	if r := o.submit(cookie, decision+"/outcome", made); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	page = o.german(cookie, "/changes/1/brief/1")
	holds(t, "decided", page, "Entschieden am 2. März 2026: 16. März 2026 – 20. März 2026", "The supplier &lt;b&gt; can.")
	if strings.Contains(page, "Entschieden ist es noch nicht") {
		t.Error("a decision that was made is said to be open")
	}
}

// On a phone nothing sticks out, and on paper it is one or two sheets with every block on them.
func TestABriefIsReadOnAPhoneAndPrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, csrf := o.member(accounts.Admin)
	o.spoken([]string{"The VPN sleeps", "Ask Mr Kaur"}, nil)
	change := o.proposed(admin, proposal(csrf))
	o.pitched(admin, change, pitch(csrf, "1", "0", "**Finance** decides."))
	o.promised(admin, vow(csrf))
	o.visited(admin, errand(csrf))
	tab := o.enterAs(accounts.Admin, o.browsing().Tab(360, 740))
	tab.Open(o.BaseURL + change + "/brief/1")
	if over := webtest.Eval[int](tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("on a phone the page is %d px too wide", over)
	}
	tab.Accessible("a brief on a phone")
	tab.Picture("brief-phone")
	pages, headings := printed(tab.Paper(8.27, 11.69))
	if pages > 2 {
		t.Errorf("%d sheets", pages)
	}
	for _, heading := range []string{"What worries them", "What goes with openness", "In their words", "How to put it", "Who carries it", "Last visit", "Promises", "Where the numbers stand"} {
		if !slices.Contains(headings, heading) {
			t.Errorf("no %q among %q", heading, headings)
		}
	}
}
