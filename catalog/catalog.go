package catalog

// SchemaVersion is the version of the file format that this package reads.
const SchemaVersion = 1

// Catalog is one whole list. Values that come from [Decode] are valid: ids are unique
// and every reference leads somewhere. It is not changed after that, so that it can be
// shared between goroutines.
type Catalog struct {
	// Schema is the "$schema" key by which editors find the JSON Schema; it has no
	// other meaning.
	Schema        string     `json:"$schema,omitempty"`
	SchemaVersion int        `json:"schema_version"`
	Sources       []Source   `json:"sources"`
	Regions       []Region   `json:"regions"`
	Products      []Product  `json:"products"`
	Endpoints     []Endpoint `json:"endpoints"`

	index index
}

// Source is a document or another public source that an endpoint or a rule rests on.
type Source struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Date  string `json:"date,omitempty"` // YYYY-MM-DD, YYYY-MM or YYYY, as far as the source states it
	URL   string `json:"url,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Region is a place in which a provider runs endpoints. Ids are unique per provider;
// "default" and "nearest" stand for hosts that name no region.
type Region struct {
	ID       string `json:"id"`
	Provider string `json:"provider"` // "alibaba" or "tencent" in the embedded list
	Name     string `json:"name"`
}
