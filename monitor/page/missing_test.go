package page

import (
	"slices"
	"strings"
	"testing"

	"prober/limit"
	"prober/monitor/view"
)

func TestNearest(t *testing.T) {
	var all []view.Status
	for _, id := range []string{"ecs/cn-beijing/public", "ecs/cn-hangzhou/public", "ecs/cn-hangzhou/vpc", "kms/cn-hangzhou/public", "shop/eu/public/api-2"} {
		all = append(all, view.Status{ID: id, Host: strings.ReplaceAll(id, "/", ".") + ".example"})
	}
	for _, tt := range []struct {
		asked string
		want  []string // the first
		few   bool     // and no others
	}{
		{"ecs/cn-hangzou/public", []string{"ecs/cn-hangzhou/public"}, false},
		{"ECS/CN-HANGZHOU/public/", []string{"ecs/cn-hangzhou/public"}, false},
		{"kms/cn-hangzhou/vpc", []string{"kms/cn-hangzhou/public", "ecs/cn-hangzhou/vpc"}, false},
		{"shop/eu/public", []string{"shop/eu/public/api-2"}, false},
		{"sho", []string{"shop/eu/public/api-2"}, true},
		{"kms.cn-hangzhou.public.example", []string{"kms/cn-hangzhou/public"}, true},
		{"gaap", nil, true},
		{"", nil, true},
	} {
		var got []string
		for _, s := range nearest(all, tt.asked) {
			got = append(got, s.ID)
		}
		if len(got) < len(tt.want) || !slices.Equal(got[:len(tt.want)], tt.want) || tt.few && len(got) > len(tt.want) {
			t.Errorf("%q: %q, want %q", tt.asked, got, tt.want)
		}
	}
	if n := len(nearest(slices.Repeat(all, 10), "ecs/x/public")); n != limit.WebNear {
		t.Errorf("%d are shown, want %d", n, limit.WebNear)
	}
}
