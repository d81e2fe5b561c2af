package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/surveys"
	"soundings/surveys/history"
)

// historyPage shows earlier results that were measured elsewhere, and what their names mean.
type historyPage struct {
	frame
	Headline  string
	CanImport bool // take in, join, remove
	Empty     bool
	Measures  []option
	Lines     []option // to be chosen for colour
	Chosen    string
	Measure   string // that is shown
	Figure    figure
	Periods   []string
	Rows      []pastRow
	Protected bool // something is hidden
	Names     historyJoins
	Own       historyJoins // of measures
	Removable []string
	Faults    map[string]string
}

// pastRow is one line of the table.
type pastRow struct {
	Name   string
	Style  int
	Names  string // other names that are joined in it
	Values []string
}

// historyView is what the address asks to see.
type historyView struct {
	kept     []history.Kept
	at       int // of kept; -1: nothing is kept
	imported *analytics.Imported
	chosen   []string // names of lines in colour
}

func (s *Server) historyView(c *fiber.Ctx) (*historyView, error) {
	view := &historyView{at: -1}
	var err error
	if view.kept, err = history.Measures(s.Store.Read(c.UserContext())); err != nil || len(view.kept) == 0 {
		return view, err
	}
	asked := utils.CopyString(c.Query("measure"))
	view.at = max(0, slices.IndexFunc(view.kept, func(k history.Kept) bool { return historyValue(k) == asked }))
	k := view.kept[view.at]
	if view.imported, err = s.Results.Imported(c.UserContext(), k.Measure, k.Scale); err != nil {
		return nil, err
	}
	view.imported = view.imported.Only(current(c).User.Sees)
	for _, raw := range c.Context().QueryArgs().PeekMulti("line") {
		if name := string(raw); len(view.chosen) < chosenMost && slices.ContainsFunc(view.imported.Lines, func(l analytics.PastLine) bool { return l.Name == name }) {
			view.chosen = append(view.chosen, name)
		}
	}
	if len(view.chosen) == 0 {
		view.choose()
	}
	return view, nil
}

// choose takes the lines with the most values: those of departments first.
func (v *historyView) choose() {
	lines := slices.DeleteFunc(slices.Clone(v.imported.Lines), func(l analytics.PastLine) bool { return l.Everybody })
	weight := func(l analytics.PastLine) int {
		n := 0
		for _, p := range l.Points {
			if p.Shown() {
				n++
			}
		}
		if l.Department.ID != 0 {
			n += len(l.Points)
		}
		return n
	}
	slices.SortStableFunc(lines, func(a, b analytics.PastLine) int { return cmp.Compare(weight(b), weight(a)) })
	for _, l := range lines[:min(len(lines), 3)] {
		v.chosen = append(v.chosen, l.Name)
	}
}

// historyValue names a measure on a scale in addresses.
func historyValue(k history.Kept) string { return string(k.Scale) + "." + k.Measure }

func (v *historyView) query() url.Values {
	return url.Values{"measure": {historyValue(v.kept[v.at])}, "line": v.chosen}
}

func (v *historyView) styles() map[string]chart.Style {
	styles := map[string]chart.Style{}
	for i, name := range v.chosen {
		styles[name] = chart.Styles()[i]
	}
	return styles
}

func (s *Server) showHistory(c *fiber.Ctx) error { return s.showHistoryWith(c, nil) }

func (s *Server) showHistoryWith(c *fiber.Ctx, refusal surveys.Faults) error {
	view, err := s.historyView(c)
	if err != nil {
		return err
	}
	page := historyPage{frame: s.frame(c, "history_title", "history"), Empty: view.at < 0}
	page.CanImport = mayImport(page.User)
	p := &phrases{speech: page.speech}
	page.Faults = p.faults("history_fault_", refusal)
	page.Headline = p.say("history_none")
	if !page.Empty {
		page.show(p, view)
		if err := s.historyJoins(c, p, &page, view); err != nil {
			return err
		}
	}
	return s.finish(c, "staff/history", p, page)
}

// show puts the measure on the page.
func (page *historyPage) show(p *phrases, v *historyView) {
	k := v.kept[v.at]
	page.Measure = p.historyMeasure(k)
	page.Headline = p.say("history_headline", "Measure", page.Measure, "First", p.period(k.First), "Last", p.period(k.Last))
	for i, k := range v.kept {
		page.Measures = append(page.Measures, option{historyValue(k), p.historyMeasure(k), i == v.at})
	}
	page.Figure = p.historyFigure(page.frame, v)
	for _, at := range v.imported.Periods {
		page.Periods = append(page.Periods, p.period(at))
	}
	for _, l := range inOrder(v.imported.Lines) {
		row := p.pastRow(l)
		row.Style = slices.Index(v.chosen, l.Name) + 1
		others := slices.DeleteFunc(slices.Clone(l.Names), func(n string) bool { return history.Key(n) == history.Key(row.Name) })
		if len(others) > 0 {
			row.Names = p.say("history_as", "Names", p.allOf(others))
		}
		for _, past := range l.Points {
			page.Protected = page.Protected || past.Measured && !past.Shown()
		}
		page.Rows = append(page.Rows, row)
		if !l.Everybody {
			page.Lines = append(page.Lines, option{l.Name, l.Name, row.Style > 0})
		}
	}
	page.Chosen = p.shortList(v.chosen)
}

