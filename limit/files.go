package limit

import "time"

// What a person or another program hands over, and what is shown of it.
const (
	CatalogueBytes  = 64 << 20 // of a list of endpoints
	CatalogueValues = 4 << 20  // of a list of endpoints: some ten an endpoint
	Lists           = 1000     // files of a folder of lists
	NewEndpoints    = 100      // that a list is begun with
	ImportBytes     = 4 << 20  // of a configuration that a list is made of
	ImportValues    = 500_000  // of one, with what its aliases stand for
	Labels          = 16       // of an endpoint
	LabelNames      = 32       // of all endpoints of a list
	ListLabelBytes  = 200      // of the name and of the value of a label

	OwnIntervalLeast = time.Second           // from one probe of an endpoint to the next, that a list gives it
	OwnIntervalMost  = 24 * time.Hour        // the same
	OwnTimeoutLeast  = 10 * time.Millisecond // that a list gives an endpoint
	OwnTimeoutMost   = time.Minute           // the same
	OwnResolvers     = 8                     // of an endpoint
	OwnRecords       = 100                   // that an answer of DNS is to have
	OwnOctets        = 4 << 10               // that are sent to an endpoint of kind tcp, or expected of it
	OwnWindows       = 32                    // times of maintenance of an endpoint
	OwnWindowMost    = 7 * 24 * time.Hour    // of a weekly one
	OwnWhyBytes      = 300                   // of a word about an endpoint, or about its maintenance
	OwnPathBytes     = 4096                  // of the name of a file that a list names
	OwnKeyBytes      = 1 << 20               // of a file with a client's certificate or its key

	AuthoritiesBytes = 16 << 20  // of a file of certificates
	AuthorityFiles   = 2000      // of a folder of them, as doctor counts
	WaiversBytes     = 4 << 20   // of a list of waivers
	ConfigBytes      = 256 << 10 // of a file of settings, or of those of the web port

	KeyBytes = 8 << 10 // of a file of the service manager's that holds a key

	DeviceBytes = 1 << 20     // of a device, which may have no end
	FileTime    = time.Minute // for a file to come to its end

	ReportBytes     = 128 << 20 // of a report.json
	FileDepth       = 64        // values inside each other in a file, lists of endpoints in JSON aside
	ReportResults   = 250_000   // of a report
	ReportEndpoints = 20_000    // of a report
	ReportID        = 4 << 10   // bytes of an id in a report
	ReportMemory    = 400 << 20 // bytes in use from which garbage is collected at once

	IDBytes     = 200  // of one word of an id: a product, a region, a source
	ShownErrors = 20   // of what is wrong with one file or command line
	ShownKnown  = 400  // bytes of all known words, up to which an error names each
	ShownNear   = 5    // known words that it names of more, the nearest to the one given
	ShownWord   = 100  // bytes of a name in a table
	ShownLine   = 1000 // bytes of a line for people
	// GitHub refuses a step summary above 1 MiB, and other steps of the job want to say something too.
	MarkdownBytes = 1<<20 - 64<<10 // of a report.md
	IssueBytes    = 60_000         // of the text of an issue: GitHub refuses one above 65,536 characters
	PageBytes     = 2_900_000      // of a report.html, up to some 29,000 results
	PageEvidence  = 768 << 10      // of the HTML of all evidence in one

	ShownText    = 16 << 10 // bytes of one text of a report
	ShownCommand = 4000     // bytes of a command to copy
)

