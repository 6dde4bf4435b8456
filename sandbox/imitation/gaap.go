package imitation

import (
	"net/http"
	"slices"
	"strings"

	"prober/cloudapi"
)

// gaapRegion is one element of the region lists of GAAP.
type gaapRegion struct {
	RegionID       string `json:"RegionId"`
	RegionName     string
	RegionArea     string
	RegionAreaName string
	IDCType        string
	FeatureBitmap  int
}

// regions lists the regions, under a name that follows from the action's: AccessRegionSet
// for DescribeAccessRegions. Names are Chinese unless the request asks for en-US.
func (c *tencentCall) regions() Reply {
	list := []gaapRegion{}
	english := c.common("Language") == "en-US"
	for _, r := range tencentRegions() {
		if !slices.Contains(c.a.regions, r.id) {
			continue
		}
		name, area := r.chinese, r.areaChinese
		if english {
			name, area = r.english, r.areaEnglish
		}
		list = append(list, gaapRegion{
			RegionID: r.gaap, RegionName: c.a.text(name), RegionArea: r.area, RegionAreaName: c.a.text(area), IDCType: "dc",
		})
	}
	set := strings.TrimSuffix(strings.TrimPrefix(c.common("Action"), "Describe"), "s") + "Set"
	return c.a.tencentReply(http.StatusOK, map[string]any{set: list, "TotalCount": len(list)})
}

// tencentRefusal makes the error reply of e.
func (a *API) tencentRefusal(e *apiError) Reply {
	return a.tencentReply(e.status, map[string]any{
		"Error": map[string]string{"Code": e.code, "Message": e.message},
	})
}

// tencentReply adds the request id and wraps the content as every reply is wrapped.
func (a *API) tencentReply(status int, response map[string]any) Reply {
	response["RequestId"] = uuid()
	return Reply{Status: status, Body: jsonOf(map[string]any{"Response": response}), Header: []cloudapi.Field{
		{Name: "Server", Value: "nginx"},
		{Name: "Date", Value: a.httpDate()},
		{Name: "Content-Type", Value: "application/json"}, // without a charset, as captured
	}}
}
