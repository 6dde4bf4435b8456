package imitation

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"slices"

	"prober/catalog"
)

// regionsBody is the content of a reply to DescribeRegions, or whatever the product calls it.
type regionsBody struct {
	XMLName   xml.Name `json:"-"`
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

// describeRegions is ECS DescribeRegions: the regions with their names in the language
// that AcceptLanguage asks for. Parameters that the action does not know are ignored.
func (c *alibabaCall) describeRegions() (any, *apiError) {
	if p := c.checkRegion(); p != nil {
		return nil, p
	}
	names, ok := regionNames(c.params.Get("AcceptLanguage"))
	if !ok {
		return nil, &apiError{code: "InvalidAcceptLanguage.NotFound", status: http.StatusNotFound, message: "The specified AcceptLanguage is not found."}
	}
	if p := c.checkPermission(); p != nil {
		return nil, p
	}
	return c.regions(func(id string) regionItem {
		return regionItem{
			RegionID: id, Endpoint: c.a.cfg.Product.ID + "." + id + ".aliyuncs.com", LocalName: c.a.text(cmp.Or(names[id], id)),
		}
	}), nil
}

// describeKMSRegions is KMS DescribeRegions: ids alone, and no permission is needed.
func (c *alibabaCall) describeKMSRegions() (any, *apiError) {
	if p := c.checkRegion(); p != nil {
		return nil, p
	}
	return c.regions(func(id string) regionItem { return regionItem{RegionID: id} }), nil
}

// regions lists the regions.
func (c *alibabaCall) regions(item func(id string) regionItem) regionsBody {
	body := regionsBody{XMLName: xml.Name{Local: c.params.Get("Action") + "Response"}, RequestID: c.requestID}
	for _, id := range c.a.regions {
		body.Regions.Region = append(body.Regions.Region, item(id))
	}
	return body
}

// checkRegion refuses a RegionId that does not exist.
func (c *alibabaCall) checkRegion() *apiError {
	id := c.params.Get("RegionId")
	if id == "" || slices.Contains(c.a.regions, id) {
		return nil
	}
	return c.a.refusal(catalog.UnsupportedRegion, id)
}
