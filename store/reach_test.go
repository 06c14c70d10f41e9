package store_test

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"wirewatch/store"
)

func TestUnreachable(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{&pgconn.PgError{Code: "57P01"}, true},  // terminated by an administrator
		{&pgconn.PgError{Code: "57P03"}, true},  // starting up
		{&pgconn.PgError{Code: "53300"}, true},  // too many connections
		{&pgconn.PgError{Code: "08006"}, true},  // connection failure
		{&pgconn.PgError{Code: "28P01"}, false}, // wrong password
		{&pgconn.PgError{Code: "3D000"}, false}, // no such database
		{&pgconn.PgError{Code: "57014"}, false}, // query cancelled
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		{&fs.PathError{Op: "open", Path: "/none/x.db", Err: syscall.ENOENT}, false},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		{driver.ErrBadConn, true},
		{io.ErrUnexpectedEOF, true},
		{errors.New("disk full"), false},
		{store.ErrLocked, false},
		{nil, false},
	} {
		if got := store.Unreachable(fmt.Errorf("begin: %w", tt.err)); got != tt.want {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
}
