package proof

import (
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"slices"
	"testing"

	"github.com/emersion/go-smtp"
)

// A Mail is one that came.
type Mail struct{ To, Subject, Text string }

// mail takes mails from now on, at the address that it returns.
func (r *Receiver) mail(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{to: r}, nil }))
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

// Mails are those that came so far.
func (r *Receiver) Mails() []Mail {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.mails)
}

// session is a conversation with a client, which sends mails for one.
type session struct {
	to   *Receiver
	rcpt string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.rcpt = to
	return nil
}

func (s *session) Data(in io.Reader) error {
	subject, text, err := plainMail(in)
	if err != nil {
		return err
	}
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	s.to.mails = append(s.to.mails, Mail{s.rcpt, subject, text})
	return nil
}

func (s *session) Reset() {}

func (s *session) Logout() error { return nil }

// plainMail reads the subject and the text of a mail, as who is on call sees them.
func plainMail(in io.Reader) (subject, text string, err error) {
	m, err := mail.ReadMessage(in)
	if err != nil {
		return "", "", err
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return "", "", err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", "", err
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextPart() // decodes quoted-printable
	if err != nil {
		return "", "", err
	}
	body, err := io.ReadAll(part)
	return subject, string(body), err
}
