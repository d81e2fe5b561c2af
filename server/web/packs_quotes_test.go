package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Comments in a pack are those of the comments page: for whoever may read them, without what was hidden or deleted since.
func TestAPackQuotesWhatMayStillBeRead(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		o.transact(func(tx *store.Tx) error {
			return people.Enter(tx, []people.Entry{{Person: surveys.Person{Email: "mira@example.org", Name: "Mira Kaur", Department: 1}, Key: "mira@example.org"}}, nil)
		})
		wave := o.spoken([]string{"Mira Kaur <b>helps</b>", "The VPN sleeps", "No more forms"}, []string{"Legal says no"})
		ids := o.commentIDs(wave)
		admin, csrf := o.member(accounts.Admin)
		quoting := o.frozen(admin, csrf, url.Values{"comments": {"1"}})
		silent := o.frozen(admin, csrf, nil)
		finance := o.frozen(admin, csrf, url.Values{"comments": {"1"}, "department": {"1"}})
		author, token := o.member(accounts.Author)
		byAuthor := o.frozen(author, token, url.Values{"comments": {"1"}})
		analyst, _ := o.member(accounts.Analyst, 2)
		viewer, _ := o.member(accounts.Viewer)
		if form := o.as(author, "/packs/new").body; strings.Contains(form, `name="comments"`) || !strings.Contains(o.as(admin, "/packs/new").body, `name="comments"`) {
			t.Error("the form offers comments to somebody who may not read them, or not to somebody who may")
		}
		all := []string{"helps", "The VPN sleeps", "No more forms", "Legal says no"}
		mustQuote := func(who, cookie, address string, want ...string) {
			t.Helper()
			page := o.as(cookie, address).body
			book := o.workbook(o.as(cookie, address+"/waves/1/results.xlsx"))
			written := ""
			if slices.Contains(book.GetSheetList(), "Comments") {
				rows, err := book.GetRows("Comments", excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				written = fmt.Sprint(rows)
			}
			for _, text := range all {
				if wanted := slices.Contains(want, text); strings.Contains(page, text) != wanted || strings.Contains(written, text) != wanted {
					t.Errorf("%s, %s: %q is on the page: %v, in the workbook: %v; want %v", who, address, text, strings.Contains(page, text), strings.Contains(written, text), wanted)
				}
			}
			if strings.Contains(page+written, "Mira") {
				t.Errorf("%s, %s: a name is told", who, address)
			}
		}
		mustQuote("admin", admin, quoting, all...)
		mustQuote("admin", admin, finance, all[:3]...)
		mustQuote("admin", admin, silent)
		mustQuote("admin", admin, byAuthor)
		mustQuote("an analyst who sees Legal", analyst, quoting, all[3])
		mustQuote("a viewer", viewer, quoting)
		o.mustHold(o.as(admin, quoting).body, `<span class="mask" lang="en">[name]</span> &lt;b&gt;helps&lt;/b&gt;`)

		// The file names the wave and holds no text: its checksum stands, and what is deleted stays in no pack.
		file := o.as(admin, quoting+"/pack.json").body
		if !strings.Contains(file, `"comments_of":1`) || slices.ContainsFunc(all, func(text string) bool { return strings.Contains(file, text) }) {
			t.Errorf("the file is %s", file)
		}
		if r := o.submit(admin, "/comments/"+ids["The VPN sleeps"]+"/hide", url.Values{"csrf": {csrf}, "reason": {"private"}, "back": {""}}); r.status != http.StatusSeeOther {
			t.Fatalf("hiding: status %d", r.status)
		}
		o.say("DELETE FROM comments WHERE text = 'No more forms'")
		mustQuote("admin", admin, quoting, all[0], all[3])
		if strings.Contains(o.as(admin, quoting).body, "damaged") || o.as(admin, quoting+"/pack.json").body != file {
			t.Error("the pack is no longer what was written")
		}
		// A department of nine is quoted no more than it is on the page of comments.
		o.say("UPDATE scores SET n = 9 WHERE measure = 'n' AND department_id = 2")
		few := o.as(admin, quoting).body
		if o.mustHold(few, "helps", "at least ten people answered"); strings.Contains(few, all[3]) {
			t.Error("a department of nine is quoted")
		}
		o.mustHold(o.german(admin, quoting), "In eigenen Worten", "verschwindet auch aus dieser Mappe")
	})
}
