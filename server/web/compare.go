package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
)

// comparisonPage holds two groups, or a group in two waves, against each other.
type comparisonPage struct {
	frame
	Crumb    string
	Headline []part
	Lead     string
	Warned   []alikeRows
	State    string // "none", "overlap" or "few" instead of figures
	Waves    []option
	Groups   []choiceGroup
	With     []choiceGroup
	Figure   *figure
	Versus   *versusTable
	Options  []versusOptions
}

// choiceGroup is some choices of a list under a heading.
type choiceGroup struct {
	Label   string
	Choices []choice
}

// What a comparison is with, beside groups and waves.
const (
	wholeOrganisation = "everyone" // all who answered
	allOthers         = "others"   // all who answered without the group
)

// comparison is two groups as the address asks for them, and as its reader may see them.
type comparison struct {
	*resultsView
	departments *analytics.WaveResults
	bands       *analytics.WaveResults // nil for those who may see some departments only
	showing     []analytics.Wave
	group, with string
	a, b        string // what both are called
	list        []analytics.Difference
	warned      alikes // about who answered, of both
	overlap     bool   // the two have people in common, or are the same
}

// compareOf reads the address: a wave, a group of it, and what the group is held against. Without a wave it is the newest.
func (s *Server) compareOf(c *fiber.Ctx) (*comparison, error) {
	b, err := s.waveBook(c, "compare_title")
	if err != nil {
		return nil, err
	}
	b.frame.Here = "compare"
	v := &comparison{resultsView: &resultsView{waveBook: b}, group: utils.CopyString(c.Query("group")), with: utils.CopyString(c.Query("with"))}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return nil, err
	}
	v.showing = slices.DeleteFunc(all, func(w analytics.Wave) bool { return !w.Showing() })
	id, err := numberQuery(c, "wave")
	switch {
	case err != nil:
		return nil, err
	case len(v.showing) == 0 && id == 0:
		return v, nil
	case id == 0:
		id = int64(v.newest().ID)
	}
	if err := v.read(c.UserContext(), surveys.WaveID(id)); err != nil {
		return nil, err
	}
	return v, v.compare(c.UserContext())
}

// newest is the last wave that measured openness, or else the last.
func (v *comparison) newest() analytics.Wave {
	ask := analytics.TrendQuery{Construct: surveys.Openness}
	for _, w := range slices.Backward(v.showing) {
		if ask.MeasuredBy(w) {
			return w
		}
	}
	return v.showing[len(v.showing)-1]
}

// read reads the results of the wave, by department and for those who may see all of them by band.
func (v *comparison) read(ctx context.Context, id surveys.WaveID) (err error) {
	if !slices.ContainsFunc(v.showing, func(w analytics.Wave) bool { return w.ID == id }) {
		return badQuery("wave", "unknown", "must be a wave whose results may be read")
	}
	if v.names.departments, err = people.Departments(ctx, v.server.Store); err != nil {
		return err
	}
	if v.departments, err = v.resultsBy(ctx, id, analytics.ByDepartment); err != nil {
		return err
	}
	if !v.frame.User.Limited {
		if v.bands, err = v.resultsBy(ctx, id, analytics.ByBand); err != nil {
			return err
		}
	}
	v.res = v.departments
	v.texts = textsOf(v.res.Wave.Questionnaire.Document, v.frame.Lang)
	return nil
}

func (v *comparison) resultsBy(ctx context.Context, id surveys.WaveID, by analytics.By) (*analytics.WaveResults, error) {
	res, err := v.server.Results.WaveResults(ctx, analytics.WaveQuery{Wave: id, By: by})
	if err != nil {
		return nil, err
	}
	return res.Only(v.frame.User.Sees), nil
}

// compare finds what both names of the address stand for, and compares them.
func (v *comparison) compare(ctx context.Context) error {
	if v.group == "" {
		v.group = v.first()
	}
	if v.with == "" {
		v.with = allOthers
	}
	unit, err := v.find("group", v.group)
	if err != nil {
		return err
	}
	v.a = v.nameOf(unit)
	v.warn(v.res, unit, v.a)
	if wave, ok := strings.CutPrefix(v.with, "wave-"); ok {
		return v.compareWaves(ctx, unit, wave)
	}
	switch other, err := v.find("with", v.with); {
	case v.with == allOthers:
		v.b = v.say("compare_others")
		if v.overlap = unit < 0; !v.overlap {
			v.list = v.res.Elsewhere(unit)
		}
	case err != nil:
		return err
	default:
		kind, _, _ := strings.Cut(v.with, "-")
		v.b = v.nameIn(v.of(v.with), other)
		v.warn(v.of(v.with), other, v.b)
		if v.overlap = unit < 0 || other < 0 || unit == other || !strings.HasPrefix(v.group, kind); !v.overlap {
			v.list = v.res.Between(unit, other)
		}
	}
	return nil
}

func (v *comparison) compareWaves(ctx context.Context, unit int, wave string) error {
	at := slices.IndexFunc(v.showing, func(w analytics.Wave) bool {
		return idText(int64(w.ID)) == wave && w.Survey == v.res.Wave.Survey
	})
	if at < 0 {
		return badQuery("with", "unknown", "must be a wave of the same survey whose results may be read")
	}
	v.b = v.showing[at].Label
	if v.overlap = v.showing[at].ID == v.res.Wave.ID; v.overlap {
		return nil
	}
	other, err := v.resultsBy(ctx, v.showing[at].ID, v.res.Ask.By)
	if err != nil {
		return err
	}
	v.list = v.res.Since(other, unit)
	same := func(u analytics.Unit) bool { return unit >= 0 && groupOf(u) == groupOf(v.res.Units[unit]) }
	if then := slices.IndexFunc(other.Units, same); then >= 0 || unit < 0 {
		v.warn(other, then, v.a+", "+v.b)
	}
	return nil
}

