package kubernetes

import (
	"flag"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what of the chart is made of other files, and the kustomize base")

// image is the one value that has no default.
const image = "image: {repository: registry.example.com/prober}\n"

func release(values string) Release {
	if !strings.Contains(values, "image:") {
		values = image + values
	}
	return Release{Dir: chartDir, Name: "prober", Namespace: "watch", Values: values}
}

// objects are what the chart makes of values, by kind and name.
func objects(t *testing.T, values string) map[string]Object {
	t.Helper()
	docs, err := release(values).Render()
	if err != nil {
		t.Fatal(err)
	}
	list, err := Decode(docs)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Object{}
	for _, o := range list {
		key := o.Kind + "/" + o.Name
		if _, twice := all[key]; twice {
			t.Errorf("%s is made twice", key)
		}
		all[key] = o
		if o.Namespace != "watch" {
			t.Errorf("%s is in namespace %q", key, o.Namespace)
		}
		for _, label := range []string{"name", "instance", "component", "version", "managed-by"} {
			if o.Labels["app.kubernetes.io/"+label] == "" {
				t.Errorf("%s has no label %s", key, label)
			}
		}
	}
	return all
}

// one is the object of a type with this key.
func one[T any](t *testing.T, all map[string]Object, key string) T {
	t.Helper()
	v, ok := all[key].Value.(T)
	if !ok {
		t.Fatalf("there is no %s, but %v", key, keys(all))
	}
	return v
}

func keys(all map[string]Object) (list []string) {
	for key := range all {
		list = append(list, key)
	}
	return list
}

func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s has no %q:\n%s", what, part, text)
		}
	}
}
