package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/packs"
	"soundings/surveys/waves"
)

// packPage is a planning pack: what a meeting has to know, in the figures of the day it was made.
type packPage struct {
	frame
	Pack      packs.Pack
	Meeting   string
	Made      string
	Damaged   string // the checksum that the document has now, where that is another
	Whole     bool   // all of its departments are shown, so that its file may be taken
	Changes   []packChange
	Sentences []packSentence
	Waves     []packWaveRow
	Moved     string // which waves say something else today
	Parts     []packPart
	Sheets    []packSheet
	Limited   bool
}

type packChange struct{ Href, Title, Lang, Stage, Concerned, Credit string }

type packSentence struct{ Department, Anchor, Text string }

// packWaveRow reconciles a wave of the pack with the screen.
type packWaveRow struct {
	Href, Workbook, Wave, Survey, Closed, Answered, Minimum, Hidden, Today string
}

// packPart is a wave as all departments of the pack answered it.
type packPart struct {
	Heading string
	Figure  *figure
	Table   *resultTable
	Earlier *earlierTable // nil where the figure begins with the first wave
}

// packSheet is the page of a department.
type packSheet struct {
	Name     string
	Anchor   string
	Sentence string
	Briefs   []briefSheet
	Changes  *resultTable
	Parts    []packSheetPart
	Quotes   *packQuotes
}

type packSheetPart struct {
	Heading    string
	Answered   string
	Warnings   []string
	Constructs *resultTable
	Strongest  []packItem
	Weakest    []packItem
	Options    []optionTable
	Hidden     string // why nothing of the wave is shown for the department
}

// packItem is a question with what the department and everyone say of it.
type packItem struct {
	Text, Mean, Detail, Everyone string
	Cell                         int
}

// packBook writes the page of a pack.
type packBook struct {
	*waveBook
	kept  packs.Pack
	pack  *analytics.Pack
	views []*resultsView // of the parts
}

// packOf reads the pack of the address as somebody may see it; damaged is the sum of a document that is no longer what was
// written, of which nothing is shown.
func (s *Server) packOf(c *fiber.Ctx) (b *packBook, damaged string, err error) {
	id, err := pathID(c, "pack")
	if err != nil {
		return nil, "", err
	}
	kept, document, err := packs.ByID(c.UserContext(), s.Store, packs.ID(id))
	if err != nil {
		return nil, "", err
	}
	book, err := s.waveBook(c, "packs_title")
	if err != nil {
		return nil, "", err
	}
	book.frame.Here = "packs"
	if !maySee(book.frame.User, kept) {
		return nil, "", notYours()
	}
	b = &packBook{waveBook: book, kept: kept}
	if sum := packs.Sum(document); sum != kept.Checksum {
		return b, sum, nil
	}
	whole, err := analytics.ReadPack(document)
	if err != nil {
		return nil, "", err
	}
	if err := s.nameIdeas(c.UserContext(), whole); err != nil {
		return nil, "", err
	}
	b.pack = whole.Only(book.frame.User.Sees)
	for _, part := range b.pack.Parts {
		v := &resultsView{waveBook: book, res: part.Results, texts: textsOf(part.Results.Wave.Questionnaire.Document, book.frame.Lang), names: lists{bands: b.pack.Bands}}
		v.order = v.sorted()
		b.views = append(b.views, v)
	}
	return b, "", nil
}

func (s *Server) showPack(c *fiber.Ctx) error {
	b, damaged, err := s.packOf(c)
	if err != nil {
		return err
	}
	page := packPage{frame: b.frame, Pack: b.kept, Damaged: damaged, Made: b.packMade(b.kept, b.frame), Meeting: b.date(b.kept.Meeting.Time()), Limited: b.frame.User.Limited}
	if damaged != "" {
		return s.finish(c, "staff/pack", &b.phrases, page)
	}
	page.Whole = len(b.pack.Departments) == len(b.kept.Departments)
	today, err := s.Results.Pack(c.UserContext(), b.pack.Again())
	if err != nil {
		return err
	}
	moved, err := b.pack.Moved(today)
	if err != nil {
		return err
	}
	if page.Changes, err = s.packChanges(c, b); err != nil {
		return err
	}
	page.Waves, page.Moved = b.reconciled(moved)
	for i := range b.pack.Parts {
		page.Parts = append(page.Parts, b.part(i))
	}
	said, err := b.quotes(c.UserContext(), s.Quotes)
	if err != nil {
		return err
	}
	for _, d := range b.pack.Departments {
		sheet := b.sheet(d)
		sheet.Quotes, sheet.Briefs = said[d.ID], b.briefs(d.ID)
		page.Sentences = append(page.Sentences, packSentence{d.Name, sheet.Anchor, sheet.Sentence})
		page.Sheets = append(page.Sheets, sheet)
	}
	return s.finish(c, "staff/pack", &b.phrases, page)
}

