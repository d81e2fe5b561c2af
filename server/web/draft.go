package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/store"
)

// draftOf is the draft a page is about.
func (s *Server) draftOf(c *fiber.Ctx) (drafts.Draft, error) {
	id, err := strconv.ParseInt(c.Params("draft"), 10, 64)
	if err != nil {
		return drafts.Draft{}, &surveys.Error{Kind: surveys.NotFound, Op: "web: draft", Message: "There is no such draft."}
	}
	return drafts.ByID(c.UserContext(), s.Store, drafts.ID(id))
}

func (s *Server) stamp(c *fiber.Ctx) drafts.Stamp {
	return drafts.Stamp{By: current(c).User.Email, At: s.Now().UTC()}
}

func draftAddress(id drafts.ID) string { return "/surveys/drafts/" + strconv.FormatInt(int64(id), 10) }

// lockedIDs are the question ids of a survey's newest version. They tie the answers to the question, so they never change.
func (s *Server) lockedIDs(ctx context.Context, survey surveys.SurveyID) (map[string]bool, error) {
	locked := map[string]bool{}
	if survey == 0 {
		return locked, nil
	}
	q, err := s.Catalog.Newest(ctx, survey)
	if err != nil {
		return nil, err
	}
	for _, question := range q.Document.Questions {
		locked[question.ID] = true
	}
	return locked, nil
}

// postNewDraft begins a new survey.
func (s *Server) postNewDraft(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "", "surveys")
	doc := surveys.Document{Language: f.Spoken, Purpose: surveys.AboutChange, Change: form.First("change")}
	doc.Normalise()
	d, err := drafts.Create(c.UserContext(), s.Store, 0, doc, s.stamp(c))
	if err != nil {
		return err
	}
	audited(c).Subject = fmt.Sprintf("draft %d", d.ID)
	return c.Redirect(draftAddress(d.ID), http.StatusSeeOther)
}

// postNextVersion begins the next version of a published survey, or leads to the draft of it that there is.
func (s *Server) postNextVersion(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("survey"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: draft", Message: "There is no such survey."}
	}
	newest, err := s.Catalog.Newest(c.UserContext(), surveys.SurveyID(id))
	if err != nil {
		return err
	}
	d, err := drafts.Create(c.UserContext(), s.Store, newest.Survey, *newest.Document, s.stamp(c))
	if err != nil && (surveys.KindOf(err) != surveys.Conflict || d.ID == 0) {
		return err
	}
	audited(c).Subject = fmt.Sprintf("survey %d, draft %d", id, d.ID)
	return c.Redirect(draftAddress(d.ID), http.StatusSeeOther)
}

// showDraft is the editor.
func (s *Server) showDraft(c *fiber.Ctx) error {
	d, err := s.draftOf(c)
	if err != nil {
		return err
	}
	if d.Deleted || d.Published != 0 {
		return s.page(c, "staff/draft_gone", s.draftGonePage(c, d, nil))
	}
	at, to := c.QueryInt("at", -1), c.QueryInt("to", 0)
	page, err := s.editor(c, d, c.Query("check") != "", outcome{did: utils.CopyString(c.Query("did")), at: at, to: to})
	if err != nil {
		return err
	}
	return s.page(c, "staff/draft", page)
}

// operationWords says what an operation did.
func operationWords() map[string]string {
	return map[string]string{"add": "draft_did_add", "duplicate": "draft_did_duplicate", "delete": "draft_did_delete", "back": "draft_did_back",
		"merged": "draft_did_merged", "up": "draft_did_move", "down": "draft_did_move", "move": "draft_did_move"}
}

func (s *Server) editor(c *fiber.Ctx, d drafts.Draft, checked bool, out outcome) (*editorPage, error) {
	f := s.frame(c, "draft_title_page", "surveys")
	locked, err := s.lockedIDs(c.UserContext(), d.Survey)
	if err != nil {
		return nil, err
	}
	b := newDraftBuilder(f.speech, s.words.in(f.Spoken), d, checked)
	b.locked, b.out, b.names = locked, out, slices.Clone(s.words.names)
	if b.changes, err = s.changeOptions(c); err != nil {
		return nil, err
	}
	saved := b.stamp(d.Saved.At, f.Zone)
	saved.Text = b.say("draft_saved_by", "When", saved.Text, "Who", d.Saved.By)
	page := &editorPage{frame: f, ID: d.ID, Survey: d.Survey, Version: d.Version, Seen: seen(d.Document), Checked: checked, At: out.at,
		Saved: saved, Faults: b.lines, Left: b.left(), Kinds: b.kinds(),
		Heading: d.Document.Title, AddFault: b.faults["add"], Preview: draftAddress(d.ID) + "/preview/form", Undo: out.did == "delete"}
	if page.Heading == "" {
		page.Heading = b.say("draft_untitled")
	}
	if key := operationWords()[out.did]; key != "" {
		page.Said = b.say(key, "N", b.Number(out.at+1))
	}
	page.Settings = b.settings()
	for i := range d.Document.Questions {
		page.Questions = append(page.Questions, b.question(i))
	}
	for i, r := range slices.Backward(d.Removed) {
		text := briefly(r.Question.Text, 90)
		if text == "" {
			text = b.say("draft_untitled_question")
		}
		page.Removed = append(page.Removed, draftOption{Value: strconv.Itoa(i), Text: text})
	}
	if b.err != nil {
		return nil, b.err
	}
	return page, b.respondent.err
}

