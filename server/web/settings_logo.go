package web

import (
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/settings"
	"soundings/surveys/store"
)

// postLogo keeps the logo of an uploaded file, or shows beside the field what is wrong with the file.
func (s *Server) postLogo(c *fiber.Ctx) error {
	u, err := staffUpload(c)
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "web: logo", func(tx *store.Tx) error { return settings.SaveLogo(tx, u.content) })
	var known *surveys.Error
	if errors.As(err, &known) && known.Kind == surveys.Invalid {
		f, err := s.readSettings(c.UserContext())
		if err != nil {
			return err
		}
		f.faults, f.faulty = known.Faults, "logo"
		c.Status(statuses[known.Kind])
		return s.settingsPage(c, f)
	}
	if err != nil {
		return err
	}
	return s.logoChanged(c)
}

func (s *Server) postLogoRemove(c *fiber.Ctx) error {
	err := s.Store.Transact(c.UserContext(), "web: logo", func(tx *store.Tx) error { return settings.RemoveLogo(tx) })
	if err != nil {
		return err
	}
	return s.logoChanged(c)
}

// logoChanged goes back to the page, which must show the logo of now and not of a second ago.
func (s *Server) logoChanged(c *fiber.Ctx) error {
	s.houses.forget()
	return c.Redirect("/settings?saved=logo#logo", http.StatusSeeOther)
}
