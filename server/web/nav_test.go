package web

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

func TestTheMenuAsksForThePermissionThatItsPagesAskFor(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	seen := map[string]bool{}
	for _, group := range navigation() {
		for _, entry := range group.Entries {
			at := slices.IndexFunc(o.routes(), func(r route) bool { return r.method == http.MethodGet && r.path == entry.Path })
			if at < 0 {
				t.Errorf("no page answers at %s", entry.Path)
			} else if access := o.routes()[at].access; access.kind != session || access.permission != entry.Needs {
				t.Errorf("%s needs %q, and its entry in the menu %q", entry.Path, access.permission, entry.Needs)
			}
			if seen[entry.Here] || seen[entry.Path] {
				t.Errorf("%s is in the menu twice", entry.Here)
			}
			seen[entry.Here], seen[entry.Path] = true, true
		}
	}
}

var (
	framed       = regexp.MustCompile(`s\.frame\(c, [^,()]+, "([^"]+)"\)|frame\.Here = "([^"]+)"`)
	currentPages = regexp.MustCompile(`<a href="([^"]+)" aria-current="(page|true)"`)
)

func TestEveryPageNamesAnEntryOfTheMenuAsItsOwn(t *testing.T) {
	known := map[string]bool{"account": true} // which is in the menu of the account
	for _, group := range navigation() {
		for _, entry := range group.Entries {
			known[entry.Here] = true
		}
	}
	found := 0
	for file, text := range goFiles(t, ".") {
		for _, match := range framed.FindAllStringSubmatch(text, -1) {
			found++
			if here := match[1] + match[2]; !known[here] {
				t.Errorf("%s has a page of %q, which is not in the menu", file, here)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d pages were found", found)
	}
}

func TestEachRoleIsOfferedWhatItMayOpenAndToldWhereItIs(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	for _, role := range accounts.Roles() {
		cookie, _ := o.member(role)
		first := o.as(cookie, "/").body
		for _, group := range navigation() {
			for _, entry := range group.Entries {
				if offered := strings.Contains(first, fmt.Sprintf("<li><a href=%q>", entry.Path)) || entry.Path == "/"; offered != role.May(entry.Needs) {
					t.Errorf("%s is offered %s: %v", role, entry.Path, offered)
				}
				if !role.May(entry.Needs) {
					continue
				}
				var got []string
				for _, match := range currentPages.FindAllStringSubmatch(o.as(cookie, entry.Path).body, -1) {
					got = append(got, match[1]+" "+match[2])
				}
				heading := slices.IndexFunc(group.Entries, func(e navEntry) bool { return role.May(e.Needs) })
				want := []string{entry.Path + " page", group.Entries[heading].Path + " true", entry.Path + " page"}
				if !slices.Equal(got, want) { // on a phone; the group at a desk, and in it the page
					t.Errorf("%s at %s: the menu marks %q, want %q", role, entry.Path, got, want)
				}
			}
		}
	}
	admin, _ := o.again(accounts.Admin)
	if page := o.as(admin, "/accounts/1").body; strings.Count(page, `<a href="/accounts" aria-current="true">`) != 2 || strings.Contains(page, `aria-current="page"`) {
		t.Error("a page beneath the accounts does not have them marked as its parent")
	}
}