// postDraft saves what was typed and does what the button says.
func (s *Server) postDraft(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	op := form.First("op")
	if op == "resolve" {
		return s.resolveDraft(c, form)
	}
	d, out, err := s.saveDraft(c, form, op)
	if err != nil {
		return s.refuseDraft(c, form, d, err)
	}
	address := draftAddress(d.ID)
	switch {
	case op == "check", op == "publish" && len(d.Faults()) > 0:
		return c.Redirect(address+"?check=1#faults", http.StatusSeeOther)
	case op == "publish":
		return c.Redirect(address+"/publish", http.StatusSeeOther)
	}
	query := url.Values{}
	if out.did != "" {
		query.Set("did", out.did)
		query.Set("to", strconv.Itoa(out.to))
		query.Set("at", strconv.Itoa(out.at))
	} else if at, err := strconv.Atoi(form.First("at")); err == nil {
		query.Set("at", strconv.Itoa(at))
	}
	if form.First("check") != "" {
		query.Set("check", "1")
	}
	return c.Redirect(address+"?"+query.Encode(), http.StatusSeeOther)
}

// saveDraft stores the form as the next version. With an error it returns the draft as it is stored.
func (s *Server) saveDraft(c *fiber.Ctx, form surveys.Form, op string) (drafts.Draft, outcome, error) {
	d, err := s.draftOf(c)
	if err != nil {
		return d, outcome{}, err
	}
	locked, err := s.lockedIDs(c.UserContext(), d.Survey)
	if err != nil {
		return d, outcome{}, err
	}
	version, err := strconv.Atoi(form.First("version"))
	if err != nil {
		return d, outcome{}, &surveys.Error{Kind: surveys.Invalid, Op: "web: draft", Message: "The form names no version of the draft."}
	}
	// Somebody who translates saves the same draft without touching anything this form holds.
	if version < d.Version && form.First("seen") == seen(d.Document) {
		version = d.Version
	}
	f, out := newDraftForm(form, locked), outcome{}
	d, err = drafts.Change(c.UserContext(), s.Store, d.ID, version, s.stamp(c), func(d *drafts.Draft) { out = f.apply(d, op) })
	return d, out, err
}

// autosaved is what the script learns of a save.
type autosaved struct {
	Version int                 `json:"version"`
	Seen    string              `json:"seen"`
	Said    string              `json:"said"`
	IDs     map[string]string   `json:"ids"`     // of questions, by the key of the row
	Options map[string][]string `json:"options"` // ids of a question's options, by the key of the row
	Own     []string            `json:"own"`     // ids of the survey's constructs
	Faults  map[string]string   `json:"faults"`  // by field, empty unless asked for
	Lines   []faultLine         `json:"lines"`   // the same as a list, in the order of the survey
	Left    string              `json:"left"`    // the number of faults as a sentence
}

// autosaveDraft is a save by the script, which keeps its page.
func (s *Server) autosaveDraft(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	d, _, err := s.saveDraft(c, form, "autosave")
	if err != nil {
		return err
	}
	f := s.frame(c, "", "")
	speech := f.speech
	b := newDraftBuilder(speech, s.words.in(speech.Spoken), d, form.First("check") != "")
	a := autosaved{Version: d.Version, Seen: seen(d.Document), IDs: map[string]string{}, Options: map[string][]string{}, Faults: b.faults, Lines: b.lines,
		Said: b.say("draft_saved_at", "Time", b.digits(d.Saved.At.In(f.Zone).Format("15:04"))), Left: b.left()}
	for i, key := range newDraftForm(form, nil).keys {
		q := &d.Document.Questions[i]
		a.IDs[key] = q.ID
		ids := []string{}
		for _, o := range q.Options {
			ids = append(ids, o.ID)
		}
		a.Options[key] = ids
	}
	for _, construct := range d.Document.Constructs {
		a.Own = append(a.Own, construct.ID)
	}
	if b.err != nil {
		return b.err
	}
	return c.JSON(a)
}

// left says how much keeps the draft from being published.
func (b *draftBuilder) left() string {
	if b.counted == 0 {
		return b.say("draft_ready")
	}
	return b.count("draft_faults_left", b.counted)
}

func (s *Server) postDeleteDraft(c *fiber.Ctx) error {
	return s.putAway(c, drafts.Delete, func(id drafts.ID) string { return fmt.Sprintf("/surveys?deleted=%d", id) })
}

func (s *Server) postRestoreDraft(c *fiber.Ctx) error {
	return s.putAway(c, drafts.Restore, draftAddress)
}

type putter func(ctx context.Context, s *store.Store, id drafts.ID, version int, stamp drafts.Stamp) (drafts.Draft, error)

// putAway deletes or restores the version of a draft that the reader saw.
func (s *Server) putAway(c *fiber.Ctx, do putter, next func(drafts.ID) string) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	d, err := s.draftOf(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(form.First("version"))
	if err != nil {
		version = 0
	}
	if _, err := do(c.UserContext(), s.Store, d.ID, version, s.stamp(c)); err != nil {
		return err
	}
	return c.Redirect(next(d.ID), http.StatusSeeOther)
}
