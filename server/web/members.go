package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/outbox"
	"soundings/surveys/people"
)

// accountsPage lists who may sign in, with the form to invite somebody.
type accountsPage struct {
	frame
	mended
	rights
	Headline string
	Rows     []memberRow
	Email    string
}

// memberRow is one account in the list.
type memberRow struct {
	accounts.Member
	RoleText string
	Sees     []string // names of the departments somebody is limited to
	Seen     *stamp   // nil: never
}

// rights is the part of a form that says what an account may do.
type rights struct {
	Roles       []option
	Some        bool // limited to departments
	Departments []option
}

// memberPage is one account.
type memberPage struct {
	frame
	mended
	rights
	Of       accounts.Member
	RoleText string
	Saved    string
	Link     string // to hand over, once
	Ends     string // when the link ends

	Mails      bool // whether links are sent
	MailFailed bool // no message with a link has reached them
}

func (s *Server) showAccounts(c *fiber.Ctx) error {
	return s.accountsPage(c, accountsPage{frame: s.frame(c, "accounts_title", "accounts")}, accounts.User{Role: accounts.Viewer})
}

func (s *Server) accountsPage(c *fiber.Ctx, p accountsPage, wanted accounts.User) error {
	names, err := s.rightsOf(c, p.frame, &p.rights, wanted)
	if err != nil {
		return err
	}
	list, err := s.Accounts.Members(c.UserContext())
	if err != nil {
		return err
	}
	say := phrases{speech: p.speech}
	active := 0
	for _, m := range list {
		if m.Active() && !m.Invited {
			active++
		}
		row := memberRow{Member: m, RoleText: say.say("role_" + string(m.Role))}
		for _, d := range m.Departments {
			row.Sees = append(row.Sees, names[d])
		}
		if m.SeenAt != nil {
			seen := say.stamp(*m.SeenAt, p.Zone)
			row.Seen = &seen
		}
		p.Rows = append(p.Rows, row)
	}
	p.Headline = say.count("accounts_headline", active)
	if say.err != nil {
		return say.err
	}
	return s.page(c, "staff/accounts", p)
}

// rightsOf fills in the choices of a form, as wanted, and gives the departments' names.
func (s *Server) rightsOf(c *fiber.Ctx, f frame, r *rights, wanted accounts.User) (map[surveys.DepartmentID]string, error) {
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	say := phrases{speech: f.speech}
	names := map[surveys.DepartmentID]string{}
	r.Some = wanted.Limited
	for _, role := range accounts.Roles() {
		r.Roles = append(r.Roles, option{string(role), say.say("role_" + string(role)), role == wanted.Role})
	}
	for _, d := range departments {
		names[d.ID] = d.Name
		r.Departments = append(r.Departments, option{fmt.Sprint(d.ID), d.Name, slices.Contains(wanted.Departments, d.ID)})
	}
	return names, say.err
}

// readRights reads that part of a form. Being limited to departments and naming none is a fault, because it looks like
// seeing everything.
func readRights(form surveys.Form) (accounts.User, error) {
	user := accounts.User{Role: accounts.Role(form.First("role")), Limited: form.First("sees") == "some"}
	if !user.Limited {
		return user, nil
	}
	for _, raw := range form["department"] {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			return user, badQuery("department", "number", "must be the id of a department")
		}
		user.Departments = append(user.Departments, surveys.DepartmentID(id))
	}
	if len(user.Departments) == 0 {
		return user, &surveys.Error{Kind: surveys.Invalid, Op: "web: accounts", Message: "Please correct what is marked.",
			Faults: surveys.Faults{{Path: "department", Code: "no department", Detail: "names no department"}}}
	}
	return user, nil
}

func (s *Server) postInvite(c *fiber.Ctx) error {
	_, form, err := own(c)
	if err != nil {
		return err
	}
	user, err := readRights(form)
	user.Email = form.First("email")
	var link accounts.Link
	var send accounts.Send
	if err == nil {
		send, err = s.sending(c, form)
	}
	if err == nil {
		link, err = s.Accounts.Invite(c.UserContext(), user, send)
	}
	if err != nil {
		p := accountsPage{frame: s.frame(c, "accounts_title", "accounts"), Email: user.Email}
		var rest error
		if p.mended, rest = p.mend(c, err); rest != nil {
			return rest
		}
		return s.accountsPage(c, p, user)
	}
	audited(c).Subject = subject(link.User)
	return s.handOver(c, link, send)
}

// sending is how a link reaches its owner: by mail, or personally (nil) where there is no mail or it is wanted so.
func (s *Server) sending(c *fiber.Ctx, form surveys.Form) (accounts.Send, error) {
	mails, err := s.mails(c.UserContext())
	if err != nil || !mails || form.First("by") == "hand" {
		return nil, err
	}
	return byMail(s.frame(c, "", "").Spoken), nil
}

