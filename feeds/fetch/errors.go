package fetch

import "time"

// A Kind tells failures apart by what a caller does about them.
type Kind int

// The kinds of failure.
const (
	Protocol    Kind = iota // the server speaks something else, or broke off
	BadURL                  // the address cannot be used
	DNS                     // the name does not exist or could not be resolved
	Refused                 // no connection
	Timeout                 // too slow
	TLS                     // certificate or handshake
	Status                  // any other HTTP status
	NotFound                // 404: soft, feeds come back
	Gone                    // 410
	RateLimited             // 429, or 503 with Retry-After
	TooLarge                // over a size limit
	Forbidden               // a private address or a port that is not allowed
	Redirects               // too many redirects
	Canceled                // the caller gave up
)

// An Error says why a download failed.
type Error struct {
	Kind       Kind
	Status     int           // HTTP status; 0 none
	RetryAfter time.Duration // what the server asked for; 0 nothing
	Reason     string        // in words for a person
	Err        error         // the cause; may be nil
}

func (e *Error) Error() string { return e.Reason }
func (e *Error) Unwrap() error { return e.Err }
