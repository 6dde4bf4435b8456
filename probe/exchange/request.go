package exchange

import (
	"bytes"
	"fmt"
	"net/http"
)

// Write returns the exact bytes that [Do] sends for req, to be kept as evidence or
// repeated by hand. They ask for the connection to be closed, and for nothing that req
// does not ask for: no content coding, no proxy form.
//
// A body is read through req.GetBody where there is one, so that req can be written
// again; otherwise req.Body is used up. The result holds whatever secrets req holds.
func Write(req *http.Request) ([]byte, error) {
	once := *req
	once.Close = true
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("rewinding the request body: %w", err)
		}
		once.Body = body
	}
	var buf bytes.Buffer
	buf.Grow(1024 + int(max(0, req.ContentLength))) // so that a large body is copied once
	if err := once.Write(&buf); err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	return buf.Bytes(), nil
}
