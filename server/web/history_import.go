package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/history"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

const historyImportPath = "/history/import"

type historyUpload = uploads.Upload[history.Field, history.Outcome]

// historyImportPage is where a file of earlier results is chosen.
type historyImportPage struct {
	frame
	fileChoice
}

// mayImport reports whether somebody may take in earlier results and say what names mean: they concern everybody.
func mayImport(u accounts.User) bool { return u.Role.May(accounts.EditSurveys) && !u.Limited }

func (s *Server) showHistoryImport(c *fiber.Ctx) error { return s.chooseHistory(c, "") }

func (s *Server) chooseHistory(c *fiber.Ctx, fault string) error {
	page := historyImportPage{frame: s.frame(c, "history_import_title", "history")}
	if !mayImport(page.User) {
		return notYours()
	}
	p := &phrases{speech: page.speech}
	page.fileChoice = fileChoice{Action: historyImportPath, Back: "/history", Note: p.say("history_privacy")}
	if fault != "" {
		page.Fault = p.say(fault)
		c.Status(http.StatusUnprocessableEntity)
	}
	return s.finish(c, "staff/history_import", p, page)
}

// postHistoryImport keeps a file until it is confirmed, and goes on to what it would change.
func (s *Server) postHistoryImport(c *fiber.Ctx) error {
	u, err := staffUpload(c)
	if err != nil {
		return err
	}
	if fault := u.fault(); fault != "" || !mayImport(current(c).User) {
		return s.chooseHistory(c, fault)
	}
	id, fault, err := stage(c, s, history.Uploads(), u)
	if err != nil {
		return err
	}
	if fault != "" {
		return s.chooseHistory(c, fault)
	}
	return c.Redirect(historyUploadPath(id), http.StatusSeeOther)
}

func historyUploadPath(id uploads.ID) string { return fmt.Sprintf("%s/%d", historyImportPath, id) }

// historyUploadPage is a file that waits: how its columns are matched, and what it would change. Or it is what came of it.
type historyUploadPage struct {
	frame
	Headline string
	Upload   historyUpload
	Done     bool
	Columns  []columnChoice
	Plan     *history.Plan // nil while a required column is missing
	Counts   []countLine
	Measures string
	Changed  string // says that the numbers are not those that were seen before
	Unknown  []string
	More     string   // unknown names
	Small    []badRow // left out
	Bad      []badRow
	MoreBad  string
	Sizes    string // asks whether values without people stand for enough
	Agreed   bool
	Faults   map[string]string
}

// BadTable is the table of the lines that cannot be taken in.
func (page historyUploadPage) BadTable() (lineTable, error) { return page.badTable(page.Bad) }

// SmallTable is the table of the lines that are left out.
func (page historyUploadPage) SmallTable() (lineTable, error) {
	p := &phrases{speech: page.speech}
	return lineTable{page.speech, "small", p.say("history_small_title"), p.say("history_small_why"), page.Small}, p.err
}

// historyFile is an upload with its file open and its columns matched.
type historyFile struct {
	upload   historyUpload
	file     *uploads.File
	matching history.Matching
}

