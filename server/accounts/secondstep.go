package accounts

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

const (
	totpSize   = 20 // bytes of a secret: the length of SHA-1's output, as RFC 4226 recommends
	totpPeriod = 30 // seconds of a step, RFC 6238
	totpDrift  = 1  // steps by which a telephone's clock may be wrong, either way

	ticketLife = 10 * time.Minute
	freeCodes  = 5
)

// ticket lets somebody whose password was right try the second step, for ten minutes and only while the password is the
// same. It holds no secret and needs no row: it is the user's id and an end, signed.
func (a *Accounts) ticket(user credentials, now time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(user.ID))
	b = binary.BigEndian.AppendUint64(b, uint64(now.Add(ticketLife).Unix()))
	return encode(append(b, a.ticketMark(b, user.PasswordHash)...))
}

func (a *Accounts) ticketMark(b []byte, passwordHash string) []byte {
	return a.subject("ticket", fmt.Sprintf("%x %s", b, passwordHash))
}

// holder gives whose ticket it is.
func (a *Accounts) holder(ctx context.Context, op, ticket string) (credentials, error) {
	var user credentials
	stale := &surveys.Error{Kind: surveys.Unauthorized, Code: "too slow", Op: op, Message: "That took too long. Please sign in again."}
	b, ok := decode(ticket)
	if !ok || len(b) != 16+32 {
		return user, stale
	}
	err := a.store.Read(ctx).Take(&user, "id = ?", binary.BigEndian.Uint64(b)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return user, stale
	}
	if err != nil {
		return user, store.Translate(op, err)
	}
	end := time.Unix(int64(binary.BigEndian.Uint64(b[8:])), 0)
	if !hmac.Equal(b[16:], a.ticketMark(b[:16], user.PasswordHash)) || !a.clock().Before(end) || !user.Active() || !user.secondStep() {
		return user, stale
	}
	return user, nil
}

// SecondStep finishes a sign-in with a code of the authenticator app, or with one of the recovery codes, which is used up
// by it. A wrong or used code is Unauthorized with a fault at the path code; failures are slowed as passwords are, per
// person, and clear with a success. A ticket that is too old is Unauthorized without faults.
func (a *Accounts) SecondStep(ctx context.Context, ticket, code string, from Browser) (*Admission, error) {
	const op = "accounts: second step"
	user, err := a.holder(ctx, op, ticket)
	if err != nil {
		return nil, err
	}
	// The ticket shows that the password is known, so that there is no counting of strangers by their address. Whoever has
	// stolen the password still cannot keep its owner out of a browser that is known.
	perUser := a.codeLimit(user.ID)
	if device, ok := a.knownDevice(from.Device, user.Email); ok {
		perUser = limit{a.subject("codes of device", encode(device)), freeCodes}
	}
	try, err := a.begin(ctx, op, perUser)
	if err != nil {
		return nil, err
	}
	var admission *Admission
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		admission = nil
		if right, err := a.spend(tx, user, code); err != nil || !right {
			return err
		}
		if err := a.forgive(tx, try, user.Email, a.clock()); err != nil {
			return err
		}
		if err := forget(tx, perUser); err != nil {
			return err
		}
		var err error
		admission, err = a.begins(tx, user, from)
		return err
	})
	if err != nil {
		return nil, a.withdraw(ctx, op, try, err)
	}
	if admission == nil {
		err := a.refuse(ctx, user.User, "session.second", from, "code", "This code is wrong, or was used already.")
		var known *surveys.Error
		if errors.As(err, &known) && known.Kind == surveys.Unauthorized {
			known.Faults = surveys.Faults{{Path: "code", Code: "wrong", Detail: "is wrong, or was used already"}}
		}
		return nil, err
	}
	return admission, nil
}

func (a *Accounts) codeLimit(id UserID) limit {
	return limit{a.subject("code", fmt.Sprint(id)), freeCodes}
}

// spend takes a code of either kind. Each is accepted once, on however many servers it is sent at the same moment: the
// database changes one row for one of them.
func (a *Accounts) spend(tx *gorm.DB, user credentials, code string) (bool, error) {
	secret, err := a.open(user.ID, user.TOTPSecret)
	if err != nil {
		return false, err
	}
	if step, ok, err := a.match(secret, code); err != nil {
		return false, err
	} else if ok {
		taken := tx.Model(&credentials{}).Where("id = ? AND totp_step < ?", user.ID, step).Update("totp_step", step)
		return taken.RowsAffected == 1, taken.Error
	}
	used := tx.Delete(&recoveryCode{}, "user_id = ? AND code_hash = ?", user.ID, a.recoveryHash(user.ID, code))
	return used.RowsAffected == 1, used.Error
}

// match finds the time step of a code among the present one and its neighbours.
func (a *Accounts) match(secret []byte, code string) (step int64, ok bool, err error) {
	code = strings.Join(strings.Fields(code), "")
	now := a.now().Unix() / totpPeriod
	for step := now - totpDrift; step <= now+totpDrift; step++ {
		want, err := codeAt(secret, step, otp.DigitsSix)
		if err != nil {
			return 0, false, err
		}
		if hmac.Equal([]byte(code), []byte(want)) {
			return step, true, nil
		}
	}
	return 0, false, nil
}

