package champions

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
)

type championRow struct {
	ID             ID `gorm:"primaryKey"`
	Version        int
	DepartmentID   surveys.DepartmentID
	Name           string
	Email          string
	EmailKey       *string // unique; nil of one who has withdrawn
	Topics         string  // a line each
	Language       string
	AddedOn        surveys.Day
	Confirmed      bool
	Since          surveys.Day
	LastContact    surveys.Day
	MailedOn       surveys.Day
	Withdrawn      surveys.Day
	ConsentBy      string
	ConsentOn      surveys.Day
	ConsentHow     string
	ConsentWording string
	TokenHash      []byte // nil of one who has withdrawn
	TokenSealed    string
}

func (championRow) TableName() string { return "champions" }

type reportRow struct {
	ID         int64 `gorm:"primaryKey"`
	ChampionID ID
	ChangeID   *changes.ID
	Day        surveys.Day
	Text       string
}

func (reportRow) TableName() string { return "champion_reports" }

type letterRow struct {
	ID         int64 `gorm:"primaryKey"`
	ChampionID ID
	ChangeID   changes.ID
	Stage      changes.Stage
	ToldOn     surveys.Day
	ToldBy     string
}

func (letterRow) TableName() string { return "champion_letters" }

// emailKey is the same for addresses that lead to the same mailbox almost everywhere.
func emailKey(email string) *string {
	key := strings.ToLower(email)
	return &key
}

const (
	tokenBytes  = 20
	sealPurpose = "champion"
)

// tokenForm writes tokens in letters and digits of one case.
func tokenForm() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte("champion " + token))
	return sum[:]
}

// newToken makes the secret of a champion's own address. The row keeps a hash, to find it by, and the token sealed, so that
// each mail can carry it; the database alone opens no address.
func newToken(secret surveys.Secret) (hash []byte, sealed string, err error) {
	b := make([]byte, tokenBytes)
	rand.Read(b) // never fails; it ends the program when the system has no randomness
	token := tokenForm().EncodeToString(b)
	sealed, err = secret.Seal(sealPurpose, token)
	return hashOf(token), sealed, err
}

func (c *Champion) row() championRow {
	return championRow{ID: c.ID, Version: c.Version, DepartmentID: c.Department, Name: c.Name, Email: c.Email, EmailKey: emailKey(c.Email),
		Topics: strings.Join(c.Topics, "\n"), Language: c.Language, AddedOn: c.Added, Confirmed: c.Confirmed, Since: c.Since, LastContact: c.LastContact,
		MailedOn: c.mailed, Withdrawn: c.Withdrawn, ConsentBy: c.Consent.By, ConsentOn: c.Consent.On, ConsentHow: c.Consent.How,
		ConsentWording: c.Consent.Wording, TokenSealed: c.sealed}
}

func (r championRow) champion() Champion {
	c := Champion{ID: r.ID, Version: r.Version, Department: r.DepartmentID, Name: r.Name, Email: r.Email, Language: r.Language, Added: r.AddedOn,
		Confirmed: r.Confirmed, Since: r.Since, LastContact: r.LastContact, Withdrawn: r.Withdrawn,
		Consent: Consent{By: r.ConsentBy, On: r.ConsentOn, How: r.ConsentHow, Wording: r.ConsentWording}, mailed: r.MailedOn, sealed: r.TokenSealed}
	if r.Topics != "" {
		c.Topics = strings.Split(r.Topics, "\n")
	}
	return c
}

// one reads a champion by a condition.
func one(db *gorm.DB, where ...any) (Champion, error) {
	const op = "champions: read"
	var rows []championRow
	if err := db.Find(&rows, where...).Error; err != nil {
		return Champion{}, store.Translate(op, err)
	}
	if len(rows) == 0 {
		return Champion{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such champion."}
	}
	return rows[0].champion(), nil
}

// update changes columns of a champion.
func update(tx *gorm.DB, id ID, columns map[string]any) error {
	return tx.Model(&championRow{}).Where("id = ?", id).Updates(columns).Error
}
