{{- define "keybearer.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "keybearer.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What is installed: one process, or one for each socket. A list of name, account and sockets, as YAML. */}}
{{- define "keybearer.processes" -}}
{{- $name := include "keybearer.fullname" . -}}
{{- if and .Values.rbac.install (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
{{- fail "serviceAccount.name: without one the account `default` would get the rights, and every pod of the namespace with it; name an account, let serviceAccount.create make one, or switch rbac.install off" }}
{{- end }}
{{- $account := default (ternary $name "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- if .Values.perStore -}}
{{- range .Values.sockets }}
- name: {{ printf "%s-%s" $name . }}
  account: {{ ternary (printf "%s-%s" $account .) $account $.Values.serviceAccount.create }}
  sockets: [{{ . }}]
{{- end -}}
{{- else }}
- name: {{ $name }}
  account: {{ $account }}
  sockets: {{ toJson .Values.sockets }}
{{- end -}}
{{- end -}}

{{- define "keybearer.selector" -}}
app.kubernetes.io/name: {{ include "keybearer.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- if .root.Values.perStore }}
app.kubernetes.io/component: {{ index .process.sockets 0 }}
{{- end }}
{{- end -}}

{{- define "keybearer.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "keybearer.selector" . }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The words of a process. What extraArgs sets is left out: a flag may stand once. */}}
{{- define "keybearer.args" -}}
{{- $values := .root.Values -}}
{{- $sockets := .process.sockets -}}
{{- $remote := or (has "vault" $sockets) (has "openbao" $sockets) (has "aws" $sockets) -}}
{{- $args := list "--socket-dir=/provider" (printf "--sockets=%s" (join "," $sockets)) -}}
{{- if $values.perStore -}}
{{- $args = append $args (printf "--lease-dir=.keybearer/leases-%s" (index $sockets 0)) -}}
{{- end -}}
{{- $args = append $args (printf "--health-address=0.0.0.0:%v" $values.healthPort) -}}
{{- $args = append $args (printf "--drain-timeout=%s" $values.drainTimeout) -}}
{{- $args = append $args (printf "--log-level=%s" $values.logLevel) -}}
{{- $args = append $args (printf "--log-format=%s" $values.logFormat) -}}
{{- $args = append $args (printf "--watch-pod-ends=%t" $values.watchPodEnds) -}}
{{- $args = append $args (printf "--pod-events=%t" $values.podEvents) -}}
{{- $args = append $args (printf "--token-requests=%t" (and $values.tokenRequests $remote)) -}}
{{- if $values.refreshInterval -}}
{{- $args = append $args (printf "--refresh-interval=%s" $values.refreshInterval) -}}
{{- end -}}
{{- if $values.allowedAddresses -}}
{{- $args = append $args (printf "--allowed-addresses=%s" (join "," $values.allowedAddresses)) -}}
{{- end -}}
{{- range $store := list "vault" "openbao" -}}
{{- if has $store $sockets -}}
{{- $of := index $values $store -}}
{{- range $flag, $value := dict "addr" $of.addr "mount" $of.mount "namespace" $of.namespace "tls-server-name" $of.tlsServerName -}}
{{- if $value -}}
{{- $args = append $args (printf "--%s-%s=%s" $store $flag $value) -}}
{{- end -}}
{{- end -}}
{{- if and $values.caBundle.configMap (has $store $values.caBundle.stores) -}}
{{- $args = append $args (printf "--%s-tls-ca-cert=/etc/keybearer/tls/%s" $store $values.caBundle.key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if has "aws" $sockets -}}
{{- if $values.awsRegion -}}
{{- $args = append $args (printf "--aws-region=%s" $values.awsRegion) -}}
{{- end -}}
{{- if $values.useFipsEndpoint -}}
{{- $args = append $args "--aws-use-fips-endpoint=true" -}}
{{- end -}}
{{- if $values.podIdentityHttpTimeout -}}
{{- $args = append $args (printf "--pod-identity-http-timeout=%s" $values.podIdentityHttpTimeout) -}}
{{- end -}}
{{- if and $values.caBundle.configMap (has "aws" $values.caBundle.stores) -}}
{{- $args = append $args (printf "--aws-ca-bundle=/etc/keybearer/tls/%s" $values.caBundle.key) -}}
{{- end -}}
{{- end -}}
{{- $own := list -}}
{{- range $values.extraArgs -}}
{{- $own = append $own (regexReplaceAll "^-+([^=]+).*$" . "${1}") -}}
{{- end -}}
- serve
{{- range $args }}
{{- if not (has (regexReplaceAll "^-+([^=]+).*$" . "${1}") $own) }}
- {{ . | quote }}
{{- end }}
{{- end }}
{{- range $values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "keybearer.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}
