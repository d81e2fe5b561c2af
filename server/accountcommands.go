package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"soundings/server/accounts"
	"soundings/server/config"
	"soundings/surveys"
	"soundings/surveys/people"
)

type userCommands struct {
	Add userAdd `cmd:"" help:"Add a person who may sign in."`
}

type userAdd struct {
	Email         string        `required:"" placeholder:"ADDRESS" help:"E-mail address to sign in with."`
	Role          accounts.Role `required:"" enum:"admin,author,analyst,viewer" placeholder:"ROLE" help:"What the person may do: ${enum}."`
	Department    []string      `placeholder:"NAME" sep:"none" help:"Show results of this department only; may be given several times."`
	PasswordStdin bool          `required:"" help:"Read the password from standard input, so that it stands in no list of processes."`
}

// Run makes the account.
func (u userAdd) Run(ctx context.Context, env environment, c *config.Config) error {
	line, err := bufio.NewReader(io.LimitReader(env.in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the password: %w", err)
	}
	var user *accounts.User
	err = withRecorded(ctx, c, "account.add", func(t *tools, e *accounts.Event) error {
		a, err := staffOf(t, c)
		if err != nil {
			return err
		}
		var departments []surveys.DepartmentID
		for _, name := range u.Department {
			d, err := people.DepartmentNamed(ctx, t.store, name)
			if err != nil {
				return err
			}
			departments = append(departments, d.ID)
		}
		if user, err = a.Create(ctx, u.Email, u.Role, strings.TrimRight(line, "\r\n"), departments...); err != nil {
			return err
		}
		e.Subject = fmt.Sprintf("user %d", user.ID)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, user.Email, user.Role)
	return err
}

type tokenCommands struct {
	Add tokenAdd `cmd:"" help:"Make an API token and print it; it is never shown again."`
}

type tokenAdd struct {
	Name string        `required:"" help:"What the token is for."`
	Role accounts.Role `required:"" enum:"admin,author,analyst,viewer" placeholder:"ROLE" help:"What the token may do: ${enum}."`
}

// Run prints the token, alone on a line.
func (n tokenAdd) Run(ctx context.Context, env environment, c *config.Config) error {
	var plain string
	err := withRecorded(ctx, c, "token.add", func(t *tools, e *accounts.Event) error {
		a, err := staffOf(t, c)
		if err != nil {
			return err
		}
		e.Subject = "token " + n.Name
		plain, err = a.CreateToken(ctx, n.Name, n.Role)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, plain)
	return err
}

func staffOf(t *tools, c *config.Config) (*accounts.Accounts, error) {
	secret, err := c.Secret()
	if err != nil {
		return nil, err
	}
	return accounts.New(t.store, secret, time.Now), nil
}
