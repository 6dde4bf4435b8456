// The dashboards, alerts and recording rules of this folder for those who import monitoring as a mixin
// (https://monitoring.mixins.dev). Install the folder deploy as a whole: the files lie beside each other in it.
//
//   local prober = import 'deploy/mixin.libsonnet';
//   prober.grafanaDashboards['prober-overview.json']
{
  grafanaDashboards+:: {
    'prober-overview.json': import 'grafana/provisioning/dashboards/prober/overview.json',
    'prober-product.json': import 'grafana/provisioning/dashboards/prober/product.json',
    'prober-endpoint.json': import 'grafana/provisioning/dashboards/prober/endpoint.json',
  },
  prometheusRules+:: {
    groups+: std.parseYaml(importstr 'prometheus/windows.yml').groups
             + std.parseYaml(importstr 'prometheus/state.yml').groups,
  },
  prometheusAlerts+:: {
    groups+: std.parseYaml(importstr 'prometheus/alerts.yml').groups,
  },
}
