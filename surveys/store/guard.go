package store

import (
	"context"
	"errors"

	"github.com/go-sql-driver/mysql"
)

// auditGuards are the triggers that refuse to change or remove what stands in the audit log, by name and as MySQL says
// them. SQLite's are made by its migration.
var auditGuards = map[string]string{
	"audit_log_no_update": "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only'",
	"audit_log_no_delete": "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only'",
}

// What MySQL answers to a user who may not make triggers; 1419 is that of a server with a binary log.
const (
	myNoPrivilege     = 1142
	myNeedsPrivilege  = 1227
	myBinaryLogGuards = 1419
	myTriggerExists   = 1359
)

// guardAuditLog makes the triggers of MySQL that are missing. An ordinary user of a server with a binary log may not make
// any; an upgrade must not fail of that, so it goes on without them, and AuditGuarded tells so on the audit page.
func (s *Store) guardAuditLog(ctx context.Context) error {
	if s.dialect != MySQL {
		return nil
	}
	guarded, err := s.AuditGuarded(ctx)
	if err != nil || guarded {
		return err
	}
	for _, statement := range auditGuards {
		err := s.writer.WithContext(ctx).Exec(statement).Error
		var my *mysql.MySQLError
		if errors.As(err, &my) {
			switch my.Number {
			case myTriggerExists:
				continue
			case myNoPrivilege, myNeedsPrivilege, myBinaryLogGuards:
				return nil
			}
		}
		if err != nil {
			return Translate("store: guard the audit log", err)
		}
	}
	return nil
}

// AuditGuarded reports whether the database itself refuses to change or remove entries of the audit log.
func (s *Store) AuditGuarded(ctx context.Context) (bool, error) {
	query := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ?"
	if s.dialect == MySQL {
		query = "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name IN ?"
	}
	names := make([]string, 0, len(auditGuards))
	for name := range auditGuards {
		names = append(names, name)
	}
	var n int
	err := s.reader.WithContext(ctx).Raw(query, names).Scan(&n).Error
	return n == len(auditGuards), Translate("store: look for the guards of the audit log", err)
}
