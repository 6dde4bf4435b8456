package server

import (
	"fmt"
	"net/http"
	"strings"
)

// replySize is the size of every body: about that of an API's error.
const replySize = 256

// reply serves JSON with status 200, and to the unsigned call of an API of Alibaba Cloud
// the error that it expects.
func reply(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	body := padded(`{"RequestId":"4C467B38-3910-447D-87BC-AC049166F216","Recommend":"%s"}`)
	if r.URL.Query().Has("Action") {
		body = padded(`{"RequestId":"4C467B38-3910-447D-87BC-AC049166F216","HostId":"` + r.Host +
			`","Code":"MissingAccessKeyId","Message":"AccessKeyId is mandatory for this action.","Recommend":"%s"}`)
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = w.Write(body)
}

// padded fills the one %s of a body so that it has replySize bytes.
func padded(body string) []byte {
	return fmt.Appendf(nil, body, strings.Repeat("x", max(0, replySize-len(body)+len("%s"))))
}