func (s *Server) packChanges(c *fiber.Ctx, b *packBook) (lines []packChange, err error) {
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	for i := range b.pack.Changes {
		change := &b.pack.Changes[i]
		if !mayRead(b.frame.User, change) {
			continue
		}
		text, lang := change.In(b.Spoken)
		lines = append(lines, packChange{changeAddress(change.ID), text.Title, lang, b.stage(change.Now().Stage), b.concerned(change, names), b.credit(b.pack.Suggested[change.ID], ideas.Credit{})})
	}
	return lines, nil
}

// reconciled tells how many answered each wave, what is hidden, and whether the pages say the same today.
func (b *packBook) reconciled(moved []surveys.WaveID) (rows []packWaveRow, told string) {
	var names []string
	for _, v := range b.views {
		w := v.res.Wave
		hidden, of := v.res.Concealed()
		row := packWaveRow{Href: resultsAddress(w.ID, "", nil), Workbook: fmt.Sprintf("%s/waves/%d/results.xlsx", packAddress(b.kept.ID), w.ID), Wave: w.Label, Survey: v.titled(v.texts.doc).Text, Closed: b.day(waves.LocalOf(w.Closed, b.zone)),
			Answered: cmp.Or(v.answered(v.res.TakenAll), b.say("trend_hidden")), Minimum: b.Number(w.Questionnaire.Document.SmallestGroup()),
			Hidden: b.say("pack_hidden_of", "Hidden", b.Number(hidden), "All", b.Number(of)), Today: b.say("pack_today_same")}
		if slices.Contains(moved, w.ID) {
			row.Today = b.say("pack_today_other")
			names = append(names, w.Label)
		}
		rows = append(rows, row)
	}
	if len(names) > 0 {
		told = b.say("pack_moved", "Waves", b.both(names))
	}
	return rows, told
}

func (b *packBook) part(i int) packPart {
	v, part := b.views[i], b.pack.Parts[i]
	p := packPart{Heading: v.heading()}
	about := part.About()
	if about == nil {
		return p
	}
	table := v.unitTable(about, fmt.Sprintf("standings-%d", v.res.Wave.ID))
	p.Table = &table
	if len(part.Trend.Waves) < 2 && part.Beginning == nil {
		return p // a line needs two points
	}
	f := b.trendFigure(v, part)
	f.Table, p.Figure = table.ID, &f
	if p.Earlier = b.earlierTable(b.timeline(part)); p.Earlier != nil {
		p.Earlier.ID = fmt.Sprintf("earlier-%d", v.res.Wave.ID)
	}
	return p
}

// trendFigure is the chart of a part's frozen trend.
func (b *packBook) trendFigure(v *resultsView, part analytics.PackPart) figure {
	f := b.frame.figure(fmt.Sprintf("trend-%d", v.res.Wave.ID), fmt.Sprintf("%s/waves/%d/trend", packAddress(b.kept.ID), v.res.Wave.ID), nil)
	measure := v.title(part.About())
	f.Title, f.Note = b.say("trend_chart", "Measure", measure), b.say("trend_chart_sub")+b.marksNote(b.timeline(part), packStyles(part.Trend))+b.earlierNote(b.timeline(part))
	f.Alt = b.count("trend_chart_label", len(part.Trend.Waves), "Measure", measure)
	f.Name = fmt.Sprintf("pack-%d-wave-%d-trend", b.kept.ID, v.res.Wave.ID)
	f.Of = strings.Join(append([]string{b.kept.Title}, b.spanOf(part.Trend, part.Trend.Waves, v.res.Wave.Survey)...), " · ")
	return f
}

// timeline is what is frozen of a part's trend beside its figures.
func (b *packBook) timeline(part analytics.PackPart) timeline {
	return timeline{part.Beginning, placed(part.Trend, slices.Clone(b.pack.Marks))}
}

// heading names a wave in a pack.
func (v *resultsView) heading() string {
	return v.say("results_wave_of", "Wave", v.res.Wave.Label, "Survey", v.titled(v.texts.doc).Text)
}

// sheet is the page of one department.
func (b *packBook) sheet(d surveys.Department) packSheet {
	sheet := packSheet{Name: d.Name, Anchor: fmt.Sprintf("department-%d", d.ID), Sentence: b.sentence(d.ID)}
	for at, v := range b.views {
		unit := slices.IndexFunc(v.res.Units, func(u analytics.Unit) bool { return u.Department.ID == d.ID })
		if unit < 0 {
			continue
		}
		sheet.Parts = append(sheet.Parts, v.sheetPart(unit, fmt.Sprintf("%s-%d", sheet.Anchor, at)))
	}
	table := resultTable{speech: b.speech, ID: sheet.Anchor + "-changes", Title: b.say("pack_openness_title", "Department", d.Name), First: b.say("pack_change"), OfQuestions: true}
	for i := range b.pack.Changes {
		if row, ok := b.opennessTo(&b.pack.Changes[i], d.ID); ok {
			table.Rows = append(table.Rows, row)
		}
	}
	if len(table.Rows) > 0 {
		sheet.Changes = &table
	}
	return sheet
}

