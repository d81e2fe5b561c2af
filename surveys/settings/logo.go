package settings

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// What can be wrong with the file of a logo.
const (
	faultLogoNone   = "logo_none"
	faultLogoKind   = "logo_kind" // neither PNG nor JPEG
	faultLogoLarge  = "logo_large"
	faultLogoWide   = "logo_wide"
	faultLogoBroken = "logo_broken"
	faultLogoPale   = "logo_pale" // cannot be seen on white
)

// Picture is a file that the program has written itself from the pixels of one that was uploaded.
type Picture struct {
	Size          string `gorm:"primaryKey"`
	Digest        string // of the content
	Kind          string // "png" or "jpg"
	Width, Height int    // in pixels
	Content       []byte
}

func (Picture) TableName() string { return "logos" }

// Logo is the organisation's, in the two sizes that are needed. The zero value is none.
type Logo struct {
	Page   Picture // at most 360 x 72 pixels and 6,000 bytes: respondents' pages have 30 KB in all
	Poster Picture // at most 1200 x 240 pixels and 100,000 bytes: sharp on paper
}

// Set tells whether there is a logo.
func (l Logo) Set() bool { return l.Page.Digest != "" }

// ReadLogo reads the logo. known is a logo that was read before: while it is the one that is set, it is returned as it is
// and its pictures are not read again.
func ReadLogo(db *gorm.DB, known Logo) (Logo, error) {
	var digests []string
	if err := db.Model(&Picture{}).Order("size").Pluck("digest", &digests).Error; err != nil {
		return Logo{}, store.Translate("settings: logo", err)
	}
	if len(digests) == 2 && digests[0] == known.Page.Digest && digests[1] == known.Poster.Digest {
		return known, nil
	}
	var rows []Picture
	if err := db.Find(&rows).Error; err != nil {
		return Logo{}, store.Translate("settings: logo", err)
	}
	var l Logo
	for _, r := range rows {
		switch r.Size {
		case "page":
			l.Page = r
		case "poster":
			l.Poster = r
		}
	}
	return l, nil
}

// SaveLogo keeps what a PNG or JPEG file shows in place of the logo before, or tells what is wrong with the file.
func SaveLogo(tx *gorm.DB, content []byte) error {
	if len(content) == 0 {
		return refusedLogo(faultLogoNone)
	}
	p, err := decodePicture(content)
	if err == nil && !seenOnWhite(within(p, 360, 72)) {
		err = errors.New(faultLogoPale)
	}
	if err != nil {
		return refusedLogo(err.Error())
	}
	var rows []Picture
	for _, want := range []struct {
		size                string
		width, height, most int
	}{{"page", 360, 72, 6_000}, {"poster", 1200, 240, 100_000}} {
		row, err := encode(within(p, want.width, want.height), want.most)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(row.Content)
		row.Size, row.Digest = want.size, hex.EncodeToString(sum[:8])
		rows = append(rows, row)
	}
	if err := RemoveLogo(tx); err != nil {
		return err
	}
	return store.Translate("settings: logo", tx.Create(&rows).Error)
}

func refusedLogo(code string) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: "settings: logo", Message: "the logo cannot be used",
		Faults: surveys.Faults{fault("logo", code, "must be a PNG or JPEG picture")}}
}

// RemoveLogo leaves the organisation without a logo.
func RemoveLogo(tx *gorm.DB) error {
	return store.Translate("settings: logo", tx.Where("size <> ''").Delete(&Picture{}).Error)
}
