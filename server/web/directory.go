package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/directory"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

const (
	directoryPath = "/people/directory"
	// importPatience is how long comparing and storing a directory may take: more than a page, far more than it needs.
	importPatience = 3 * time.Minute
)

// directoryPage is where a file is chosen.
type directoryPage struct {
	frame
	fileChoice
	Known string // says how many people the directory has
}

func (s *Server) showDirectory(c *fiber.Ctx) error { return s.chooseFile(c, "") }

// chooseFile shows the page, with what is wrong with the file that was chosen.
func (s *Server) chooseFile(c *fiber.Ctx, fault string) error {
	p := directoryPage{frame: s.frame(c, "directory_title", "people")}
	present, err := people.Present(s.Store.Read(c.UserContext()))
	if err != nil {
		return err
	}
	w := &phrases{speech: p.speech}
	p.fileChoice = fileChoice{Action: directoryPath, Back: "/people", Note: w.say("directory_whole")}
	if present > 0 {
		p.Known = w.count("people_directory_n", present)
	}
	if fault != "" {
		p.Fault = w.say(fault)
		c.Status(http.StatusUnprocessableEntity)
	}
	if w.err != nil {
		return w.err
	}
	return s.page(c, "staff/directory", p)
}

// postDirectory keeps a file until it is confirmed, and goes on to what it would change.
func (s *Server) postDirectory(c *fiber.Ctx) error {
	u, err := staffUpload(c)
	if err != nil {
		return err
	}
	if fault := u.fault(); fault != "" {
		return s.chooseFile(c, fault)
	}
	id, fault, err := stage(c, s, directory.Uploads(), u)
	if err != nil {
		return err
	}
	if fault != "" {
		return s.chooseFile(c, fault)
	}
	return c.Redirect(uploadPath(id), http.StatusSeeOther)
}

func uploadPath(id uploads.ID) string { return fmt.Sprintf("%s/%d", directoryPath, id) }

// waiting is an upload with everything that is read from its file.
type waiting struct {
	upload   directory.Upload
	file     *directory.File
	matching directory.Matching
	bands    bool // the organisation has some
}

func (w *waiting) close() error { return w.file.Close() }

// patient gives a request the time that a large file needs.
func patient(c *fiber.Ctx) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.UserContext()), importPatience)
}

// upload finds the upload of the address.
func (s *Server) upload(ctx context.Context, c *fiber.Ctx) (directory.Upload, error) {
	id, err := pathID(c, "upload")
	if err != nil {
		return directory.Upload{}, err
	}
	return directory.Uploads().ByID(s.Store.Read(ctx), uploads.ID(id))
}

// openUpload opens the file of an upload and matches its columns: as was chosen, else as the headings say.
func (s *Server) openUpload(ctx context.Context, u directory.Upload) (*waiting, error) {
	bands, err := people.Bands(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	file, err := directory.OpenUpload(s.Store.Read(ctx), u.ID)
	if err != nil {
		return nil, err
	}
	w := &waiting{u, file, u.Matching, len(bands) > 0}
	if w.matching == nil {
		remembered, err := directory.Uploads().Remembered(s.Store.Read(ctx), file.Headings())
		if err != nil {
			return nil, errors.Join(err, w.close())
		}
		w.matching = directory.Guess(file.Headings(), remembered, w.bands)
	}
	return w, nil
}

func (s *Server) showUpload(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	u, err := s.upload(ctx, c)
	if err != nil {
		return err
	}
	if u.Outcome != nil {
		return s.showOutcome(c, u)
	}
	return s.showWaiting(ctx, c, u, nil, nil)
}

// showOutcome says what came of an upload.
func (s *Server) showOutcome(c *fiber.Ctx, u directory.Upload) error {
	p := &uploadPage{frame: s.frame(c, "directory_title", "people"), Upload: u, Done: true}
	w := &phrases{speech: p.speech}
	o := u.Outcome
	p.Headline = w.say("directory_done", "Added", w.Number(o.Added), "Changed", w.Number(o.Changed), "Gone", w.Number(o.Gone))
	if w.err != nil {
		return w.err
	}
	return s.page(c, "staff/upload", p)
}

// showWaiting shows a file that waits. typed is the form that was refused, if one was, and refusal says why.
func (s *Server) showWaiting(ctx context.Context, c *fiber.Ctx, u directory.Upload, typed surveys.Form, refusal surveys.Faults) (err error) {
	w, err := s.openUpload(ctx, u)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	p := &uploadPage{frame: s.frame(c, "directory_title", "people"), Upload: u, Heads: true}
	say := &phrases{speech: p.speech}
	if p.Columns, err = say.columnChoices(w, typed, refusal); err != nil {
		return err
	}
	p.Headline = say.say("directory_which")
	if len(w.matching.Missing()) == 0 {
		if p.Plan, err = s.foresee(ctx, w); err != nil {
			return err
		}
		p.describe(say, typed, refusal)
	}
	if say.err != nil {
		return say.err
	}
	return s.page(c, "staff/upload", p)
}

func (s *Server) foresee(ctx context.Context, w *waiting) (plan *directory.Plan, err error) {
	entries, err := w.file.Read(ctx, w.matching, nil)
	if err != nil {
		return nil, err
	}
	err = s.Store.Snapshot(ctx, "directory", func(tx *store.Tx) (err error) {
		plan, err = entries.Plan(tx)
		return err
	})
	return plan, err
}

// decide hands a posted form to do, with the upload it is about. One that was confirmed already is only shown.
func (s *Server) decide(c *fiber.Ctx, do func(ctx context.Context, u directory.Upload, form surveys.Form) error) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	ctx, cancel := patient(c)
	defer cancel()
	u, err := s.upload(ctx, c)
	if err != nil {
		return err
	}
	if u.Outcome != nil {
		return c.Redirect(uploadPath(u.ID), http.StatusSeeOther)
	}
	return do(ctx, u, form)
}

