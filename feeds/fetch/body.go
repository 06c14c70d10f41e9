package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxEncodings bounds how often one body is compressed.
const maxEncodings = 2

// body reads and decompresses an answer within the limits of size and of
// waiting.
func (f *Fetcher) body(resp *http.Response, cancel context.CancelFunc) ([]byte, error) {
	if resp.ContentLength > f.maxWire {
		return nil, f.tooLarge(f.maxWire)
	}
	watch := &stallReader{in: resp.Body, cancel: cancel, after: f.stallTimeout}
	defer watch.stop()
	wire := &limitReader{in: watch, left: f.maxWire, err: f.tooLarge(f.maxWire)}
	plain, err := decompress(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, bodyError(err, watch)
	}
	var b bytes.Buffer
	limited := &limitReader{in: plain, left: f.maxBody, err: f.tooLarge(f.maxBody)}
	if _, err := b.ReadFrom(limited); err != nil {
		return nil, bodyError(err, watch)
	}
	return b.Bytes(), nil
}

func (f *Fetcher) tooLarge(limit int64) *Error {
	if limit < 1<<20 {
		return fail(TooLarge, nil, "the document is larger than %d kB", limit>>10)
	}
	return fail(TooLarge, nil, "the document is larger than %d MB", limit>>20)
}

// bodyError words an error that came while the body was read.
func bodyError(err error, watch *stallReader) error {
	var mine *Error
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &mine):
		return mine
	case watch.stalled():
		return fail(Timeout, err, "the server stopped sending in the middle")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrHeader),
		errors.Is(err, zlib.ErrChecksum), errors.As(err, &corrupt):
		return fail(Protocol, err, "the document's compression is damaged")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fail(Protocol, err, "the server closed the connection in the middle")
	}
	return err
}

// decompress undoes the encodings that a header names. A header that lies (the
// body is plain) is not believed; a body that is gzip without saying so, such as a
// file "feed.xml.gz", is decompressed too.
func decompress(in io.Reader, header string) (io.Reader, error) {
	var encodings []string
	for name := range strings.SplitSeq(strings.ToLower(header), ",") {
		if name = strings.TrimSpace(name); name != "" && name != "identity" {
			encodings = append(encodings, name)
		}
	}
	if len(encodings) > maxEncodings {
		return nil, fail(Protocol, nil, "the document is compressed more than %d times", maxEncodings)
	}
	out := in
	for i := len(encodings) - 1; i >= 0; i-- {
		var err error
		if out, err = decompressOne(out, encodings[i]); err != nil {
			return nil, err
		}
	}
	if len(encodings) == 0 {
		return decompressOne(out, "gzip")
	}
	return out, nil
}

func decompressOne(in io.Reader, encoding string) (io.Reader, error) {
	buffered := bufio.NewReader(in)
	head, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch encoding {
	case "gzip", "x-gzip":
		if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
			return buffered, nil
		}
		return gzip.NewReader(buffered)
	case "deflate":
		switch {
		case len(head) == 2 && head[0]&0x0f == 8 && (uint16(head[0])<<8|uint16(head[1]))%31 == 0:
			return zlib.NewReader(buffered) // what the standard says
		case len(head) > 0 && (head[0] == '<' || head[0] == '{' || head[0] == 0xEF):
			return buffered, nil
		}
		return flate.NewReader(buffered), nil // what some servers send
	}
	return nil, fail(Protocol, nil, "the server sent a compression that was not asked for (%.20q)", encoding)
}

// A limitReader fails when more than its limit is read; unlike io.LimitReader
// it tells the end from the limit.
type limitReader struct {
	in   io.Reader
	left int64
	err  *Error
}

func (l *limitReader) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, l.err
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.in.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, l.err
	}
	return n, err
}

// A stallReader cancels the request when nothing arrives for a while.
type stallReader struct {
	in     io.Reader
	cancel context.CancelFunc
	after  time.Duration
	timer  *time.Timer
	fired  chan struct{}
}

func (s *stallReader) Read(p []byte) (int, error) {
	if s.timer == nil {
		s.fired = make(chan struct{})
		s.timer = time.AfterFunc(s.after, func() {
			close(s.fired)
			s.cancel()
		})
	}
	n, err := s.in.Read(p)
	if n > 0 && s.timer.Stop() {
		s.timer.Reset(s.after)
	}
	return n, err
}

func (s *stallReader) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

func (s *stallReader) stalled() bool {
	if s.fired == nil {
		return false
	}
	select {
	case <-s.fired:
		return true
	default:
		return false
	}
}

// maxPause bounds what a server may ask for.
const maxPause = 7 * 24 * time.Hour

// retryAfter reads Retry-After, in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return pause(n)
	}
	if t, err := http.ParseTime(v); err == nil && t.After(now) {
		return min(t.Sub(now), maxPause)
	}
	return 0
}

// maxAge reads Cache-Control: max-age, less what caches have used of it.
func maxAge(h http.Header) time.Duration {
	age, _ := strconv.ParseInt(strings.TrimSpace(h.Get("Age")), 10, 64)
	var fresh int64
	for part := range strings.SplitSeq(strings.ToLower(h.Get("Cache-Control")), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			fresh, _ = strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
		}
	}
	return pause(fresh - max(age, 0))
}

func pause(seconds int64) time.Duration {
	if seconds <= 0 {
		return 0
	}
	return time.Duration(min(seconds, int64(maxPause/time.Second))) * time.Second
}
