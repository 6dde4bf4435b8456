package command

import (
	"fmt"
	"strconv"
	"strings"
)

// Value is a text that a command is not to show, such as a token: what stands for it there has the shell
// put it in. The zero Value is none.
type Value struct {
	before string // the text in front of it, which can be shown
	shell  string // what the shell makes the value of, in quotes as it has to be
	file   string // of which it is the content, byte for byte; shell is empty then
}

// Variable is the value of a variable.
func Variable(name string) Value { return Value{shell: `"$` + name + `"`} }

// ContentOf is the content of a file without the ends of its last lines.
func ContentOf(path string) Value { return Value{shell: `"$(cat ` + Word(path) + `)"`} }

// FileValue is the content of a file as it is, which a body alone can be.
func FileValue(path string) Value { return Value{file: path} }

// Base64 is "user:password" in base64, of texts of which some are values.
func Base64(user string, hiddenUser Value, password string, hiddenPassword Value) Value {
	part := func(text string, hidden Value) string {
		if hidden.IsZero() {
			return Word(text)
		}
		return hidden.shell
	}
	return Value{shell: `"$(printf %s ` + part(user, hiddenUser) + ":" + part(password, hiddenPassword) + ` | base64 -w0)"`}
}

// InQuery is the value as the query of a URL has it.
func (v Value) InQuery() Value { return Value{shell: `"$(printf %s ` + v.shell + ` | jq -sRr @uri)"`} }

// InJSON is the value as a string of JSON, its quotes among it.
func (v Value) InJSON() Value { return Value{shell: `"$(printf %s ` + v.shell + ` | jq -sR .)"`} }

// IsZero reports whether it is none.
func (v Value) IsZero() bool { return v.shell == "" && v.file == "" }

// Behind is the value with a text in front of it.
func (v Value) Behind(text string) Value {
	if !v.IsZero() {
		v.before = text + v.before
	}
	return v
}

// Mark is what stands in [Request.Wire] for the nth of its values. No text that a command can hold has it.
func Mark(n int) string { return "\x00" + strconv.Itoa(n) + "\x00" }

// pieces takes a part of the wire apart: texts, and between them values.
func (r Request) pieces(s string, text func(string), value func(Value)) {
	for {
		before, rest, found := strings.Cut(s, "\x00")
		if before != "" {
			text(before)
		}
		if !found {
			return
		}
		number, after, _ := strings.Cut(rest, "\x00")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(r.Values) {
			value(r.Values[n])
		}
		s = after
	}
}

// word is a part of the wire as one word of a shell.
func (r Request) word(s string) string {
	if len(r.Values) == 0 {
		return Word(s)
	}
	var out strings.Builder
	shown := ""
	write := func() {
		if shown != "" {
			out.WriteString(Word(shown))
		}
		shown = ""
	}
	r.pieces(s, func(text string) { shown += text }, func(v Value) {
		shown += v.before
		write()
		out.WriteString(v.shell)
	})
	if write(); out.Len() == 0 {
		return Word("")
	}
	return out.String()
}

// data is the flag that has curl send a body.
func (r Request) data(body string) string {
	if file := r.bodyFile(body); file != "" {
		return "--data-binary " + Word("@"+file)
	}
	return "--data-raw " + r.word(body)
}

// bodyFile is the file that is the body; empty where it is something else.
func (r Request) bodyFile(body string) string {
	file := ""
	r.pieces(body, func(string) {}, func(v Value) { file = v.file })
	return file
}

// send writes a request to its output, byte for byte.
func send(r Request) string {
	head, body, _ := strings.Cut(r.Wire, "\r\n\r\n")
	file := r.bodyFile(body)
	if file != "" {
		body = ""
	}
	var format strings.Builder
	var args []string
	r.pieces(head+"\r\n\r\n"+body, func(text string) {
		format.WriteString(formatOf(text))
	}, func(v Value) {
		format.WriteString(formatOf(v.before) + "%s")
		args = append(args, v.shell)
	})
	printing := join("printf "+Word(format.String()), strings.Join(args, " "))
	if file != "" {
		return fmt.Sprintf("{ %s; cat %s; }", printing, Word(file))
	}
	return printing
}

// formatOf is a text as the format of printf.
func formatOf(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", "%%", "\r", `\r`, "\n", `\n`).Replace(s)
}
