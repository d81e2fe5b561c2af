package ideas

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Browser is the random mark that a browser keeps, so that its support of an idea counts once. It is never stored here.
type Browser [16]byte

// signatureLength is in bytes.
const signatureLength = 16

// NewBrowser draws a mark.
func NewBrowser() Browser {
	var b Browser
	rand.Read(b[:])
	return b
}

// Signed is the mark as a browser keeps it, with a signature: marks that somebody has made up are none.
func (b Browser) Signed(secret surveys.Secret) string {
	return base64.RawURLEncoding.EncodeToString(append(b[:], sealed(secret, "browser", b[:])...))
}

// ReadBrowser reads what Signed wrote.
func ReadBrowser(secret surveys.Secret, text string) (b Browser, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != len(b)+signatureLength {
		return b, false
	}
	copy(b[:], raw)
	return b, hmac.Equal(raw[len(b):], sealed(secret, "browser", b[:]))
}

// mark is what is stored of a support. Those of one browser are not alike, so they cannot be joined with each other
// without the browser's own mark.
func (b Browser) mark(secret surveys.Secret, id ID) []byte {
	return sealed(secret, "support "+strconv.FormatInt(int64(id), 10), b[:])
}

func sealed(secret surveys.Secret, what string, content []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("ideas " + what + "\n"))
	mac.Write(content)
	return mac.Sum(nil)[:signatureLength]
}

// family is an idea that the board shows, and those merged into it. A member leads to its family.
func family(tx *gorm.DB, id ID) (top ID, members []ID, err error) {
	var row ideaRow
	if err := tx.Where("id = ?", id).Limit(1).Find(&row).Error; err != nil {
		return 0, nil, err
	}
	if row.MergedInto != 0 {
		return family(tx, row.MergedInto)
	}
	if row.ID == 0 || row.Place != Shown {
		return 0, nil, &surveys.Error{Kind: surveys.NotFound, Op: "ideas: support", Message: "There is no such idea on the board."}
	}
	err = tx.Model(&ideaRow{}).Where("id = ? OR merged_into = ?", row.ID, row.ID).Pluck("id", &members).Error
	return row.ID, members, err
}

// Support counts a browser among the supporters of an idea; one that is among them already stays so. NotFound where the
// board does not show the idea.
func Support(ctx context.Context, s *store.Store, secret surveys.Secret, b Browser, id ID) error {
	return s.Transact(ctx, "ideas: support", func(tx *gorm.DB) error { return SupportIn(tx, secret, b, id) })
}

// SupportIn is Support within a transaction.
func SupportIn(tx *gorm.DB, secret surveys.Secret, b Browser, id ID) error {
	top, members, err := family(tx, id)
	if err != nil {
		return err
	}
	for _, member := range members {
		var n int64
		if err := tx.Model(&supportRow{}).Where("idea_id = ? AND mark = ?", member, b.mark(secret, member)).Count(&n).Error; err != nil || n > 0 {
			return err
		}
	}
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&supportRow{top, b.mark(secret, top)}).Error
}

// TakeBack undoes Support, whichever of the ideas that are one by now the browser supported.
func TakeBack(ctx context.Context, s *store.Store, secret surveys.Secret, b Browser, id ID) error {
	return s.Transact(ctx, "ideas: take back", func(tx *gorm.DB) error {
		_, members, err := family(tx, id)
		if err != nil {
			return err
		}
		for _, member := range members {
			if err := tx.Delete(&supportRow{}, "idea_id = ? AND mark = ?", member, b.mark(secret, member)).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// Supports reports whether a browser is among the supporters of an idea that the board shows.
func Supports(ctx context.Context, s *store.Store, secret surveys.Secret, b Browser, id ID) (bool, error) {
	db := s.Read(ctx)
	_, members, err := family(db, id)
	if err != nil {
		return false, err
	}
	for _, member := range members {
		var n int64
		if err := db.Model(&supportRow{}).Where("idea_id = ? AND mark = ?", member, b.mark(secret, member)).Count(&n).Error; err != nil || n > 0 {
			return n > 0, store.Translate("ideas: supports", err)
		}
	}
	return false, nil
}
