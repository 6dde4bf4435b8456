package monitor

import "net/http"

func (m *Monitor) servePage(w http.ResponseWriter, r *http.Request) {}