// codeAt is the code of a time step (RFC 6238 with SHA-1, which is what authenticator apps know).
func codeAt(secret []byte, step int64, digits otp.Digits) (string, error) {
	return hotp.GenerateCodeCustom(base32.StdEncoding.EncodeToString(secret), uint64(step), hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
}

// Offer is a secret for an authenticator app.
type Offer struct {
	Secret string // in groups of four, for typing
	URI    string // for a QR code: otpauth://totp/...
}

// OfferSecondStep gives the secret that a person is offered for their authenticator app: the same until it is confirmed,
// so that a reloaded page shows what the telephone has read. It is a Conflict when they have a second step already.
func (a *Accounts) OfferSecondStep(ctx context.Context, id UserID, issuer string) (*Offer, error) {
	const op = "accounts: offer second step"
	var secret []byte
	var email string
	err := a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var user credentials
		if err := store.ForUpdate(tx).Take(&user, "id = ?", id).Error; err != nil {
			return err
		}
		if user.secondStep() {
			return &surveys.Error{Kind: surveys.Conflict, Code: "second step", Op: op, Message: "You already have a second step."}
		}
		email = user.Email
		if len(user.TOTPOffered) > 0 {
			var err error
			secret, err = a.open(id, user.TOTPOffered)
			return err
		}
		secret = randomBytes(totpSize)
		return tx.Model(&credentials{}).Where("id = ?", id).Update("totp_offered", a.seal(id, secret)).Error
	})
	if err != nil {
		return nil, err
	}
	text := base32.StdEncoding.EncodeToString(secret)
	query := url.Values{"secret": {text}, "issuer": {issuer}}
	uri := "otpauth://totp/" + url.PathEscape(issuer+":"+email) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	var groups []string
	for i := 0; i < len(text); i += 4 {
		groups = append(groups, text[i:i+4])
	}
	return &Offer{Secret: strings.Join(groups, " "), URI: uri}, nil
}

// ConfirmSecondStep turns the second step on once a code shows that the app has the secret, and gives ten recovery codes,
// the only time they can be seen. A wrong code is Invalid with a fault at the path code.
func (a *Accounts) ConfirmSecondStep(ctx context.Context, id UserID, code string) (recovery []string, err error) {
	const op = "accounts: confirm second step"
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var user credentials
		if err := store.ForUpdate(tx).Take(&user, "id = ?", id).Error; err != nil {
			return err
		}
		if user.secondStep() || len(user.TOTPOffered) == 0 {
			return &surveys.Error{Kind: surveys.Conflict, Code: "nothing to confirm", Op: op, Message: "There is nothing to confirm."}
		}
		secret, err := a.open(id, user.TOTPOffered)
		if err != nil {
			return err
		}
		step, ok, err := a.match(secret, code)
		if err != nil {
			return err
		}
		if !ok {
			return invalid(op, surveys.Faults{{Path: "code", Code: "wrong", Detail: "is not the code the app shows now"}})
		}
		err = tx.Model(&credentials{}).Where("id = ?", id).Updates(map[string]any{"totp_secret": user.TOTPOffered, "totp_offered": nil, "totp_step": step}).Error
		if err != nil {
			return err
		}
		recovery, err = a.newRecoveryCodes(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// RemoveSecondStep turns the second step off, for a telephone that is lost. Someone without one is left as they are.
func (a *Accounts) RemoveSecondStep(ctx context.Context, id UserID) error {
	return a.store.Transact(ctx, "accounts: remove second step", func(tx *gorm.DB) error {
		err := tx.Model(&credentials{}).Where("id = ?", id).Updates(map[string]any{"totp_secret": nil, "totp_offered": nil}).Error
		if err != nil {
			return err
		}
		return tx.Delete(&recoveryCode{}, "user_id = ?", id).Error
	})
}

// seal encrypts a secret for the database: a copy of it alone makes no codes. The user's id is part of the seal, so that
// one person's secret cannot be put into another's row.
func (a *Accounts) seal(id UserID, secret []byte) []byte {
	gcm := a.cipher()
	nonce := randomBytes(gcm.NonceSize())
	return gcm.Seal(nonce, nonce, secret, fmt.Append(nil, id))
}

func (a *Accounts) open(id UserID, sealed []byte) ([]byte, error) {
	gcm := a.cipher()
	if len(sealed) < gcm.NonceSize() {
		return nil, errors.New("accounts: a sealed secret is cut short")
	}
	secret, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], fmt.Append(nil, id))
	if err != nil {
		return nil, fmt.Errorf("accounts: a second step cannot be read; was the program's secret changed? %w", err)
	}
	return secret, nil
}

func (a *Accounts) cipher() cipher.AEAD {
	block, err := aes.NewCipher(a.subject("seal", "totp")) // 32 bytes, so there is no error
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}
