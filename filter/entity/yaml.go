package entity

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of what is given to the library.
const (
	// maxDepth is how deep a file may be nested; a pack needs seven. The library takes memory by
	// the square of the depth: 20 kB of brackets would be 3 GB.
	maxDepth = 16
	// maxTokens is how many words and signs a file may have: some 200,000 names. A file of
	// [a,a,a takes the library 700 bytes for each.
	maxTokens = 600_000
)

// fileError is a fault of a file that is not one of its entities.
type fileError struct {
	line int
	text string
}

func (e *fileError) Error() string { return e.text }

// parseYAML reads a tree. It keeps faults of the YAML library on hostile input from becoming ours.
func parseYAML(data []byte) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML cannot be read (%v)", r)
		}
	}()
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, &fileError{badLine(data), "this is not UTF-8: save the file as UTF-8"}
	}
	tokens, err := tokenize(string(data))
	if err != nil {
		return nil, err
	}
	return parser.Parse(tokens, 0)
}

// badLine is the first line that is not UTF-8.
func badLine(data []byte) int {
	line := 1
	for l := range bytes.Lines(data) {
		if !utf8.Valid(l) {
			break
		}
		line++
	}
	return line
}

// tokenize reads tokens and refuses more than the limits allow.
func tokenize(src string) (token.Tokens, error) {
	tokens := lexer.Tokenize(src)
	var d depth
	for i, t := range tokens {
		switch {
		case d.after(tokens, i) > maxDepth:
			return nil, &fileError{t.Position.Line, fmt.Sprintf("this is nested more than %d deep; a pack is a list of entities, each with names", maxDepth)}
		case i >= maxTokens:
			return nil, &fileError{t.Position.Line, fmt.Sprintf("the file has more than %d words and signs: split it here", maxTokens)}
		}
	}
	return tokens, nil
}

// depth is how deep a reader of tokens is: in brackets, and in indented blocks.
type depth struct {
	brackets int
	columns  []int // of the blocks, from the outside in
	marks    int   // tags, anchors and ? in a row
}

// after is the depth after one token more.
func (d *depth) after(tokens token.Tokens, i int) int {
	t := tokens[i]
	switch t.Type {
	case token.AnchorType, token.TagType, token.MappingKeyType:
		d.marks++
	default:
		d.marks = 0
	}
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		d.brackets++
	case token.SequenceEndType, token.MappingEndType:
		d.brackets--
	case token.SequenceEntryType:
		d.block(t)
	case token.MappingValueType:
		if d.brackets == 0 && i > 0 {
			d.block(tokens[i-1])
		}
	}
	return d.brackets + len(d.columns) + d.marks
}

// block enters the block that begins at a token, and leaves those that are further in.
func (d *depth) block(t *token.Token) {
	at := t.Position.Column
	for len(d.columns) > 0 && d.columns[len(d.columns)-1] > at {
		d.columns = d.columns[:len(d.columns)-1]
	}
	if len(d.columns) == 0 || d.columns[len(d.columns)-1] < at {
		d.columns = append(d.columns, at)
	}
}
