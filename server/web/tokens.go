package web

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
)

// tokensPage lists what programs use to ask the API.
type tokensPage struct {
	frame
	mended
	Headline string
	Rows     []tokenRow
	Roles    []option
	Name     string
	Plain    string // the token that was just made, shown once
}

type tokenRow struct {
	accounts.Token
	RoleText string
	Since    stamp
}

func (s *Server) showTokens(c *fiber.Ctx) error {
	return s.tokensPage(c, tokensPage{frame: s.frame(c, "tokens_title", "tokens")}, accounts.Viewer)
}

func (s *Server) tokensPage(c *fiber.Ctx, p tokensPage, wanted accounts.Role) error {
	neverKept(c)
	list, err := s.Accounts.Tokens(c.UserContext())
	if err != nil {
		return err
	}
	say := phrases{speech: p.speech}
	for _, t := range list {
		p.Rows = append(p.Rows, tokenRow{Token: t, RoleText: say.say("role_" + string(t.Role)), Since: say.stamp(t.CreatedAt, p.Zone)})
	}
	for _, role := range accounts.Roles() {
		p.Roles = append(p.Roles, option{string(role), say.say("role_" + string(role)), role == wanted})
	}
	p.Headline = say.count("tokens_headline", len(list))
	if len(list) == 0 {
		p.Headline = say.say("tokens_none")
	}
	if say.err != nil {
		return say.err
	}
	return s.page(c, "staff/tokens", p)
}

// postToken shows the new token in its answer, the only time it can be seen.
func (s *Server) postToken(c *fiber.Ctx) error {
	_, form, err := own(c)
	if err != nil {
		return err
	}
	p := tokensPage{frame: s.frame(c, "tokens_title", "tokens"), Name: form.First("name")}
	role := accounts.Role(form.First("role"))
	p.Plain, err = s.Accounts.CreateToken(c.UserContext(), p.Name, role)
	if err != nil {
		var rest error
		if p.mended, rest = p.mend(c, err); rest != nil {
			return rest
		}
		return s.tokensPage(c, p, role)
	}
	audited(c).Subject = "token " + p.Name
	p.Name = ""
	return s.tokensPage(c, p, accounts.Viewer)
}

func (s *Server) postRevoke(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("apitoken"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.NotFound, Code: "no token", Op: "web: token", Message: "There is no such token."}
	}
	audited(c).Subject = fmt.Sprintf("token %d", id)
	if err := s.Accounts.RevokeToken(c.UserContext(), accounts.TokenID(id)); err != nil {
		return err
	}
	return seeOther(c, "/tokens")
}
