package web

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/promises"
	"soundings/surveys/store"
)

// commentOf finds the comment that a path names, if the signed-in person may read it, and names it for the audit log.
func (s *Server) commentOf(c *fiber.Ctx) (quotes.Quote, error) {
	raw, err := hex.DecodeString(utils.CopyString(c.Params("comment")))
	if err != nil || len(raw) != len(surveys.ID{}) {
		return quotes.Quote{}, comments.Gone("web")
	}
	quote, err := s.Quotes.Find(c.UserContext(), surveys.ID(raw), reading(c))
	if err == nil {
		audited(c).Subject = fmt.Sprintf("comment %s, wave %d", quote.ID, quote.Wave)
	}
	return quote, err
}

// backToComment goes back to the page that a form was sent from, to the comment or to the list.
func backToComment(c *fiber.Ctx, form surveys.Form, anchor string) error {
	return seeOther(c, "/comments?"+backOf(form).Encode()+anchor)
}

// backOf is the query of the page that a form was sent from.
func backOf(form surveys.Form) url.Values {
	q, err := url.ParseQuery(form.First("back"))
	if err != nil {
		return url.Values{} // somebody else's making; the first page is as good
	}
	return q
}

// commentChange lets a form about one comment change it, and goes back to where it was sent from.
func (s *Server) commentChange(c *fiber.Ctx, anchor func(q quotes.Quote) string, change func(tx *store.Tx, q quotes.Quote, form surveys.Form) error) (quotes.Quote, surveys.Form, error) {
	form, err := staffForm(c)
	if err != nil {
		return quotes.Quote{}, nil, err
	}
	quote, err := s.commentOf(c)
	if err != nil {
		return quote, form, err
	}
	err = s.Store.Transact(c.UserContext(), "comments", func(tx *store.Tx) error { return change(tx, quote, form) })
	if err != nil {
		return quote, form, err
	}
	return quote, form, backToComment(c, form, anchor(quote))
}

func atComment(q quotes.Quote) string { return "#c-" + q.ID.String() }
func atList(quotes.Quote) string      { return "#comments" }

func (s *Server) postCommentTag(c *fiber.Ctx) error {
	quote, form, err := s.commentChange(c, atComment, func(tx *store.Tx, q quotes.Quote, form surveys.Form) error {
		_, err := comments.AddTag(tx, q.ID, form.First("tag"))
		return err
	})
	var known *surveys.Error
	if !errors.As(err, &known) || len(known.Faults) == 0 {
		return err
	}
	c.Status(statuses[known.Kind])
	p := phrases{speech: s.frame(c, "", "").speech}
	refused := refusedTag{comment: quote.ID, typed: form.First("tag"), fault: p.say("comments_fault_" + wordKey(known.Faults[0].Code))}
	if p.err != nil {
		return p.err
	}
	return s.commentsPage(c, backOf(form), refused)
}

func (s *Server) postCommentUntag(c *fiber.Ctx) error {
	tag, err := pathID(c, "tag")
	if err != nil {
		return err
	}
	_, _, err = s.commentChange(c, atComment, func(tx *store.Tx, q quotes.Quote, _ surveys.Form) error {
		return comments.RemoveTag(tx, q.ID, comments.TagID(tag))
	})
	return err
}

func (s *Server) postCommentHide(c *fiber.Ctx) error {
	_, _, err := s.commentChange(c, atList, func(tx *store.Tx, q quotes.Quote, form surveys.Form) error {
		reason := comments.Reason(form.First("reason"))
		err := comments.Hide(tx, q.ID, reason)
		if err == nil {
			audited(c).Subject = fmt.Sprintf("comment %s, wave %d: %s", q.ID, q.Wave, reason)
		}
		return err
	})
	return err
}

// postCommentShow is sent from the list of what is hidden.
func (s *Server) postCommentShow(c *fiber.Ctx) error {
	if _, err := staffForm(c); err != nil {
		return err
	}
	quote, err := s.commentOf(c)
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "comments", func(tx *store.Tx) error { return comments.Show(tx, quote.ID) })
	if err != nil {
		return err
	}
	return seeOther(c, "/comments/hidden")
}

// hiddenPage lists the comments that staff have hidden.
type hiddenPage struct {
	frame
	Headline string
	Quotes   []quoteView
}

