package kubernetes

import (
	"fmt"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
)

// Document is one object as YAML.
type Document struct {
	Template string // the file that made it
	Text     string
}

// Object is one object as the API has it.
type Object struct {
	Kind      string
	Name      string
	Namespace string
	Labels    map[string]string
	Value     runtime.Object
}

// known are the types that a chart may make: those of the API, and of the Prometheus operator.
func known() (*runtime.Scheme, error) {
	all := runtime.NewScheme()
	if err := scheme.AddToScheme(all); err != nil {
		return nil, err
	}
	return all, monitoring.AddToScheme(all)
}

// Decode reads documents into the types of the API. A member that is unknown, or stands there twice, is an error.
func Decode(list []Document) ([]Object, error) {
	all, err := known()
	if err != nil {
		return nil, err
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, all, all, json.SerializerOptions{Yaml: true, Strict: true})
	var objects []Object
	for _, d := range list {
		value, kind, err := strict.Decode([]byte(d.Text), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Template, err)
		}
		o, err := named(value, kind)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Template, err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

func named(value runtime.Object, kind *schema.GroupVersionKind) (Object, error) {
	m, err := meta.Accessor(value)
	if err != nil {
		return Object{}, err
	}
	return Object{Kind: kind.Kind, Name: m.GetName(), Namespace: m.GetNamespace(), Labels: m.GetLabels(), Value: value}, nil
}