// postUpload takes the file in, if it still changes what was seen.
func (s *Server) postUpload(c *fiber.Ctx) error {
	return s.decide(c, func(ctx context.Context, u directory.Upload, form surveys.Form) error {
		return s.takeUpload(ctx, c, u, form)
	})
}

func (s *Server) takeUpload(ctx context.Context, c *fiber.Ctx, u directory.Upload, form surveys.Form) error {
	terms := directory.Terms{NewDepartments: form.First("departments") != "", Headcounts: form.First("headcounts") != "", Digest: form.First("digest")}
	err := s.takeIn(ctx, u, terms)
	again, findErr := s.upload(ctx, c)
	var known *surveys.Error
	switch {
	case findErr == nil && again.Outcome != nil: // of this request, or of another at the same time
		return c.Redirect(uploadPath(u.ID), http.StatusSeeOther)
	case errors.As(err, &known) && len(known.Faults) > 0:
		c.Status(statuses[known.Kind])
		return s.showWaiting(ctx, c, u, form, known.Faults)
	}
	return errors.Join(err, findErr)
}

func (s *Server) takeIn(ctx context.Context, u directory.Upload, terms directory.Terms) (err error) {
	w, err := s.openUpload(ctx, u)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	entries, err := w.file.Read(ctx, w.matching, nil)
	if err != nil {
		return err
	}
	return s.Store.Transact(ctx, "directory", func(tx *store.Tx) error {
		plan, err := entries.Apply(tx, terms)
		if err != nil {
			return err
		}
		return directory.Uploads().Finish(tx, u.ID, plan.Outcome())
	})
}

func (s *Server) postUploadDiscard(c *fiber.Ctx) error {
	id, err := pathID(c, "upload")
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "directory", func(tx *store.Tx) error { return directory.Uploads().Discard(tx, uploads.ID(id)) })
	if err != nil {
		return err
	}
	return c.Redirect(directoryPath, http.StatusSeeOther)
}

// postUploadColumns keeps which column feeds what.
func (s *Server) postUploadColumns(c *fiber.Ctx) error {
	return s.decide(c, func(ctx context.Context, u directory.Upload, form surveys.Form) error {
		return s.chooseColumns(ctx, c, u, form)
	})
}

func (s *Server) chooseColumns(ctx context.Context, c *fiber.Ctx, u directory.Upload, form surveys.Form) error {
	w, err := s.openUpload(ctx, u)
	if err != nil {
		return err
	}
	names := slices.Clone(w.file.Headings())
	if err := w.close(); err != nil {
		return err
	}
	matching, faults := readMatching(form, len(names), directory.Fields())
	if len(faults) > 0 {
		c.Status(http.StatusUnprocessableEntity)
		return s.showWaiting(ctx, c, u, form, faults)
	}
	err = s.Store.Transact(ctx, "directory", func(tx *store.Tx) error { return directory.Uploads().Choose(tx, u.ID, names, matching) })
	if err != nil {
		return err
	}
	return c.Redirect(uploadPath(u.ID), http.StatusSeeOther)
}

// Codes of faults in the choice of columns.
const (
	columnMissing = "column"
	columnTwice   = "same"
)

// readMatching reads which column feeds which field of a file.
func readMatching[F interface {
	~string
	Required() bool
}](form surveys.Form, width int, fields []F) (map[F]int, surveys.Faults) {
	m, taken := map[F]int{}, map[int]bool{}
	var faults surveys.Faults
	for _, f := range fields {
		column, err := strconv.Atoi(form.First(string(f)))
		chosen := err == nil && column >= 0 && column < width
		switch {
		case !chosen && f.Required():
			faults = append(faults, surveys.Fault{Path: string(f), Code: columnMissing, Detail: "must be chosen"})
		case chosen && taken[column]:
			faults = append(faults, surveys.Fault{Path: string(f), Code: columnTwice, Detail: "is chosen for something else"})
		case chosen:
			m[f], taken[column] = column, true
		}
	}
	return m, faults
}
