package main

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/server/web/webtest"
)

// demoSite is what the demo command printed.
type demoSite struct{ address, email, password, link string }

var demoText = regexp.MustCompile(`Address\s+(\S+)/\n\s+E-mail\s+(\S+)\n\s+Password\s+(\S+)\n[\s\S]*employee: (\S+)`)

// startDemo starts the demo as the README says and returns what it printed.
func startDemo(t *testing.T) demoSite {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan int, 1)
	var out bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, environment{in: strings.NewReader(""), out: &out, err: io.Discard, ready: func(a string) { ready <- a }})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != done {
			t.Errorf("the demo ended with code %d", code)
		}
	})
	select {
	case <-ready:
	case code := <-ended:
		ended <- code
		t.Fatalf("the demo ended with code %d", code)
	case <-time.After(time.Minute):
		t.Fatal("the demo does not become ready")
	}
	m := demoText.FindStringSubmatch(out.String())
	if m == nil {
		t.Fatalf("the demo prints\n%s", out.String())
	}
	return demoSite{m[1], m[2], m[3], m[4]}
}

// The first minute of the README: answer as an employee, with and without JavaScript, then sign in and see the chart.
func TestTheDemoCanBeWalkedThrough(t *testing.T) {
	t.Parallel()
	demo := startDemo(t)
	browser := webtest.Start(t)
	t.Run("answering on a phone without JavaScript", func(t *testing.T) {
		answerDemo(browser.Tab(360, 740, webtest.WithoutScripts()), demo)
	})
	t.Run("answering on a phone with JavaScript", func(t *testing.T) {
		answerDemo(browser.Tab(360, 740), demo)
	})
	t.Run("signing in by keyboard and seeing the chart", func(t *testing.T) {
		tab := browser.Tab(1440, 900)
		tab.Open(demo.address + "/")
		tab.Await(`location.pathname === "/login"`)
		tab.Accessible("the sign-in page")
		tab.Type("#email", demo.email)
		tab.Press("\t")
		tab.Type("#password", demo.password)
		tab.Press("\r")
		tab.Await(`location.pathname === "/"`)
		tab.Await(`document.querySelectorAll("[data-chart-plot] svg path").length > 10`)
		if text := tab.Text("main"); !strings.Contains(text, "Who moved") || !strings.Contains(text, "clearly up since") {
			t.Errorf("the overview says %q", text)
		}
		tab.Accessible("the overview")
		tab.Follow("/trend")
		tab.Await(`location.pathname === "/trend"`)
		seeTrend(t, tab)
		tab.Accessible("the trend")
		holdVisits(t, tab)
	})
	for name, setup := range map[string]struct {
		width int64
		dark  bool
	}{"on a phone": {360, false}, "in the dark": {1440, true}, "on a tablet in the dark": {768, true}} {
		t.Run("the chart "+name, func(t *testing.T) {
			var actions []webtest.Action
			if setup.dark {
				actions = append(actions, webtest.Dark())
			}
			tab := browser.Tab(setup.width, 800, actions...)
			tab.Open(demo.address + "/trend")
			seeTrend(t, tab)
			tab.Open(demo.address + "/visits/effect")
			seeVisits(t, tab)
		})
	}
	t.Run("the chart without JavaScript", func(t *testing.T) {
		tab := browser.Tab(360, 800, webtest.WithoutScripts())
		tab.Open(demo.address + "/trend")
		tab.Await(`document.querySelector("[data-chart-still] img")?.naturalWidth === 360`)
		if plot := webtest.Eval[int](tab, `document.querySelector("[data-chart-plot]").offsetHeight`); plot != 0 {
			t.Error("there is an empty space where the live chart would be")
		}
		tab.Open(demo.address + "/visits/effect")
		tab.Await(`document.querySelector("[data-chart-still] img")?.naturalWidth === 360`)
	})
}

func answerDemo(tab *webtest.Tab, demo demoSite) {
	tab.Open(demo.link)
	tab.Accessible("the survey")
	webtest.Eval[bool](tab, `(() => {
		document.querySelector("select[name=department]").selectedIndex = 1;
		for (const radio of document.querySelectorAll("input[type=radio][value='4']")) radio.click();
		document.querySelector("textarea").value = "Please not at month-end.";
		return true;
	})()`)
	tab.Click("button.send")
	tab.Await(`location.pathname === "/thanks"`)
	tab.Accessible("the thank-you page")
	tab.Await(`/[0-9A-Z]{5}-[0-9A-Z]{5}/.test(document.body.innerText)`)
}

// seeTrend looks at the page as its reader would: the finding, drawn lines with their labels, and the table.
func seeTrend(t *testing.T, tab *webtest.Tab) {
	t.Helper()
	tab.Await(`document.querySelectorAll("[data-chart-plot] svg path").length > 10`)
	headline := tab.Text("h1")
	if !strings.Contains(headline, "Finance has become clearly more open since") || !strings.Contains(headline, "Customer Service has become clearly less open since") {
		t.Errorf("the headline is %q", headline)
	}
	if text := tab.Text("[data-chart-plot]"); !strings.Contains(text, "Finance") && !strings.Contains(text, "Financ") {
		t.Errorf("the chart says %q", text)
	}
	// What is printed and what is downloaded come with the chart: the server's picture, and one drawn here.
	tab.Await(`document.querySelector("[data-chart-printable] .chart-printed")?.naturalWidth > 0`)
	tab.Await(`!document.querySelector("[data-figure-live]").hidden`)
	if table := tab.Text("table"); !strings.Contains(table, "Legal") || !strings.Contains(table, "hidden") {
		t.Errorf("the table says %q", table)
	}
	if wide := webtest.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page scrolls sideways")
	}
}

// holdVisits goes by keyboard from the trend to the departments visited meanwhile, and holds an earlier wave against the last.
func holdVisits(t *testing.T, tab *webtest.Tab) {
	t.Helper()
	tab.Reach(`main a[href^="/visits/effect"]`)
	tab.Press("\r")
	tab.Await(`location.pathname === "/visits/effect" && document.readyState === "complete"`)
	seeVisits(t, tab)
	tab.Accessible("before and after visits")
	first := webtest.Eval[string](tab, `[...document.querySelector("select[name=before]").options].at(-1).text`)
	tab.Reach("select[name=before]")
	tab.Press(first)
	tab.Reach("form.filters .btn")
	tab.Press("\r")
	tab.Await(`location.search.includes("before=1&") && document.readyState === "complete"`)
	seeVisits(t, tab)
	if text := tab.Text("main"); !strings.Contains(text, "between "+first+" and ") {
		t.Errorf("from %s on the page says %q", first, text)
	}
}

// seeVisits looks at the finding, the chart with both sides, the warning and the table.
func seeVisits(t *testing.T, tab *webtest.Tab) {
	t.Helper()
	tab.Await(`document.querySelectorAll("[data-chart-plot] svg path").length > 10`)
	tab.Await(`!document.querySelector("[data-figure-live]").hidden`)
	if text := tab.Text("main"); !strings.Contains(text, "Visited departments did not move clearly differently in openness from the others") || !strings.Contains(text, "Visits are not drawn by lot.") || !strings.Contains(text, "Legal: not shown in") {
		t.Errorf("the page says %q", text)
	}
	if table := tab.Text("table"); !strings.Contains(table, "Finance") || !strings.Contains(table, "Visited less not visited") || strings.Contains(table, "Legal") {
		t.Errorf("the table says %q", table)
	}
	if wide := webtest.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page scrolls sideways")
	}
}
