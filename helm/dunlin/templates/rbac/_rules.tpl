{{/*
What the operator may do where apps are: a ClusterRole, or with watchNamespaces a Role in each. Why: docs/permissions.md,
which a test holds to this.
*/}}
{{- define "dunlin.operator.appRules" -}}
- apiGroups: [dunlin.dev]
  resources: [wasmapps]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [dunlin.dev]
  resources: [wasmapps/status]
  verbs: [get, update, patch]
- apiGroups: [dunlin.dev]
  resources: [wasmapps/scale]
  verbs: [get, update]
- apiGroups: [dunlin.dev]
  resources: [wasmapps/finalizers]
  verbs: [update]
- apiGroups: [dunlin.dev]
  resources: [wasminstances]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [dunlin.dev]
  resources: [wasmvolumes]
  verbs: [get, list, watch, patch]
- apiGroups: [dunlin.dev]
  resources: [wasmvolumes/status]
  verbs: [patch]
- apiGroups: [dunlin.dev]
  resources: [wasmquotas]
  verbs: [get, list, watch]
- apiGroups: [dunlin.dev]
  resources: [wasmquotas/status]
  verbs: [patch]
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, update, patch]
# Only dunlin-agent-reads (templates/confinement.yaml); it may grant what it has itself: neither escalate nor bind.
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  verbs: [get, list, watch, create, update, delete]
{{- end -}}

{{/* What it may do in the whole cluster, wherever its apps are. */}}
{{- define "dunlin.operator.clusterRules" -}}
- apiGroups: [dunlin.dev]
  resources: [wasmnodes]
  verbs: [get, list, watch, delete]
- apiGroups: [dunlin.dev]
  resources: [wasmnodes/status]
  verbs: [patch]
- apiGroups: [dunlin.dev]
  resources: [wasmimagepolicies]
  verbs: [get, list, watch]
- apiGroups: [dunlin.dev]
  resources: [wasmimagepolicies/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
- apiGroups: [scheduling.k8s.io]
  resources: [priorityclasses]
  verbs: [get, list, watch]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [get, list, watch]
- apiGroups: [apiregistration.k8s.io]
  resources: [apiservices]
  verbs: [create]
- apiGroups: [apiregistration.k8s.io]
  resources: [apiservices]
  resourceNames:
    - v1alpha1.logs.dunlin.dev
    - v1beta1.custom.metrics.k8s.io
    - v1beta2.custom.metrics.k8s.io
    - v1beta1.external.metrics.k8s.io
  verbs: [get, patch, delete]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterroles]
  resourceNames: [{{ include "dunlin.operator.clusterName" . | quote }}, {{ include "dunlin.agent.clusterName" . | quote }}]
  verbs: [get]
{{- end -}}

{{/* Names of what is the cluster's: two releases do not share one. */}}
{{- define "dunlin.operator.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "dunlin.operator.fullname" .) -}}
{{- end -}}
{{- define "dunlin.agent.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "dunlin.agent.fullname" .) -}}
{{- end -}}
