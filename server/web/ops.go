package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// healthz says that the program runs.
func (s *Server) healthz(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyz says that it can work: the database answers and its schema is the one this program needs.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.Store.Check(c.UserContext()); err != nil {
		c.Status(http.StatusServiceUnavailable)
		return c.SendString(failureOf(err).Message + "\n")
	}
	return c.SendString("ready\n")
}

// showAsset serves an embedded file. Its address holds a hash of its content, so a browser may keep it for ever.
func (s *Server) showAsset(c *fiber.Ctx) error {
	asset, current, err := s.Assets.Resolve(c.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such file."}
	}
	if err != nil {
		return fmt.Errorf("web: asset: %w", err)
	}
	c.Set(fiber.HeaderContentType, asset.ContentType)
	c.Set(fiber.HeaderETag, asset.ETag)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if current {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	if c.Get(fiber.HeaderIfNoneMatch) == asset.ETag {
		return c.SendStatus(http.StatusNotModified)
	}
	if packed := asset.Gzip(); packed != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
		if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			return c.Send(packed)
		}
	}
	return c.Send(asset.Bytes)
}
