package store

import (
	"database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable reports whether an error of Open or of a method says that the
// database server did not answer, ended the connection or had no room for it: the
// same may succeed a little later. It is false for a server that refuses, a wrong
// password say, and for SQLite, which is no server.
func Unreachable(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		// Classes of SQLSTATE: connection exception, insufficient resources, operator intervention.
		return strings.HasPrefix(refused.Code, "08") || strings.HasPrefix(refused.Code, "53") || strings.HasPrefix(refused.Code, "57P")
	}
	var file *fs.PathError // whose cause looks like an error of the network
	if errors.As(err, &file) {
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}