func (s *Server) showHiddenComments(c *fiber.Ctx) error {
	page := hiddenPage{frame: s.frame(c, "comments_hidden_title", "comments")}
	b := &commentBook{phrases: phrases{speech: page.speech}}
	list, err := s.Quotes.Hidden(c.UserContext(), reading(c))
	if err != nil {
		return err
	}
	page.Headline = b.count("comments_hidden_headline", len(list))
	if len(list) == 0 {
		page.Headline = b.say("comments_hidden_none")
	}
	if b.departments, err = s.departmentNames(c.UserContext()); err != nil {
		return err
	}
	for i, h := range list {
		wave, err := s.Results.WaveByID(c.UserContext(), h.Wave)
		if err != nil {
			return err
		}
		b.view = &commentsView{wave: recentWaves, waves: []analytics.Wave{wave}, document: wave.Questionnaire.Document}
		view := b.quote(h.Quote)
		view.Label = b.say("comments_number", "Number", b.Number(i+1))
		view.Reason = b.say("comments_reason_" + string(h.Reason))
		page.Quotes = append(page.Quotes, view)
	}
	return s.finish(c, "staff/comments_hidden", &b.phrases, page)
}

// tagsPage is where tags are renamed, merged and deleted. They are everybody's, so somebody who may see some departments
// only can look at them.
type tagsPage struct {
	frame
	Headline string
	Tags     []tagForm
	Manage   bool
}

// tagForm is one tag, with what was typed.
type tagForm struct {
	comments.Tag
	Typed   string
	Fault   string
	Others  []comments.Tag
	Promise string // address of the form of a promise about it, for those who may make one
}

func (s *Server) showTags(c *fiber.Ctx) error { return s.tagsPage(c, 0, "", "") }

func (s *Server) tagsPage(c *fiber.Ctx, refused comments.TagID, typed, fault string) error {
	page := tagsPage{frame: s.frame(c, "comments_tags_title", "comments"), Manage: !current(c).User.Limited}
	p := &phrases{speech: page.speech}
	tags, err := comments.Tags(s.Store.Read(c.UserContext()))
	if err != nil {
		return err
	}
	page.Headline = p.count("comments_tags_headline", len(tags))
	if len(tags) == 0 {
		page.Headline = p.say("comments_tags_none")
	}
	for i, t := range tags {
		form := tagForm{Tag: t, Typed: t.Name}
		if t.ID == refused {
			form.Typed, form.Fault = typed, fault
		}
		if page.May("converse") {
			form.Promise = promiseAbout(promises.Source{Kind: promises.Theme, Ref: t.Name}, 0)
		}
		form.Others = append(append(form.Others, tags[:i]...), tags[i+1:]...)
		page.Tags = append(page.Tags, form)
	}
	return s.finish(c, "staff/comments_tags", p, page)
}

// tagChange lets a form change a tag, and shows it again if what was typed is refused.
func (s *Server) tagChange(c *fiber.Ctx, change func(tx *store.Tx, tag comments.TagID, form surveys.Form) error) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "tag")
	if err != nil {
		return err
	}
	if current(c).User.Limited {
		return notYours()
	}
	err = s.Store.Transact(c.UserContext(), "comments", func(tx *store.Tx) error { return change(tx, comments.TagID(id), form) })
	var known *surveys.Error
	if errors.As(err, &known) && len(known.Faults) > 0 {
		c.Status(statuses[known.Kind])
		p := phrases{speech: s.frame(c, "", "").speech}
		fault := p.say("comments_fault_" + wordKey(known.Faults[0].Code))
		if p.err != nil {
			return p.err
		}
		return s.tagsPage(c, comments.TagID(id), strings.TrimSpace(form.First("tag")), fault)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/comments/tags")
}

func (s *Server) postTagName(c *fiber.Ctx) error {
	return s.tagChange(c, func(tx *store.Tx, tag comments.TagID, form surveys.Form) error {
		return comments.RenameTag(tx, tag, form.First("tag"))
	})
}

func (s *Server) postTagMerge(c *fiber.Ctx) error {
	return s.tagChange(c, func(tx *store.Tx, tag comments.TagID, form surveys.Form) error {
		into, err := numbered(url.Values(form), "into")
		if err != nil {
			return err
		}
		audited(c).Subject = fmt.Sprintf("tag %d into %d", tag, into)
		return comments.MergeTag(tx, tag, comments.TagID(into))
	})
}

func (s *Server) postTagDelete(c *fiber.Ctx) error {
	return s.tagChange(c, func(tx *store.Tx, tag comments.TagID, _ surveys.Form) error { return comments.DeleteTag(tx, tag) })
}
