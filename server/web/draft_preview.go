package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/people"
)

// previewPage is the frame around a preview: who is looking, and how wide.
type previewPage struct {
	frame
	ID          drafts.ID
	Heading     string
	Departments []draftOption
	Bands       []draftOption
	Languages   []draftOption
	Source      string // address of the form
	Faults      []faultLine
}

// previewFaults stands in the place of a form that cannot be served yet.
type previewFaults struct {
	frame
	Faults []faultLine
}

// viewer is as whom a draft is looked at. Zero means somebody who says so in the form.
type viewer struct {
	department surveys.DepartmentID
	band       surveys.BandID
	lang       string
}

func viewerOf(c *fiber.Ctx, doc *surveys.Document) viewer {
	v := viewer{department: surveys.DepartmentID(c.QueryInt("department")), band: surveys.BandID(c.QueryInt("band")), lang: doc.Language}
	if lang := utils.CopyString(c.Query("lang")); slices.Contains(doc.Languages(), lang) {
		v.lang = lang
	}
	return v
}

// showPreview shows the form at the width of a phone, with a choice of who is looking.
func (s *Server) showPreview(c *fiber.Ctx) error {
	d, err := s.draftOf(c)
	if err != nil {
		return err
	}
	doc := d.Publishable()
	v := viewerOf(c, &doc)
	page := &previewPage{frame: s.frame(c, "draft_preview_title", "surveys"), ID: d.ID, Heading: doc.Title}
	b := newDraftBuilder(page.speech, s.words.in(page.Spoken), d, true)
	page.Faults = b.lines
	if page.Heading == "" {
		page.Heading = b.say("draft_untitled")
	}
	departments, err := people.Offered(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	bands, err := people.Bands(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	page.Departments = []draftOption{{Value: "", Text: b.say("draft_preview_any")}}
	for _, department := range departments {
		page.Departments = append(page.Departments, draftOption{strconv.FormatInt(int64(department.ID), 10), department.Name, department.ID == v.department})
	}
	page.Bands = []draftOption{{Value: "", Text: b.say("draft_preview_any")}}
	for _, band := range bands {
		page.Bands = append(page.Bands, draftOption{strconv.FormatInt(int64(band.ID), 10), band.Name, band.ID == v.band})
	}
	for _, lang := range doc.Languages() {
		page.Languages = append(page.Languages, draftOption{lang, b.languageName(lang), lang == v.lang})
	}
	query := url.Values{"lang": {v.lang}, "department": {strconv.FormatInt(int64(v.department), 10)}, "band": {strconv.FormatInt(int64(v.band), 10)}}
	page.Source = draftAddress(d.ID) + "/preview/form?" + query.Encode()
	if b.err != nil {
		return b.err
	}
	return s.page(c, "staff/draft_preview", page)
}

// showPreviewForm is the document inside the frame: what respondents would be served, made by what serves them.
func (s *Server) showPreviewForm(c *fiber.Ctx) error {
	d, err := s.draftOf(c)
	if err != nil {
		return err
	}
	framedBySelf(c)
	if faults := d.Faults(); len(faults) > 0 {
		f := s.frame(c, "draft_preview_title", "")
		b := newDraftBuilder(f.speech, s.words.in(f.Spoken), d, true)
		if b.err != nil {
			return b.err
		}
		return s.page(c, "staff/draft_preview_faults", previewFaults{f, b.lines})
	}
	doc := d.Publishable()
	l, form, err := s.previewed(c, &doc)
	if err != nil {
		return err
	}
	page, err := s.formPage(l, viewerOf(c, &doc).lang, form, nil)
	if err != nil {
		return err
	}
	for i := range page.Switch { // another language keeps who is looking
		page.Switch[i].Href += "&department=" + strconv.Itoa(c.QueryInt("department")) + "&band=" + strconv.Itoa(c.QueryInt("band"))
	}
	f := s.frame(c, "", "")
	note, err := f.T("draft_preview_unsent")
	if err != nil {
		return err
	}
	page.Preview = &previewNote{f.Spoken, note}
	return s.page(c, "answer/form", page)
}

// previewed makes what a link would lead to. The level cannot be fixed by a link, so it is filled in.
func (s *Server) previewed(c *fiber.Ctx, doc *surveys.Document) (*linked, surveys.Form, error) {
	v := viewerOf(c, doc)
	departments, err := people.Offered(c.UserContext(), s.Store)
	if err != nil {
		return nil, nil, err
	}
	l := &linked{questionnaire: &surveys.Questionnaire{Document: doc}, languages: newLanguages(doc.Languages())}
	if l.audience.Bands, err = people.Bands(c.UserContext(), s.Store); err != nil {
		return nil, nil, err
	}
	l.audience.Departments = departments
	if l.about, err = s.aboutOf(c.UserContext(), doc); err != nil {
		return nil, nil, err
	}
	for _, department := range departments {
		if department.ID == v.department {
			l.audience.Departments, l.audience.Fixed, l.fixed = nil, department.ID, department.Name
		}
	}
	form := surveys.Form{"receipt": {string(s.forms.placeholder)}}
	if v.band != 0 {
		form["band"] = []string{strconv.FormatInt(int64(v.band), 10)}
	}
	return l, form, nil
}

// framedBySelf lets a page of ours hold this document in a frame. Everything else of the policy stays.
func framedBySelf(c *fiber.Ctx) {
	policy := c.GetRespHeader(fiber.HeaderContentSecurityPolicy)
	c.Set(fiber.HeaderContentSecurityPolicy, strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
}
