package main

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"soundings/server/web/webtest"
)

// german and arabic are the texts of the survey that write writes, by the original.
var german, arabic = map[string]string{
	"A new expense tool":                              "Ein neues Werkzeug für Spesen",
	"IT would like to replace the form for expenses.": "Die IT möchte das Formular für Spesen ersetzen.",
	"It would make my work easier.":                   "Es würde mir die Arbeit erleichtern.",
	"Think of a usual week.":                          "Denken Sie an eine gewöhnliche Woche.",
	"When should it start?":                           "Wann soll es losgehen?",
	"In May":                                          "Im Mai",
	"In June":                                         "Im Juni",
	"What matters most?":                              "Was ist am wichtigsten?",
	"Speed":                                           "Tempo",
	"Peace":                                           "Ruhe",
	"Training":                                        "Schulung",
	"What would be in the way?":                       "Was stünde im Weg?",
}, map[string]string{
	"A new expense tool":                              "أداة جديدة للمصروفات",
	"IT would like to replace the form for expenses.": "يود قسم تقنية المعلومات استبدال نموذج المصروفات.",
	"It would make my work easier.":                   "ستجعل عملي أسهل.",
	"Think of a usual week.":                          "فكر في أسبوع عادي.",
	"When should it start?":                           "متى ينبغي أن تبدأ؟",
	"In May":                                          "في مايو",
	"In June":                                         "في يونيو",
	"What matters most?":                              "ما الأهم؟",
	"Speed":                                           "السرعة",
	"Peace":                                           "الهدوء",
	"Training":                                        "التدريب",
	"What would be in the way?":                       "ما الذي قد يعيق ذلك؟",
}

func (w *running) beginFromLibrary() {
	w.open("/surveys")
	w.saw("surveys-none")
	w.tab.Click(`main a[href="/library"]`)
	w.at("/library")
	w.saw("library")
	w.tab.Click(`h2 a[href="/library/change-pulse"]`)
	w.at("/library/change-pulse")
	w.tab.Click("main form .btn-primary")
	w.tab.Await(`document.querySelector("#editor.scripted")`)
	w.saw("editor-library", "Nothing keeps this survey from being published.")
}

// add adds a question of a kind and writes its text where the focus is.
func (w *running) add(kind, text string) {
	w.t.Helper()
	w.tab.Click(`[value="add.` + kind + `"]`)
	w.tab.Await(`document.activeElement.matches("[name$='.text']") && !document.activeElement.value`)
	w.tab.Paste(text)
}

func (w *running) write() {
	w.open("/surveys")
	w.tab.Click(`form[action="/surveys/drafts"] button`)
	w.tab.Await(`document.querySelector("#editor.scripted")`)
	w.saw("editor-empty")
	w.tab.Fill("#title", "A new expense tool")
	w.tab.Fill("#intro", "IT would like to replace the form for expenses.")
	w.add("scale", "It would make my work easier.")
	w.tab.Choose("#q0-construct", "Openness")
	w.tab.Fill("#q0-help", "Think of a usual week.")
	w.tab.Click("#q0-required")
	w.add("choice", "When should it start?")
	w.tab.Fill("#q1-option0", "In May")
	w.tab.Fill("#q1-option1", "In June")
	w.tab.Click("#q1-other")
	w.add("ranking", "What matters most?")
	for n, text := range []string{"Speed", "Peace", "Training"} {
		w.tab.Fill(fmt.Sprintf("#q2-option%d", n), text)
	}
	w.add("text", "What would be in the way?")
	w.tab.Choose("#q3-if", "If 1, “It would make my work easier.”, is answered with …")
	w.tab.Await(`document.querySelector("#q3-in [value='1']")`)
	w.tab.Click(`#q3-in [value="1"]`)
	w.tab.Click(`#q3-in [value="2"]`)
	w.tab.Await(`document.getElementById("saved").textContent.startsWith("Saved") && document.getElementById("left").textContent === "Nothing keeps this survey from being published."`)
	w.saw("editor")
}