// withHistory hands an upload that waits to do; one that was confirmed already is shown.
func (s *Server) withHistory(c *fiber.Ctx, do func(ctx context.Context, f *historyFile) error) (err error) {
	if !mayImport(current(c).User) {
		return notYours()
	}
	id, err := pathID(c, "upload")
	if err != nil {
		return err
	}
	ctx, cancel := patient(c)
	defer cancel()
	db := s.Store.Read(ctx)
	u, err := history.Uploads().ByID(db, uploads.ID(id))
	if err != nil {
		return err
	}
	if u.Outcome != nil {
		return s.showHistoryDone(c, u)
	}
	file, err := history.Uploads().Open(db, u.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	f := &historyFile{u, file, u.Matching}
	if f.matching == nil {
		remembered, err := history.Uploads().Remembered(db, file.Headings())
		if err != nil {
			return err
		}
		f.matching = history.Guess(file.Headings(), remembered)
	}
	return do(ctx, f)
}

// showHistoryDone says what came of an upload; a form that confirms it once more is led here.
func (s *Server) showHistoryDone(c *fiber.Ctx, u historyUpload) error {
	if c.Method() == http.MethodPost {
		return c.Redirect(historyUploadPath(u.ID), http.StatusSeeOther)
	}
	page := historyUploadPage{frame: s.frame(c, "history_import_title", "history"), Upload: u, Done: true}
	p := &phrases{speech: page.speech}
	page.Headline = p.say("history_done", "Added", p.Number(u.Outcome.Added), "Changed", p.Number(u.Outcome.Changed), "Unchanged", p.Number(u.Outcome.Unchanged))
	return s.finish(c, "staff/history_upload", p, page)
}

func (s *Server) showHistoryUpload(c *fiber.Ctx) error {
	return s.withHistory(c, func(ctx context.Context, f *historyFile) error { return s.showHistoryWaiting(ctx, c, f, nil, nil) })
}

// showHistoryWaiting shows a file that waits. typed is the form that was refused, if one was, and refusal says why.
func (s *Server) showHistoryWaiting(ctx context.Context, c *fiber.Ctx, f *historyFile, typed surveys.Form, refusal surveys.Faults) error {
	page := historyUploadPage{frame: s.frame(c, "history_import_title", "history"), Upload: f.upload}
	p := &phrases{speech: page.speech}
	page.Columns = p.historyColumns(f, typed, refusal)
	page.Headline = p.say("history_which")
	if len(f.matching.Missing()) == 0 {
		entries, err := history.Read(ctx, f.file, f.matching)
		if err != nil {
			return err
		}
		err = s.Store.Snapshot(ctx, "history", func(tx *store.Tx) (err error) {
			page.Plan, err = entries.Plan(tx)
			return err
		})
		if err != nil {
			return err
		}
		page.describe(p, typed, refusal)
	}
	return s.finish(c, "staff/history_upload", p, page)
}

func (page *historyUploadPage) describe(p *phrases, typed surveys.Form, refusal surveys.Faults) {
	plan := page.Plan
	page.Headline = p.say("history_sum", "File", cmp.Or(page.Upload.FileName, p.say("directory_file")), "Added", p.Number(plan.Added), "Changed", p.Number(plan.Changed), "Unchanged", p.Number(plan.Unchanged))
	switch {
	case len(plan.Bad) > 0:
		page.Headline = p.count("history_bad_n", len(plan.Bad))
	case plan.Added+plan.Changed+plan.Unchanged == 0:
		page.Headline = p.say("history_fault_empty")
	}
	page.Counts = []countLine{{p.say("directory_added"), p.Number(plan.Added)}, {p.say("directory_changed"), p.Number(plan.Changed)},
		{p.say("directory_unchanged"), p.Number(plan.Unchanged)}, {p.say("history_left_out"), p.Number(len(plan.Small))}, {p.say("history_empty_values"), p.Number(plan.Empty)}}
	if plan.First != "" {
		page.Measures = p.say("history_measures_from", "Measures", p.allOf(plan.Measures), "First", p.period(plan.First), "Last", p.period(plan.Last))
	}
	for _, u := range plan.Unknown[:min(len(plan.Unknown), mostBadLines)] {
		key := "history_unknown_line"
		if u.Meant != "" {
			key = "history_unknown_meant"
		}
		page.Unknown = append(page.Unknown, p.say(key, "Name", u.Name, "Values", p.count("history_values_n", u.Values), "Meant", u.Meant))
	}
	if more := len(plan.Unknown) - len(page.Unknown); more > 0 {
		page.More = p.count("directory_more_n", more)
	}
	for _, l := range plan.Small[:min(len(plan.Small), mostBadLines)] {
		page.Small = append(page.Small, badRow{p.Number(l.Line), p.historyLine(l)})
	}
	for _, l := range plan.Bad[:min(len(plan.Bad), mostBadLines)] {
		page.Bad = append(page.Bad, badRow{p.Number(l.Line), p.historyLine(l)})
	}
	if more := len(plan.Bad) - len(page.Bad); more > 0 {
		page.MoreBad = p.count("directory_more_n", more)
	}
	if plan.Unsized > 0 {
		page.Sizes = p.count("history_sizes_n", plan.Unsized, "Minimum", p.Number(history.Minimum))
	}
	page.Agreed = typed.First("sizes") != ""
	page.Faults = p.faults("history_fault_", refusal)
	page.Changed = page.Faults["file"]
}

func (p *phrases) historyLine(l history.Line) string {
	return p.say("history_line_"+l.Why, "Value", l.Value, "Minimum", p.Number(history.Minimum), "Longest", p.Number(history.LongestName))
}

func (p *phrases) historyColumns(f *historyFile, typed surveys.Form, refusal surveys.Faults) (choices []columnChoice) {
	faults := p.columnFaults(refusal)
	for _, field := range history.Fields() {
		chosen := ""
		if column, ok := f.matching[field]; ok {
			chosen = strconv.Itoa(column)
		}
		if len(faults) > 0 {
			chosen = typed.First(string(field))
		}
		choices = append(choices, columnChoice{Field: string(field), Label: p.say("history_field_" + string(field)), Required: field.Required(),
			Fault: faults[string(field)], Options: p.columns(f.file, chosen), Hint: p.sample(f.file, chosen)})
	}
	return choices
}

// postHistoryUpload takes the file in, if it still changes what was seen.
func (s *Server) postHistoryUpload(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	return s.withHistory(c, func(ctx context.Context, f *historyFile) error {
		entries, err := history.Read(ctx, f.file, f.matching)
		if err != nil {
			return err
		}
		err = s.Store.Transact(ctx, "history", func(tx *store.Tx) error {
			plan, err := entries.Apply(tx, history.Terms{Sizes: form.First("sizes") != "", Digest: form.First("digest")})
			if err != nil {
				return err
			}
			return history.Uploads().Finish(tx, f.upload.ID, plan.Outcome())
		})
		var known *surveys.Error
		if errors.As(err, &known) && len(known.Faults) > 0 {
			c.Status(statuses[known.Kind])
			return s.showHistoryAgain(c, form, known.Faults)
		}
		if err != nil {
			return err
		}
		return c.Redirect(historyUploadPath(f.upload.ID), http.StatusSeeOther)
	})
}

// showHistoryAgain shows a file anew after a form about it was refused: it has been read to its end.
func (s *Server) showHistoryAgain(c *fiber.Ctx, form surveys.Form, faults surveys.Faults) error {
	return s.withHistory(c, func(ctx context.Context, f *historyFile) error { return s.showHistoryWaiting(ctx, c, f, form, faults) })
}

// postHistoryColumns keeps which column feeds what.
func (s *Server) postHistoryColumns(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	return s.withHistory(c, func(ctx context.Context, f *historyFile) error {
		names := slices.Clone(f.file.Headings())
		matching, faults := readMatching(form, len(names), history.Fields())
		if len(faults) == 0 && len(history.Matching(matching).Missing()) > 0 {
			faults = surveys.Faults{{Path: string(history.FavourableValue), Code: columnMissing, Detail: "must be chosen, or the mean"}}
		}
		if len(faults) > 0 {
			c.Status(http.StatusUnprocessableEntity)
			return s.showHistoryWaiting(ctx, c, f, form, faults)
		}
		err := s.Store.Transact(ctx, "history", func(tx *store.Tx) error { return history.Uploads().Choose(tx, f.upload.ID, names, matching) })
		if err != nil {
			return err
		}
		return c.Redirect(historyUploadPath(f.upload.ID), http.StatusSeeOther)
	})
}

func (s *Server) postHistoryDiscard(c *fiber.Ctx) error {
	return s.withHistory(c, func(ctx context.Context, f *historyFile) error {
		err := s.Store.Transact(ctx, "history", func(tx *store.Tx) error { return history.Uploads().Discard(tx, f.upload.ID) })
		if err != nil {
			return err
		}
		return c.Redirect("/history", http.StatusSeeOther)
	})
}
