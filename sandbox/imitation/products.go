package imitation

import "prober/cloudapi"

// alibabaProduct is what the sandbox knows of a product of this family beyond the
// catalogue. A product that is not listed in [alibabaProductOf] needs none: it is played
// like ECS, with its own read-only action, version, codes and methods from the catalogue.
type alibabaProduct struct {
	// readOnly carries out the read-only action that the catalogue names.
	readOnly alibabaAction
	// actions are the others.
	actions map[string]alibabaAction
	// format of a success when the request names none. Error replies are XML then, as one
	// was seen to be.
	format cloudapi.Format
	// withoutNonce: the documents do not know the parameter SignatureNonce.
	withoutNonce bool
	// words are wordings of the product's own, by code.
	words map[string]string
}

func alibabaProductOf(id string) alibabaProduct {
	if id == "kms" {
		return alibabaProduct{
			readOnly:     (*alibabaCall).describeKMSRegions,
			actions:      map[string]alibabaAction{"Encrypt": (*alibabaCall).encrypt, "Decrypt": (*alibabaCall).decrypt},
			format:       cloudapi.JSON, // as its documents say; those of ECS say XML
			withoutNonce: true,
			words:        map[string]string{"MissingParameter": `The parameter "{}" is needed but not provided.`},
		}
	}
	return alibabaProduct{readOnly: (*alibabaCall).describeRegions, format: cloudapi.XML}
}

// tencentActions are the actions of a product of the other family, beside the read-only
// one. They all list regions.
func tencentActions(id string) []string {
	if id == "gaap" {
		return []string{"DescribeDestRegions"}
	}
	return nil
}