// opennessTo is how open a department is to a change that concerns it.
func (b *packBook) opennessTo(change *changes.Change, d surveys.DepartmentID) (row resultRow, ok bool) {
	if !change.Concerns(d) {
		return row, false
	}
	part, ok := b.pack.On(change.Name)
	if !ok {
		return row, false
	}
	at := slices.IndexFunc(b.pack.Parts, func(other analytics.PackPart) bool { return other.Results == part.Results })
	unit := slices.IndexFunc(part.Results.Units, func(u analytics.Unit) bool { return u.Department.ID == d })
	if unit < 0 {
		return row, false
	}
	text, _ := change.In(b.Spoken)
	about := part.About()
	return b.views[at].resultRow(about, b.say("pack_change_in", "Change", text.Title, "Wave", part.Results.Wave.Label), about.Units[unit]), true
}

// sentence says where a department stands in openness, or, where the pack has none of it, in what its newest wave is about.
func (b *packBook) sentence(d surveys.DepartmentID) string {
	told := ""
	for i, part := range slices.Backward(b.pack.Parts) {
		about := part.About()
		unit := slices.IndexFunc(part.Results.Units, func(u analytics.Unit) bool { return u.Department.ID == d })
		if about == nil || unit < 0 || told != "" && about.Construct != surveys.Openness {
			continue
		}
		told = b.views[i].stands(about, about.Units[unit])
		if about.Construct == surveys.Openness {
			return told
		}
	}
	return cmp.Or(told, b.say("pack_says_nothing"))
}

func (v *resultsView) stands(m *analytics.Measured, t analytics.Told) string {
	if !t.Shown() {
		text, reason := v.hiddenCell(t.Group)
		return v.say("pack_says_hidden", "Measure", v.title(m), "Figure", text, "Reason", reason)
	}
	key := "pack_says"
	switch t.Change.Verdict {
	case stats.ClearlyUp:
		key = "pack_says_up"
	case stats.ClearlyDown:
		key = "pack_says_down"
	case stats.NoClearChange:
		key = "pack_says_still"
	}
	pairs := []any{"Measure", v.title(m), "Mean", v.pointedAt(t.Group)}
	if v.res.Before != nil {
		pairs = append(pairs, "Since", v.res.Before.Label, "Points", signed(t.Change.Difference))
	}
	return v.say(key, pairs...)
}

func (v *resultsView) sheetPart(unit int, id string) packSheetPart {
	taken := v.res.Taken[unit]
	part := packSheetPart{Heading: v.heading(), Answered: v.answered(taken), Warnings: v.warnings(taken)}
	told := func(m analytics.Measured) bool { return m.Units[unit].Level != disclosure.Hidden }
	if len(v.res.Measures) > 0 && !slices.ContainsFunc(v.res.Measures, told) {
		part.Hidden = v.hidden(v.res.Measures[0].Units[unit].Reason)
		return part
	}
	table := resultTable{speech: v.speech, ID: id + "-constructs", Title: v.ofUnit(v.say("pack_constructs"), unit), First: v.say("pack_measure"), OfQuestions: true}
	for i := range v.res.Measures {
		m := &v.res.Measures[i]
		switch {
		case m.Question == nil:
			table.Rows = append(table.Rows, v.resultRow(m, v.title(m), m.Units[unit]))
		case !m.Question.Scored():
			options := v.optionsOf(m, m.Units[unit], fmt.Sprintf("%s-options-%d", id, i))
			options.Title = v.ofUnit(options.Title, unit)
			part.Options = append(part.Options, options)
		}
	}
	if len(table.Rows) > 0 {
		table.Note = strings.TrimSpace(v.compared(&v.res.Measures[0]))
		part.Constructs = &table
	}
	strongest, weakest := v.res.Extremes(unit)
	part.Strongest, part.Weakest = v.items(strongest, unit), v.items(weakest, unit)
	return part
}

// ofUnit names a table of one department, as there are others like it on the page.
func (v *resultsView) ofUnit(what string, unit int) string {
	return v.say("pack_of", "What", what, "Department", unitName(v.res.Units[unit]), "Wave", v.res.Wave.Label)
}

func (v *resultsView) items(list []*analytics.Measured, unit int) (items []packItem) {
	for _, m := range list {
		g := m.Units[unit].Group
		item := packItem{Text: v.labelled(m), Mean: whole(g.Mean), Detail: v.pointedAt(g), Cell: chart.Class(g.Mean)}
		if m.Total.Shown() {
			item.Everyone = v.say("pack_everyone", "Mean", v.pointedAt(m.Total.Group))
		}
		items = append(items, item)
	}
	return items
}
