package web

import (
	"context"
	"slices"
	"strings"

	"soundings/surveys/changes"
	"soundings/surveys/ideas"
)

// suggesters are the departments whose idea each change was, by name.
func (s *Server) suggesters(ctx context.Context) (map[changes.ID][]string, map[changes.ID]ideas.Credit, error) {
	credits, err := ideas.Credits(ctx, s.Store)
	if err != nil || len(credits) == 0 {
		return nil, nil, err
	}
	names, err := s.departmentNames(ctx)
	who := map[changes.ID][]string{}
	for id, credit := range credits {
		for _, d := range credit.Departments {
			who[id] = append(who[id], names[d])
		}
		slices.Sort(who[id])
	}
	return who, credits, err
}

// credited says whose idea a change was; "" where it was nobody's on the board. The words are those of the speech, for
// respondents and for staff alike.
func (s *Server) credited(ctx context.Context, p *phrases, id changes.ID) (string, error) {
	who, credits, err := s.suggesters(ctx)
	if err != nil {
		return "", err
	}
	return p.credit(who[id], credits[id]), nil
}

func (p *phrases) credit(departments []string, c ideas.Credit) string {
	switch {
	case len(departments) > 0:
		return p.say("credit_departments", "Departments", strings.Join(departments, p.say("list_comma")))
	case c.Elsewhere:
		return p.say("credit_board")
	}
	return ""
}