func files() []Limit {
	const refused = "the file is refused, with the limit named"
	return []Limit{
		{Of: "list of endpoints", Value: CatalogueBytes, Unit: Bytes, Met: refused},
		{Of: "values of a list of endpoints", Value: CatalogueValues, Unit: Count, Met: refused},
		{Of: "files of a folder of lists", Value: Lists, Unit: Count, Met: "the folder is refused, with the limit named"},
		{Of: "labels that a list gives an endpoint", Value: Labels, Unit: Count, Met: refused},
		{Of: "names of labels in a list", Value: LabelNames, Unit: Count, Met: refused},
		{Of: "name and value of a label", Value: ListLabelBytes, Unit: Bytes, Met: refused},
		{Of: "interval that a list gives an endpoint, at least", Value: int64(OwnIntervalLeast / time.Second), Unit: Seconds, Met: refused},
		{Of: "interval that a list gives an endpoint, at most", Value: int64(OwnIntervalMost / time.Second), Unit: Seconds, Met: refused},
		{Of: "timeout that a list gives an endpoint, at least, in milliseconds", Value: OwnTimeoutLeast.Milliseconds(), Unit: Count, Met: refused},
		{Of: "timeout that a list gives an endpoint, at most", Value: int64(OwnTimeoutMost / time.Second), Unit: Seconds, Met: refused},
		{Of: "resolvers that a list gives an endpoint", Value: OwnResolvers, Unit: Count, Met: refused},
		{Of: "records that an endpoint of kind dns is to answer", Value: OwnRecords, Unit: Count, Met: refused},
		{Of: "bytes that are sent to an endpoint of kind tcp, or expected of it", Value: OwnOctets, Unit: Bytes, Met: refused},
		{Of: "times of maintenance of an endpoint", Value: OwnWindows, Unit: Count, Met: refused},
		{Of: "weekly time of maintenance", Value: int64(OwnWindowMost / time.Second), Unit: Seconds, Met: refused},
		{Of: "word about an endpoint, or about its maintenance", Value: OwnWhyBytes, Unit: Bytes, Met: refused},
		{Of: "name of a file that a list names", Value: OwnPathBytes, Unit: Bytes, Met: refused},
		{Of: "file with the certificate of a client, or its key", Value: OwnKeyBytes, Unit: Bytes, Met: refused},
		{Of: "files of a folder of the system's authorities that prober doctor reads", Value: AuthorityFiles, Unit: Count, Met: "the others are not counted"},
		{Of: "file of authorities", Value: AuthoritiesBytes, Unit: Bytes, Met: refused},
		{Of: "file of the service manager's that holds a key (`CREDENTIALS_DIRECTORY`)", Value: KeyBytes, Unit: Bytes, Met: "there is no such key, as without the file"},
		{Of: "file of settings, and of those of the web port", Value: ConfigBytes, Unit: Bytes, Met: refused},
		{Of: "device in place of a file", Value: DeviceBytes, Unit: Bytes, Met: "it is refused, with the limit named"},
		{Of: "time until a file, or a pipe in its place, comes to its end, or is read to it", Value: int64(FileTime / time.Second), Unit: Seconds, Met: "it is refused, with the limit named"},
		{Of: "list of waivers", Value: WaiversBytes, Unit: Bytes, Met: refused},
		{Of: "report.json", Value: ReportBytes, Unit: Bytes, Met: refused},
		{Of: "depth of a list of endpoints in YAML, of a report, of waivers and of a request to the sandbox", Value: FileDepth, Unit: Count, Met: refused},
		{Of: "results of a report", Value: ReportResults, Unit: Count, Met: refused},
		{Of: "endpoints of a report", Value: ReportEndpoints, Unit: Count, Met: refused},
		{Of: "memory of a command that reads reports", Value: ReportMemory, Unit: Bytes, Met: "the garbage is collected more often; what the largest report needs is less than 500 MB"},
		{Of: "id in a report", Value: ReportID, Unit: Bytes, Met: refused},
		{Of: "one word of an id", Value: IDBytes, Unit: Bytes, Met: refused},
		{Of: "endpoints that a list is begun with", Value: NewEndpoints, Unit: Count, Met: "usage error"},
		{Of: "configuration that a list is made of", Value: ImportBytes, Unit: Bytes, Met: refused},
		{Of: "values of such a configuration, with what its aliases stand for", Value: ImportValues, Unit: Count, Met: refused},
		{Of: "errors that are told of one file or command line", Value: ShownErrors, Unit: Count, Met: "the others are counted"},
		{Of: "known words that an error names", Value: ShownKnown, Unit: Bytes, Met: "only the nearest are named, and how many more there are"},
		{Of: "nearest words that an error names", Value: ShownNear, Unit: Count, Met: "the others are counted"},
		{Of: "name in a table", Value: ShownWord, Unit: Bytes, Met: "its beginning is shown, and an ellipsis"},
		{Of: "line for people", Value: ShownLine, Unit: Bytes, Met: "its beginning and its end are shown, and how much is left out; JSON has all of it"},
		{Of: "command to copy", Value: ShownCommand, Unit: Bytes, Met: "its size is shown in its place; JSON has it"},
		{Of: "report.md", Value: MarkdownBytes, Unit: Bytes, Met: "what is left out is counted"},
		{Of: "report in the format issue", Value: IssueBytes, Unit: Bytes, Met: "it ends with a whole row, and what is left out is counted"},
		{Of: "report.html", Value: PageBytes, Unit: Bytes, Met: "texts are cut, then results that need no attention are only counted, and the page says so"},
		{Of: "evidence in report.html", Value: PageEvidence, Unit: Bytes, Met: "that of passes is left out first, and the page says how much"},
		{Of: "text of a report in a format for people", Value: ShownText, Unit: Bytes, Met: "it ends with the last whole line, and an ellipsis; report.json has all of it"},
	}
}
