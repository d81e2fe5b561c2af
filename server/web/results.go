package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// resultsPage is everything a wave measured: what it says in a sentence, every question in every department, and what
// each question and construct comes to.
type resultsPage struct {
	frame
	Crumb      string
	Headline   string
	Lead       []part
	Empty      bool           // there is no wave to show
	Waiting    surveys.WaveID // of a wave whose results wait for its closing, for the way to its participation
	TooFew     bool
	Filter     resultsFilter
	Charted    bool          // whether there is a chart
	Figures    template.HTML // all of the following, rendered
	Heat       *heatTable
	Constructs []resultTable
	Scales     *figure
	ScaleTable resultTable
	Recommend  []recommendLine
	Options    []optionTable
	Texts      []string // questions that were answered in words
	Comments   string   // address of the answers, for those who may read them
	Taken      []takenRow
	ByBand     bool
	Exports    string // where its files are
}

// resultsFilter is the form above results; each choice has an address of its own.
type resultsFilter struct {
	Waves, By          []option
	Departments, Bands []choice // those under which nothing is shown say so
}

// resultsView is a wave's results as the address asks for them and as its reader may see them.
type resultsView struct {
	*waveBook
	whole *analytics.WaveResults // as everybody may share them
	res   *analytics.WaveResults // what the reader may see of them
	texts texts
	order []int // of the units: the highest first, those that are hidden last
	names lists
}

type lists struct {
	departments []surveys.Department
	bands       []surveys.Band
}

// showResults leads to the newest wave whose results may be read, or to the one that its form asks for.
func (s *Server) showResults(c *fiber.Ctx) error {
	id, err := numberQuery(c, "wave")
	if err != nil {
		return err
	}
	if id == 0 {
		all, err := s.Results.Waves(c.UserContext(), 0)
		if err != nil {
			return err
		}
		newest := -1
		for i, w := range all {
			if w.Showing() {
				newest = i
			}
		}
		if newest < 0 {
			page := resultsPage{frame: s.frame(c, "results_title", "results"), Empty: true}
			return s.page(c, "staff/results", page)
		}
		id = int64(all[newest].ID)
	}
	return c.Redirect(resultsAddress(surveys.WaveID(id), "", filtersIn(c)), http.StatusSeeOther)
}

// filtersIn takes the filters of the form that go together: results by department are filtered by band, and the other way.
func filtersIn(c *fiber.Ctx) url.Values {
	q := url.Values{}
	other := "band"
	if utils.CopyString(c.Query("by")) == string(analytics.ByBand) {
		q.Set("by", string(analytics.ByBand))
		other = "department"
	}
	if value := utils.CopyString(c.Query(other)); value != "" {
		q.Set(other, value)
	}
	return q
}

func resultsAddress(wave surveys.WaveID, more string, q url.Values) string {
	address := fmt.Sprintf("/results/waves/%d%s", wave, more)
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// resultsOf reads the wave and the filters in the address.
func (s *Server) resultsOf(c *fiber.Ctx) (*resultsView, error) {
	id, err := idOf[surveys.WaveID](c, "wave")
	if err != nil {
		return nil, err
	}
	v, err := s.resultsView(c)
	if err != nil {
		return nil, err
	}
	ask, err := s.waveQuery(c, id, v)
	if err != nil {
		return nil, err
	}
	return v, v.read(c.UserContext(), ask)
}

// resultsView begins a view of the results of some wave.
func (s *Server) resultsView(c *fiber.Ctx) (*resultsView, error) {
	b, err := s.waveBook(c, "results_title")
	if err != nil {
		return nil, err
	}
	b.frame.Here = "results"
	v := &resultsView{waveBook: b}
	if v.names.departments, err = people.Departments(c.UserContext(), s.Store); err != nil {
		return nil, err
	}
	v.names.bands, err = people.Bands(c.UserContext(), s.Store)
	return v, err
}

// read fills the view with what its reader may see of the results.
func (v *resultsView) read(ctx context.Context, ask analytics.WaveQuery) error {
	res, err := v.server.Results.WaveResults(ctx, ask)
	if err != nil {
		return err
	}
	v.whole, v.res = res, res.Only(v.frame.User.Sees) // after the gate: what it hides for everybody stays hidden
	v.texts = textsOf(res.Wave.Questionnaire.Document, v.frame.Lang)
	v.order = v.sorted()
	return nil
}

func (s *Server) waveQuery(c *fiber.Ctx, id surveys.WaveID, v *resultsView) (ask analytics.WaveQuery, err error) {
	ask = analytics.WaveQuery{Wave: id, By: analytics.By(utils.CopyString(c.Query("by", string(analytics.ByDepartment))))}
	if ask.By != analytics.ByDepartment && ask.By != analytics.ByBand {
		return ask, badQuery("by", "choice", "must be department or band")
	}
	if ask.Band, err = s.bandQuery(c); err != nil {
		return ask, err
	}
	if ask.Department, err = s.departmentQuery(c); err != nil {
		return ask, err
	}
	user := v.frame.User
	if ask.By == analytics.ByBand && ask.Department == 0 && user.Limited {
		// Beside the whole somebody limited is shown their own departments only, so their bands are those of one of them.
		if i := slices.IndexFunc(v.names.departments, func(d surveys.Department) bool { return user.Sees(d.ID) }); i >= 0 {
			ask.Department = v.names.departments[i].ID
		}
	}
	if ask.Department != 0 && !user.Sees(ask.Department) || ask.By == analytics.ByBand && ask.Department == 0 && user.Limited {
		return ask, notYours()
	}
	return ask, nil
}

// sorted puts the units in the order of what the wave is mainly about.
func (v *resultsView) sorted() []int {
	order := make([]int, len(v.res.Units))
	for i := range order {
		order[i] = i
	}
	if v.res.Ask.By == analytics.ByBand || len(v.res.Measures) == 0 {
		return order // bands have an order of their own
	}
	first := v.res.Measures[0]
	level := func(i int) float64 {
		if !first.Units[i].Shown() {
			return -1
		}
		return first.Units[i].Mean
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := level(a), level(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return order
}

// query is the filters of the view, for the addresses of what belongs to it.
func (v *resultsView) query() url.Values {
	q := url.Values{}
	if v.res.Ask.By == analytics.ByBand {
		q.Set("by", string(analytics.ByBand))
	}
	if id := v.res.Ask.Department; id != 0 {
		q.Set("department", strconv.FormatInt(int64(id), 10))
	}
	if id := v.res.Ask.Band; id != 0 {
		q.Set("band", strconv.FormatInt(int64(id), 10))
	}
	return q
}

func (v *resultsView) address(more string) string {
	return resultsAddress(v.res.Wave.ID, more, v.query())
}

func (s *Server) showWaveResults(c *fiber.Ctx) error {
	v, err := s.resultsOf(c)
	if err != nil {
		return err
	}
	page := resultsPage{frame: v.frame, Crumb: v.crumb(), ByBand: v.res.Ask.By == analytics.ByBand,
		Exports: fmt.Sprintf("/exports?wave=%d", v.res.Wave.ID)}
	finding := v.res.Finding()
	page.Headline, page.Lead = v.headline(finding), v.lead(finding)
	if page.Filter, err = v.filter(c); err != nil {
		return err
	}
	switch finding.Kind {
	case analytics.StillOpen:
		page.Waiting = v.res.Wave.ID
		terms, err := waves.TermsOf(s.Store.Read(c.UserContext()), v.res.Wave.ID)
		if err != nil {
			return err
		}
		page.Headline = v.waiting(terms)
		return s.finish(c, "staff/results", &v.phrases, page)
	case analytics.TooFewAll:
		page.TooFew = true
	default:
		page.Charted = len(v.scales()) > 0
	}
	if page.Figures, err = v.figures(page); err != nil {
		return err
	}
	return s.finish(c, "staff/results", &v.phrases, page)
}

// figures is the tables of the page. Those of closed waves are kept for readers who may see all departments: writing them
// takes longer than all the rest.
func (v *resultsView) figures(page resultsPage) (template.HTML, error) {
	const name = "results-figures"
	key := renderingKey{v.whole, name, v.frame.Lang, v.frame.May(string(accounts.ReadComments))}
	keeps := v.whole.Lasting() && !v.frame.User.Limited
	if html, ok := v.server.renderings.get(key); ok && keeps {
		return html, nil
	}
	if !page.TooFew {
		v.fill(&page)
	}
	page.Taken = v.taken()
	if v.err != nil {
		return "", v.err
	}
	html, err := v.server.views.part("staff/results", name, page)
	if err == nil && keeps {
		v.server.renderings.put(key, html)
	}
	return html, err
}

func (v *resultsView) fill(page *resultsPage) {
	heat := v.heat()
	page.Heat = &heat
	for i := range v.res.Measures {
		m := &v.res.Measures[i]
		switch {
		case m.Question == nil:
			page.Constructs = append(page.Constructs, v.unitTable(m, fmt.Sprintf("construct-%d", i)))
		case m.Question.Kind == surveys.Recommend:
			page.Recommend = append(page.Recommend, v.recommendLine(m))
		case !m.Question.Scored():
			page.Options = append(page.Options, v.optionTable(m, fmt.Sprintf("options-%d", i)))
		}
	}
	page.ScaleTable = v.scaleTable()
	if len(page.ScaleTable.Rows) > 0 {
		page.Scales = v.answersFigure(len(page.ScaleTable.Rows))
		page.Scales.Table = page.ScaleTable.ID
	}
	if w := v.res.Wave; w.State == surveys.Closed && v.frame.May(string(accounts.ReadComments)) {
		page.Comments = fmt.Sprintf("/comments?survey=%d&wave=%d", w.Survey, w.ID)
	}
	for i := range v.texts.doc.Questions {
		if q := &v.texts.doc.Questions[i]; q.Kind == surveys.Text {
			page.Texts = append(page.Texts, v.texts.text(q))
		}
	}
}

// fileName names a chart's files after the wave.
func (v *resultsView) fileName(what string) string {
	return fmt.Sprintf("wave-%d-%s", v.res.Wave.ID, what)
}

// filter offers the waves of all surveys, how to break results down, and one filter.
func (v *resultsView) filter(c *fiber.Ctx) (f resultsFilter, err error) {
	all, err := v.server.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return f, err
	}
	ask := v.res.Ask
	for _, w := range slices.Backward(all) {
		if w.Showing() || w.ID == ask.Wave {
			text := v.say("results_wave_of", "Wave", w.Label, "Survey", v.titled(w.Questionnaire.Document).Text)
			f.Waves = append(f.Waves, option{fmt.Sprint(w.ID), text, w.ID == ask.Wave})
		}
	}
	for _, by := range []analytics.By{analytics.ByDepartment, analytics.ByBand} {
		f.By = append(f.By, option{string(by), v.say("results_by_" + string(by)), by == ask.By})
	}
	waiting := !v.res.Wave.Showing() // everything is hidden then, for another reason
	if ask.By == analytics.ByBand {
		for _, d := range v.names.departments {
			if v.frame.User.Sees(d.ID) {
				o := option{fmt.Sprint(d.ID), d.Name, d.ID == ask.Department}
				f.Departments = append(f.Departments, o.unless(waiting || slices.Contains(v.res.Filters.Departments, d.ID), v.say("trend_too_few")))
			}
		}
		return f, nil
	}
	for _, b := range v.names.bands {
		o := option{fmt.Sprint(b.ID), b.Name, b.ID == ask.Band}
		f.Bands = append(f.Bands, o.unless(waiting || slices.Contains(v.res.Filters.Bands, b.ID), v.say("trend_too_few")))
	}
	return f, nil
}
