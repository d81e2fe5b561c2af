package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"golang.org/x/text/language"

	"soundings/surveys"
)

// textPage is what a room has written in one more language, beside the original: a change, a promise or a decision.
type textPage struct {
	frame
	Words   writing // of the translation
	Heading string
	Version int    // of what is translated
	Action  string // address of the form
	Back    string // address of what is translated
	Fields  []changeField
	Origin  []changeField // the same in the original
	Exists  bool
	Stale   bool
	Refused string
	Theirs  *theirs
}

// textLanguage is the language of the address of a translation; what is written in that language has none.
func textLanguage(c *fiber.Ctx, written string) (string, error) {
	tag, err := language.Parse(utils.CopyString(c.Params("lang")))
	if err != nil || strings.EqualFold(tag.String(), written) {
		return "", &surveys.Error{Kind: surveys.NotFound, Op: "web: translation", Message: "There is no such translation."}
	}
	return tag.String(), nil
}

// seeText leads to the translation of what is at an address into the language that was chosen from the list.
func seeText(c *fiber.Ctx, address string) error {
	tag, err := language.Parse(utils.CopyString(c.Query("lang")))
	if err != nil {
		return seeOther(c, address)
	}
	return seeOther(c, textAddress(address, tag.String()))
}

// textAddress is that of a translation of what is at an address.
func textAddress(address, lang string) string { return address + "/texts/" + lang }
