package imitation

import (
	"slices"

	"prober/catalog"
)

// knownRegions returns the ids of the regions of an API style, and own if it is a region
// that is not among them.
func knownRegions(style catalog.APIStyle, own string) []string {
	var ids []string
	if style == catalog.StyleTencent3 {
		for _, r := range tencentRegions() {
			ids = append(ids, r.id)
		}
	} else {
		for _, r := range alibabaRegions() {
			ids = append(ids, r.id)
		}
	}
	switch own {
	case "", "default", "nearest": // hosts that stand for no region
	default:
		if !slices.Contains(ids, own) {
			ids = append(ids, own)
		}
	}
	return ids
}

// regionNames returns the names of the regions in the language that AcceptLanguage asks for,
// by id; false if there is no such language. The default is Chinese.
func regionNames(language string) (map[string]string, bool) {
	names := make(map[string]string)
	for _, r := range alibabaRegions() {
		switch language {
		case "", "zh-CN":
			names[r.id] = r.chinese
		case "en-US":
			names[r.id] = r.english
		case "ja":
			names[r.id] = r.japanese
		default:
			return nil, false
		}
	}
	return names, true
}

// alibabaRegion is a region with its names as DescribeRegions of ECS gives them.
type alibabaRegion struct{ id, chinese, english, japanese string }

func alibabaRegions() []alibabaRegion {
	return []alibabaRegion{
		{"cn-qingdao", "华北1（青岛）", "China (Qingdao)", "中国 (青島)"},
		{"cn-beijing", "华北2（北京）", "China (Beijing)", "中国 (北京)"},
		{"cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)", "中国 (張家口)"},
		{"cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)", "中国 (フフホト)"},
		{"cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)", "中国 (ウランチャブ)"},
		{"cn-hangzhou", "华东1（杭州）", "China (Hangzhou)", "中国 (杭州)"},
		{"cn-shanghai", "华东2（上海）", "China (Shanghai)", "中国 (上海)"},
		{"cn-shenzhen", "华南1（深圳）", "China (Shenzhen)", "中国 (深セン)"},
		{"cn-heyuan", "华南2（河源）", "China (Heyuan)", "中国 (河源)"},
		{"cn-guangzhou", "华南3（广州）", "China (Guangzhou)", "中国 (広州)"},
		{"cn-chengdu", "西南1（成都）", "China (Chengdu)", "中国 (成都)"},
		{"cn-hongkong", "中国香港", "China (Hong Kong)", "中国 (香港)"},
		{"ap-northeast-1", "日本（东京）", "Japan (Tokyo)", "日本 (東京)"},
		{"ap-southeast-1", "新加坡", "Singapore", "シンガポール"},
		{"ap-southeast-2", "澳大利亚（悉尼）", "Australia (Sydney)", "オーストラリア (シドニー)"},
		{"ap-southeast-3", "马来西亚（吉隆坡）", "Malaysia (Kuala Lumpur)", "マレーシア (クアラルンプール)"},
		{"ap-southeast-5", "印度尼西亚（雅加达）", "Indonesia (Jakarta)", "インドネシア (ジャカルタ)"},
		{"ap-south-1", "印度（孟买）", "India (Mumbai)", "インド (ムンバイ)"},
		{"eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)", "ドイツ (フランクフルト)"},
		{"eu-west-1", "英国（伦敦）", "UK (London)", "英国 (ロンドン)"},
		{"me-east-1", "阿联酋（迪拜）", "UAE (Dubai)", "アラブ首長国連邦 (ドバイ)"},
		{"us-east-1", "美国（弗吉尼亚）", "US (Virginia)", "米国 (バージニア)"},
		{"us-west-1", "美国（硅谷）", "US (Silicon Valley)", "米国 (シリコンバレー)"},
		{"cn-hangzhou-finance", "华东1 金融云", "China East 1 Finance", "中国東部 1 金融"},
		{"cn-shanghai-finance-1", "华东2 金融云", "China East 2 Finance", "中国東部 2 金融"},
		{"cn-shenzhen-finance-1", "华南1 金融云", "China South 1 Finance", "中国南部 1 金融"},
	}
}

// tencentRegion is a region of the API with the acceleration region of GAAP that lies in
// it. GAAP has names of its own for its regions and for the areas that they belong to.
type tencentRegion struct {
	id                       string // "ap-guangzhou"
	gaap                     string // "Guangzhou"
	chinese, english         string
	area                     string // "SouthChina"
	areaChinese, areaEnglish string
}

func tencentRegions() []tencentRegion {
	return []tencentRegion{
		{"ap-guangzhou", "Guangzhou", "广州", "Guangzhou", "SouthChina", "中国大陆-华南", "South China"},
		{"ap-shanghai", "Shanghai", "上海", "Shanghai", "EastChina", "中国大陆-华东", "East China"},
		{"ap-beijing", "Beijing", "北京", "Beijing", "NorthChina", "中国大陆-华北", "North China"},
		{"ap-chengdu", "Chengdu", "成都", "Chengdu", "SouthwestChina", "中国大陆-西南", "Southwest China"},
		{"ap-chongqing", "Chongqing", "重庆", "Chongqing", "SouthwestChina", "中国大陆-西南", "Southwest China"},
		{"ap-hongkong", "Hongkong", "中国香港", "Hong Kong, China", "HongkongMacaoTaiwan", "港澳台地区", "Hong Kong, Macao and Taiwan"},
		{"ap-taipei", "Taipei", "中国台北", "Taipei, China", "HongkongMacaoTaiwan", "港澳台地区", "Hong Kong, Macao and Taiwan"},
		{"ap-singapore", "Singapore", "新加坡", "Singapore", "SoutheastAsia", "亚太东南", "Southeast Asia"},
		{"ap-bangkok", "Bangkok", "曼谷", "Bangkok", "SoutheastAsia", "亚太东南", "Southeast Asia"},
		{"ap-jakarta", "Jakarta", "雅加达", "Jakarta", "SoutheastAsia", "亚太东南", "Southeast Asia"},
		{"ap-johorbahru", "Johorbahru", "柔佛巴鲁", "Johor Bahru", "SoutheastAsia", "亚太东南", "Southeast Asia"},
		{"ap-mumbai", "Mumbai", "孟买", "Mumbai", "SouthAsia", "亚太南部", "South Asia"},
		{"ap-seoul", "Seoul", "首尔", "Seoul", "NortheastAsia", "亚太东北", "Northeast Asia"},
		{"ap-tokyo", "Tokyo", "东京", "Tokyo", "NortheastAsia", "亚太东北", "Northeast Asia"},
		{"ap-osaka", "Osaka", "大阪", "Osaka", "NortheastAsia", "亚太东北", "Northeast Asia"},
		{"na-ashburn", "Virginia", "弗吉尼亚", "Virginia", "NorthAmerica", "北美", "North America"},
		{"na-siliconvalley", "SiliconValley", "硅谷", "Silicon Valley", "NorthAmerica", "北美", "North America"},
		{"na-toronto", "Toronto", "多伦多", "Toronto", "NorthAmerica", "北美", "North America"},
		{"sa-saopaulo", "Saopaulo", "圣保罗", "São Paulo", "SouthAmerica", "南美", "South America"},
		{"eu-frankfurt", "Frankfurt", "法兰克福", "Frankfurt", "Europe", "欧洲", "Europe"},
		{"eu-moscow", "Moscow", "莫斯科", "Moscow", "Europe", "欧洲", "Europe"},
		{"me-saudi-arabia", "SaudiArabia", "沙特阿拉伯", "Saudi Arabia", "MiddleEast", "中东", "Middle East"},
	}
}
