package webtest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// A rule that finds nothing anywhere would be of no use: each finds its fault on a page made for it, and nothing on a page
// with what resembles it.
func TestTheRulesOfLayoutFindWhatTheyAreFor(t *testing.T) {
	pages := http.NewServeMux()
	for path, body := range map[string]string{
		"/over":      `<p style="width: 500px">wide</p>`,
		"/cut":       `<p style="width: 60px; overflow: hidden; white-space: nowrap">far too long for this</p>`,
		"/covered":   `<p>above</p><p style="margin-top: -30px">beneath</p>`,
		"/titled":    `<p title="far too long for this" style="width: 60px; overflow: hidden; white-space: nowrap">far too long for this</p>`,
		"/scrolled":  `<p style="width: 60px; overflow: auto; white-space: nowrap">far too long for this</p>`,
		"/said":      `<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">for screen readers</p>`,
		"/floating":  `<p>above</p><p style="position: relative"><span style="position: absolute; top: -30px">beneath</span></p>`,
		"/paragraph": `<p>some <b>words</b> that take <i>several lines</i> on a screen as narrow as this one is, all of them in their place</p>`,
	} {
		pages.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>` + path + `</title><body style="margin: 8px">` + body))
		})
	}
	server := httptest.NewServer(pages)
	defer server.Close()
	tab := Start(t).Tab(300, 400)
	for path, want := range map[string]string{"/over": "hangs over by", "/cut": `"far too long for this" is cut off`, "/covered": `"above" and "beneath" lie over each other`,
		"/titled": "", "/scrolled": "", "/said": "", "/floating": "", "/paragraph": ""} {
		tab.Open(server.URL + path)
		faults := Eval[[]string](tab, layout)
		if want == "" && len(faults) > 0 || want != "" && !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("%s: found %q, want %q", path, faults, want)
		}
	}
}
