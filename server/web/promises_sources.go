package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/comments"
	"soundings/surveys/decisions"
	"soundings/surveys/ideas"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// visitsOffered is how many visits a promise can be said to come from, the latest.
const visitsOffered = 30

// sourceGroup are the things of one kind that a promise can come from.
type sourceGroup struct {
	Name    string
	Options []option
}

// sourceValue stands for a source in a form and in an address.
func sourceValue(source promises.Source) string {
	if source.Kind == "" {
		return ""
	}
	return string(source.Kind) + ":" + source.Ref
}

// readSource reads what sourceValue wrote. The words are found where the things of that kind are listed.
func readSource(value string) promises.Source {
	kind, ref, ok := strings.Cut(strings.TrimSpace(value), ":")
	if !ok {
		return promises.Source{Kind: promises.SourceKind(kind)}
	}
	return promises.Source{Kind: promises.SourceKind(kind), Ref: ref}
}

// promiseAbout is the address of the form of a promise about something.
func promiseAbout(source promises.Source, department surveys.DepartmentID) string {
	query := url.Values{"source": {sourceValue(source)}}
	if department != 0 {
		query.Set("department", idText(int64(department)))
	}
	return "/promises/new?" + query.Encode()
}

// sources lists what a promise can come from, of what this person may see.
func (s *Server) sources(ctx context.Context, f frame) ([]sourceGroup, error) {
	p := &phrases{speech: f.speech}
	var groups []sourceGroup
	add := func(key string, options []option) {
		if len(options) > 0 {
			groups = append(groups, sourceGroup{p.say(key), options})
		}
	}
	if f.User.Role.May(accounts.ReadComments) {
		tags, err := comments.Tags(s.Store.Read(ctx))
		if err != nil {
			return nil, err
		}
		var options []option
		for _, t := range tags {
			options = append(options, option{Value: sourceValue(promises.Source{Kind: promises.Theme, Ref: t.Name}), Text: t.Name})
		}
		add("promise_source_theme", options)
	}
	list, err := s.Catalog.List(ctx)
	if err != nil {
		return nil, err
	}
	var options []option
	for _, survey := range slices.Backward(list) {
		for _, q := range survey.Newest.Document.Questions {
			value := sourceValue(promises.Source{Kind: promises.Item, Ref: q.ID})
			if !slices.ContainsFunc(options, func(o option) bool { return o.Value == value }) {
				options = append(options, option{Value: value, Text: q.Text})
			}
		}
	}
	add("promise_source_item", options)
	if options, err = s.ideaSources(ctx, f.User); err != nil {
		return nil, err
	}
	add("promise_source_idea", options)
	if options, err = s.decisionSources(ctx, p, f.User); err != nil {
		return nil, err
	}
	add("promise_source_decision", options)
	if options, err = s.visitSources(ctx, p, f.User); err != nil {
		return nil, err
	}
	add("promise_source_visit", options)
	return groups, p.err
}

func (s *Server) ideaSources(ctx context.Context, u accounts.User) (options []option, err error) {
	list, err := s.ideasFor(ctx, u)
	for _, idea := range slices.Backward(list) {
		if idea.Public() {
			options = append(options, option{Value: sourceValue(ideaSource(&idea)), Text: idea.Title})
		}
	}
	return options, err
}

func ideaSource(idea *ideas.Idea) promises.Source {
	return promises.Source{Kind: promises.Idea, Ref: idText(int64(idea.ID))}
}

func (s *Server) decisionSources(ctx context.Context, p *phrases, u accounts.User) (options []option, err error) {
	err = s.eachDecision(ctx, u, func(d decisions.Decision) {
		text, _ := d.In(p.Spoken)
		options = append(options, option{Value: sourceValue(decisionSource(&d)), Text: text.Title})
	})
	slices.Reverse(options) // the newest first
	return options, err
}

// eachDecision goes through the decisions of all changes that somebody may read.
func (s *Server) eachDecision(ctx context.Context, u accounts.User, do func(decisions.Decision)) error {
	list, err := decisions.List(ctx, s.Store)
	if err != nil || len(list) == 0 {
		return err
	}
	about, err := s.changesFor(ctx, u)
	for _, d := range list {
		if slices.ContainsFunc(about, func(c changes.Change) bool { return c.ID == d.Change }) && mayReadDecision(u, &d) {
			do(d)
		}
	}
	return err
}

func (s *Server) visitSources(ctx context.Context, p *phrases, u accounts.User) (options []option, err error) {
	made, err := s.visitsFor(ctx, u)
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range slices.Backward(made) {
		if v.State == visits.Done && len(options) < visitsOffered {
			options = append(options, option{Value: sourceValue(promises.Source{Kind: promises.Visit, Ref: v.UID}),
				Text: p.visitName(&v, names)})
		}
	}
	return options, nil
}

// visitName is how a promise names the visit that it comes from, in the language of who reads it.
func (p *phrases) visitName(v *visits.Visit, names map[surveys.DepartmentID]string) string {
	return p.say("promise_visit", "Department", names[v.Department], "Date", p.date(v.Day.Time()))
}

func (p *phrases) promiseFrom(kind promises.SourceKind, words string) string {
	return p.say("promise_from", "Kind", p.say("promise_kind_"+string(kind)), "Words", words)
}

// sourceLink tells where something was said, with the page that shows it, if this person may see one.
func (s *Server) sourceLink(c *fiber.Ctx, p *phrases, source promises.Source) (link pageLink, err error) {
	if source.Kind == "" {
		return link, nil
	}
	words := source.Words
	if words == "" {
		words = source.Ref
	}
	link.Text = p.promiseFrom(source.Kind, words)
	u := current(c).User
	switch source.Kind {
	case promises.Theme:
		if u.Role.May(accounts.ReadComments) {
			link.Href = "/comments/tags"
		}
	case promises.Item:
		link.Href = "/trend?" + url.Values{"measure": {questionPrefix + source.Ref}}.Encode()
	case promises.Idea:
		link.Href = "/ideas/" + source.Ref
	case promises.Decision:
		err = s.eachDecision(c.UserContext(), u, func(d decisions.Decision) {
			if d.Name == source.Ref {
				link.Href = decisionAddress(&d)
			}
		})
		return link, err
	case promises.Visit:
		list, err := s.visitsFor(c.UserContext(), u)
		if err != nil {
			return link, err
		}
		for _, v := range list {
			if v.UID == source.Ref {
				link.Href = visitAddress(v.ID)
				names, err := s.departmentNames(c.UserContext())
				if err != nil {
					return link, err
				}
				link.Text = p.promiseFrom(source.Kind, p.visitName(&v, names))
			}
		}
	}
	return link, p.err
}
