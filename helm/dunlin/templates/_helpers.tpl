{{/* What the release's objects are called, and how they are labelled. */}}

{{- define "dunlin.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name, with the chart's where that does not say it already. Suffixes are put to it. */}}
{{- define "dunlin.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "dunlin.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "dunlin.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "dunlin.operator.fullname" -}}{{ include "dunlin.fullname" . }}-operator{{- end -}}
{{- define "dunlin.agent.fullname" -}}{{ include "dunlin.fullname" . }}-agent{{- end -}}

{{- define "dunlin.operator.serviceAccountName" -}}
{{- default (include "dunlin.operator.fullname" .) .Values.operator.serviceAccount.name -}}
{{- end -}}
{{- define "dunlin.agent.serviceAccountName" -}}
{{- default (include "dunlin.agent.fullname" .) .Values.agent.serviceAccount.name -}}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "dunlin.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
app.kubernetes.io/part-of: dunlin
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* By these the Pods are found. The operator knows its agents by their name label: it is never another one. */}}
{{- define "dunlin.operator.selectorLabels" -}}
app.kubernetes.io/name: dunlin-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}
{{- define "dunlin.agent.selectorLabels" -}}
app.kubernetes.io/name: dunlin-agent
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* Labels of what belongs to the operator, or to the agents. */}}
{{- define "dunlin.operator.labels" -}}
app.kubernetes.io/name: dunlin-operator
app.kubernetes.io/component: operator
{{ include "dunlin.labels" . }}
{{- end -}}
{{- define "dunlin.agent.labels" -}}
app.kubernetes.io/name: dunlin-agent
app.kubernetes.io/component: agent
{{ include "dunlin.labels" . }}
{{- end -}}

{{/* An image: (list $ .Values.operator.image). */}}
{{- define "dunlin.image" -}}
{{- $root := index . 0 -}}
{{- $own := index . 1 -}}
{{- $common := $root.Values.image -}}
{{- $path := without (list (trimSuffix "/" $common.registry) (trimSuffix "/" $common.repository) $own.name) "" | join "/" -}}
{{- if $own.digest -}}
{{ $path }}@{{ $own.digest }}
{{- else -}}
{{ $path }}:{{ $own.tag | default $common.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* What Pod Security "restricted" asks of a Pod, and of a container. */}}
{{- define "dunlin.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}
{{- define "dunlin.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Where a Pod may run, of a component's values. */}}
{{- define "dunlin.scheduling" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Flags about registries, which both processes have. */}}
{{- define "dunlin.registryArgs" -}}
{{- range .Values.registries.plainHttp }}
- {{ printf "--plain-http-registry=%s" . | quote }}
{{- end }}
{{- range .Values.registries.mirrors }}
- {{ printf "--registry-mirror=%s=%s" .registry .mirror | quote }}
{{- end }}
{{- if .Values.registries.ca.configMap }}
- --registry-ca=/etc/dunlin/registry-ca/ca.crt
{{- end }}
{{- end -}}
{{- define "dunlin.registryMounts" -}}
{{- if .Values.registries.ca.configMap }}
- {name: registry-ca, mountPath: /etc/dunlin/registry-ca, readOnly: true}
{{- end }}
{{- end -}}
{{- define "dunlin.registryVolumes" -}}
{{- with .Values.registries.ca }}
{{- if .configMap }}
- name: registry-ca
  configMap:
    name: {{ .configMap | quote }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- end -}}

{{/* First and last of the ports that http apps have. */}}
{{- define "dunlin.firstAppPort" -}}{{ index (splitList "-" .Values.appPorts) 0 }}{{- end -}}
{{- define "dunlin.lastAppPort" -}}{{ index (splitList "-" .Values.appPorts) 1 }}{{- end -}}

{{/*
NAMESPACE/NAME of the Service of another adapter that serves a group: (list $ "custom.metrics.k8s.io"). Without a cluster
(helm template) there is none.
*/}}
{{- define "dunlin.otherAdapter" -}}
{{- $root := index . 0 -}}
{{- $group := index . 1 -}}
{{- $found := dict -}}
{{- if $root.Capabilities.APIVersions.Has "apiregistration.k8s.io/v1" -}}
{{- range $version := list "v1beta1" "v1beta2" -}}
{{- $service := lookup "apiregistration.k8s.io/v1" "APIService" "" (printf "%s.%s" $version $group) | dig "spec" "service" dict -}}
{{- if $service -}}
{{- if not (and (eq $service.namespace $root.Release.Namespace) (eq $service.name (include "dunlin.operator.fullname" $root))) -}}
{{- $_ := set $found "service" (printf "%s/%s" $service.namespace $service.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $found.service }}{{ . }}{{ end -}}
{{- end -}}