func subject(u accounts.User) string { return fmt.Sprintf("user %d", u.ID) }

// handOver tells that a link is on its way, or shows it for giving it to its owner personally. That is the answer to the
// form that made it: the link is shown once.
func (s *Server) handOver(c *fiber.Ctx, link accounts.Link, send accounts.Send) error {
	if send != nil {
		return seeOther(c, fmt.Sprintf("/accounts/%d?saved=mailed", link.User.ID))
	}
	neverKept(c)
	p := memberPage{frame: s.frame(c, "account_of", "accounts"), Link: s.BaseURL + "/password/" + link.Token}
	say := phrases{speech: p.speech}
	p.Ends = say.stamp(link.Expires, p.Zone).Text
	if say.err != nil {
		return say.err
	}
	return s.memberPage(c, p, link.User.ID, nil)
}

// memberOf reads whom a path is about.
func memberOf(c *fiber.Ctx) (accounts.UserID, error) {
	id, err := strconv.ParseInt(c.Params("user"), 10, 64)
	if err != nil {
		return 0, &surveys.Error{Kind: surveys.NotFound, Code: "no account", Op: "web: account", Message: "There is no such account."}
	}
	return accounts.UserID(id), nil
}

func (s *Server) showMember(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err != nil {
		return err
	}
	p := memberPage{frame: s.frame(c, "account_of", "accounts")}
	switch saved := utils.CopyString(c.Query("saved")); saved {
	case "changed", "mailed", "deactivated", "reactivated", "second":
		p.Saved = "member_saved_" + saved
	}
	return s.memberPage(c, p, id, nil)
}

// memberPage shows an account; wanted is what a form has asked for, nil for what is.
func (s *Server) memberPage(c *fiber.Ctx, p memberPage, id accounts.UserID, wanted *accounts.User) error {
	m, err := s.Accounts.Member(c.UserContext(), id)
	if err != nil {
		return err
	}
	p.Of = *m
	if wanted == nil {
		wanted = &m.User
	}
	if p.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	sent, err := outbox.Progress(c.UserContext(), s.Store, accountBatch(id))
	if err != nil {
		return err
	}
	p.MailFailed = p.Link == "" && len(sent.Failures) > 0 && sent.Queued+sent.Sent == 0
	if _, err := s.rightsOf(c, p.frame, &p.rights, *wanted); err != nil {
		return err
	}
	if p.RoleText, err = p.T("role_" + string(m.Role)); err != nil {
		return err
	}
	return s.page(c, "staff/member", p)
}

func (s *Server) postMember(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err != nil {
		return err
	}
	_, form, err := own(c)
	if err != nil {
		return err
	}
	user, err := readRights(form)
	user.ID = id
	if err == nil {
		err = s.Accounts.Change(c.UserContext(), user)
	}
	if err != nil {
		return s.memberAgain(c, id, &user, err)
	}
	return seeOther(c, fmt.Sprintf("/accounts/%d?saved=changed", id))
}

func (s *Server) memberAgain(c *fiber.Ctx, id accounts.UserID, wanted *accounts.User, err error) error {
	p := memberPage{frame: s.frame(c, "account_of", "accounts")}
	var rest error
	if p.mended, rest = p.mend(c, err); rest != nil {
		return rest
	}
	return s.memberPage(c, p, id, wanted)
}

func (s *Server) postMemberLink(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err != nil {
		return err
	}
	_, form, err := own(c)
	if err != nil {
		return err
	}
	send, err := s.sending(c, form)
	if err != nil {
		return err
	}
	link, err := s.Accounts.NewLink(c.UserContext(), id, send)
	if err != nil {
		return err
	}
	return s.handOver(c, link, send)
}

func (s *Server) postDeactivate(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err == nil {
		err = s.Accounts.Deactivate(c.UserContext(), id)
	}
	if err != nil {
		return s.memberAgain(c, id, nil, err)
	}
	return seeOther(c, fmt.Sprintf("/accounts/%d?saved=deactivated", id))
}

func (s *Server) postReactivate(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err == nil {
		err = s.Accounts.Reactivate(c.UserContext(), id)
	}
	if err != nil {
		return err
	}
	return seeOther(c, fmt.Sprintf("/accounts/%d?saved=reactivated", id))
}

func (s *Server) postMemberSecond(c *fiber.Ctx) error {
	id, err := memberOf(c)
	if err == nil {
		_, err = s.Accounts.Member(c.UserContext(), id)
	}
	if err == nil {
		err = s.Accounts.RemoveSecondStep(c.UserContext(), id)
	}
	if err != nil {
		return err
	}
	return seeOther(c, fmt.Sprintf("/accounts/%d?saved=second", id))
}
