package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"soundings/surveys/store"
)

// ByIndexAlone checks that the database answers each query of ask from an index, without a look into the table.
func ByIndexAlone(t testing.TB, s *store.Store, ask func(db *gorm.DB) error) {
	t.Helper()
	asked := &queries{Interface: logger.Discard}
	if err := ask(s.Read(t.Context()).Session(&gorm.Session{Logger: asked})); err != nil {
		t.Fatal(err)
	}
	if len(asked.list) == 0 {
		t.Fatal("nothing was asked")
	}
	explain, want := "EXPLAIN QUERY PLAN ", "USING COVERING INDEX"
	if s.Dialect() == store.MySQL {
		explain, want = "EXPLAIN ", "Using index"
	}
	for _, query := range asked.list {
		var plan []map[string]any
		if err := s.Read(t.Context()).Raw(explain + query).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		if told := fmt.Sprint(plan); !strings.Contains(told, want) || strings.Contains(told, "Using index condition") {
			t.Errorf("%s\nis planned as %s", query, told)
		}
	}
}

// queries keeps what is asked through a connection.
type queries struct {
	logger.Interface
	list []string
}

func (q *queries) Trace(_ context.Context, _ time.Time, query func() (sql string, rows int64), _ error) {
	sql, _ := query()
	q.list = append(q.list, sql)
}