// reorder moves the ranking up and back, with the buttons that a keyboard and a finger reach as well.
func (w *running) reorder() {
	w.tab.Click(`#outline a[href="#q2"]`)
	for _, to := range []struct{ button, said string }{{"#q2-up", "It is question 2 now."}, {"#q1-down", "It is question 3 now."}} {
		w.tab.Do(chromedp.Focus(chromedp.CSS(to.button)))
		w.tab.Press("\r")
		w.tab.Await(fmt.Sprintf(`document.getElementById("said").textContent === %q`, to.said))
	}
}

func (w *running) addLanguage(tag string) {
	w.t.Helper()
	w.tab.Click(`main a[href="/surveys/drafts/2/translations"]`)
	w.at("/surveys/drafts/2/translations")
	w.tab.Do(chromedp.SetValue(chromedp.CSS("#language"), tag))
	w.tab.Click("main form .btn-primary")
	w.at("/surveys/drafts/2/translations/" + tag)
}

func (w *running) translate() {
	w.addLanguage("de")
	originals := webtest.Eval[[]string](w.tab, `[...document.querySelectorAll(".side-text")].map((p) => p.textContent)`)
	for n, text := range originals {
		if german[text] == "" {
			w.t.Fatalf("%q is to be translated, and nobody wrote it", text)
		}
		field := webtest.Eval[string](w.tab, fmt.Sprintf(`"#" + CSS.escape(document.querySelectorAll(".side-text")[%d].id.replace(/-own$/, ""))`, n))
		w.tab.Fill(field, german[text])
	}
	if len(originals) != len(german) {
		w.t.Errorf("%d texts are to be translated, want %d", len(originals), len(german))
	}
	w.saw("translation")
	w.tab.Click(".acts-stay .btn-primary")
	w.tab.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.includes("is complete")`)
}

// translateInFile takes the file, fills it in as a spreadsheet would, and gives it back.
func (w *running) translateInFile() {
	w.addLanguage("ar")
	file := webtest.Eval[string](w.tab, `fetch(document.querySelector("a[download]").href).then((r) => r.text())`)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range rows[1:] {
		row[2] = arabic[row[1]]
	}
	w.tab.Do(chromedp.SetUploadFiles(chromedp.CSS("#pick"), []string{w.file("ar.csv", rows)}))
	w.tab.Await(`document.querySelector("#csv").value.includes("أداة")`)
	w.tab.Click("#file form .btn")
	w.tab.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.includes("is complete")`)
	w.saw("translation-ar")
}

func (w *running) preview() {
	w.tab.Click(`.crumb a[href="/surveys/drafts/2"]`)
	w.at("/surveys/drafts/2")
	w.tab.Click(`.editor-acts a[href$="/preview"]`)
	w.at("/surveys/drafts/2/preview")
	w.tab.Choose("[name=department]", "Warehouse")
	w.tab.Choose("[name=band]", "Lead")
	w.tab.Choose("[name=lang]", "Arabic")
	w.tab.Click(".filters .btn")
	w.tab.Await(`document.querySelector(".phone iframe")?.contentDocument?.documentElement?.dir === "rtl" && document.querySelector(".phone iframe").contentDocument.querySelector(".send[disabled]")`)
	shown := webtest.Eval[string](w.tab, `document.querySelector(".phone iframe").contentDocument.body.innerText`)
	for _, want := range []string{arabic["A new expense tool"], arabic["What matters most?"], "Warehouse", "Lead"} {
		if !strings.Contains(shown, want) {
			w.t.Errorf("the preview does not say %q:\n%s", want, shown)
		}
	}
	w.saw("preview")
}

func (w *running) publish() {
	w.tab.Click(`.page-main a.btn[href="/surveys/drafts/2"]`)
	w.tab.Await(`document.querySelector("#editor.scripted")`)
	w.tab.Click(`[name="op"][value="publish"]`)
	w.at("/surveys/drafts/2/publish")
	w.saw("publish")
	w.tab.Click(`form[action$="/publish"] .btn-primary`)
	w.at("/surveys")
	w.saw("published")
}