// warn notes what is to be borne in mind about who answered of a unit; -1 is everyone.
func (v *comparison) warn(res *analytics.WaveResults, unit int, name string) {
	taken := res.TakenAll
	if unit >= 0 {
		taken = res.Taken[unit]
	}
	v.warned.say(name, v.warnings(taken)...)
}

// first is the department that is compared where the address names none: the first that is shown.
func (v *comparison) first() string {
	for i, u := range v.departments.Units {
		if len(v.res.Measures) > 0 && v.res.Measures[0].Units[i].Shown() {
			return groupOf(u)
		}
	}
	return wholeOrganisation
}

// of are the results that a group is found in.
func (v *comparison) of(group string) *analytics.WaveResults {
	if strings.HasPrefix(group, "band-") && v.bands != nil {
		return v.bands
	}
	return v.departments
}

// find is the place of a group among the units of its results, -1 for everyone; the group that is compared decides whose
// results they are.
func (v *comparison) find(parameter, group string) (int, error) {
	res := v.of(group)
	if parameter == "group" {
		v.res = res
	}
	if group == wholeOrganisation || group == allOthers && parameter == "with" {
		return -1, nil
	}
	at := slices.IndexFunc(res.Units, func(u analytics.Unit) bool { return groupOf(u) == group })
	if at < 0 {
		if v.frame.User.Limited {
			return 0, notYours()
		}
		return 0, badQuery(parameter, "unknown", "must be a department or band of the wave")
	}
	return at, nil
}

func (v *comparison) nameOf(unit int) string { return v.nameIn(v.res, unit) }

func (v *comparison) nameIn(res *analytics.WaveResults, unit int) string {
	if unit < 0 {
		return v.say("compare_everyone")
	}
	return unitName(res.Units[unit])
}

// groupOf is a group in the address of a comparison.
func groupOf(u analytics.Unit) string {
	if u.Band.ID != 0 {
		return "band-" + idText(int64(u.Band.ID))
	}
	return "department-" + idText(int64(u.Department.ID))
}

func (v *comparison) query() url.Values {
	return url.Values{"wave": {idText(int64(v.res.Wave.ID))}, "group": {v.group}, "with": {v.with}}
}

func (s *Server) showComparison(c *fiber.Ctx) error {
	v, err := s.compareOf(c)
	if err != nil {
		return err
	}
	page := comparisonPage{frame: v.frame}
	if v.res == nil {
		page.State, page.Headline = "none", []part{{Text: v.say("results_empty")}}
		return s.finish(c, "staff/compare", &v.phrases, page)
	}
	page.Crumb = v.titled(v.texts.doc).Text + " · " + v.res.Wave.Label
	v.offer(&page)
	v.headComparison(&page)
	if page.State == "" {
		v.fillComparison(&page)
	}
	return s.finish(c, "staff/compare", &v.phrases, page)
}

func (v *comparison) fillComparison(page *comparisonPage) {
	a, b := v.sides()
	page.Warned = v.warned.rows()
	versus := v.versusTable(v.list, a, b)
	versus.Title = v.say("compare_table")
	page.Versus, page.Options = &versus, v.versusOptions(v.list, versus.A, versus.B)
	if rows := v.differenceRows(); len(rows) > 0 {
		page.Figure = v.comparisonFigure(len(rows))
	}
}

// sides are what the two groups are called in a chart or table of their differences.
func (v *comparison) sides() (a, b string) {
	a, b = v.a, v.b
	switch {
	case strings.HasPrefix(v.with, "wave-"):
		a = v.res.Wave.Label
	case v.with == allOthers:
		b = v.say("versus_others")
	}
	return a, b
}

func (v *comparison) comparisonFigure(rows int) *figure {
	a, _ := v.sides()
	f := v.frame.figure("differences", "/compare/chart", v.query())
	f.Title, f.Note = v.say("compare_chart", "A", a, "B", v.b), v.say("compare_chart_note", "A", a, "B", v.b)
	f.Alt, f.Table, f.Name, f.Size = v.say("compare_chart_alt"), versusID, "comparison", chart.BarsSize(rows)
	f.Of = v.titled(v.texts.doc).Text + " · " + v.res.Wave.Label
	if strings.HasPrefix(v.with, "wave-") {
		f.Of = v.titled(v.texts.doc).Text + " · " + v.a
	}
	return &f
}

// differenceRows are what could be tested.
func (v *comparison) differenceRows() (rows []chart.DifferenceRow) {
	for _, d := range v.list {
		if d.Between.Verdict == stats.NotComparable {
			continue
		}
		difference, interval, judged := v.between(d.Between)
		rows = append(rows, chart.DifferenceRow{Name: v.labelled(d.Measure), Value: d.Between.Difference, Low: d.Between.Low, High: d.Between.High,
			Verdict: d.Between.Verdict, End: difference, Tip: v.say("compare_tip", "Difference", difference, "Range", interval, "Verdict", judged.Text)})
	}
	return rows
}

// comparisonChart draws the differences.
func (s *Server) comparisonChart(c *fiber.Ctx) error {
	v, err := s.compareOf(c)
	if err != nil {
		return err
	}
	rows := v.differenceRows()
	if len(rows) == 0 {
		return noChart()
	}
	return s.chartAnswer(c, *v.comparisonFigure(len(rows)), func() ([]byte, error) {
		options, err := chart.Differences(rows)
		return options, cmp.Or(err, v.err)
	})
}
