package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// tokenPrefix lets people and secret scanners recognise a token that has been left lying about.
const tokenPrefix = "snd_"

const maxTokenName = 100 // characters

// TokenID identifies an API token.
type TokenID int64

// Token is what a program may do that shows the token. The token itself is not kept.
type Token struct {
	ID        TokenID
	Name      string // for people: what uses it
	Role      Role
	CreatedAt time.Time
}

type tokenRow struct {
	Token      `gorm:"embedded"`
	SecretHash []byte
}

func (tokenRow) TableName() string { return "api_tokens" }

// CreateToken makes an API token and returns it in plain text, the only time it can be seen. Faults have the paths
// name and role.
func (a *Accounts) CreateToken(ctx context.Context, name string, role Role) (plain string, err error) {
	const op = "accounts: create token"
	name = strings.TrimSpace(name)
	var faults surveys.Faults
	if name == "" || utf8.RuneCountInString(name) > maxTokenName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		faults = append(faults, surveys.Fault{Path: "name", Code: "name", Detail: "must have 1 to 100 characters on one line"})
	}
	if !role.Valid() {
		faults = append(faults, surveys.Fault{Path: "role", Code: "unknown", Detail: "must be admin, author, analyst or viewer"})
	}
	if err := invalid(op, faults); err != nil {
		return "", err
	}
	plain = tokenPrefix + encode(randomBytes(secretSize))
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		return tx.Create(&tokenRow{Token: Token{Name: name, Role: role, CreatedAt: a.clock()}, SecretHash: digest([]byte(plain))}).Error
	})
	if err != nil {
		return "", err
	}
	return plain, nil
}

// LookupToken gives what a token may do; anything that is not one of ours is Unauthorized.
func (a *Accounts) LookupToken(ctx context.Context, plain string) (*Token, error) {
	const op = "accounts: look up token"
	unknown := &surveys.Error{Kind: surveys.Unauthorized, Op: op, Message: "The API token is not valid."}
	if !strings.HasPrefix(plain, tokenPrefix) {
		return nil, unknown
	}
	// Searching by the hash is safe: how far a wrong one agrees with a stored one tells nothing about a token.
	hash := digest([]byte(plain))
	var row tokenRow
	err := a.store.Read(ctx).Take(&row, "secret_hash = ?", hash).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && subtle.ConstantTimeCompare(hash, row.SecretHash) != 1 {
		return nil, unknown
	}
	if err != nil {
		return nil, store.Translate(op, err)
	}
	return &row.Token, nil
}

// Tokens lists the API tokens, the newest first.
func (a *Accounts) Tokens(ctx context.Context) ([]Token, error) {
	var rows []tokenRow
	err := a.store.Read(ctx).Order("id DESC").Find(&rows).Error
	list := make([]Token, len(rows))
	for i, r := range rows {
		list[i] = r.Token
	}
	return list, store.Translate("accounts: list tokens", err)
}

// RevokeToken ends a token at once. One that is not there is NotFound.
func (a *Accounts) RevokeToken(ctx context.Context, id TokenID) error {
	const op = "accounts: revoke token"
	return a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		gone := tx.Delete(&tokenRow{}, "id = ?", id)
		if gone.Error == nil && gone.RowsAffected == 0 {
			return &surveys.Error{Kind: surveys.NotFound, Code: "no token", Op: op, Message: "There is no such token."}
		}
		return gone.Error
	})
}
