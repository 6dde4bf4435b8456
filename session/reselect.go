package session

// Reselect makes the next [Session.Reload] select the endpoints that o selects, from the list that o
// names. It reports whether that is fixed: the sandbox serves one list for as long as it runs.
func (s *Session) Reselect(o Options) (fixed bool) {
	if s.Sandbox != nil {
		return true
	}
	s.Options.EndpointsFile, s.Options.Products, s.Options.Regions, s.Options.Networks = o.EndpointsFile, o.Products, o.Regions, o.Networks
	return false
}
