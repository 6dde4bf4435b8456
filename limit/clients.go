package limit

import "time"

// Bounds on what those who read the pages and the metrics may take. Serving never delays probing.
const (
	WebConnections  = 256              // open at once; fewer where descriptors are short
	WebHeader       = 16 << 10         // of a request, in bytes
	WebURL          = 4 << 10          // its path and query, in bytes
	WebParameters   = 16               // in a query
	WebStreams      = 16               // requests at once on one HTTP/2 connection
	WebHeaderTime   = 5 * time.Second  // from the first byte of a request to the end of its header
	WebBodyTime     = time.Second      // for a body, which nothing reads
	WebWriteTime    = time.Minute      // from the header of a request to the end of the reply: as long as scrapers wait
	WebPieceTime    = 15 * time.Second // for a client to take the next piece of a reply: over a line of 5 KB a second it does
	WebIdleTime     = 2 * time.Minute  // between two requests of a connection
	WebPages        = 4                // clients to which pages and JSON are written at once
	WebScrapes      = 4                // and the metrics
	WebPageWait     = time.Second      // for a place among them, and for the one who renders
	WebFresh        = time.Second      // how long a page is shared
	WebRendered     = 64 << 20         // of pages, JSON and metrics in memory, in bytes
	WebBodies       = 256              // of those, at once
	WebFormHold     = 5 * time.Second  // for all who share a text of the metrics to take it, before the next
	WebScrapeTime   = 20 * time.Second // from a request for the metrics to the first byte of the reply
	WebRows         = 100              // endpoints on a page
	WebRegions      = 200              // regions on a page, and to choose from
	WebProducts     = 12               // products that a region of a page shows one by one
	WebRefreshLeast = 5 * time.Second  // from one refresh of a page by its script to the next
	WebRefreshMost  = 30 * time.Second
	WebStories      = 20              // things that are wrong, on a page
	WebParts        = 5               // groups of endpoints of one such thing
	WebNamed        = 10              // endpoints that a group names
	WebAsked        = 200             // of an id that is asked for and not listed, in bytes
	WebNear         = 10              // endpoints with ids like one that is not listed
	WebFilter       = 200             // of a text to filter by, in bytes
	WebSendBuffer   = 256 << 10       // of a reply that the kernel keeps for a client, in bytes
	WebProbeTime    = 2 * time.Minute // for a probe asked for through /probe, as blackbox_exporter has it
	WebLogLines     = 10              // about connections, a minute
	WebProbes       = 64              // asked for through /probe and running, at once
	WebStopTime     = 5 * time.Second // from the first SIGINT or SIGTERM to the end of the process
	LabelBytes      = 1000            // of the names of a certificate, which `/probe` shows in a label
	Redirects       = 10              // that one probe follows, as blackbox_exporter has it
)

// What those who read the pages and the metrics may ask.
func clients() []Limit {
	const cut = "the connection is closed"
	return []Limit{
		{"Connections to the port, open at once", WebConnections, Count, "the one that is least missed is closed: an idle one, else one that is slow to ask, else one that is slow to read; fewer where the process may open few files"},
		{"Requests at once on one HTTP/2 connection", WebStreams, Count, "refused, as HTTP/2 has it"},
		{"Header of a request", WebHeader, Bytes, "status 431"},
		{"Path and query of a request", WebURL, Bytes, "status 414"},
		{"Parameters in the query of `/probe`", WebParameters, Count, "status 400"},
		{"Time for the TLS handshake, and from the first byte of a request to the end of its header", seconds(WebHeaderTime), Seconds, cut},
		{"Time to send the body of a request, which nothing reads", seconds(WebBodyTime), Seconds, "the connection is closed after the reply"},
		{"Time to answer a request; for `/probe` longer than its own", seconds(WebWriteTime), Seconds, cut},
		{"Time for a client to take the next 64 KiB of a reply", seconds(WebPieceTime), Seconds, cut},
		{"Time between two requests of a connection", seconds(WebIdleTime), Seconds, cut},
		{"Clients to which pages and JSON above 64 KiB are written at once", WebPages, Count, "one that leaves a piece lying for 20 ms loses its turn; the next waits"},
		{"Clients to which metrics above 64 KiB are written at once, beside those", WebScrapes, Count, "one that leaves a piece lying for 20 ms loses its turn; the next waits"},
		{"Wait for one's turn to a page, or to render one", seconds(WebPageWait), Seconds, "status 503 with Retry-After"},
		{"Time for which a page or a JSON document is shared, unless making it took more than a tenth of that", seconds(WebFresh), Seconds, "made anew for the next who asks"},
		{"Bytes of all renderings of pages, JSON and metrics that are kept or being read", WebRendered, Bytes, "those who still read the oldest are cut off"},
		{"Renderings of pages, JSON and metrics that are kept or being read", WebBodies, Count, "those who still read the oldest are cut off"},
		{"Wait until all who share one text of the metrics have taken it, or turned out to be slow", seconds(WebFormHold), Seconds, "the next text is made beside it"},
		{"Wait for the metrics", seconds(WebScrapeTime), Seconds, "status 503 with Retry-After"},
		{"Endpoints on one status page", WebRows, Count, "further pages have the others, and the filter reaches them"},
		{"Regions on one status page, and to choose from", WebRegions, Count, "those in which something is wrong come first, the others are counted; a region is then typed"},
		{"Products that a region of the status page shows one by one", WebProducts, Count, "those in which something is wrong come first, the others are counted"},
		{"Time from one refresh of a status page by its script to the next, at least", seconds(WebRefreshLeast), Seconds, "an interval if that is longer, up to half a minute"},
		{"Things that are wrong, on one status page", WebStories, Count, "the others are counted; the table has them"},
		{"Groups of endpoints of one thing that is wrong, on a status page", WebParts, Count, "the last one holds all others"},
		{"An id that is asked for and not listed", WebAsked, Bytes, "its beginning is shown, and compared"},
		{"Endpoints with ids like it", WebNear, Count, "the nearest are shown"},
		{"Endpoints that such a group names", WebNamed, Count, "the others are counted; a link leads to them"},
		{"Text to filter the status page by", WebFilter, Bytes, "its beginning is used, and shown"},
		{"Bytes of a reply that the system keeps for a client which does not read", WebSendBuffer, Bytes, "the writer waits"},
		{"Time for one probe asked for through `/probe`, unless the scraper grants less", seconds(WebProbeTime), Seconds, "it is cut short, and a failure by the scraper's own measure"},
		{"Bytes of the names of a certificate in the label `subjectalternative` of `/probe`", LabelBytes, Bytes, "it is cut, with … at its end"},
		{"Redirects that module `http_2xx` of `/probe` follows", Redirects, Count, "a failure: it is where blackbox_exporter stops, and other clients soon after"},
		{"Lines about connections in the log, a minute", WebLogLines, Count, "the next line that is written says how many were left out"},
		{"Probes asked for through `/probe`, at once", WebProbes, Count, "status 503 with Retry-After; those who ask for the same endpoint share one"},
		{"Time from SIGINT or SIGTERM to the end of `prober serve`", seconds(WebStopTime), Seconds, "what is still under way is dropped"},
	}
}

// seconds is d as a table shows it.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }
