package web

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/translations"
)

// exportTranslation sends one translation as a file for somebody who translates elsewhere.
func (s *Server) exportTranslation(c *fiber.Ctx) error {
	d, lang, err := s.openTranslation(c)
	if err != nil {
		return err
	}
	doc := d.Publishable()
	var file bytes.Buffer
	if err := translations.Export(&file, &doc, lang); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=\"draft-%d-%s.csv\"", d.ID, lang))
	return c.Send(file.Bytes())
}

// importTranslation takes a file in: all of it, or nothing. A refused file comes back with every fault.
func (s *Server) importTranslation(c *fiber.Ctx) error {
	d, lang, form, err := s.openTranslationForm(c)
	if err != nil {
		return err
	}
	doc := d.Publishable()
	values, err := translations.Import([]byte(form.First("file")), &doc, lang)
	if surveys.KindOf(err) == surveys.Invalid {
		return s.refuseFile(c, d, lang, form.First("file"), err)
	}
	if err != nil {
		return err
	}
	_, err = drafts.Change(c.UserContext(), s.Store, d.ID, d.Version, s.stamp(c), func(d *drafts.Draft) {
		translations.Set(&d.Document, lang, values)
	})
	if err != nil {
		return err
	}
	return c.Redirect(translationAddress(d.ID, lang)+"?done=imported", http.StatusSeeOther)
}

func (s *Server) refuseFile(c *fiber.Ctx, d drafts.Draft, lang, file string, fault error) error {
	page, err := s.translationPage(c, d, lang, nil)
	if err != nil {
		return err
	}
	p := phrases{speech: page.speech}
	page.File, page.Refused = file, importFaults(&p, fault)
	if p.err != nil {
		return p.err
	}
	c.Status(http.StatusUnprocessableEntity)
	return s.page(c, "staff/translation", page)
}
