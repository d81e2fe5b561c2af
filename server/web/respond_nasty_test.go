package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// nasty is the big list of naughty strings, or a few of our own where a clone of the project lacks it.
func nasty(t *testing.T) []string {
	t.Helper()
	list := []string{
		"<script>alert(1)</script>", "</textarea><script>alert(1)</script>", `" autofocus onfocus="alert(1)`, "' onmouseover=alert(1) x='",
		"\nbegins with a line end", "  two spaces  ", "{{.Receipt}}", "${7*7}", "%00%0d%0a", "&lt;already escaped&gt;", "-->", "]]>",
		"\u202Eright to left", "👩‍👩‍👧‍👦 Z͑ͫ̓ͪ̂ͫ", "\u0000 a zero", "'; DROP TABLE responses; --", "=cmd|' /C calc'!A0",
	}
	path, ok := shareddata.Find(t, "nasty/blns.json")
	if !ok {
		return list
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var more []string
	if err := json.Unmarshal(source, &more); err != nil {
		t.Fatal(err)
	}
	for _, s := range more {
		if strings.TrimSpace(s) != "" {
			list = append(list, s)
		}
	}
	if len(list) < 400 {
		t.Fatalf("only %d strings", len(list))
	}
	return list
}

// find returns the first element a test accepts.
func find(n *html.Node, accept func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && accept(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, accept); found != nil {
			return found
		}
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// shown is a text as HTML can hold it: it has no zero byte.
func shown(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

func parsed(t *testing.T, got reply, status int) *html.Node {
	t.Helper()
	if got.status != status {
		t.Fatalf("status %d, want %d:\n%s", got.status, status, got.body)
	}
	page, err := html.Parse(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" {
			scripts++
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("an element has %s=%q", a.Key, a.Val)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("the page has %d scripts", scripts)
	}
	return page
}

func TestEveryNaughtyStringComesBackExactlyAndIsOnlyText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, _ := o.open(everyKind(t))
		for _, text := range nasty(t) {
			form := with(answered(surveys.NewReceipt()), "q.say", text, "q.when.other", text)
			page := parsed(t, o.post("/s/"+code, with(form, "q.easier", "")), http.StatusUnprocessableEntity)
			area := find(page, func(n *html.Node) bool { return attribute(n, "name") == "q.say" })
			if got := textOf(area); got != shown(text) {
				t.Errorf("comment %q came back as %q", text, got)
			}
			other := find(page, func(n *html.Node) bool { return attribute(n, "name") == "q.when.other" })
			if got := attribute(other, "value"); got != shown(text) {
				t.Errorf("other text %q came back as %q", text, got)
			}
			if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
				t.Fatalf("%q: status %d:\n%s", text, got.status, got.body)
			}
			page = parsed(t, o.post("/receipt", url.Values{"receipt": form["receipt"]}), http.StatusOK)
			written := map[string]bool{}
			for n := range page.Descendants() {
				if attribute(n, "class") == "written" {
					written[textOf(n)] = true
				}
			}
			if !written[shown(text)] {
				t.Errorf("%q is not shown exactly: %v", text, written)
			}
		}
	})
}

func TestNaughtyDepartmentsAndTitlesAreOnlyText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		for i, text := range nasty(t) {
			if strings.ContainsAny(text, "\x00\n") || strings.TrimSpace(text) != text || utf8.RuneCountInString(text) > surveys.LongestTitle {
				continue // no name or title of one line
			}
			o.transact(func(tx *store.Tx) error { return tx.Table("departments").Where("id = 1").Update("name", text).Error })
			code, _ := o.open(changed(t, everyKind(t), func(d *surveys.Document) { d.Title, d.Intro = text, fmt.Sprint(i) }))
			page := parsed(t, o.get("/s/"+code), http.StatusOK)
			heading := find(page, func(n *html.Node) bool { return n.Data == "h1" })
			option := find(page, func(n *html.Node) bool { return n.Data == "option" && attribute(n, "value") == "1" })
			if textOf(heading) != text || textOf(option) != text {
				t.Errorf("%q is shown as %q and %q", text, textOf(heading), textOf(option))
			}
		}
	})
}

// In a browser: nothing that was typed runs, in the form that comes back or on the page of the receipt.
func TestABrowserRunsNothingThatWasTyped(t *testing.T) {
	t.Parallel()
	list := nasty(t)
	o := newOffice(t, storetest.SQLite(t)).staffed()
	base := o.listen()
	b := webtest.Start(t)
	for len(list) > 0 {
		part := list[:min(len(list), surveys.MostQuestions-1)]
		list = list[len(part):]
		code, _ := o.open(changed(t, everyKind(t), func(d *surveys.Document) {
			d.Questions = d.Questions[:1]
			for i := range part {
				d.Questions = append(d.Questions, surveys.Question{ID: fmt.Sprintf("t%d", i), Kind: surveys.Text, Text: part[0]})
			}
		}))
		fields := map[string]string{"receipt": string(surveys.NewReceipt()), "department": "1"}
		for i, text := range part {
			fields[fmt.Sprintf("q.t%d", i)] = text
		}
		values, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		tab := b.Tab(360, 800)
		tab.Open(base + "/s/" + code)
		send := `(values => { const f = document.createElement("form"); f.method = "post"; f.action = "%s";
			for (const [k, v] of Object.entries(values)) { const a = document.createElement("textarea"); a.name = k; a.value = v; f.append(a); }
			document.body.append(f); f.submit(); })(%s)`
		// An alert would keep every further step from ending.
		webtest.Eval[any](tab, fmt.Sprintf(send+", 0", "/s/"+code, values))
		tab.Await(`document.querySelector("#faults") && document.readyState === "complete"`)
		for i, text := range part {
			want := strings.ReplaceAll(shown(text), "\r", "\n")
			if got := webtest.Eval[string](tab, fmt.Sprintf(`document.getElementById("q.t%d").value`, i)); got != want {
				t.Errorf("%q is in the form as %q", text, got)
			}
		}
		fields["q.easier"] = "3"
		if values, err = json.Marshal(fields); err != nil {
			t.Fatal(err)
		}
		webtest.Eval[any](tab, fmt.Sprintf(send+", 0", "/s/"+code, values))
		tab.Await(`location.pathname === "/thanks" && document.readyState === "complete"`)
		receipt, err := json.Marshal(map[string]string{"receipt": fields["receipt"], "action": "look"})
		if err != nil {
			t.Fatal(err)
		}
		webtest.Eval[any](tab, fmt.Sprintf(send+", 0", "/receipt", receipt))
		tab.Await(`document.querySelector(".said") && document.readyState === "complete"`)
		if n := webtest.Eval[int](tab, `document.querySelectorAll(".written").length`); n != len(part) {
			t.Errorf("%d texts are shown, want %d", n, len(part))
		}
		if n := webtest.Eval[int](tab, `document.scripts.length + document.querySelectorAll("img, iframe, object, embed, svg, video, audio").length`); n != 1 {
			t.Errorf("the page has %d scripts and the like, want 1", n)
		}
		tab.Close()
	}
}
