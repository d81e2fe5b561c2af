package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// invitationsPage is how the invitations of a wave are getting on. It tells how many were written to and which messages
// did not arrive, never who has answered, and so of reminders only that they went out.
type invitationsPage struct {
	frame
	Wave      surveys.Wave
	Survey    surveyTitle
	Headline  string
	Lead      string
	Trouble   string // why no mail leaves at all
	Open      bool
	Faults    map[string]string
	Failures  []failureLine
	Withheld  string // addresses that somebody limited to departments does not see
	Again     bool   // some failed and can be tried again
	New       string // on the button that invites people who have joined since; empty where there are none
	Reminders []string
	Next      int    // number of the next reminder; 0: there can be no more
	At        string // as typed
}

// failureLine is a message that did not arrive, or may not have.
type failureLine struct {
	ID      outbox.EntryID
	Address string
	Why     string
	Unsure  bool
}

// mailing is what the handlers of this page have in common.
type mailing struct {
	*waveBook
	wave  surveys.Wave
	terms waves.Terms
}

func (s *Server) mailing(c *fiber.Ctx) (*mailing, error) {
	id, err := idOf[surveys.WaveID](c, "wave")
	if err != nil {
		return nil, err
	}
	m := &mailing{}
	if m.waveBook, err = s.waveBook(c, "inv_title"); err != nil {
		return nil, err
	}
	db := s.Store.Read(c.UserContext())
	if m.wave, err = waves.ByID(db, id); err != nil {
		return nil, err
	}
	m.terms, err = waves.TermsOf(db, m.wave.ID)
	return m, err
}

func (m *mailing) address() string { return fmt.Sprintf("/waves/%d/invitations", m.wave.ID) }

// showInvitations is GET /waves/:wave/invitations.
func (s *Server) showInvitations(c *fiber.Ctx) error {
	m, err := s.mailing(c)
	if err != nil {
		return err
	}
	return m.show(c, "", nil)
}

// show renders the page, with what was typed and what is wrong about it.
func (m *mailing) show(c *fiber.Ctx, typed string, faults surveys.Faults) error {
	s, db := m.server, m.server.Store.Read(c.UserContext())
	q, err := s.Catalog.Questionnaire(c.UserContext(), m.wave.Questionnaire)
	if err != nil {
		return err
	}
	page := &invitationsPage{frame: m.frame, Wave: m.wave, Survey: m.titled(q.Document), Open: m.wave.State == surveys.Open, At: typed, Faults: m.faults("fault_", faults)}
	status, err := outbox.Progress(c.UserContext(), s.Store, invitations.BatchOf(m.wave.ID))
	if err != nil {
		return err
	}
	mail, err := settings.ReadMail(db, s.Secret)
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // a password sealed for another secret is told on the settings page
		return err
	}
	m.progress(page, status, mail.Configured())
	fresh, err := invitations.Uninvited(db, m.wave.ID, m.terms.Departments)
	if err != nil {
		return err
	}
	if fresh > 0 && page.Open {
		page.New = m.count("inv_new_n", fresh)
	}
	if page.Reminders, page.Next, err = m.reminders(c, m.wave, status); err != nil {
		return err
	}
	if len(faults) > 0 {
		c.Status(statuses[surveys.Invalid])
	}
	return s.finish(c, "staff/invitations", &m.phrases, page)
}

// progress says how far the invitations have come.
func (m *mailing) progress(page *invitationsPage, status outbox.Status, configured bool) {
	all := status.Queued + status.Sent + status.Failed + status.Uncertain + status.Unneeded
	switch {
	case all == 0:
		page.Headline, page.Lead = m.say("inv_nobody"), m.say("inv_nobody_lead")
	case status.Queued > 0:
		page.Headline = m.say("inv_leaving", "Sent", m.Number(all-status.Queued), "All", m.Number(all))
	case len(status.Failures) > 0:
		page.Headline = m.say("inv_some_failed", "Sent", m.Number(status.Sent), "All", m.Number(all))
	default:
		page.Headline = m.count("inv_all_sent", status.Sent)
	}
	if all > 0 {
		page.Lead = m.say("inv_lead")
	}
	switch {
	case status.Queued > 0 && !configured:
		page.Trouble = m.say("inv_no_server")
	case status.Queued > 0 && status.Trouble.Reason != "":
		page.Trouble = m.say("inv_trouble", "Reason", m.say("inv_quoted", "Text", status.Trouble.Reason))
	}
	page.Again = status.Failed > 0 && page.Open
	if m.frame.User.Limited && len(status.Failures) > 0 {
		page.Withheld = m.count("inv_withheld", len(status.Failures))
		return
	}
	for _, f := range status.Failures {
		page.Failures = append(page.Failures, m.line(f))
	}
}

