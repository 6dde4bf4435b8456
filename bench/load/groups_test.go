package load

import (
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"testing"
)

// Which key exchange is offered makes a quarter of a probe's cost.
func TestOfferedGroups(t *testing.T) {
	for subject, hybrid := range map[Subject]bool{
		Bare: true, BareClassical: false, Probe: false, ProbePostQuantum: true, ProbeAPI: false, ProbeDeep: false, Monitor: false,
	} {
		t.Run(string(subject), func(t *testing.T) {
			w := *world(t, 1)
			offered := make(chan []tls.CurveID, 1)
			listener, err := tls.Listen("tcp", "127.77.0.1:0", &tls.Config{
				GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
					select {
					case offered <- hello.SupportedCurves:
					default: // the first tells
					}
					return nil, errors.New("seen enough")
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					_ = conn.(*tls.Conn).Handshake()
					_ = conn.Close()
				}
			}()
			w.Port = uint16(listener.Addr().(*net.TCPAddr).Port)
			if err := Run(t.Context(), Job{Subject: subject, World: &w, Workers: 1, Rate: 10}, NewMeter(1, 1)); err == nil {
				t.Error("the handshake did not fail")
			}
			if got := <-offered; slices.Contains(got, tls.X25519MLKEM768) != hybrid || !slices.Contains(got, tls.X25519) {
				t.Errorf("offers %v", got)
			}
		})
	}
}
