package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// spoken holds a wave in which twelve people of Finance and eleven of the other department answer, the first of each in
// their own words.
func (o *office) spoken(finance, legal []string) surveys.Wave {
	o.t.Helper()
	code, wave := o.open(pulse(o.t))
	for d, said := range [][]string{finance, legal} {
		for i := range 12 - d {
			form := url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {fmt.Sprint(d + 1)}}
			for _, item := range o.document(wave).Items(surveys.Openness) {
				form.Set(surveys.FieldOf(item.ID), string("12345"[i%5]))
			}
			if i < len(said) {
				form.Set(surveys.FieldOf("say"), said[i])
			}
			if r := o.post("/s/"+code, form); r.status != http.StatusSeeOther {
				o.t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
	}
	q, err := o.Catalog.Questionnaire(context.Background(), wave.Questionnaire)
	if err == nil {
		err = tally.Close(context.Background(), o.Store, q, wave.ID, o.clock.Now())
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return wave
}

// commentIDs tells the ids of a wave's comments by their text, as pages write them.
func (o *office) commentIDs(wave surveys.Wave) map[string]string {
	o.t.Helper()
	ids := map[string]string{}
	err := comments.Each(o.Store.Read(context.Background()), wave.ID, func(c surveys.Comment) error {
		ids[c.Text] = hex.EncodeToString(c.ID[:])
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return ids
}

var tagShape = regexp.MustCompile(`<li class="tag"><span dir="auto">([^<]*)</span>`)

func (r reply) tags() string {
	var all []string
	for _, m := range tagShape.FindAllStringSubmatch(r.body, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, ", ")
}

func TestCommentsAreReadSearchedTaggedAndHidden(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.transact(func(tx *store.Tx) error {
			return people.Enter(tx, []people.Entry{{Person: surveys.Person{Email: "mira@example.org", Name: "Mira Kaur", Department: 1}, Key: "mira@example.org"}}, nil)
		})
		wave := o.spoken([]string{"Mira Kaur <b>helps</b>, 100%", "The VPN sleeps", "الطابعة"}, []string{"Legal says no"})
		ids := o.commentIDs(wave)
		admin, csrf := o.member(accounts.Admin)
		page := o.as(admin, "/comments")
		for _, want := range []string{"4 comments, Spring 2026", `<span class="mask" lang="en">[name]</span> &lt;b&gt;helps&lt;/b&gt;, 100%`, `<blockquote dir="auto" lang="ar">الطابعة`, "Legal &amp; Tax"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the page lacks %q\n%s", want, page.body)
			}
		}
		for query, want := range map[string]string{"q=SLEEPS": "VPN sleeps", "q=%25": "100%", "department=2": "Legal says no"} {
			if r := o.as(admin, "/comments?"+query); !strings.Contains(r.body, want) || strings.Count(r.body, `class="quote"`) != 1 {
				t.Errorf("%s shows\n%s", query, r.body)
			}
		}
		if r := o.as(admin, "/comments?q=Kaur"); r.status != http.StatusOK || !strings.Contains(r.body, "No comment matches") {
			t.Errorf("a search for a name shows\n%s", r.body)
		}
		vpn := "/comments/" + ids["The VPN sleeps"]
		back := url.Values{"survey": {"1"}, "wave": {"1"}, "q": {"vpn"}}.Encode()
		r := o.submit(admin, vpn+"/tags", url.Values{"csrf": {csrf}, "tag": {" Remote  work "}, "back": {back}})
		if want := "/comments?q=vpn&survey=1&wave=1#c-" + ids["The VPN sleeps"]; r.status != http.StatusSeeOther || r.header.Get("Location") != want {
			t.Errorf("status %d, to %q, want %q", r.status, r.header.Get("Location"), want)
		}
		if got := o.as(admin, "/comments?tag=1").tags(); got != "Remote work" {
			t.Errorf("tags: %q", got)
		}
		r = o.submit(admin, vpn+"/tags", url.Values{"csrf": {csrf}, "tag": {strings.Repeat("x", 61)}, "back": {back}})
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, strings.Repeat("x", 61)) || !strings.Contains(r.body, "at most 60 characters") || strings.Count(r.body, `class="quote"`) != 1 {
			t.Errorf("a tag too long: status %d\n%s", r.status, r.body)
		}
		r = o.submit(admin, vpn+"/hide", url.Values{"csrf": {csrf}, "reason": {"private"}, "back": {back}})
		if r.status != http.StatusSeeOther || strings.Contains(o.as(admin, "/comments").body, "VPN") {
			t.Errorf("it is not hidden: status %d", r.status)
		}
		if r := o.as(admin, "/comments/hidden"); !strings.Contains(r.body, "The VPN sleeps") || !strings.Contains(r.body, "It is a private matter") {
			t.Errorf("the hidden ones:\n%s", r.body)
		}
		if r := o.submit(admin, vpn+"/show", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther || o.as(admin, "/comments?q=vpn").tags() != "Remote work" {
			t.Errorf("it is not shown again: status %d", r.status)
		}
		if r := o.submit(admin, vpn+"/tags/1/remove", url.Values{"csrf": {csrf}, "back": {back}}); r.status != http.StatusSeeOther || o.as(admin, "/comments").tags() != "" {
			t.Errorf("the tag is still there: status %d", r.status)
		}
		log := strings.Join(o.entries(), "\n")
		for _, want := range []string{"comment.tag|comment " + ids["The VPN sleeps"] + ", wave 1|ok", "comment.hide|comment " + ids["The VPN sleeps"] + ", wave 1: private|ok", "comment.show|"} {
			if !strings.Contains(log, want) {
				t.Errorf("the audit log lacks %q:\n%s", want, log)
			}
		}
		for _, said := range []string{"VPN", "Kaur", "SLEEPS"} {
			if strings.Contains(log+o.log.String(), said) {
				t.Errorf("a log tells %q", said)
			}
		}
	})
}

func TestCommentsOfOtherDepartmentsCannotBeReadOrTouched(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		wave := o.spoken([]string{"Finance speaks"}, []string{"Legal speaks"})
		ids := o.commentIDs(wave)
		if _, err := o.Accounts.Create(t.Context(), "bob@example.org", accounts.Analyst, password, 1); err != nil {
			t.Fatal(err)
		}
		bob, err := o.Accounts.SignIn(t.Context(), "bob@example.org", password, accounts.Browser{Address: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if r := o.as(bob.Cookie, "/comments"); !strings.Contains(r.body, "Finance speaks") || strings.Contains(r.body, "Legal") || !strings.Contains(r.body, "1 comment,") {
			t.Errorf("Bob reads\n%s", r.body)
		}
		for path, want := range map[string]int{"/comments?department=2": http.StatusForbidden, "/comments?department=others": http.StatusForbidden, "/comments?department=x": http.StatusUnprocessableEntity,
			"/comments?survey=99": http.StatusUnprocessableEntity, "/comments?wave=99": http.StatusUnprocessableEntity, "/comments?department=1&q=legal": http.StatusOK} {
			if r := o.as(bob.Cookie, path); r.status != want || strings.Contains(r.body, "Legal speaks") {
				t.Errorf("%s: status %d, want %d", path, r.status, want)
			}
		}
		form := url.Values{"csrf": {bob.CSRF}, "tag": {"mine"}, "reason": {"private"}, "into": {"2"}}
		for _, deed := range []string{"/tags", "/tags/1/remove", "/hide", "/show"} {
			if r := o.submit(bob.Cookie, "/comments/"+ids["Legal speaks"]+deed, form); r.status != http.StatusNotFound {
				t.Errorf("%s: status %d", deed, r.status)
			}
		}
		if r := o.submit(bob.Cookie, "/comments/"+ids["Finance speaks"]+"/tags", form); r.status != http.StatusSeeOther {
			t.Errorf("his own: status %d", r.status)
		}
		for _, deed := range []string{"", "/merge", "/delete"} {
			if r := o.submit(bob.Cookie, "/comments/tags/1"+deed, form); r.status != http.StatusForbidden {
				t.Errorf("everybody's tag%s: status %d", deed, r.status)
			}
		}
		viewer, _ := o.member(accounts.Viewer)
		if r := o.as(viewer, "/comments"); r.status != http.StatusForbidden {
			t.Errorf("a viewer: status %d", r.status)
		}
	})
}

func TestTagsAreRenamedMergedAndDeleted(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	ids := o.commentIDs(o.spoken([]string{"one", "two"}, nil))
	admin, csrf := o.member(accounts.Admin)
	send := func(path string, more url.Values) reply {
		more.Set("csrf", csrf)
		return o.submit(admin, path, more)
	}
	for text, tag := range map[string]string{"one": "Printer", "two": "Drucker"} {
		send("/comments/"+ids[text]+"/tags", url.Values{"tag": {tag}})
	}
	printer := o.as(admin, "/comments/tags").body
	id := regexp.MustCompile(`id="n-(\d)" name="tag" value="Printer"`).FindStringSubmatch(printer)[1]
	other := string("12"[2-id[0]+'0'])
	if r := send("/comments/tags/"+id, url.Values{"tag": {" drucker "}}); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="drucker"`) || !strings.Contains(r.body, "Another tag has this name") {
		t.Errorf("a name that is taken: status %d\n%s", r.status, r.body)
	}
	send("/comments/tags/"+id, url.Values{"tag": {"Print"}})
	send("/comments/tags/"+id+"/merge", url.Values{"into": {other}})
	if got := o.as(admin, "/comments").tags(); got != "Drucker, Drucker" {
		t.Errorf("tags: %s", got)
	}
	send("/comments/tags/"+other+"/delete", url.Values{})
	if got := o.as(admin, "/comments").tags(); got != "" {
		t.Errorf("tags: %s", got)
	}
}

func TestThePageOfCommentsSaysWhyThereAreNone(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, _ := o.member(accounts.Admin)
	if r := o.as(admin, "/comments"); r.status != http.StatusOK || !strings.Contains(r.body, "No comments to read") {
		t.Errorf("without a wave: status %d\n%s", r.status, r.body)
	}
	o.answered(12, 3)
	if r := o.as(admin, "/comments"); !strings.Contains(r.body, "Nobody wrote anything here") {
		t.Errorf("without a comment:\n%s", r.body)
	}
	if r := o.as(admin, "/comments?department=2"); !strings.Contains(r.body, "Too few people answered") {
		t.Errorf("of three people:\n%s", r.body)
	}
}

func TestManyCommentsAreReadPageByPage(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	var finance, legal []string
	for i := range 12 {
		finance, legal = append(finance, fmt.Sprintf("finance %d", i)), append(legal, fmt.Sprintf("legal %d", i))
	}
	o.spoken(finance, legal)
	admin, _ := o.member(accounts.Admin)
	first, last := o.as(admin, "/comments").body, o.as(admin, "/comments?page=99").body
	if strings.Count(first, `class="quote"`) != commentsOnPage || strings.Count(last, `class="quote"`) != 3 || !strings.Contains(last, "21 to 23 of 23") {
		t.Errorf("the last page:\n%s", last)
	}
	if !strings.Contains(first, `rel="next"`) || strings.Contains(first, `rel="prev"`) || strings.Contains(last, `rel="next"`) || !strings.Contains(last, `rel="prev"`) {
		t.Error("the pages are not linked")
	}
}
