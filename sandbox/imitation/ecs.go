package imitation

import (
	"encoding/xml"
	"net/http"
	"slices"

	"prober/catalog"
)

// regionsBody is the content of a reply to DescribeRegions.
type regionsBody struct {
	XMLName   xml.Name `json:"-" xml:"DescribeRegionsResponse"`
	RequestID string   `json:"RequestId" xml:"RequestId"`
	Regions   struct {
		Region []regionItem `json:"Region" xml:"Region"`
	} `json:"Regions" xml:"Regions"`
}

type regionItem struct {
	RegionID  string `json:"RegionId" xml:"RegionId"`
	Endpoint  string `json:"RegionEndpoint,omitempty" xml:"RegionEndpoint,omitempty"`
	LocalName string `json:"LocalName,omitempty" xml:"LocalName,omitempty"`
}

func (b *regionsBody) setRequestID(id string) { b.RequestID = id }

// describeRegions is ECS DescribeRegions: the regions with their names in the language
// that AcceptLanguage asks for. Parameters that the action does not know are ignored.
func (c *alibabaCall) describeRegions() (alibabaBody, problem) {
	if p := c.checkRegion(); p.found() {
		return nil, p
	}
	name, ok := regionNamer(c.params.Get("AcceptLanguage"))
	if !ok {
		return nil, problem{"InvalidAcceptLanguage.NotFound", http.StatusNotFound, "The specified AcceptLanguage is not found."}
	}
	if p := c.checkPermission(); p.found() {
		return nil, p
	}
	body := &regionsBody{}
	for _, id := range c.a.cfg.Regions {
		body.Regions.Region = append(body.Regions.Region, regionItem{
			RegionID: id, Endpoint: c.a.cfg.Product.ID + "." + id + ".aliyuncs.com", LocalName: c.a.text(name(id)),
		})
	}
	return body, problem{}
}

// describeKMSRegions is KMS DescribeRegions: ids alone, and no permission is needed.
func (c *alibabaCall) describeKMSRegions() (alibabaBody, problem) {
	if p := c.checkRegion(); p.found() {
		return nil, p
	}
	body := &regionsBody{}
	for _, id := range c.a.cfg.Regions {
		body.Regions.Region = append(body.Regions.Region, regionItem{RegionID: id})
	}
	return body, problem{}
}

// checkRegion refuses a RegionId that does not exist.
func (c *alibabaCall) checkRegion() problem {
	id := c.params.Get("RegionId")
	if id == "" || slices.Contains(c.a.cfg.Regions, id) {
		return problem{}
	}
	return c.a.problem(catalog.UnsupportedRegion, id)
}