func (m *mailing) line(f outbox.Failure) failureLine {
	line := failureLine{ID: f.ID, Address: f.Address, Why: m.say("inv_why_" + string(f.Fault)), Unsure: f.Uncertain && f.Address != ""}
	if f.Address == "" {
		line.Address = m.say("inv_forgotten")
	}
	if f.Reply != "" {
		line.Why += " " + m.say("inv_quoted", "Text", f.Reply)
	}
	return line
}

// reminders tells which reminders of a wave have gone out and are planned, and the number of the next; 0 if there can be
// none now.
func (b *waveBook) reminders(c *fiber.Ctx, w surveys.Wave, status outbox.Status) (told []string, next int, err error) {
	list, err := invitations.Reminders(b.server.Store.Read(c.UserContext()), w.ID)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range list {
		key := "inv_reminder_planned"
		if r.Sent {
			key = "inv_reminder_sent"
		}
		told = append(told, b.say(key, "Number", b.Number(r.Number), "Moment", b.moment(waves.LocalOf(r.Due, b.zone))))
	}
	if w.State == surveys.Open && len(list) < invitations.MostReminders && status.Sent+status.Uncertain > 0 {
		next = len(list) + 1
	}
	return told, next, nil
}

// postInvitations is POST /waves/:wave/invitations: everybody of the wave's departments who is not invited yet.
func (s *Server) postInvitations(c *fiber.Ctx) error {
	m, err := s.mailing(c)
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "web: invite", func(tx *store.Tx) error { return invitations.InviteMore(tx, m.wave.ID) })
	if err != nil {
		return err
	}
	return c.Redirect(m.address(), http.StatusSeeOther)
}

// postRemind is POST /waves/:wave/remind: now, or at a time of the organisation's clocks.
func (s *Server) postRemind(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.mailing(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(form.First("number"))
	if err != nil {
		return fiber.NewError(http.StatusBadRequest)
	}
	due := s.Now()
	if form.First("when") == "later" {
		at := waves.Local(form.First("at"))
		if due = at.In(m.zone); !at.Valid() || !due.After(s.Now()) || !m.terms.Closes.IsZero() && !due.Before(m.terms.Closes) {
			return m.show(c, form.First("at"), surveys.Faults{{Path: "at", Code: "time in wave", Detail: "must lie between now and the closing of the wave"}})
		}
	}
	err = s.Store.Transact(c.UserContext(), "web: remind", func(tx *store.Tx) error { return invitations.Remind(tx, m.wave.ID, number, due) })
	if err == nil {
		err = invitations.SendDue(c.UserContext(), s.Store, s.Now())
	}
	if err != nil {
		return err
	}
	return c.Redirect(m.address()+"#reminders", http.StatusSeeOther)
}

// postResend is POST /waves/:wave/resend: invitations that failed, or one that may have arrived.
func (s *Server) postResend(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.mailing(c)
	if err != nil {
		return err
	}
	var ids []outbox.EntryID
	for _, typed := range form["entry"] {
		id, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return fiber.NewError(http.StatusBadRequest)
		}
		ids = append(ids, outbox.EntryID(id))
	}
	err = s.Store.Transact(c.UserContext(), "web: resend", func(tx *store.Tx) error {
		_, err := outbox.Again(tx, invitations.BatchOf(m.wave.ID), ids...)
		return err
	})
	if err != nil {
		return err
	}
	return c.Redirect(m.address(), http.StatusSeeOther)
}