// historyFigure is the chart of the measure; without one, it has only its size.
func (p *phrases) historyFigure(f frame, v *historyView) figure {
	if v.at < 0 {
		return figure{speech: f.speech, Size: usual}
	}
	k := v.kept[v.at]
	measure, first, last := p.historyMeasure(k), p.period(k.First), p.period(k.Last)
	fig := f.figure("past", "/history/chart", v.query())
	fig.Title, fig.Note, fig.Table = measure, p.say("history_note_"+string(k.Scale)), "past-values"
	fig.Alt = p.say("history_alt", "Measure", measure, "First", first, "Last", last)
	fig.Of = p.say("history_of", "Span", p.say("figure_span", "First", first, "Last", last))
	return fig
}

func (p *phrases) pastRow(l analytics.PastLine) pastRow {
	row := pastRow{Name: l.Name}
	if l.Everybody {
		row.Name = p.say("trend_organisation")
	}
	for _, past := range l.Points {
		row.Values = append(row.Values, p.past(past))
	}
	return row
}

// inOrder are lines in the order of a table: the organisation, departments, and names that mean none.
func inOrder(lines []analytics.PastLine) []analytics.PastLine {
	lines = slices.Clone(lines)
	rank := func(l analytics.PastLine) int {
		switch {
		case l.Everybody:
			return 0
		case l.Department.ID != 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(lines, func(a, b analytics.PastLine) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(history.Key(a.Name), history.Key(b.Name)))
	})
	return lines
}

// past is an earlier result in a table: "41 · 230", the number of people where it is known.
func (p *phrases) past(past analytics.Past) string {
	switch {
	case !past.Measured:
		return ""
	case !past.Shown():
		return p.say("history_hidden")
	case past.N > 0:
		return p.say("history_value_n", "Value", whole(past.Value), "N", p.Number(past.N))
	}
	return whole(past.Value)
}

// pastPoint is an earlier result that is pointed at.
func (p *phrases) pastPoint(scale history.Scale) func(analytics.Past) string {
	return func(past analytics.Past) string {
		text := p.say("history_point_"+string(scale), "Value", whole(past.Value))
		switch {
		case past.N > 0:
			return text + p.count("history_point_n", past.N)
		case past.Parts > 1:
			return text + p.count("history_point_parts", past.Parts)
		}
		return text + p.say("history_point_unsized")
	}
}

func (p *phrases) historyMeasure(k history.Kept) string {
	name := k.Measure
	if key := history.Key(name); key == surveys.Openness || key == surveys.Engagement {
		name = p.measure(key)
	}
	return p.say("history_measure_"+string(k.Scale), "Measure", name)
}

// period writes when something was measured.
func (p *phrases) period(at history.Period) string {
	if day, ok := at.Day(); ok {
		text, err := p.Date(day)
		p.err = cmp.Or(p.err, err)
		return text
	}
	if year, quarter, ok := at.Quarter(); ok {
		return p.say("history_quarter", "Quarter", strconv.Itoa(quarter), "Year", strconv.Itoa(year))
	}
	if year, month, ok := strings.Cut(string(at), "-"); ok {
		return p.say("history_month", "Month", p.say("month_"+strings.TrimLeft(month, "0")), "Year", year)
	}
	return string(at)
}

// earlier is how what was imported is drawn.
func (p *phrases) earlier(im *analytics.Imported, styles map[string]chart.Style) *chart.Earlier {
	e := &chart.Earlier{Imported: im, Styles: styles, Describe: p.pastPoint(im.Scale), Everyone: p.say("trend_organisation")}
	for _, at := range im.Periods {
		e.Labels = append(e.Labels, p.period(at))
	}
	return e
}

func (s *Server) historyChart(c *fiber.Ctx) error {
	view, err := s.historyView(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "", "")
	p := &phrases{speech: f.speech}
	return s.chartAnswer(c, p.historyFigure(f, view), func() ([]byte, error) {
		look := chart.Look{}
		if view.at >= 0 {
			look.Earlier = p.earlier(view.imported, view.styles())
		}
		options, err := chart.Trend(&analytics.Trend{}, look)
		return options, cmp.Or(err, p.err)
	})
}
