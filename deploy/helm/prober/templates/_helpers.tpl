{{/* The names of what is made. A StatefulSet's goes into labels of its pods, with a hash of ten behind it. */}}
{{- define "prober.name" -}}
{{- default .Chart.Name .Values.nameOverride -}}
{{- end -}}

{{- define "prober.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "prober.name" .) .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "prober.name" .) -}}
{{- end -}}
{{- end -}}

{{/* The name of what belongs to one vantage: (list root vantage). */}}
{{- define "prober.vantageName" -}}
{{- $root := index . 0 -}}{{- $vantage := index . 1 -}}
{{- $name := include "prober.fullname" $root -}}
{{- if $vantage.name -}}{{- $name = printf "%s-%s" $name $vantage.name -}}{{- end -}}
{{- if gt (len $name) 52 -}}
{{- fail (printf "\n\nThe name %q has %d characters; 52 is the most that a StatefulSet may have. Set fullnameOverride, or a shorter name of the vantage." $name (len $name)) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "prober.selector" -}}
app.kubernetes.io/name: prober
app.kubernetes.io/instance: {{ .Release.Name | toYaml }}
app.kubernetes.io/component: serve
{{- end -}}

{{- define "prober.vantageSelector" -}}
{{- include "prober.selector" (index . 0) }}
{{- with (index . 1).name }}
vantage: {{ . | toYaml }}
{{- end }}
{{- end -}}

{{/* What whoever installs it wants as labels, of everything and of one kind on top: (list root further). What the chart goes by is not theirs to set. */}}
{{- define "prober.wantedLabels" -}}
{{- $all := mustMergeOverwrite (deepCopy ((index . 0).Values.labels | default dict)) (deepCopy (index . 1 | default dict)) -}}
{{- range list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "helm.sh/chart" "vantage" -}}
{{- if hasKey $all . -}}{{- fail (printf "\n\nlabels: the chart sets %s itself. Take another name." .) -}}{{- end -}}
{{- end -}}
{{- with $all -}}{{- toYaml . -}}{{- end -}}
{{- end -}}

{{/* Labels of what is made, beside those that select: (list root further). */}}
{{- define "prober.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/version: {{ $root.Values.image.tag | default $root.Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with include "prober.wantedLabels" . }}
{{ . }}
{{- end }}
{{- end -}}

{{/* The places that are probed from, as {"items": [...]}; one without a name where none is given. */}}
{{- define "prober.vantages" -}}
{{- $seen := dict -}}{{- $all := list -}}
{{- range (.Values.vantages | default (list (dict "name" ""))) -}}
{{- if hasKey $seen .name -}}{{- fail (printf "\n\nvantages: %q stands there twice." .name) -}}{{- end -}}
{{- if eq .name "list" -}}{{- fail "\n\nvantages: what belongs to \"list\" would be called as the list is. Take another name." -}}{{- end -}}
{{- $_ := set $seen .name true -}}
{{- $all = append $all (mustMerge (deepCopy .) (dict "config" dict "nodeSelector" dict "tolerations" list "affinity" dict)) -}}
{{- end -}}
{{- dict "items" $all | toJson -}}
{{- end -}}

{{/* How many endpoints there are. */}}
{{- define "prober.length" -}}
{{- $e := .Values.endpoints -}}
{{- $n := add (len $e.list) (int $e.count) -}}
{{- if $e.builtin -}}{{- $n = add $n (int (.Files.Get "files/builtin.yaml" | fromYaml).endpoints) -}}{{- end -}}
{{- $elsewhere := or $e.configMaps $e.volume -}}
{{- if not (or $e.builtin $e.list $elsewhere) -}}
{{- fail "\n\nendpoints: there is nothing to probe. Set endpoints.builtin, endpoints.list, endpoints.configMaps or endpoints.volume." -}}
{{- end -}}
{{- if and $elsewhere (not (int $e.count)) (not (int .Values.shards)) -}}
{{- fail "\n\nendpoints.count: how many endpoints are in your ConfigMaps or volume cannot be seen from here. Say it, or set shards." -}}
{{- end -}}
{{- if and (int $e.count) (not $elsewhere) -}}
{{- fail "\n\nendpoints.count: it counts what is in endpoints.configMaps and endpoints.volume, and there are none." -}}
{{- end -}}
{{- $n -}}
{{- end -}}

{{/* How many shards: as many as the endpoints fill, unless values say. */}}
{{- define "prober.shards" -}}
{{- $length := int (include "prober.length" .) -}}
{{- $shards := int .Values.shards -}}
{{- if not $shards -}}
{{- $per := int .Values.endpointsPerShard -}}
{{- $shards = max 1 (div (add $length (sub $per 1)) $per) -}}
{{- end -}}
{{- if gt (int $shards) 10000 -}}
{{- fail (printf "\n\nendpointsPerShard: %d endpoints would make %d shards; 10,000 is the most there can be." $length (int $shards)) -}}
{{- end -}}
{{- $shards -}}
{{- end -}}

{{- define "prober.hasLists" -}}
{{- if or .Values.endpoints.list .Values.endpoints.configMaps .Values.endpoints.volume -}}yes{{- end -}}
{{- end -}}

{{/* The settings of one vantage, without what the chart adds. */}}
{{- define "prober.ownConfig" -}}
{{- mustMergeOverwrite (deepCopy (index . 0).Values.config) (deepCopy (index . 1).config) | toJson -}}
{{- end -}}

{{/* The file of settings of one vantage. */}}
{{- define "prober.config" -}}
{{- $root := index . 0 -}}{{- $vantage := index . 1 -}}
{{- $config := include "prober.ownConfig" . | fromJson -}}
{{- $lists := list -}}
{{- if $root.Values.endpoints.builtin -}}{{- $lists = append $lists "builtin" -}}{{- end -}}
{{- if or $root.Values.endpoints.list $root.Values.endpoints.configMaps -}}{{- $lists = append $lists "/etc/prober/lists" -}}{{- end -}}
{{- if $root.Values.endpoints.volume -}}{{- $lists = append $lists "/etc/prober/volume" -}}{{- end -}}
{{- $_ := set $config "endpoints" $lists -}}
{{- $_ := set $config "web.listen-address" (printf ":%d" (int $root.Values.web.port)) -}}
{{- with $vantage.name -}}{{- $_ := set $config "vantage" . -}}{{- end -}}
{{- if $root.Values.history.enabled -}}
{{- $_ := set $config "state-dir" "/var/lib/prober" -}}
{{- $_ := set $config "state.size" (printf "%dMiB" (int $root.Values.history.sizeMiB)) -}}
{{- $_ := set $config "state.retention" $root.Values.history.retention -}}
{{- end -}}
{{- if $root.Values.web.configSecret -}}
{{- $_ := set $config "web.config.file" "/etc/prober/web/web.yml" -}}
{{- else if $root.Values.web.tls -}}
{{- fail "\n\nweb.tls: nothing makes it TLS. Set web.configSecret." -}}
{{- else if $root.Values.web.basicAuth -}}
{{- fail "\n\nweb.basicAuth: nothing asks for a password. Set web.configSecret." -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The list of values.endpoints.list. */}}
{{- define "prober.list" -}}
{{- mustMergeOverwrite (deepCopy .Values.endpoints.listOptions) (dict "endpoints" .Values.endpoints.list) | toYaml -}}
{{- end -}}

{{- define "prober.image" -}}
{{- $i := .Values.image -}}
{{- $repository := required "\n\nimage.repository: say where you keep the image, such as registry.example.com/prober." $i.repository -}}
{{- if $i.digest -}}{{- printf "%s@%s" $repository $i.digest -}}
{{- else -}}{{- printf "%s:%s" $repository ($i.tag | default .Chart.AppVersion) -}}{{- end -}}
{{- end -}}

{{- define "prober.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "prober.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where what is not history is mounted, and from where: (list root vantage). */}}
{{- define "prober.mounts" -}}
{{- $root := . -}}
- name: config
  mountPath: /etc/prober/config
  readOnly: true
{{- if or .Values.endpoints.list .Values.endpoints.configMaps }}
- name: lists
  mountPath: /etc/prober/lists
  readOnly: true
{{- end }}
{{- if .Values.endpoints.volume }}
- name: volume
  mountPath: /etc/prober/volume
  readOnly: true
{{- end }}
{{- if .Values.web.configSecret }}
- name: web
  mountPath: /etc/prober/web
  readOnly: true
{{- end }}
- name: tmp
  mountPath: /tmp
{{- with .Values.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "prober.volumes" -}}
{{- $root := index . 0 -}}
- name: config
  configMap:
    name: {{ include "prober.vantageName" . | toYaml }}
{{- if or $root.Values.endpoints.list $root.Values.endpoints.configMaps }}
- name: lists
  projected:
    sources:
      {{- if $root.Values.endpoints.list }}
      - configMap:
          name: {{ include "prober.fullname" $root }}-list
      {{- end }}
      {{- range $root.Values.endpoints.configMaps }}
      - configMap:
          name: {{ . | toYaml }}
      {{- end }}
{{- end }}
{{- with $root.Values.endpoints.volume }}
- name: volume
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.web.configSecret }}
- name: web
  secret:
    secretName: {{ . | toYaml }}
{{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with $root.Values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "prober.envFrom" -}}
{{- with .Values.credentials.secrets -}}
envFrom:
  {{- range . }}
  - secretRef:
      name: {{ . | toYaml }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* How the kubelet asks: path. Who must give a password is only connected to. */}}
{{- define "prober.asked" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.web.basicAuth -}}
tcpSocket:
  port: web
{{- else -}}
httpGet:
  path: {{ index . 1 }}
  port: web
  {{- if $root.Values.web.tls }}
  scheme: HTTPS
  {{- end }}
{{- end -}}
{{- end -}}

{{/* How Prometheus asks, of a monitor of either kind and of a Probe. */}}
{{- define "prober.scrapeSecurity" -}}
{{- with .Values.web.basicAuth -}}
basicAuth:
  username:
    name: {{ .name | toYaml }}
    key: {{ get . "usernameKey" | default "username" | toYaml }}
  password:
    name: {{ .name | toYaml }}
    key: {{ get . "passwordKey" | default "password" | toYaml }}
{{- end }}
{{- with .Values.monitor.tlsConfig }}
tlsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A duration of Prometheus, such as 1m30s, in milliseconds. */}}
{{- define "prober.milliseconds" -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 "w" 604800000 "y" 31536000000 -}}
{{- $sum := 0 -}}
{{- range regexFindAll "[0-9]+[a-z]+" . -1 -}}
{{- $sum = add $sum (mul (regexFind "[0-9]+" . | atoi) (get $units (regexFind "[a-z]+" .))) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}
